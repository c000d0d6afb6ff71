// SPDX-License-Identifier: MIT
#pragma once

#include "core/models/predictor.h"
#include "core/train/trainer.h"
#include "ui/session/job_slot.h"
#include "ui/session/serial_worker.h"

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <vector>

#include <QObject>
#include <QString>

namespace studio {

/// What is asked about one text: probabilities and the tokens as the model sees them.
struct TextAnswer {
    QString model; ///< folder
    std::vector<std::string> labels;
    ProblemType problemType = ProblemType::SingleLabel;
    Prediction prediction;
    Encoding encoding;
    std::optional<int32_t> unknownId;
    std::vector<std::string> warnings; ///< of the model
    double milliseconds = 0; ///< tokenising and model
};

/// Owns the inference thread and the models loaded on it (at most three, the one not used for longest goes
/// first). Works in order; a text typed later replaces one of the same `slot` (0…7) that still waits. Answers
/// come back on the GUI thread.
class InferenceSession : public QObject {
    Q_OBJECT
public:
    explicit InferenceSession(QObject* parent = nullptr);
    ~InferenceSession() override;

    /// Classifies one text; answered(slot, id, …) or failed(slot, id, …) unless replaced. Returns the id.
    quint64 classify(
        int slot, const QString& model, const TextInput& input, const PredictorOptions& options = {});
    /// Tokens only (for the run in training, whose probabilities TrainingSession answers).
    quint64 tokenize(int slot, const QString& model, const TextInput& input);
    /// Any longer work with torch operations (classify a file, evaluate, export), on the inference thread, in
    /// order. `work` may throw Error; `done` runs on the GUI thread with its result, `onError` with its
    /// error. What is returned cancels this work alone, before it began too: `onError` gets Error{Cancelled}.
    template <typename Work, typename Done>
    std::stop_source run(Work work, Done done, std::function<void(const CaughtError&)> onError,
        std::function<void(const Progress&)> onProgress = {})
    {
        return begin(
            backgroundWork(std::move(work), std::move(done)), std::move(onError), std::move(onProgress));
    }
    void cancelAll(); ///< before the end: stops the work in progress and drops what waits
    void forget(const QString& model); ///< its files changed or go away

Q_SIGNALS:
    void answered(int slot, quint64 id, const studio::TextAnswer& answer);
    void failed(int slot, quint64 id, studio::ErrorKind kind, const QString& detail);

private:
    struct Models; ///< inference thread only
    std::stop_source begin(BackgroundWork work, std::function<void(const CaughtError&)> onError,
        std::function<void(const Progress&)> onProgress);
    quint64 ask(int slot, const QString& model, const TextInput& input, const PredictorOptions* options);
    void postToGui(std::function<void()> call);

    std::shared_ptr<Models> m_models;
    std::array<std::atomic<quint64>, 8> m_newest{}; ///< id of the newest question per slot
    quint64 m_id = 0;
    std::unique_ptr<SerialWorker> m_worker; // last: joined first
};

} // namespace studio
