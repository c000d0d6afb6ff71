// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/models/model.h"
#include "core/runs/run_lock.h"
#include "core/train/batch_plan.h"
#include "core/train/control_state.h"
#include "core/train/devices.h"
#include "core/train/evaluation.h"
#include "core/train/gradients.h"
#include "core/train/job_data.h"
#include "core/train/optimizer.h"
#include "core/train/output_folder.h"
#include "core/train/run_changes.h"
#include "core/train/run_progress.h"
#include "core/train/step_clock.h"

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace studio {

/// One run from its arguments to its end: the loop behind train(). Lives on one thread.
class TrainingRun {
public:
    TrainingRun(const TrainingArguments& arguments, TrainControl& control,
        std::function<void(const TrainEvent&)> onEvent);
    ~TrainingRun();
    TrainResult run();
    /// Writes and reports the "failed" end event, if the run had begun.
    void fail(const std::string& sentence);

private:
    /// What the micro-batches of a step add up to.
    struct StepSums {
        at::Tensor loss, rightRows; // []
        int64_t rows = 0, tokens = 0;
    };
    enum class WindowEnd { Done, Stopped, OutOfMemory };

    // training_setup.cpp: everything that can fail before step 1
    void prepare(const FolderPlan& plan);
    void loadModel(const std::filesystem::path& folder, const Json& config);
    void freezeAndReinitialize();
    void beginTokenizing();
    [[nodiscard]] std::string newlyKnownCuts();
    void createOptimizer(const std::optional<ResumePoint>& resume);
    void checkResume(const ResumePoint& resume);
    [[nodiscard]] static Json computingWith(); ///< program and processor: others round differently
    void compareMachines(const Json& before);
    void compareMemory(int64_t availableBytes, const std::filesystem::path& modelFolder);
    void openFolder(const FolderPlan& plan);
    void writeRunFile() const;
    [[nodiscard]] StartEvent startEvent() const;

    // training_run.cpp: the loop
    [[nodiscard]] bool trainToTheEnd(); ///< false: stopped
    [[nodiscard]] bool trainStep();
    [[nodiscard]] WindowEnd computeWindow(const BatchPlan::Window& window, double weights, StepSums& sums);
    [[nodiscard]] bool computeMicroBatch(const TrainControl::MicroBatch& which, std::span<const int64_t> rows,
        double weights, StepSums& sums); ///< false: lack of memory
    [[nodiscard]] bool afterStep();
    [[nodiscard]] bool answerMessages(bool betweenSteps = false); ///< false: stop
    void answerPredictions();
    void reportStep(double norm, double learningRate);
    [[nodiscard]] bool due(const std::string& strategy, int64_t every) const;

    // training_care.cpp: changes of settings, steps without a finite loss, little memory
    void readChanges(const ResumePoint& resume, const TrainingArguments& before);
    void readChangesToCome();
    void applyPastChanges();
    void recordAskedChanges(); ///< those that the resume itself asks for
    void takeChanges();
    void record(SettingChange change);
    void apply(const SettingChange& change);
    void recordChanges(Json& recorded) const; ///< run.json's "recorded"
    void writeChanges() const; ///< to run.json
    static constexpr int64_t mostNonFinite = 3; ///< steps in a row
    [[nodiscard]] std::vector<int64_t> rowsOfStep(int64_t step); ///< of the training file, from 1
    void noteSkippedStep(const std::string& reason);
    [[nodiscard]] bool faceNonFiniteSteps(); ///< false: stop
    [[nodiscard]] bool watchMemory(); ///< false: stop
    void splitBatches(std::span<const int64_t> rows); ///< those of the micro-batch that did not fit
    void replaySplits();
    void takeSplit(const BatchSplit& split);
    [[nodiscard]] bool pauseFor(StateEvent pause); ///< false: stop

    // training_care.cpp: a run folder that cannot be written
    /// Runs `write`. Where the folder is full, cannot be written or is gone, a run that waits for room does
    /// so until it can write or is asked to stop; another one fails.
    void withRoom(const std::function<void()>& write);
    [[nodiscard]] std::optional<Error> tryToWrite(const std::function<void()>& write);
    [[nodiscard]] std::optional<Error> waitToWrite(const std::function<void()>& write, ErrorKind trouble);
    void requireFolder();

    // training_results.cpp: evaluation, checkpoints, the end
    [[nodiscard]] bool evaluate(bool scheduled); ///< false: stopped meanwhile
    [[nodiscard]] bool isBest(const MetricReport& report, bool scheduled);
    void countWithoutGain(); ///< an evaluation; ends the run early where it was one too many
    void forgetBest();
    void keepBest();
    void saveCheckpoint();
    void writeTrainerState(const std::filesystem::path& folder) const;
    void installModel();
    [[nodiscard]] bool finalReport(); ///< false: stopped meanwhile
    [[nodiscard]] std::optional<Evaluation> evaluateRows(const JobPart& part, c10::ScalarType computeType);
    TrainResult complete();
    TrainResult stop();
    EndEvent endEvent(const std::string& outcome, const std::string& message) const;

    void reportProfile(); ///< where it is on: the event and profile.json
    void report(TrainEvent event); ///< to metrics.jsonl (but states) and to the caller
    void warn(const std::string& sentence) { report(WarningEvent{.message = sentence}); }
    void state(const std::string& name, int64_t done = 0, int64_t total = 0);

    TrainingArguments m_arguments; ///< with the changes so far
    TrainingArguments m_started; ///< as the run began
    std::vector<SettingChange> m_changes; ///< applied
    std::deque<SettingChange> m_replay; ///< of an interrupted run, to be made again at their steps
    std::vector<SettingChange> m_asked; ///< by the resume itself
    std::deque<BatchSplit> m_splitsToCome; ///< of an interrupted run, to be made again at their steps
    TrainControl::State& m_control;
    std::function<void(const TrainEvent&)> m_onEvent;
    std::filesystem::path m_output;
    StepClock m_clock;
    PhaseProfile m_profile; ///< off unless asked for

    JobData m_data;
    std::shared_ptr<Tokenizer> m_tokenizer;
    int32_t m_maxLength = 0;
    bool m_cutsKnown = false; ///< how many training texts are longer
    ComputeChoice m_compute;
    int64_t m_threads = 0;
    at::Device m_device{at::kCPU};
    c10::ScalarType m_computeType = c10::ScalarType::Float;
    LoadedModel m_loaded;
    std::set<std::string> m_head; ///< names of the head's parameters
    std::vector<std::string> m_warnings; ///< before the log is open
    std::optional<Loss> m_loss;
    std::optional<Optimizer> m_optimizer;
    GradientScaler m_scaler{false};

    std::unique_ptr<RunLock> m_lock;
    std::unique_ptr<LineLog> m_log;
    RunProgress m_progress;
    BatchPlan m_plan;
    int64_t m_totalSteps = 0;
    int64_t m_lastSaved = -1;
    StateEvent m_pause; ///< why the run is paused, where nobody asked for it
    std::string m_stopReason; ///< opens the sentence of the end; empty: asked for
    std::chrono::steady_clock::time_point m_memorySeen;
    bool m_lowMemoryAccepted = false;
};

} // namespace studio
