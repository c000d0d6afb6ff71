// SPDX-License-Identifier: MIT
#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/nn/torch_errors.h"
#include "core/train/devices.h"
#include "core/train/evaluation.h"
#include "core/train/trainer.h"

#include <limits>

#include <ATen/Context.h>
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
    at::globalContext().setFloat32MatmulPrecision(arguments.tf32 ? "high" : "highest");

    const auto tokenizer = Tokenizer::load(folder);
    auto loaded
        = loadClassifier(folder, {.labels = {}, .seed = static_cast<uint64_t>(arguments.seed)}, device);
    requireVocabularyFits(tokenizer->vocabularySize(), loaded, folder);
    if (loaded.headCreated)
        throw Error(ErrorKind::Checkpoint,
            concat("'", options.modelNameOrPath,
                "' has no trained classification head, so there is nothing to evaluate; "
                "train it first."));
    auto limit = static_cast<int32_t>(
        std::min<int64_t>(loaded.model->maxPositions(), std::numeric_limits<int32_t>::max()));
    if (const auto most = tokenizer->modelMaxLength())
        limit = std::min(limit, *most);

    const auto asked = parseProblemType(arguments.problemType);
    auto data = readEvaluationData(arguments, options.file, loaded.labels,
        asked == ProblemType::Auto ? loaded.problemType : asked, control);
    tokenize(data, *tokenizer, chooseMaxLength(arguments, limit), control);
    const Loss loss({.problemType = data.problemType}, device);
    EvaluationOptions evaluation{.batchSize = arguments.perDeviceEvalBatchSize,
        .computeType = compute.precision == "bf16" ? c10::ScalarType::BFloat16
            : compute.precision == "fp16"          ? c10::ScalarType::Half
                                                   : c10::ScalarType::Float};
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
    return withTorchErrors("The evaluation", [&] { return evaluate(options, control); });
}

} // namespace studio
