// SPDX-License-Identifier: MIT
#include "app/argument_options.h"
#include "app/commands/commands.h"
#include "app/console.h"
#include "app/run_training.h"
#include "core/base/concat.h"
#include "core/base/crash_report.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/runs/run_folder.h"
#include "core/train/output_folder.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

namespace studio::app {
namespace {

namespace fs = std::filesystem;

struct Options {
    TrainingArguments arguments;
    std::string workspace, control;
    fs::path settings; ///< the file they come from, and the output_dir in it
    std::string settingsOutput;
    std::vector<std::function<void()>> flags; ///< set the arguments again that were given
    bool profile = false, waitForRoom = false;
};

/// Settings of a run.json ("arguments"; "recorded" is ignored) or of a plain object of arguments.
void readSettings(const fs::path& file, TrainingArguments& arguments)
{
    const auto json = readJsonFile(file, true);
    try {
        if (!json.is_object() || !json.contains("arguments")) {
            arguments = argumentsFromJson(json, arguments);
            return;
        }
        for (const auto& [key, value] : json.items()) {
            if (key != "arguments" && key != "recorded")
                throw Error(ErrorKind::Settings,
                    concat("unknown key '", key, "'; a settings file holds \"arguments\" and \"recorded\"."));
        }
        arguments = argumentsFromJson(json["arguments"], arguments);
    } catch (const Error& error) {
        throw Error(error.kind(), concat("'", pathText(file), "': ", error.what()));
    }
}

/// A run folder that was moved: its run.json names the old place, where no run is any more.
void followMovedRun(Console& console, const fs::path& settings, TrainingArguments& arguments)
{
    const auto home = fs::absolute(settings).lexically_normal().parent_path();
    std::error_code hidden; // in the home of somebody else
    if (!arguments.resumeFromCheckpoint || settings.filename() != "run.json"
        || fs::exists(fs::path(arguments.outputDir) / "run.json", hidden) || listCheckpoints(home).empty())
        return;
    console.warn(
        concat("'", arguments.outputDir, "' holds no run; the one in '", pathText(home), "' goes on."));
    arguments.outputDir = pathText(home);
}

/// The window, and a resume from another folder, find the files that run.json names.
void makeInputsAbsolute(TrainingArguments& arguments)
{
    for (auto* path :
        {&arguments.modelNameOrPath, &arguments.trainFile, &arguments.validationFile, &arguments.testFile}) {
        std::error_code ignored;
        if (!path->empty() && fs::exists(*path, ignored))
            *path = pathText(fs::absolute(*path).lexically_normal());
    }
}

/// A resume that names the folder alone has the run's settings, but for the flags that were given with it, of
/// whatever value.
void takeRunsArguments(Options& options)
{
    auto& arguments = options.arguments;
    if (!options.settings.empty() || !arguments.resumeFromCheckpoint || arguments.outputDir.empty()
        || (!arguments.modelNameOrPath.empty() && !arguments.trainFile.empty()))
        return;
    arguments = readRunArguments(arguments.outputDir);
    for (const auto& flag : options.flags)
        flag();
}

int run(Console& console, Options& options)
{
    auto& arguments = options.arguments;
    takeRunsArguments(options);
    if (!options.settings.empty() && arguments.outputDir == options.settingsOutput)
        followMovedRun(console, options.settings, arguments);
    setCrashFolder(crashFolder(workspaceFolder(options.workspace)));
    if (!arguments.modelNameOrPath.empty())
        arguments.modelNameOrPath = modelFolder(arguments.modelNameOrPath);
    const bool ownFolder = arguments.outputDir.empty() && !arguments.resumeFromCheckpoint
        && !arguments.modelNameOrPath.empty() && !arguments.trainFile.empty();
    if (ownFolder) {
        arguments.outputDir = pathText(
            newRunFolder(console, options.workspace, fs::path(arguments.modelNameOrPath).filename().string(),
                fs::path(arguments.trainFile).stem().string()));
    }
    validate(arguments);
    makeInputsAbsolute(arguments);
    if (ownFolder)
        console.print(concat("The run is written to '", arguments.outputDir, "'.\n"));

    TrainingReport report(console);
    const auto result
        = runTraining(console, report, arguments, options.control, options.profile, options.waitForRoom);
    if (!console.json && result.outcome == TrainOutcome::Completed) {
        const bool tested = report.last("test") != nullptr;
        if (const auto* metrics = report.last(tested ? "test" : "validation"))
            console.print(concat("\n", tested ? "Test" : "Last validation", ":\n", metricsText(*metrics)));
    }
    rememberRun(console, options.workspace, result.end.outputDir);
    return result.outcome == TrainOutcome::Completed ? 0 : exitCode(ErrorKind::Cancelled);
}

} // namespace

Command trainCommand(Console& console)
{
    const auto options = std::make_shared<Options>();
    Command command;
    command.name = "train";
    command.summary = "fine-tune a model on labelled text";
    command.usage = "[run.json] --model_name_or_path DIR --train_file FILE --output_dir DIR [options]";
    command.description = "Reads labelled rows, trains a classifier on them and writes a folder that "
                          "`transformers` loads as it is: "
                          "the best model, its tokeniser, the settings (run.json), every measure "
                          "(metrics.jsonl) and checkpoints. "
                          "Flags have the names of transformers' TrainingArguments. Columns, encoding and "
                          "format of the data are "
                          "found by themselves and can be fixed with flags; `finetune-studio inspect --file "
                          "FILE` shows what was "
                          "found.\n\n"
                          "Ctrl-C once saves a checkpoint and stops; the same command with "
                          "--resume_from_checkpoint goes on as if "
                          "nothing had happened. Ctrl-C twice ends at once.";
    command.examples = {
        {"train --model_name_or_path starter --train_file reviews.csv --output_dir runs/reviews",
            "The bundled model on a table; 10 % of the rows are held out for validation."},
        {"train --model_name_or_path DIR --train_file train.tsv --validation_file dev.tsv --output_dir OUT "
         "\\\n      "
         "--per_device_train_batch_size 32 --learning_rate 1e-4 --num_train_epochs 3",
            "Own validation file and settings."},
        {"train OUT/run.json --output_dir OUT2 --learning_rate 2e-5",
            "The settings of an earlier run, one of them changed."},
        {"train OUT/run.json --resume_from_checkpoint", "Go on where the run in OUT was stopped."},
        {"train … --control changes & echo '{\"learning_rate\": 2e-5}' >> changes",
            "Change a setting of the run that goes on."},
        {"train … --json > events.jsonl", "Every event as a JSON object, one a line."},
    };
    command.positional = Option{.name = "settings",
        .valueName = "run.json",
        .group = {},
        .help
        = "Settings from a file: the run.json of a run, or an object {\"learning_rate\": 5e-5, …}. Flags "
          "override it. An unknown key is an error.",
        .set = [options](const auto& files) {
            readSettings(files.front(), options->arguments);
            options->settings = files.front();
            options->settingsOutput = options->arguments.outputDir;
        }};
    addArgumentOptions(command, options->arguments);
    for (auto& option : command.options)
        option.set = [options, set = option.set](const std::vector<std::string>& values) {
            options->flags.emplace_back([set, values] { set(values); });
            set(values);
        };
    command.options.push_back(textOption("workspace", "DIR", "Output",
        "Folder that holds runs/ and the list of runs; without --output_dir the run gets a new folder there. "
        "(default ~/.local/share/finetune-studio, "
        "also where the Settings page of the window names another folder: give that one here)",
        options->workspace));
    command.options.push_back(textOption("control", "PATH", "Machine and resuming",
        "A FIFO, or a file to which lines are appended: each is a JSON object of settings to change while "
        "the "
        "run goes on, such as {\"learning_rate\": 2e-5}. learning_rate, max_steps, eval_strategy, eval_steps "
        "and "
        "early_stopping_patience can change; each change is an event of the run, and a resumed run makes it "
        "again at the same step.",
        options->control));
    command.options.push_back(switchOption("wait_for_room", "Output",
        "Where the output folder is full, cannot be written or is gone, the run says so and pauses until it "
        "can be written; Ctrl-C ends it then. Without this the run ends, and its last checkpoint stays.",
        options->waitForRoom));
    command.options.push_back(switchOption("profile", "Output",
        "Measures where the time goes: a table of the phases at the end, and a trace of all threads in "
        "profile.json of the run folder, for chrome://tracing or Perfetto. On a GPU every phase waits for "
        "it, "
        "which costs a little speed.",
        options->profile));
    addCommonOptions(command, console.json);
    command.run = [options](Console& output) { return run(output, *options); };
    return command;
}

} // namespace studio::app
