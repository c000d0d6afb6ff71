// SPDX-License-Identifier: MIT
#include "core/models/text_scorer.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/models/inference_setup.h"
#include "core/models/language_model.h"
#include "core/models/registry.h"
#include "core/models/scores.h"
#include "core/nn/torch_errors.h"
#include "core/text/tokenizer.h"
#include "core/train/cuda_library.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include <ATen/core/grad_mode.h>

namespace studio {

std::optional<double> TextScore::perplexity() const
{
    if (logProbabilities.empty())
        return std::nullopt;
    return std::exp(-sum / double(logProbabilities.size()));
}

struct TextScorer::State {
    std::unique_ptr<LanguageModel> decoder; // or
    std::unique_ptr<SequenceToSequenceModel> pairs;
    std::string familyName;
    std::vector<std::string> warnings;
    InferenceSetup setup; ///< its tokeniser is that of texts and sources
    std::shared_ptr<const Tokenizer> targetTokenizer;

    void load(const std::filesystem::path& folder);
    /// Ids of a text; says in `truncated` when it was cut.
    std::vector<int32_t> encode(const Tokenizer& from, std::string_view text, bool& truncated) const;
    void scoreTexts(std::span<const TextInput> inputs, std::vector<TextScore>& scores) const;
    void scoreTargets(std::span<const TextInput> inputs, std::vector<TextScore>& scores) const;
    /// work(rows) for groups of at most batchSize of the inputs in this order.
    template <typename Work>
    void forEachGroup(std::span<const size_t> order, const Work& work) const
    {
        const at::NoGradGuard noGrad;
        const ExactFloats exact;
        for (size_t begin = 0; begin < order.size(); begin += size_t(setup.batchSize)) {
            const auto rows = order.subspan(begin, std::min(size_t(setup.batchSize), order.size() - begin));
            withTorchErrors("Scoring", [&] { work(rows); });
        }
    }
};

namespace {

/// A tokeniser for a word embedding of so many rows.
std::shared_ptr<const Tokenizer> tokenizerFor(
    int64_t rows, const std::filesystem::path& folder, TextRole role = TextRole::Source)
{
    const auto tokenizer = Tokenizer::load(folder, role);
    requireVocabularyFits(*tokenizer, rows, folder);
    return tokenizer;
}

void setValues(TextScore& score, const float* first, const float* last)
{
    score.logProbabilities.assign(first, last);
    score.sum = std::accumulate(first, last, 0.0);
}

} // namespace

void TextScorer::State::load(const std::filesystem::path& folder)
{
    const auto [config, name] = readCheckpointConfig(folder);
    const auto& family = findFamily(ConfigReader(config, name));
    familyName = family.displayName;
    if (!family.createSequenceToSequence) {
        auto loaded = loadLanguageModel(folder, setup.device);
        decoder = std::move(loaded.model);
        warnings = std::move(loaded.warnings);
        setup.tokenizer = tokenizerFor(decoder->vocabularySize(), folder);
        return;
    }
    auto loaded = loadSequenceToSequenceModel(folder, setup.device);
    pairs = std::move(loaded.model);
    warnings = std::move(loaded.warnings);
    setup.tokenizer = tokenizerFor(pairs->traits().vocabularySize, folder);
    targetTokenizer = tokenizerFor(pairs->targetVocabularySize(), folder, TextRole::Target);
}

TextScorer::TextScorer(const std::filesystem::path& folder, const PredictorOptions& options)
    : m_state(std::make_unique<State>())
{
    auto& state = *m_state;
    state.setup = InferenceSetup::of(options);
    state.load(folder);
    state.setup.maxLength = checkedMaxLength(options.maxLength, *state.setup.tokenizer,
        state.decoder ? state.decoder->maxPositions() : state.pairs->traits().maxPositions);
}

TextScorer::~TextScorer() = default;
TextScorer::TextScorer(TextScorer&&) noexcept = default;

const std::vector<std::string>& TextScorer::warnings() const
{
    return m_state->warnings;
}

int32_t TextScorer::maxLength() const
{
    return m_state->setup.maxLength;
}

bool TextScorer::scoresTargets() const
{
    return m_state->pairs != nullptr;
}

void TextScorer::requireTargets(bool given) const
{
    const auto& family = m_state->familyName;
    if (scoresTargets() && !given)
        throw Error(ErrorKind::Usage,
            concat("The model is an encoder–decoder (", family,
                "), which scores targets: give --target with each --text, --target_column with "
                "--text_column, "
                "or --target_file with --file."));
    if (!scoresTargets() && given)
        throw Error(ErrorKind::Usage,
            concat("The model is a decoder (", family,
                "), which scores texts by themselves: leave out --target, --target_column and "
                "--target_file."));
}

std::vector<int32_t> TextScorer::State::encode(
    const Tokenizer& from, std::string_view text, bool& truncated) const
{
    const auto tokens = from.encodeIds(text, nullptr, {.maxLength = setup.maxLength});
    truncated = truncated || tokens.truncated;
    return tokens.ids;
}

void TextScorer::State::scoreTexts(std::span<const TextInput> inputs, std::vector<TextScore>& scores) const
{
    std::vector<std::vector<int32_t>> encoded(inputs.size());
    std::vector<size_t> order;
    for (size_t i = 0; i < inputs.size(); ++i) {
        encoded[i] = encode(*setup.tokenizer, inputs[i].text, scores[i].truncated);
        if (encoded[i].size() > 1) // a single token has nothing before it
            order.push_back(i);
    }
    std::ranges::stable_sort(order, {}, [&](size_t index) { return encoded[index].size(); });
    forEachGroup(order, [&](std::span<const size_t> rows) {
        std::vector<SequenceView> views;
        for (const auto index : rows)
            views.push_back({encoded[index], {}});
        const auto batch = packBatch(views, setup.device);
        auto context = setup.context();
        const auto values = decoder->logProbabilities(batch, context);
        const auto* value = values.const_data_ptr<float>();
        for (size_t i = 0; i < rows.size(); ++i)
            setValues(scores[rows[size_t(batch.order[i])]], value + batch.layout.starts[i] + 1,
                value + batch.layout.starts[i + 1]);
    });
}

void TextScorer::State::scoreTargets(std::span<const TextInput> inputs, std::vector<TextScore>& scores) const
{
    std::vector<std::vector<int32_t>> sources(inputs.size()), targets(inputs.size());
    std::vector<size_t> order;
    for (size_t i = 0; i < inputs.size(); ++i) {
        sources[i] = encode(*setup.tokenizer, inputs[i].text, scores[i].truncated);
        targets[i] = encode(*targetTokenizer, *inputs[i].pair, scores[i].truncated);
        if (!sources[i].empty() && !targets[i].empty()) // nothing is said of nothing
            order.push_back(i);
    }
    std::ranges::stable_sort(
        order, {}, [&](size_t index) { return std::pair(sources[index].size(), targets[index].size()); });
    forEachGroup(order, [&](std::span<const size_t> rows) {
        std::vector<SequenceView> source, target;
        for (const auto index : rows) {
            source.push_back({sources[index], {}});
            target.push_back({targets[index], {}});
        }
        const auto batch = packPairs(source, target, setup.device);
        auto context = setup.context();
        const auto values = pairs->logProbabilities(batch, context);
        const auto* value = values.const_data_ptr<float>();
        const auto& starts = batch.target.layout.starts;
        for (size_t i = 0; i < rows.size(); ++i)
            setValues(scores[rows[size_t(batch.target.order[i])]], value + starts[i], value + starts[i + 1]);
    });
}

std::vector<TextScore> TextScorer::score(std::span<const TextInput> inputs)
{
    const auto& state = *m_state;
    for (const auto& input : inputs)
        requireTargets(input.pair.has_value());
    std::vector<TextScore> scores(inputs.size());
    if (state.pairs)
        state.scoreTargets(inputs, scores);
    else
        state.scoreTexts(inputs, scores);
    return scores;
}

Json toJson(const TextInput& input, const TextScore& score)
{
    const auto perplexity = score.perplexity();
    Json json{{"text", input.text}, {"logprobs", score.logProbabilities}, {"sum", score.sum},
        {"perplexity", perplexity ? Json(*perplexity) : Json(nullptr)}};
    if (input.pair)
        json["target"] = *input.pair;
    if (score.truncated)
        json["truncated"] = true;
    return json;
}

} // namespace studio
