// SPDX-License-Identifier: MIT
#include "app/argument_options.h"
#include "app/commands/commands.h"
#include "app/console.h"
#include "app/run_training.h"
#include "app/text_layout.h"
#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/resource_paths.h"
#include "core/data/table.h"
#include "core/models/predictor.h"

#include <memory>

namespace studio::app {
namespace {

namespace fs = std::filesystem;

struct Options {
    TrainingArguments arguments;
    std::string workspace, preset = "balanced";
};

/// Sentences that the model has not seen: plain, negated, ironic, mixed.
const std::vector<std::string> trySentences = {
    "The battery lasts two full days and the screen is gorgeous.",
    "Not what I had hoped for; it broke after a week.",
    "I can't say a bad word about this hotel.",
    "Great, another update that makes everything slower.",
    "The plot is thin, but the actors make it a joy to watch.",
    "We waited an hour for cold soup.",
};

int run(Console& console, Options& options)
{
    auto arguments = options.arguments;
    arguments.modelNameOrPath = pathText(starterModelFolder());
    arguments.trainFile = pathText(demoFolder() / "reviews_en_train.csv");
    arguments.testFile = pathText(demoFolder() / "reviews_en_test.csv");
    const auto rows = Table::open(arguments.trainFile)->rowCount();
    arguments = applyPreset(arguments, options.preset, rows, ProblemType::SingleLabel);
    if (arguments.outputDir.empty())
        arguments.outputDir = pathText(newRunFolder(console, options.workspace, "starter", "reviews_en"));
    console.print(concat("Fine-tuning the starter model (all-MiniLM-L6-v2) on ",
        counted(rows, "bundled review", "bundled reviews"),
        " to tell good ones from bad ones.\nThe run is written to '", arguments.outputDir, "'.\n\n"));

    TrainingReport report(console);
    const auto result = runTraining(console, report, arguments);
    rememberRun(console, options.workspace, arguments.outputDir);
    if (result.outcome == TrainOutcome::Stopped)
        return exitCode(ErrorKind::Cancelled);
    if (const auto* metrics = report.last("test"))
        console.print(concat("\nOn reviews that it has not seen:\n", metricsText(*metrics)));

    Predictor predictor(arguments.outputDir, {.device = arguments.device});
    std::vector<TextInput> inputs;
    for (const auto& sentence : trySentences)
        inputs.push_back({.text = sentence});
    const auto predictions = predictor.predict(inputs);
    std::vector<std::vector<std::string>> table = {{"sentence", "label", "score"}};
    for (size_t i = 0; i < inputs.size(); ++i) {
        const auto& prediction = predictions.at(i);
        if (console.json)
            console.object(toJson(inputs[i], prediction, predictor.labels(), predictor.problemType()));
        const auto label = static_cast<size_t>(prediction.labelIds.at(0));
        table.push_back(
            {inputs[i].text, predictor.labels().at(label), fixedText(prediction.scores.at(label), 3)});
    }
    console.print(concat("\n", tableText(table, {1}),
        "\nTry your own:\n  finetune-studio predict --model_name_or_path '", arguments.outputDir,
        "' --text 'TEXT'\n"));
    return 0;
}

} // namespace

Command demoCommand(Console& console)
{
    const auto options = std::make_shared<Options>();
    Command command;
    command.name = "demo";
    command.summary = "fine-tune the bundled model on bundled reviews, then try it";
    command.usage = "[--output_dir DIR] [options]";
    command.description = "A whole round in some minutes, without any file of your own and without network: "
                          "trains the starter "
                          "model on English reviews, measures it on others that it has not seen, and "
                          "classifies a few sentences. "
                          "The result is an ordinary run folder, as `train` writes it.";
    command.examples = {{"demo", "Writes below the workspace; says where."},
        {"demo --output_dir /tmp/demo --preset quick", "Fewer steps, and a place of your own."}};
    command.options.push_back(textOption("preset", "quick|balanced|thorough", "Training",
        "How thorough; at least 200 steps each. (default balanced)", options->preset));
    addArgumentOptions(
        command, options->arguments, {"output_dir", "seed", "device", "precision", "threads"}, "Training");
    command.options.push_back(textOption("workspace", "DIR", "Output",
        "Folder that holds runs/ and the list of runs. (default ~/.local/share/finetune-studio, "
        "also where the Settings page of the window names another folder: give that one here)",
        options->workspace));
    addCommonOptions(command, console.json);
    command.run = [options](Console& output) { return run(output, *options); };
    return command;
}

} // namespace studio::app
