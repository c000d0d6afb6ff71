// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/host_memory.h"
#include "core/models/checkpoint_info.h"
#include "core/models/predictor.h"
#include "core/train/arguments.h"
#include "core/train/events.h"
#include "core/train/schedule.h" // plannedSteps

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace studio {

/// Messages to a running loop; any thread. They are answered at the next micro-batch boundary.
class TrainControl {
public:
    TrainControl();
    ~TrainControl();
    void requestPause();
    void requestResume();
    /// End; with a checkpoint, unless the steps since the last one are to be forgotten.
    void requestStop(bool save = true);
    void requestEvaluate();
    void requestSave();
    /// Settings to change from the next step on, as a JSON object: {"learning_rate": 5e-5}; see
    /// changeableSettings(). What cannot be used becomes a warning of the run.
    void requestChange(std::string settings);
    /// Classifies with the live weights (fp32, evaluation mode); `answer` is called on the training thread.
    /// Inputs still waiting when the run ends get an empty answer. Draws nothing from the run's random
    /// numbers.
    struct LiveAnswer {
        int64_t step = 0;
        std::vector<std::string> labels;
        ProblemType problemType = ProblemType::SingleLabel;
        std::vector<Prediction> predictions; ///< empty: a problem, or the run ended before it could answer
        std::string problem; ///< the sentence why these texts have no predictions; empty: none
    };
    void requestPrediction(std::vector<TextInput> inputs, std::function<void(const LiveAnswer&)> answer);
    [[nodiscard]] bool isPaused() const;
    /// Where somebody watches, trouble pauses the run (the reason is in the state event): little memory or
    /// three steps without a finite loss until it is asked to go on, a folder that cannot be written until it
    /// can. Without it (the default) the run ends with a sentence; the last checkpoint stays.
    void setWatched(bool watched);
    /// A folder that cannot be written pauses the run also where nobody watches.
    void setWaitsForRoom(bool waits);
    /// Instead of the machine's own figures (tests). Call it before train().
    void setMemoryReader(std::function<HostMemory()> reader);
    /// A micro-batch that is about to be computed: number `number`, from 0, of step `step`, from 1.
    struct MicroBatch {
        int64_t step = 0, number = 0, rows = 0;
    };
    /// Called before each micro-batch, on the training thread (tests): what it throws counts as thrown by the
    /// computation, std::bad_alloc as a lack of memory. Call it before train().
    void setMicroBatchHook(std::function<void(const MicroBatch&)> hook);
    /// Before train(): how long step 1 waits for tokenising; what is not done by then goes on beside the
    /// steps (2 seconds).
    void setTokenizingPatience(std::chrono::milliseconds patience);
    /// Before train(): measures where the time goes, reports it as an event and writes profile.json.
    void setProfile(bool profile);

    struct State; ///< for the loop
    [[nodiscard]] State& state() const { return *m_state; }

private:
    std::unique_ptr<State> m_state;
};

/// Part of the sentence (Error{Data}) with which a resume refuses data files that are no longer the same;
/// allow_changed_data lets it go on.
inline constexpr auto changedDataPhrase = "has changed since the run began";

enum class TrainOutcome { Completed, Stopped };
struct TrainResult {
    TrainOutcome outcome = TrainOutcome::Completed;
    EndEvent end;
};

/// Trains on the calling thread until done or stopped; writes the run folder (DESIGN.md section 5). `onEvent`
/// is called on this thread for every event. Throws Error after a "failed" end event has been written and
/// reported, if the run had begun.
TrainResult train(const TrainingArguments& arguments, TrainControl& control,
    const std::function<void(const TrainEvent&)>& onEvent);

/// What estimateTrainingMemory() is asked for a run whose rows have `rowTokens` tokens.
[[nodiscard]] MemoryQuestion memoryQuestion(
    const TrainingArguments& arguments, int64_t rowTokens, const std::string& precision);

/// What a run would do, before it starts: checks everything that can fail before step 1.
struct TrainPlan {
    int64_t trainRows = 0, validationRows = 0, testRows = 0;
    int64_t stepsPerEpoch = 0, totalSteps = 0; ///< with max_tokens_per_batch an estimate
    int64_t memoryBytes = 0; ///< estimate
    double unknownShare = 0; ///< of the training texts' characters that the tokeniser does not know
    bool headCreated = false;
    std::vector<std::string> labels;
    std::vector<std::string> warnings;
    std::vector<DataProblem> problems;
};
[[nodiscard]] TrainPlan planTraining(const TrainingArguments& arguments, const TaskControl& control = {});

/// `evaluate`: a model on a labelled file.
struct EvaluateOptions {
    std::string modelNameOrPath, file;
    TrainingArguments data; ///< column, format, cleaning, precision and device fields are used
    std::string predictionsFile; ///< empty: none; else JSONL as eval_predictions.jsonl
};
[[nodiscard]] MetricReport evaluateFile(const EvaluateOptions& options, const TaskControl& control = {});

} // namespace studio
