// SPDX-License-Identifier: MIT
#pragma once

#include "core/train/trainer.h"

#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include <QList>
#include <QObject>
#include <QString>

namespace studio {

/// Everything known of the run that is going on or has just ended; GUI thread.
struct LiveRun {
    TrainingArguments arguments; ///< with the changes made meanwhile
    std::optional<StartEvent> start;
    std::vector<TrainEvent> events; ///< all but "state", in order; of very many steps some
    std::optional<StepEvent> lastStep;
    std::optional<EvaluateEvent> lastEvaluation, bestEvaluation;
    std::optional<SkipEvent> lastSkip; ///< its count: steps skipped so far
    std::optional<EndEvent> end;
    StateEvent doing; ///< what the loop says it is doing ("evaluating", "tokenizing", …)
    [[nodiscard]] int64_t step() const { return lastStep ? lastStep->step : 0; }
    /// Seconds that are left by the pace so far; nullopt until there is one.
    [[nodiscard]] std::optional<double> secondsLeft() const;
};

/// Owns the training thread. Lives on the GUI thread; reports arrive queued, at most ten a second.
///
/// Which thread issues torch operations: this one while a run goes on (it also answers predictions with the
/// live weights, between steps). InferenceSession's thread answers for all other models; during a run the two
/// work side by side, each with its own OpenMP pool, and neither draws from the other's random numbers.
class TrainingSession : public QObject {
    Q_OBJECT
public:
    enum class State { Idle, Preparing, Running, Paused, Stopping };
    Q_ENUM(State)

    explicit TrainingSession(QObject* parent = nullptr);
    ~TrainingSession() override; ///< asks the run to stop (a checkpoint is saved) and waits for it

    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] bool isRunning() const { return m_state != State::Idle; } ///< a run goes on, paused too
    /// The last run of this program's life; nullptr before the first.
    [[nodiscard]] const LiveRun* run() const { return m_run.get(); }

    void start(const TrainingArguments& arguments); ///< only when !isRunning()
    void pause();
    void resume();
    void stop(); ///< saves a checkpoint and ends
    void discard(); ///< ends without a checkpoint
    /// Settings to change from the next step on ({"learning_rate": 5e-5}); eventsReported() brings the
    /// change.
    void change(const Json& settings);
    void evaluateNow();
    void saveNow();
    /// Classifies with the live weights; the answer arrives as livePredicted(id, …). 0: no run goes on.
    quint64 predict(std::vector<TextInput> inputs);
    /// The machine's memory, by the same figures as the run.
    [[nodiscard]] HostMemory memory() const { return m_memoryReader ? m_memoryReader() : hostMemory(); }
    void setMemoryReader(std::function<HostMemory()> reader)
    {
        m_memoryReader = std::move(reader);
    } ///< tests

Q_SIGNALS:
    void stateChanged(studio::TrainingSession::State state);
    void started();
    void eventsReported(const QList<studio::TrainEvent>& events); ///< after run() took them in
    /// The run has paused by itself: reason and last good checkpoint are in the event.
    void troubled(const studio::StateEvent& pause);
    void finished(const studio::TrainResult& result);
    void failed(studio::ErrorKind kind, const QString& detail);
    void livePredicted(quint64 id, const studio::TrainControl::LiveAnswer& answer);

private:
    void takeIn(const QList<TrainEvent>& events);
    void setState(State state);
    void work(const TrainingArguments& arguments);

    State m_state = State::Idle;
    std::unique_ptr<LiveRun> m_run;
    std::unique_ptr<TrainControl> m_control;
    std::function<HostMemory()> m_memoryReader; ///< empty: the machine's own figures
    quint64 m_predictionId = 0;
    std::jthread m_thread; // last: joined first
};

} // namespace studio
