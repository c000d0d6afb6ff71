// SPDX-License-Identifier: MIT
#include "app/argument_options.h"
#include "app/commands/commands.h"
#include "app/console.h"
#include "app/line_reader.h"
#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/unicode.h"
#include "core/models/predictor.h"

#include <algorithm>
#include <filesystem>
#include <memory>

namespace studio::app {
namespace {

namespace fs = std::filesystem;

struct Options {
    std::string model;
    std::vector<std::string> texts, pairs;
    std::string file;
    TrainingArguments arguments; ///< columns, format and machine
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

class Answers {
public:
    Answers(Console& console, Predictor& predictor)
        : m_console(console)
        , m_predictor(predictor)
    {
    }

    void give(std::vector<TextInput>& inputs)
    {
        if (inputs.empty())
            return;
        const auto predictions = m_predictor.predict(inputs);
        for (size_t i = 0; i < inputs.size(); ++i) {
            const auto& labels = m_predictor.labels();
            const auto type = m_predictor.problemType();
            if (m_console.json)
                m_console.object(toJson(inputs[i], predictions[i], labels, type), true);
            else
                m_console.line(textLine(predictions[i], labels, type), true);
        }
        m_console.flush();
        inputs.clear();
    }

private:
    Console& m_console;
    Predictor& m_predictor;
};

/// Everything that has already come is answered in one batch; a line that comes alone is answered alone.
void answerLines(Console& console, const Options& options, LineReader& reader, Answers& answers, size_t batch)
{
    std::vector<TextInput> inputs;
    while (console.outputOpen()) {
        if (!inputs.empty() && (inputs.size() >= batch || !reader.hasWaitingLine()))
            answers.give(inputs);
        auto line = reader.next();
        if (!line)
            break;
        if (reader.repaired())
            console.warn(concat(reader.name(), ", line ", reader.lineNumber(),
                ": not valid UTF-8; the bytes that cannot be read were replaced by U+FFFD.",
                options.file.empty() ? "" : " Give --encoding where the file has another one."));
        inputs.push_back({.text = std::move(*line)});
    }
    answers.give(inputs);
}

void answerTable(Console& console, const Options& options, Answers& answers, size_t batch)
{
    const auto& arguments = options.arguments;
    const bool plain = arguments.textColumn.empty();
    const auto table = plain ? Table::open(options.file,
                           {.format = FileFormat::Lines, .encoding = arguments.encoding, .header = false})
                             : openTable(options.file, arguments);
    const int text = plain ? 0 : table->columnIndex(arguments.textColumn);
    const int pair = arguments.textPairColumn.empty() ? -1 : table->columnIndex(arguments.textPairColumn);
    if (table->issueCount() > 0)
        console.warn(concat("'", options.file, "': ", table->issueCount(),
            " rows have problems, the first: row ", table->issues().front().row, ": ",
            table->issues().front().message, " Every row is answered all the same."));
    std::vector<TextInput> inputs;
    for (int64_t row = 0; row < table->rowCount() && console.outputOpen(); ++row) {
        auto cells = table->row(row);
        TextInput input{.text = std::move(cells.at(static_cast<size_t>(text)))};
        if (pair >= 0)
            input.pair = std::move(cells.at(static_cast<size_t>(pair)));
        inputs.push_back(std::move(input));
        if (inputs.size() >= batch)
            answers.give(inputs);
    }
    answers.give(inputs);
}

void checkUsage(const Options& options)
{
    if (!options.texts.empty() && !options.file.empty())
        throw Error(ErrorKind::Usage, "Give either --text or --file, not both.");
    if (!options.pairs.empty() && options.pairs.size() != options.texts.size())
        throw Error(ErrorKind::Usage,
            concat("--text_pair belongs to a --text: ", options.texts.size(), " texts and ",
                options.pairs.size(), " pairs were given."));
    const auto& arguments = options.arguments;
    if (options.file.empty() && !(arguments.textColumn.empty() && arguments.textPairColumn.empty()))
        throw Error(ErrorKind::Usage, "--text_column and --text_pair_column need --file with a table.");
    if (arguments.textColumn.empty() && !arguments.textPairColumn.empty())
        throw Error(ErrorKind::Usage, "--text_pair_column needs --text_column for the first text.");
}

void warnOfTable(Console& console, const Options& options)
{
    const auto suffix = fs::path(options.file).extension().string();
    for (const std::string_view table : {".csv", ".tsv", ".json", ".jsonl"}) {
        if (suffix == table)
            console.warn(concat("'", options.file,
                "' is read as plain lines, each a text; give --text_column to read it as a table."));
    }
}

int run(Console& console, Options& options)
{
    const auto folder = modelFolder(options.model);
    checkUsage(options);
    const auto& arguments = options.arguments;
    const auto batch = static_cast<size_t>(arguments.perDeviceEvalBatchSize);

    std::unique_ptr<LineReader> reader; // before the model: a missing file is told at once
    const bool isUtf8 = arguments.encoding == "auto" || arguments.encoding == "utf-8";
    if (!options.file.empty() && arguments.textColumn.empty() && isUtf8) {
        warnOfTable(console, options);
        reader = std::make_unique<LineReader>(options.file);
    } else if (options.file.empty() && options.texts.empty()) {
        reader = std::make_unique<LineReader>();
    }

    Predictor predictor(folder,
        {.device = arguments.device,
            .precision = arguments.precision == "auto" ? "fp32" : arguments.precision,
            .maxLength = static_cast<int32_t>(std::min<int64_t>(arguments.maxSeqLength, INT32_MAX)),
            .batchSize = static_cast<int>(arguments.perDeviceEvalBatchSize),
            .seed = static_cast<uint64_t>(arguments.seed)});
    for (const auto& warning : predictor.warnings())
        console.warn(warning);
    Answers answers(console, predictor);
    if (reader) {
        answerLines(console, options, *reader, answers, batch);
    } else if (!options.file.empty()) {
        answerTable(console, options, answers, batch);
    } else {
        std::vector<TextInput> inputs;
        for (size_t i = 0; i < options.texts.size(); ++i) {
            bool repaired = false;
            TextInput input{.text = repairUtf8(options.texts[i], &repaired)};
            if (repaired)
                console.warn(concat("--text number ", i + 1,
                    " is not valid UTF-8; the bytes that cannot be read were replaced by U+FFFD."));
            if (!options.pairs.empty())
                input.pair = repairUtf8(options.pairs[i]);
            inputs.push_back(std::move(input));
        }
        answers.give(inputs);
    }
    return 0;
}

} // namespace

Command predictCommand(Console& console)
{
    const auto options = std::make_shared<Options>();
    options->arguments.precision = "fp32";
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
    command.options.push_back({.name = "text",
        .valueName = "TEXT",
        .group = "Model and texts",
        .help = "A text to classify; may be given several times.",
        .set = [options](const auto& values) { options->texts = values; },
        .repeatable = true});
    command.options.push_back({.name = "text_pair",
        .valueName = "TEXT",
        .group = "Model and texts",
        .help = "The second text of a pair; as many as --text.",
        .set = [options](const auto& values) { options->pairs = values; },
        .repeatable = true});
    command.options.push_back(textOption("file", "FILE", "Model and texts",
        "Plain lines of UTF-8 (or of --encoding), each a text; or, with --text_column, a table.",
        options->file));
    addArgumentOptions(command, options->arguments, columnArguments(false), "Reading the file");
    addArgumentOptions(command, options->arguments,
        {"max_seq_length", "per_device_eval_batch_size", "precision", "device", "seed"}, "Computing");
    addCommonOptions(command, console.json);
    command.run = [options](Console& output) { return run(output, *options); };
    return command;
}

} // namespace studio::app
