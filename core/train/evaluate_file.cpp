// SPDX-License-Identifier: MIT
#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/kept_memory.h"
#include "core/base/output_file.h"
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

/// Before anything is computed.
void requirePredictionsFile(const std::filesystem::path& file, const std::filesystem::path& rows)
{
    std::error_code code;
    if (std::filesystem::equivalent(file, rows, code))
        throw Error(ErrorKind::Settings,
            concat("predictions_file '", pathText(file),
                "' is the file with the labelled rows, which would be lost; choose another name."));
    requireOutputFile(file);
}

MetricReport evaluate(const EvaluateOptions& options, const TaskControl& control)
{
    const std::filesystem::path folder(options.modelNameOrPath);
    if (!options.predictionsFile.empty())
        requirePredictionsFile(options.predictionsFile, options.file);
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
    requireVocabularyFits(*tokenizer, loaded.model->vocabularySize(), folder);
    if (loaded.headCreated)
        throw Error(ErrorKind::Checkpoint,
            concat("'", options.modelNameOrPath,
                "' has no trained classification head, so there is nothing to evaluate; "
                "train it first."));

    auto data = readEvaluationData(arguments, options.file,
        {.folder = folder, .labels = loaded.labels, .problemType = loaded.problemType}, control);
    startTokenizing(data, tokenizer,
        chooseMaxLength(arguments, longestInput(*tokenizer, loaded.model->maxPositions()),
            tokenizer->specialTokenCount(data.validation.dataset->hasPairs())));
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
        writeOutputFile(options.predictionsFile, [&](const FileSink& sink) {
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
