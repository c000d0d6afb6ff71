// SPDX-License-Identifier: MIT
#include "core/train/trainer.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/kept_memory.h"
#include "core/nn/torch_errors.h"
#include "core/train/spin_watch.h"
#include "core/train/training_run.h"

namespace studio {

TrainResult train(const TrainingArguments& arguments, TrainControl& control,
    const std::function<void(const TrainEvent&)>& onEvent)
{
    const auto complete = argumentsToResume(arguments);
    validate(complete);
    const SpinWatch spinning;
    const KeptMemory memory;
    TrainingRun run(complete, control, onEvent);
    try {
        return withTorchErrors("Training", [&] { return run.run(); });
    } catch (const Error& error) {
        run.fail(error.what());
        throw;
    } catch (const std::exception& error) {
        run.fail(error.what());
        throw Error(ErrorKind::Internal, concat("Training failed: ", error.what(), "."));
    }
}

MemoryQuestion memoryQuestion(
    const TrainingArguments& arguments, int64_t rowTokens, const std::string& precision)
{
    MemoryQuestion question{.batchSize = arguments.perDeviceTrainBatchSize,
        .sequenceLength = rowTokens,
        .optimizer = arguments.optim,
        .precision = precision == "auto" ? "fp32" : precision,
        .encoderFrozen = arguments.freezeLayers == "encoder",
        .gradientCheckpointing = arguments.gradientCheckpointing};
    if (arguments.maxTokensPerBatch > 0) {
        const auto length = std::max<int64_t>(rowTokens, 1);
        question.batchSize = std::max<int64_t>((arguments.maxTokensPerBatch + length - 1) / length, 1);
    }
    return question;
}

TrainPlan planTraining(const TrainingArguments& arguments, const TaskControl& control)
{
    auto checked = arguments;
    if (checked.outputDir.empty())
        checked.outputDir = "."; // the plan writes nothing; the folder may be chosen later
    validate(checked);
    const std::filesystem::path folder(arguments.modelNameOrPath);
    const auto info = inspectCheckpoint(folder);
    if (!info.errors.empty())
        throw Error(ErrorKind::Checkpoint, info.errors.front());
    const auto config = readCheckpointConfig(folder).json;
    const auto data = readJobData(arguments, config, classLabels(folder), control);
    const auto tokenizer = Tokenizer::load(folder);
    const auto maxLength = chooseMaxLength(
        arguments, info.maxLength, tokenizer->specialTokenCount(data.train.dataset->hasPairs()));
    TrainPlan plan;
    plan.trainRows = data.train.size();
    plan.validationRows = data.validation.size();
    plan.testRows = data.test.size();
    plan.labels = data.choice.labels;
    plan.headCreated = !info.hasClassifier || !data.choice.keepHead;
    plan.warnings = data.warnings;
    if (!plan.headCreated && !data.choice.warning.empty())
        plan.warnings.push_back(data.choice.warning);
    plan.problems = data.problems;
    plan.unknownShare = unknownShareOf(data.train, *tokenizer);

    // The longest of a sample of rows stands for the batch that needs most.
    int64_t longest = 8, sum = 0, looked = 0;
    const auto stride = std::max<int64_t>(plan.trainRows / 500, 1);
    for (int64_t row = 0; row < plan.trainRows; row += stride) {
        control.throwIfStopped();
        const auto index = data.train.rows[static_cast<size_t>(row)];
        const auto text = data.train.dataset->text(index);
        const auto pair
            = data.train.dataset->hasPairs() ? data.train.dataset->textPair(index) : std::string();
        const std::string_view second = pair;
        const auto tokens = tokenizer->encodeIds(
            text, data.train.dataset->hasPairs() ? &second : nullptr, {.maxLength = maxLength});
        longest = std::max(longest, static_cast<int64_t>(tokens.ids.size()));
        sum += static_cast<int64_t>(tokens.ids.size());
        ++looked;
    }
    plan.memoryBytes = estimateTrainingMemory(info, memoryQuestion(arguments, longest, arguments.precision));
    const double mean = looked > 0 ? static_cast<double>(sum) / static_cast<double>(looked) : 0;
    plan.stepsPerEpoch = stepsInEpoch(arguments, plan.trainRows, mean);
    plan.totalSteps = plannedSteps(arguments, plan.trainRows, mean);
    return plan;
}

} // namespace studio
