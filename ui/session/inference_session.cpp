// SPDX-License-Identifier: MIT
#include "ui/session/inference_session.h"

#include <list>

#include <QElapsedTimer>

namespace studio {

namespace {

constexpr size_t loadedModels = 3;

std::filesystem::path toPath(const QString& text)
{
    return std::filesystem::path(text.toStdString());
}

} // namespace

struct InferenceSession::Models {
    struct Entry {
        QString folder;
        std::string device, precision;
        std::unique_ptr<Predictor> predictor;
    };
    std::list<Entry> loaded; ///< last used first
    std::list<std::pair<QString, std::shared_ptr<const Tokenizer>>> tokenizers;

    Predictor& predictor(const QString& folder, const PredictorOptions& options)
    {
        for (auto entry = loaded.begin(); entry != loaded.end(); ++entry) {
            if (entry->folder == folder && entry->device == options.device
                && entry->precision == options.precision) {
                loaded.splice(loaded.begin(), loaded, entry);
                return *loaded.front().predictor;
            }
        }
        while (loaded.size() >= loadedModels)
            loaded.pop_back();
        auto made = std::make_unique<Predictor>(toPath(folder), options);
        loaded.push_front({folder, options.device, options.precision, std::move(made)});
        return *loaded.front().predictor;
    }
    const Tokenizer& tokenizer(const QString& folder)
    {
        for (const auto& [name, tokenizer] : tokenizers) {
            if (name == folder)
                return *tokenizer;
        }
        if (tokenizers.size() >= loadedModels)
            tokenizers.pop_back();
        tokenizers.emplace_front(folder, Tokenizer::load(toPath(folder)));
        return *tokenizers.front().second;
    }
};

namespace {

Encoding encodingOf(const Tokenizer& tokenizer, const TextInput& input, std::optional<int32_t> maxLength)
{
    const EncodeOptions options{.maxLength = maxLength};
    return input.pair ? tokenizer.encodePair(input.text, *input.pair, options)
                      : tokenizer.encode(input.text, options);
}

} // namespace

InferenceSession::InferenceSession(QObject* parent)
    : QObject(parent)
    , m_models(std::make_shared<Models>())
    , m_worker(std::make_unique<SerialWorker>("inference"))
{
}

InferenceSession::~InferenceSession()
{
    m_worker.reset();
}

void InferenceSession::postToGui(std::function<void()> call)
{
    QMetaObject::invokeMethod(this, std::move(call), Qt::QueuedConnection);
}

quint64 InferenceSession::classify(
    int slot, const QString& model, const TextInput& input, const PredictorOptions& options)
{
    return ask(slot, model, input, &options);
}

quint64 InferenceSession::tokenize(int slot, const QString& model, const TextInput& input)
{
    return ask(slot, model, input, nullptr);
}

quint64 InferenceSession::ask(
    int slot, const QString& model, const TextInput& input, const PredictorOptions* options)
{
    const auto id = ++m_id;
    m_newest.at(static_cast<size_t>(slot)) = id;
    auto wanted = options ? std::optional(*options) : std::nullopt;
    m_worker->post([this, slot, id, model, input, wanted](std::stop_token) {
        if (m_newest.at(static_cast<size_t>(slot)) != id)
            return; // a newer text waits already
        try {
            TextAnswer answer;
            answer.model = model;
            if (wanted) {
                auto& predictor = m_models->predictor(model, *wanted);
                QElapsedTimer timer;
                timer.start();
                answer.prediction = predictor.predict({&input, 1}).at(0);
                answer.encoding = encodingOf(predictor.tokenizer(), input, predictor.maxLength());
                answer.milliseconds = static_cast<double>(timer.nsecsElapsed()) / 1e6;
                answer.labels = predictor.labels();
                answer.problemType = predictor.problemType();
                answer.unknownId = predictor.tokenizer().unknownId();
                answer.warnings = predictor.warnings();
            } else {
                const auto& tokenizer = m_models->tokenizer(model);
                answer.encoding = encodingOf(tokenizer, input, tokenizer.modelMaxLength());
                answer.unknownId = tokenizer.unknownId();
            }
            postToGui([this, slot, id, answer = std::move(answer)] { Q_EMIT answered(slot, id, answer); });
        } catch (...) {
            const auto error = currentError();
            postToGui([this, slot, id, error] { Q_EMIT failed(slot, id, error.kind, error.detail); });
        }
    });
    return id;
}

std::stop_source InferenceSession::begin(BackgroundWork work, std::function<void(const CaughtError&)> onError,
    std::function<void(const Progress&)> onProgress)
{
    return m_worker->post([this, work = std::move(work), onError = std::move(onError),
                              onProgress = std::move(onProgress)](std::stop_token stop) mutable {
        TaskControl control{std::move(stop), {}};
        if (onProgress)
            control.onProgress = [&](const Progress& progress) {
                postToGui([onProgress, progress] { onProgress(progress); });
            };
        try {
            control.throwIfStopped(); // cancelled while it waited
            postToGui(work(control));
        } catch (...) {
            postToGui([onError, error = currentError()] { onError(error); });
        }
    });
}

void InferenceSession::cancelAll()
{
    m_worker->cancelAll();
}

void InferenceSession::forget(const QString& model)
{
    m_worker->post([this, model](std::stop_token) {
        m_models->loaded.remove_if([&](const Models::Entry& entry) { return entry.folder == model; });
        m_models->tokenizers.remove_if([&](const auto& entry) { return entry.first == model; });
    });
}

} // namespace studio
