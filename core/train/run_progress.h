// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/json.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace studio {

/// From step `step` on each batch is computed in `parts` micro-batches, as memory did not suffice for fewer.
struct BatchSplit {
    int64_t step = 0, parts = 1;
    bool operator==(const BatchSplit&) const = default;
};

/// Where a run stands, beside weights and optimizer state: everything that a bit-exact resume needs. Order of
/// rows and dropout follow from (seed, step) alone.
struct RunProgress {
    int64_t step = 0; ///< optimizer steps done
    int64_t skippedSteps = 0; ///< without an optimizer step: the schedule stands still on them
    int64_t nonFiniteSteps = 0, nonFiniteInRow = 0; ///< of them: loss or gradient no finite number
    int64_t settledStep = -1; ///< step whose evaluation and checkpoint are done with
    int64_t lastEvaluated = 0; ///< step of the last evaluation
    std::optional<int64_t> bestStep;
    std::optional<double> bestMetric;
    int64_t evaluationsWithoutGain = 0;
    bool endedEarly = false;
    std::set<std::string> warned = {}; ///< sentences about metrics, said once a run
    // since the last step event
    double lossSum = 0; ///< of steps
    int64_t lossSteps = 0;
    int64_t countedRows = 0, rightRows = 0; ///< for the training accuracy
    // fp16
    double lossScale = 65536;
    int64_t finiteSteps = 0;
    std::vector<BatchSplit> splits = {}; ///< so far, by step
    [[nodiscard]] int64_t batchParts() const { return splits.empty() ? 1 : splits.back().parts; }

    bool operator==(const RunProgress&) const = default;
};

[[nodiscard]] Json toJson(const std::vector<BatchSplit>& splits);
/// Throws Error{Checkpoint} on an entry that is none.
[[nodiscard]] std::vector<BatchSplit> batchSplitsFromJson(const Json& json);
[[nodiscard]] Json toJson(const RunProgress& progress);
/// Throws Error{Checkpoint} on a missing field.
[[nodiscard]] RunProgress runProgressFromJson(const Json& json);

} // namespace studio
