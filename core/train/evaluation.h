// SPDX-License-Identifier: MIT
#pragma once

#include "core/models/model.h"
#include "core/runs/run_folder.h"
#include "core/train/job_data.h"
#include "core/train/loss.h"
#include "core/train/metrics.h"

#include <functional>
#include <optional>
#include <vector>

namespace studio {

/// What a model says of all rows of a part.
struct Evaluation {
    MetricReport report;
    std::vector<float> scores; ///< [rows, labels], in the order of the part: probabilities, or the value
    std::vector<int32_t> predictions; ///< single label: ids
    std::vector<float> losses; ///< of each row, without smoothing and class weights
};

struct EvaluationOptions {
    int64_t batchSize = 32;
    c10::ScalarType computeType = c10::ScalarType::Float;
    /// Called between batches with the rows done; false ends the evaluation without a result.
    std::function<bool(int64_t done, int64_t total)> between = {};
};

/// Logits of all rows of the part, then loss and metrics. Draws no random numbers. nullopt when ended early.
[[nodiscard]] std::optional<Evaluation> evaluatePart(ClassificationModel& model, const JobPart& part,
    const JobData& data, const Loss& loss, const at::Device& device, const EvaluationOptions& options);

/// Lines of eval_predictions.jsonl for one part.
void writePredictions(const JobPart& part, const JobData& data, const Evaluation& evaluation,
    const std::string& partName, const std::function<void(std::string_view)>& write);

} // namespace studio
