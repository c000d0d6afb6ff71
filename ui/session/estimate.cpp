// SPDX-License-Identifier: MIT
#include "ui/session/estimate.h"

#include "core/text/tokenizer.h"
#include "core/train/devices.h"
#include "core/train/trainer.h"

#include <algorithm>
#include <cmath>

namespace studio {

namespace {

constexpr int64_t textsLookedAt = 400;

} // namespace

double operationsPerToken(const CheckpointInfo& model, const TrainingArguments& arguments)
{
    // Embeddings are looked up, not multiplied.
    const auto positions = model.maxPositions == anyLength ? 0 : model.maxPositions;
    const auto weights = static_cast<double>(
        std::max<int64_t>(model.parameterCount - (model.vocabularySize + positions) * model.hiddenSize, 1));
    const bool encoderFrozen = arguments.freezeLayers == "encoder";
    return weights * (encoderFrozen ? 2 : arguments.gradientCheckpointing ? 8 : 6);
}

double assumedOperationsPerSecond()
{
    const double core = __builtin_cpu_supports("avx512f") ? 90e9
        : __builtin_cpu_supports("avx2")                  ? 40e9
                                                          : 12e9;
    return core * physicalCores();
}

TrainingEstimate estimateTraining(const TrainingArguments& arguments, const CheckpointInfo& model,
    const Dataset& dataset, int64_t trainRows, const TaskControl& control)
{
    TrainingEstimate estimate;
    estimate.rows = trainRows;
    const auto tokenizer = Tokenizer::load(model.folder);
    auto limit = arguments.maxSeqLength > 0 ? static_cast<int32_t>(arguments.maxSeqLength) : model.maxLength;
    if (limit <= 0)
        limit = 512;
    estimate.specialTokens = tokenizer->specialTokenCount(dataset.hasPairs());
    limit = std::max(limit, static_cast<int32_t>(estimate.specialTokens)); // less cannot be trained at all
    const auto stride = std::max<int64_t>(1, dataset.size() / textsLookedAt);
    int64_t texts = 0, tokens = 0;
    std::vector<std::string> sample;
    for (int64_t index = 0; index < dataset.size() && texts < textsLookedAt; index += stride, ++texts) {
        control.throwIfStopped();
        const auto text = dataset.text(index);
        const auto pair = dataset.hasPairs() ? dataset.textPair(index) : std::string();
        const std::string_view second = pair;
        const auto length = static_cast<int64_t>(
            tokenizer->encodeIds(text, dataset.hasPairs() ? &second : nullptr, {.maxLength = limit})
                .ids.size());
        tokens += length;
        estimate.longestTokens = std::max(estimate.longestTokens, length);
        sample.push_back(text);
    }
    if (texts > 0)
        estimate.meanTokens = static_cast<double>(tokens) / static_cast<double>(texts);
    estimate.unknownShare = unknownShare(*tokenizer, sample);
    estimate.steps = plannedSteps(arguments, trainRows, estimate.meanTokens);
    estimate.memoryBytes = estimateTrainingMemory(model,
        memoryQuestion(
            arguments, std::max<int64_t>(1, std::llround(estimate.meanTokens)), arguments.precision));
    const auto rowsPerBatch = arguments.maxTokensPerBatch > 0
        ? static_cast<double>(arguments.maxTokensPerBatch) / std::max(estimate.meanTokens, 1.0)
        : static_cast<double>(arguments.perDeviceTrainBatchSize);
    const auto rowsPerStep = rowsPerBatch * static_cast<double>(arguments.gradientAccumulationSteps);
    const auto rowsSeen = std::min(static_cast<double>(estimate.steps) * rowsPerStep,
        arguments.maxSteps > 0 ? 1e18 : arguments.numTrainEpochs * static_cast<double>(trainRows));
    estimate.operationsPerToken = operationsPerToken(model, arguments);
    estimate.operations = rowsSeen * estimate.meanTokens * estimate.operationsPerToken;
    return estimate;
}

} // namespace studio
