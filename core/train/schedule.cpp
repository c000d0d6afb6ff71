// SPDX-License-Identifier: MIT
#include "core/train/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace studio {

namespace {

int64_t dividedUp(int64_t amount, int64_t size)
{
    return (amount + size - 1) / size;
}

} // namespace

int64_t batchesInEpoch(const TrainingArguments& arguments, int64_t trainRows, double meanTokens)
{
    if (arguments.maxTokensPerBatch > 0 && meanTokens > 0 && trainRows > 0) {
        // Half a row, about, is left of each budget; a row that exceeds it is a batch.
        const double filled
            = std::max(static_cast<double>(arguments.maxTokensPerBatch) - meanTokens / 2, meanTokens);
        return static_cast<int64_t>(std::ceil(static_cast<double>(trainRows) * meanTokens / filled));
    }
    return dividedUp(trainRows, arguments.perDeviceTrainBatchSize);
}

int64_t stepsInEpoch(const TrainingArguments& arguments, int64_t trainRows, double meanTokens)
{
    return dividedUp(batchesInEpoch(arguments, trainRows, meanTokens), arguments.gradientAccumulationSteps);
}

int64_t plannedSteps(const TrainingArguments& arguments, int64_t trainRows, double meanTokens)
{
    if (arguments.maxSteps > 0)
        return arguments.maxSteps;
    const auto steps = static_cast<double>(stepsInEpoch(arguments, trainRows, meanTokens));
    return static_cast<int64_t>(std::ceil(arguments.numTrainEpochs * steps));
}

int64_t warmupStepCount(const TrainingArguments& arguments, int64_t totalSteps)
{
    const double steps = arguments.warmupSteps < 1 ? arguments.warmupSteps * static_cast<double>(totalSteps)
                                                   : arguments.warmupSteps;
    return static_cast<int64_t>(std::ceil(steps));
}

double learningRateFactor(const TrainingArguments& arguments, int64_t done, int64_t totalSteps)
{
    if (arguments.lrSchedulerType == "constant")
        return 1;
    const auto warmup = warmupStepCount(arguments, totalSteps);
    if (done < warmup)
        return static_cast<double>(done) / static_cast<double>(std::max<int64_t>(1, warmup));
    if (arguments.lrSchedulerType == "constant_with_warmup")
        return 1;
    const auto falling = static_cast<double>(std::max<int64_t>(1, totalSteps - warmup));
    if (arguments.lrSchedulerType == "cosine") {
        const double progress = static_cast<double>(done - warmup) / falling;
        return std::max(0.0, 0.5 * (1.0 + std::cos(std::numbers::pi * progress)));
    }
    return std::max(0.0, static_cast<double>(totalSteps - done) / falling);
}

} // namespace studio
