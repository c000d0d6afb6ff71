// SPDX-License-Identifier: MIT
#pragma once

#include "core/train/arguments.h"
#include "core/train/events.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace studio {

enum class RunState { Running, Completed, Stopped, Failed, Interrupted };
[[nodiscard]] std::string runStateName(RunState state);

/// A run as a table shows it.
struct RunSummary {
    std::filesystem::path folder;
    std::string name; ///< given in the window, else the folder's name
    std::string note;
    std::string startedAt; ///< ISO 8601, UTC
    std::string model, trainFile;
    RunState state = RunState::Interrupted;
    int64_t step = 0, totalSteps = 0;
    std::string metricName;
    std::optional<double> bestMetric;
    std::optional<int64_t> bestStep;
    std::optional<double> accuracy, f1, loss;
    double learningRate = 0, epochs = 0;
    int64_t batchSize = 0, seed = 0;
    double seconds = 0;
};

/// Reads run.json, metrics.jsonl and studio.json (name and note) of a run folder. A run without an end event
/// whose lock nobody holds is Interrupted. Throws Error{File} when it is no run folder.
[[nodiscard]] RunSummary readRunSummary(const std::filesystem::path& folder);
[[nodiscard]] TrainingArguments readRunArguments(const std::filesystem::path& folder);
/// The same from events read already (readRunCurves), of a log that has not grown since.
[[nodiscard]] RunSummary readRunSummary(
    const std::filesystem::path& folder, const std::vector<TrainEvent>& events);
/// Into the summary of a run goes one of its evaluations of the validation part.
void takeEvaluation(RunSummary& summary, const EvaluateEvent& event);
/// run.json's "recorded" object.
[[nodiscard]] Json readRunRecord(const std::filesystem::path& folder);
/// Appends the events of metrics.jsonl in order (a torn last line is ignored), from byte `offset` on; returns
/// the new offset. Where a resume has cut the file below `offset`, `events` is cleared and read anew.
uint64_t readRunEvents(const std::filesystem::path& folder, uint64_t offset, std::vector<TrainEvent>& events);
/// Name and note given by the person, stored in the run folder (studio.json).
void writeRunNotes(const std::filesystem::path& folder, const std::string& name, const std::string& note);

/// A line of eval_predictions.jsonl.
struct PredictionRow {
    std::string part = {}; ///< "validation" or "test"
    int64_t row = 0; ///< in its file, from 1
    std::string text = {};
    std::optional<std::string> textPair = {};
    std::vector<std::string> labels = {}; ///< true label(s); regression: empty
    std::vector<std::string> predictions = {}; ///< predicted label(s)
    bool severalLabels = false; ///< multi-label: `label` and `prediction` are arrays in the file
    std::optional<double> target = {}; ///< regression
    std::vector<float> scores = {}; ///< per label; regression: the value
    std::optional<double> loss = {};
};
[[nodiscard]] std::vector<PredictionRow> readPredictions(const std::filesystem::path& folder);
[[nodiscard]] Json toJson(const PredictionRow& row, const std::vector<std::string>& labels);

} // namespace studio
