// SPDX-License-Identifier: MIT
#pragma once

#include "core/data/dataset.h"
#include "core/models/checkpoint_info.h"
#include "core/train/arguments.h"

#include <cstdint>
#include <memory>
#include <optional>

namespace studio {

/// What a run will cost, before Start.
struct TrainingEstimate {
    int64_t rows = 0, steps = 0;
    double meanTokens = 0; ///< of a training text, cut at the longest input
    int64_t longestTokens = 0; ///< among the texts looked at
    int64_t specialTokens = 0; ///< that the tokeniser adds to a text or pair of the data
    double unknownShare = 0; ///< of characters that the tokeniser does not know
    int64_t memoryBytes = 0;
    double operations = 0; ///< floating point operations of all steps
    double operationsPerToken = 0;
};

/// Looks at up to 400 training texts with the model's tokeniser. Any thread; no torch operation.
[[nodiscard]] TrainingEstimate estimateTraining(const TrainingArguments& arguments,
    const CheckpointInfo& model, const Dataset& dataset, int64_t trainRows, const TaskControl& control);
/// Operations to train on one token: forward and backward through all layers that are trained.
[[nodiscard]] double operationsPerToken(const CheckpointInfo& model, const TrainingArguments& arguments);

/// Operations a second of a step on this processor, before a run was measured: about half of what its matrix
/// multiply reaches.
[[nodiscard]] double assumedOperationsPerSecond();

} // namespace studio
