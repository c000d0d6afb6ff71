// SPDX-License-Identifier: MIT
#pragma once

#include "core/runs/run_folder.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <QString>

namespace studio {

/// What the Results page shows of a run: the metrics of its best model on each part, and every prediction.
struct RunResults {
    RunSummary summary;
    ProblemType problemType = ProblemType::SingleLabel;
    std::vector<std::string> labels; ///< by id
    std::optional<MetricReport> validation, test;
    std::vector<PredictionRow> rows;
    [[nodiscard]] bool isEmpty() const { return !validation && !test && rows.empty(); }
};

/// Reads metrics.jsonl and eval_predictions.jsonl. Any thread; throws Error.
[[nodiscard]] RunResults loadRunResults(const std::filesystem::path& folder);

/// Writes rows as CSV (RFC 4180): part, row, text, text_pair, label, prediction, confidence, loss, one column
/// of scores a label. Throws Error{File} or Error{DiskFull}.
void exportPredictions(const std::filesystem::path& file, const std::vector<PredictionRow>& rows,
    const std::vector<std::string>& labels);

/// Probability of what was predicted: the largest score (several labels: of the least certain one); the value
/// itself for regression.
[[nodiscard]] double confidenceOf(const PredictionRow& row);
[[nodiscard]] bool isMistake(const PredictionRow& row);
[[nodiscard]] QString joinedLabels(const std::vector<std::string>& labels);

} // namespace studio
