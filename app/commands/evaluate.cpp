// SPDX-License-Identifier: MIT
#include "app/argument_options.h"
#include "app/commands/commands.h"
#include "app/console.h"
#include "app/interrupt.h"
#include "app/text_layout.h"
#include "app/training_report.h"
#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/train/trainer.h"

#include <memory>
#include <stop_token>

namespace studio::app {
namespace {

int run(Console& console, EvaluateOptions& options)
{
    options.modelNameOrPath = modelFolder(options.modelNameOrPath);
    if (options.file.empty())
        throw Error(ErrorKind::Usage, "--file is missing; give the file with the labelled rows.");
    std::stop_source stop;
    const Interrupt interrupt([&stop] { stop.request_stop(); });
    const double begin = now();
    const auto report = evaluateFile(
        options, {.stop = stop.get_token(), .onProgress = [&](const Progress& progress) {
                      console.progress({"Evaluating", "rows", progress.done, progress.total, {}});
                  }});
    const double seconds = now() - begin;
    console.endProgress();
    for (const auto& warning : report.warnings)
        console.warn(warning);
    if (console.json) {
        auto json = toJson(report);
        json["eval_runtime"] = seconds;
        console.object(json);
    } else {
        console.print(metricsText(report));
        if (!options.predictionsFile.empty())
            console.print(concat("\nPredictions: ", options.predictionsFile, "\n"));
    }
    return 0;
}

} // namespace

Command evaluateCommand(Console& console)
{
    const auto options = std::make_shared<EvaluateOptions>();
    options->data.precision = "fp32";
    Command command;
    command.name = "evaluate";
    command.summary = "measure a model on a labelled file";
    command.usage = "--model_name_or_path DIR --file FILE [options]";
    command.description
        = "Loss, accuracy, precision, recall, F1 (macro, weighted, micro), Matthews "
          "correlation, area under ROC, "
          "confusion matrix and a table of all classes, as scikit-learn defines them; for "
          "regression errors and "
          "correlations. Labels of the file must be among the model's. What no flag says of columns "
          "and cleaning is as the run was trained.";
    command.examples = {
        {"evaluate --model_name_or_path runs/reviews --file test.csv", "Measures of a trained model."},
        {"evaluate --model_name_or_path DIR --file test.tsv --text_column sentence --label_column label \\\n "
         "     "
         "--predictions_file out.jsonl",
            "With named columns; every row's prediction goes to a file."},
        {"evaluate --model_name_or_path DIR --file test.csv --json | jq .eval_f1",
            "One number for a script."},
    };
    command.options.push_back(textOption("model_name_or_path", "DIR", "Model and data",
        "Folder of the model: a run, a checkpoint, or 'starter'.", options->modelNameOrPath));
    command.options.push_back(
        textOption("file", "FILE", "Model and data", "The labelled rows.", options->file));
    addArgumentOptions(command, options->data, columnArguments(true), "Reading the file");
    addArgumentOptions(command, options->data,
        {"max_seq_length", "max_eval_samples", "per_device_eval_batch_size", "precision", "device",
            "threads"},
        "Computing");
    command.options.push_back(textOption("predictions_file", "OUT", "Output",
        "Writes one JSON object a row: row, text, label, prediction, scores, loss.",
        options->predictionsFile));
    addCommonOptions(command, console.json);
    command.run = [options](Console& output) { return run(output, *options); };
    return command;
}

} // namespace studio::app
