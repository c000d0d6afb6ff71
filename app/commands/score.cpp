// SPDX-License-Identifier: MIT
#include "app/argument_options.h"
#include "app/commands/commands.h"
#include "app/console.h"
#include "app/text_inputs.h"
#include "core/base/concat.h"
#include "core/models/text_scorer.h"

#include <cmath>
#include <memory>

namespace studio::app {
namespace {

struct Options {
    std::string model;
    std::shared_ptr<TextOptions> texts = std::make_shared<TextOptions>();
};

/// perplexity TAB sum of log-probabilities TAB tokens; a dash where there is no perplexity.
std::string textLine(const TextScore& score)
{
    const auto perplexity = score.perplexity();
    return concat(
        perplexity ? concat(*perplexity) : "-", "\t", score.sum, "\t", score.logProbabilities.size());
}

int run(Console& console, Options& options)
{
    const auto folder = modelFolder(options.model);
    TextInputs inputs(console, *options.texts);
    TextScorer scorer(folder, predictorOptions(options.texts->arguments));
    for (const auto& warning : scorer.warnings())
        console.warn(warning);
    scorer.requireTargets(!options.texts->pairs.empty() || !options.texts->pairFile.empty()
        || !options.texts->arguments.textPairColumn.empty());

    double sum = 0;
    size_t count = 0, tokens = 0, truncated = 0;
    inputs.answerAll([&](const std::vector<TextInput>& texts) {
        const auto scores = scorer.score(texts);
        std::vector<TextAnswer> answers(texts.size());
        for (size_t i = 0; i < texts.size(); ++i) {
            if (console.json)
                answers[i].object = toJson(texts[i], scores[i]);
            else
                answers[i].line = textLine(scores[i]);
            sum += scores[i].sum;
            tokens += scores[i].logProbabilities.size();
            truncated += scores[i].truncated ? 1 : 0;
        }
        count += texts.size();
        return answers;
    });
    if (truncated > 0)
        console.warn(concat(truncated, truncated == 1 ? " text was" : " texts were", " cut after ",
            scorer.maxLength(), " tokens."));
    if (count > 1 && tokens > 0)
        console.note(
            concat(count, " texts, ", tokens, " tokens: perplexity ", std::exp(-sum / double(tokens)), "."));
    return 0;
}

} // namespace

Command scoreCommand(Console& console)
{
    const auto options = std::make_shared<Options>();
    options->texts->arguments.precision = "fp32";
    options->texts->pairName = "target";
    Command command;
    command.name = "score";
    command.summary = "score texts with a language model";
    command.usage = "--model_name_or_path DIR [--text TEXT [--target TEXT] | --file FILE] [options]";
    command.description
        = "Says how likely a language model (GPT-2, Llama, Qwen and their like) finds each text: the "
          "log-probability of every token after the first, given those before it. Texts come from --text, "
          "from --file, or from standard input, a line each, answered as they come. Each gets one line: its "
          "perplexity, a tab, the sum of the log-probabilities, a tab and their number; with --json an "
          "object "
          "with every log-probability. The perplexity of all texts together is said at the end."
          "\n\n"
          "With an encoder–decoder (T5, BART, mBART, Marian) it says how likely the model finds a target, a "
          "translation or summary, given its text: the log-probability of every token of the target. Targets "
          "come from --target, from a column, or from a second file whose lines belong to those of the "
          "first.";
    command.examples = {
        {"score --model_name_or_path models/gpt2 --text 'The cat sat on the mat.'", "One text."},
        {"score --model_name_or_path models/gpt2 --file texts.txt --json > scores.jsonl",
            "A file of texts, a line each, with the log-probability of each token."},
        {"score --model_name_or_path models/opus-mt-en-fr --text 'A cat.' --target 'Un chat.'",
            "A translation, given its source."},
        {"score --model_name_or_path models/t5 --file pairs.jsonl --text_column source --target_column "
         "summary",
            "Two columns of a table."},
    };
    command.options.push_back(textOption("model_name_or_path", "DIR", "Model and texts",
        "Folder of a language model: a decoder or an encoder–decoder with its head.", options->model));
    addTextOptions(command, options->texts, "Model and texts", "score");
    command.options.push_back({.name = "target",
        .valueName = "TEXT",
        .group = "Model and texts",
        .help = "What an encoder–decoder should say to a text; as many as --text.",
        .set = [options](const auto& values) { options->texts->pairs = values; },
        .repeatable = true});
    command.options.push_back(textOption("target_file", "FILE", "Model and texts",
        "Plain lines of UTF-8, each the target of the same line of --file.", options->texts->pairFile));
    command.options.push_back(textOption("target_column", "NAME", "Reading the file",
        "The column of the targets.", options->texts->arguments.textPairColumn));
    addArgumentOptions(command, options->texts->arguments,
        {"text_column", "file_format", "encoding", "delimiter", "quote", "header"}, "Reading the file");
    addArgumentOptions(command, options->texts->arguments,
        {"max_seq_length", "per_device_eval_batch_size", "precision", "device"}, "Computing");
    addCommonOptions(command, console.json);
    command.run = [options](Console& output) { return run(output, *options); };
    return command;
}

} // namespace studio::app
