// SPDX-License-Identifier: MIT
#include "app/argument_options.h"
#include "app/commands/commands.h"
#include "app/console.h"
#include "app/text_inputs.h"
#include "core/base/concat.h"
#include "core/models/predictor.h"

#include <algorithm>
#include <memory>

namespace studio::app {
namespace {

struct Options {
    std::string model;
    std::shared_ptr<TextOptions> texts = std::make_shared<TextOptions>();
};

/// label TAB score; multi-label: labels joined by commas; regression: TAB value.
std::string textLine(const Prediction& prediction, const std::vector<std::string>& labels, ProblemType type)
{
    if (type == ProblemType::Regression)
        return concat("\t", prediction.scores.empty() ? 0.0F : prediction.scores.front());
    std::string names;
    for (const auto id : prediction.labelIds)
        names += (names.empty() ? "" : ",") + labels.at(static_cast<size_t>(id));
    const auto best = std::max_element(prediction.scores.begin(), prediction.scores.end());
    return concat(names, "\t", best == prediction.scores.end() ? 0.0F : *best);
}

int run(Console& console, Options& options)
{
    const auto folder = modelFolder(options.model);
    TextInputs inputs(console, *options.texts);
    Predictor predictor(folder, predictorOptions(options.texts->arguments));
    for (const auto& warning : predictor.warnings())
        console.warn(warning);
    const auto& labels = predictor.labels();
    const auto type = predictor.problemType();
    inputs.answerAll([&](const std::vector<TextInput>& texts) {
        const auto predictions = predictor.predict(texts);
        std::vector<TextAnswer> answers(texts.size());
        for (size_t i = 0; i < texts.size(); ++i) {
            if (console.json)
                answers[i].object = toJson(texts[i], predictions[i], labels, type);
            else
                answers[i].line = textLine(predictions[i], labels, type);
        }
        return answers;
    });
    return 0;
}

} // namespace

Command predictCommand(Console& console)
{
    const auto options = std::make_shared<Options>();
    options->texts->arguments.precision = "fp32";
    Command command;
    command.name = "predict";
    command.summary = "classify texts";
    command.usage = "--model_name_or_path DIR [--text TEXT | --file FILE] [options]";
    command.description
        = "Texts come from --text, from --file, or from standard input, a line each, answered as they come. "
          "Each "
          "gets one line: the label, a tab and its score; with --json an object with all scores and logits. "
          "Multi-label models give every label with a score of at least 0.5, regression models the value.";
    command.examples = {
        {"predict --model_name_or_path runs/reviews --text 'I would buy it again.'", "One text."},
        {"predict --model_name_or_path runs/reviews --file texts.txt --json > answers.jsonl",
            "A file of texts, a line each."},
        {"predict --model_name_or_path runs/reviews --file reviews.csv --text_column review",
            "A column of a table."},
        {"predict --model_name_or_path runs/reviews --json < texts.txt", "A program that asks line by line."},
    };
    command.options.push_back(textOption("model_name_or_path", "DIR", "Model and texts",
        "Folder of the model: a run, a checkpoint, or 'starter'.", options->model));
    addTextOptions(command, options->texts, "Model and texts", "classify");
    command.options.push_back({.name = "text_pair",
        .valueName = "TEXT",
        .group = "Model and texts",
        .help = "The second text of a pair; as many as --text.",
        .set = [options](const auto& values) { options->texts->pairs = values; },
        .repeatable = true});
    addArgumentOptions(command, options->texts->arguments, columnArguments(false), "Reading the file");
    addArgumentOptions(command, options->texts->arguments,
        {"max_seq_length", "per_device_eval_batch_size", "precision", "device", "seed"}, "Computing");
    addCommonOptions(command, console.json);
    command.run = [options](Console& output) { return run(output, *options); };
    return command;
}

} // namespace studio::app
