// SPDX-License-Identifier: MIT
#include "app/argument_options.h"
#include "app/commands/commands.h"
#include "app/console.h"
#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/models/checkpoint_info.h"

#include <algorithm>
#include <array>
#include <memory>

namespace studio::app {
namespace {

struct Options {
    std::string source, target, dtype = "fp32", maxShardSize = "5GB";
};

int run(Console& console, const Options& options)
{
    if (options.source.empty())
        throw Error(ErrorKind::Usage,
            "The folder to export is missing: finetune-studio export SOURCE --output_dir DIR.");
    if (options.target.empty())
        throw Error(ErrorKind::Usage, "--output_dir is missing; give the folder to write.");
    static constexpr std::array<std::string_view, 3> known = {"fp32", "fp16", "bf16"};
    if (std::find(known.begin(), known.end(), options.dtype) == known.end())
        throw Error(
            ErrorKind::Usage, concat("dtype is '", options.dtype, "'; it must be fp32, fp16 or bf16."));
    const double difference = exportCheckpoint({.source = modelFolder(options.source),
        .target = options.target,
        .dtype = options.dtype,
        .maxShardSize = options.maxShardSize});
    if (console.json)
        console.object(
            {{"output_dir", options.target}, {"dtype", options.dtype}, {"max_logit_difference", difference}});
    else
        console.print(concat("Exported to '", options.target, "' as ", options.dtype,
            "; read back, its logits differ by at most ", difference, ".\n"));
    return 0;
}

} // namespace

Command exportCommand(Console& console)
{
    const auto options = std::make_shared<Options>();
    Command command;
    command.name = "export";
    command.summary = "write a clean model folder from a run or checkpoint";
    command.usage = "SOURCE --output_dir DIR [--dtype fp32|fp16|bf16] [--max_shard_size SIZE]";
    command.description = "Writes config.json, model.safetensors and the tokeniser's files, nothing else: a "
                          "folder to hand on, "
                          "which `transformers` loads. It is read back and its logits are compared before "
                          "the command says done.";
    command.examples = {
        {"export runs/reviews --output_dir reviews-model", "The best model of a run."},
        {"export runs/reviews/checkpoint-400 --output_dir model-400 --dtype bf16",
            "One of its checkpoints, at half the size."},
    };
    command.positional = Option{.name = "source",
        .valueName = "SOURCE",
        .group = {},
        .help = "Folder of a run, of one of its checkpoints, or of a model.",
        .set = [options](const auto& words) { options->source = words.front(); }};
    command.options.push_back(
        textOption("output_dir", "DIR", "Output", "Folder to write; new or empty.", options->target));
    command.options.push_back(textOption(
        "dtype", "fp32|fp16|bf16", "Output", "How the weights are stored. (default fp32)", options->dtype));
    command.options.push_back(textOption("max_shard_size", "SIZE", "Output",
        "Weights above this size are written as several files with an index. (default 5GB)",
        options->maxShardSize));
    auto source
        = textOption("model_name_or_path", "DIR", "Output", "Another way to give SOURCE.", options->source);
    command.options.push_back(std::move(source));
    addCommonOptions(command, console.json);
    command.run = [options](Console& output) { return run(output, *options); };
    return command;
}

} // namespace studio::app
