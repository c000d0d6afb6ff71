// SPDX-License-Identifier: MIT
#include "app/argument_options.h"
#include "app/commands/commands.h"
#include "app/console.h"
#include "app/inspect_report.h"
#include "app/interrupt.h"
#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/unicode.h"
#include "core/data/dataset.h"
#include "core/data/tokenized_dataset.h"
#include "core/models/checkpoint_info.h"

#include <algorithm>
#include <memory>
#include <stop_token>

namespace studio::app {
namespace {

struct Options {
    std::string model, file;
    TrainingArguments arguments; ///< columns and format
};

constexpr int64_t mostTextsForUnknownShare = 10'000;

ColumnMapping mappingOf(const TrainingArguments& arguments, const Table& table)
{
    auto mapping = suggestMapping(table);
    if (!arguments.textColumn.empty())
        mapping.text = arguments.textColumn;
    if (!arguments.textPairColumn.empty() || !arguments.textColumn.empty())
        mapping.textPair = arguments.textPairColumn;
    if (!arguments.labelColumn.empty())
        mapping.labels = arguments.labelColumn;
    else
        std::erase_if(mapping.labels,
            [&](const auto& label) { return label == mapping.text || label == mapping.textPair; });
    mapping.labelSeparator = arguments.labelSeparator;
    return mapping;
}

LengthStatistics statistics(std::vector<int64_t> lengths)
{
    LengthStatistics result;
    if (lengths.empty())
        return result;
    std::sort(lengths.begin(), lengths.end());
    const auto at = [&lengths](double share) {
        return lengths[static_cast<size_t>(share * static_cast<double>(lengths.size() - 1))];
    };
    double sum = 0;
    for (const auto length : lengths)
        sum += static_cast<double>(length);
    result = {.minimum = lengths.front(),
        .median = at(0.5),
        .percentile95 = at(0.95),
        .maximum = lengths.back(),
        .mean = sum / static_cast<double>(lengths.size())};
    return result;
}

LengthStatistics characterLengths(const Dataset& dataset, const TaskControl& control)
{
    std::vector<int64_t> lengths;
    lengths.reserve(static_cast<size_t>(dataset.size()));
    for (int64_t row = 0; row < dataset.size(); ++row) {
        if (row % 1000 == 0)
            control.throwIfStopped();
        auto length = codePointCount(dataset.text(row));
        if (dataset.hasPairs())
            length += codePointCount(dataset.textPair(row));
        lengths.push_back(length);
    }
    return statistics(std::move(lengths));
}

TokenStatistics tokenStatistics(
    const Dataset& dataset, const CheckpointInfo& info, const TaskControl& control)
{
    const auto tokenizer = Tokenizer::load(info.folder);
    const auto tokens
        = TokenizedDataset::create(dataset, *tokenizer, {.maxLength = INT32_MAX, .cacheFolder = {}}, control);
    TokenStatistics result;
    result.maxLength = info.maxLength;
    std::vector<int64_t> lengths;
    for (int64_t row = 0; row < tokens->size(); ++row) {
        lengths.push_back(tokens->length(row));
        result.rowsCut += info.maxLength > 0 && tokens->length(row) > info.maxLength ? 1 : 0;
    }
    result.lengths = statistics(std::move(lengths));
    std::vector<std::string> texts;
    const auto stride = std::max<int64_t>(1, dataset.size() / mostTextsForUnknownShare);
    for (int64_t row = 0; row < dataset.size(); row += stride)
        texts.push_back(dataset.text(row));
    result.unknownShare = unknownShare(*tokenizer, texts);
    return result;
}

int run(Console& console, Options& options)
{
    if (options.model.empty() && options.file.empty())
        throw Error(
            ErrorKind::Usage, "Nothing to inspect: give --model_name_or_path DIR, --file FILE, or both.");
    std::stop_source stop;
    const Interrupt interrupt([&stop] { stop.request_stop(); });
    std::string title;
    const TaskControl control{.stop = stop.get_token(), .onProgress = [&](const Progress& progress) {
                                  console.progress({title, {}, progress.done, progress.total, {}});
                              }};

    std::unique_ptr<CheckpointInfo> info;
    if (!options.model.empty()) {
        info = std::make_unique<CheckpointInfo>(inspectCheckpoint(modelFolder(options.model)));
        if (console.json)
            console.object({{"model", toJson(*info)}});
        else
            console.print(modelText(*info));
    }
    if (options.file.empty())
        return 0;

    title = "Reading";
    const auto table = openTable(options.file, options.arguments, control);
    console.endProgress();
    if (!console.json)
        console.print(tableReport(*table));
    FileStatistics file{.mapping = mappingOf(options.arguments, *table)};
    std::shared_ptr<const Dataset> dataset;
    if (!file.mapping.text.empty()) {
        dataset = Dataset::create(table,
            {.mapping = file.mapping,
                .problemType = parseProblemType(options.arguments.problemType),
                .cleaning = {}},
            control);
        console.endProgress();
        file.characters = characterLengths(*dataset, control);
        if (info && info->errors.empty()) {
            title = "Tokenising";
            file.tokens = tokenStatistics(*dataset, *info, control);
            console.endProgress();
        }
    }
    if (console.json)
        console.object({{"file", fileJson(*table, dataset.get(), file)}});
    else
        console.print(datasetReport(dataset.get(), file));
    return 0;
}

} // namespace

Command inspectCommand(Console& console)
{
    const auto options = std::make_shared<Options>();
    Command command;
    command.name = "inspect";
    command.summary = "show what a model folder or a data file holds";
    command.usage = "[--model_name_or_path DIR] [--file FILE] [options]";
    command.description = "Of a model: architecture, parameters, vocabulary, longest input, labels, tensors "
                          "that are missing or too "
                          "many. Of a file: format, encoding, dialect, columns with examples, label counts, "
                          "text lengths, and "
                          "problems with their rows. Given both, also lengths in tokens, the share of rows "
                          "that would be cut, and "
                          "the share of characters that the model's vocabulary does not know.";
    command.examples = {
        {"inspect --model_name_or_path starter", "A model."},
        {"inspect --file reviews.csv", "A file: what would `train` read?"},
        {"inspect --model_name_or_path starter --file reviews.csv --text_column review",
            "Does this model fit these texts?"},
    };
    command.options.push_back(textOption("model_name_or_path", "DIR", "What to inspect",
        "Folder of a model: a run, a checkpoint, or 'starter'.", options->model));
    command.options.push_back(textOption("file", "FILE", "What to inspect", "A data file.", options->file));
    addArgumentOptions(command, options->arguments,
        {"text_column", "text_pair_column", "label_column", "label_separator", "problem_type", "file_format",
            "encoding", "delimiter", "quote", "header"},
        "Reading the file");
    addCommonOptions(command, console.json);
    command.run = [options](Console& output) { return run(output, *options); };
    return command;
}

} // namespace studio::app
