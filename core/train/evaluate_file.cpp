// SPDX-License-Identifier: MIT
#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/kept_memory.h"
#include "core/models/inference_setup.h"
#include "core/models/scores.h"
#include "core/nn/torch_errors.h"
#include "core/train/cuda_library.h"
#include "core/train/devices.h"
#include "core/train/evaluation.h"
#include "core/train/trainer.h"

#include <ATen/Parallel.h>

namespace studio {

namespace {

MetricReport evaluate(const EvaluateOptions& options, const TaskControl& control)
{
    const std::filesystem::path folder(options.modelNameOrPath);
    auto arguments = options.data;
    if (arguments.precision == "auto")
        arguments.precision = "fp32"; // a report is computed in fp32 unless told otherwise
    const auto compute = chooseCompute(arguments.device, arguments.precision);
    const at::Device device(compute.device);
    if (arguments.threads > 0)
        at::set_num_threads(static_cast<int>(arguments.threads));
    allowTf32(arguments.tf32 && device.is_cuda());

    const auto tokenizer = Tokenizer::load(folder);
    auto loaded
        = loadClassifier(folder, {.labels = {}, .seed = static_cast<uint64_t>(arguments.seed)}, device);
    requireVocabularyFits(tokenizer->vocabularySize(), loaded.model->vocabularySize(), folder);
    if (loaded.headCreated)
        throw Error(ErrorKind::Checkpoint,
            concat("'", options.modelNameOrPath,
                "' has no trained classification head, so there is nothing to evaluate; "
                "train it first."));

    const auto asked = parseProblemType(arguments.problemType);
    auto data = readEvaluationData(arguments, options.file, loaded.labels,
        asked == ProblemType::Auto ? loaded.problemType : asked, control);
    startTokenizing(
        data, tokenizer, chooseMaxLength(arguments, longestInput(*tokenizer, loaded.model->maxPositions())));
    awaitTokens(data.validation, untilTheEnd, control);
    const Loss loss({.problemType = data.problemType}, device);
    EvaluationOptions evaluation{
        .batchSize = arguments.perDeviceEvalBatchSize, .computeType = computeTypeOf(compute.precision)};
    evaluation.between = [&](int64_t done, int64_t total) {
        control.report(done, total);
        return !control.stop.stop_requested();
    };
    auto result = evaluatePart(*loaded.model, data.validation, data, loss, device, evaluation);
    control.throwIfStopped();
    if (!options.predictionsFile.empty())
        writeFileAtomically(options.predictionsFile, [&](const FileSink& sink) {
            writePredictions(data.validation, data, *result, "validation", sink);
        });
    auto report = std::move(result->report);
    report.warnings.insert(report.warnings.begin(), data.warnings.begin(), data.warnings.end());
    return report;
}

} // namespace

MetricReport evaluateFile(const EvaluateOptions& options, const TaskControl& control)
{
    const KeptMemory memory;
    return withTorchErrors("The evaluation", [&] { return evaluate(options, control); });
}

} // namespace studio
