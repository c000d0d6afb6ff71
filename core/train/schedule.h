// SPDX-License-Identifier: MIT
#pragma once

#include "core/train/arguments.h"

#include <cstdint>

namespace studio {

/// Batches of one epoch; the last may be short. With max_tokens_per_batch an estimate from the mean length of
/// a row; where that is not given (0) as without. BatchPlan knows the exact number.
[[nodiscard]] int64_t batchesInEpoch(
    const TrainingArguments& arguments, int64_t trainRows, double meanTokens = 0);
/// Optimizer steps of one whole epoch; the last one may have fewer batches than the others.
[[nodiscard]] int64_t stepsInEpoch(
    const TrainingArguments& arguments, int64_t trainRows, double meanTokens = 0);
/// max_steps, else ceil(num_train_epochs · steps of an epoch), as transformers.
[[nodiscard]] int64_t plannedSteps(
    const TrainingArguments& arguments, int64_t trainRows, double meanTokens = 0);
/// Steps of warm-up: warmup_steps, or its share of all steps, rounded up.
[[nodiscard]] int64_t warmupStepCount(const TrainingArguments& arguments, int64_t totalSteps);
/// Factor on the peak learning rate after `done` steps, by the formulas of transformers' get_scheduler.
[[nodiscard]] double learningRateFactor(const TrainingArguments& arguments, int64_t done, int64_t totalSteps);

} // namespace studio
