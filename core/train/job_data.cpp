// SPDX-License-Identifier: MIT
#include "core/train/job_data.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/data/split.h"
#include "core/text/cleaning.h"

#include <algorithm>
#include <numeric>

namespace studio {

namespace {

std::optional<char> namedCharacter(const std::string& argument, const std::string& value,
    std::initializer_list<std::pair<const char*, char>> names)
{
    if (value == "auto" || value.empty())
        return std::nullopt;
    for (const auto& [name, character] : names) {
        if (value == name)
            return character;
    }
    if (value.size() == 1)
        return value.front();
    std::string listed;
    for (const auto& [name, character] : names)
        listed += concat(", ", name);
    throw Error(ErrorKind::Settings,
        concat(argument, " is '", value, "'; it must be auto", listed, " or one character."));
}

std::string joined(const std::vector<std::string>& parts, std::string_view between)
{
    std::string text;
    for (const auto& part : parts)
        text += text.empty() ? part : concat(between, part);
    return text;
}

CleaningOptions cleaningOf(const TrainingArguments& arguments)
{
    return arguments.clean.empty() ? CleaningOptions{} : parseCleaning(joined(arguments.clean, ","));
}

std::shared_ptr<const Dataset> openDataset(const TrainingArguments& arguments, const std::string& file,
    std::optional<ColumnMapping>& mapping, ProblemType problemType, const TaskControl& control)
{
    const auto table = Table::open(file, tableOptions(arguments), control);
    if (!mapping)
        mapping = chooseMapping(arguments, *table);
    auto dataset = Dataset::create(
        table, {.mapping = *mapping, .problemType = problemType, .cleaning = cleaningOf(arguments)}, control);
    if (!dataset->isLabelled())
        throw Error(
            ErrorKind::Data, concat("'", file, "' has no labels; name the column with label_column."));
    return dataset;
}

std::vector<int64_t> firstRows(std::vector<int64_t> rows, int64_t limit)
{
    if (limit > 0 && static_cast<int64_t>(rows.size()) > limit)
        rows.resize(static_cast<size_t>(limit));
    return rows;
}

std::vector<int64_t> allRows(const Dataset& dataset)
{
    std::vector<int64_t> rows(static_cast<size_t>(dataset.size()));
    std::iota(rows.begin(), rows.end(), int64_t{0});
    return rows;
}

/// A label that only validation or test rows have cannot be learned: an error, never a silent skip.
void requireKnownLabels(const JobPart& part, const std::vector<std::string>& labels, const std::string& file)
{
    const auto& names = part.dataset->labelNames();
    for (size_t i = 0; i < names.size(); ++i) {
        if (part.modelIds[i] < 0 && part.dataset->labelCounts()[i] > 0)
            throw Error(ErrorKind::Data,
                concat("'", file, "' has the label '", names[i], "' in ", part.dataset->labelCounts()[i],
                    " rows, which is not among the labels ", joined(labels, ", "),
                    "; add rows with it to the training data or correct it."));
    }
}

/// Labels of a separate file must be among those seen in training, not only among those the model knows.
void requireTrainedLabels(const JobPart& part, const Dataset& train, const std::string& file)
{
    const auto ids = labelIds(part.dataset->labelNames(), train.labelNames());
    JobPart check = part;
    check.modelIds = ids;
    requireKnownLabels(check, train.labelNames(), file);
}

Json recordOf(const char* name, const Dataset& dataset)
{
    const auto& info = dataset.table().info();
    const auto& mapping = dataset.options().mapping;
    return {{"part", name}, {"path", pathText(info.file)}, {"sha256", info.sha256}, {"bytes", info.bytes},
        {"rows", info.rows}, {"usable_rows", dataset.size()}, {"format", formatName(info)},
        {"encoding", info.encoding}, {"text_column", mapping.text}, {"text_pair_column", mapping.textPair},
        {"label_column", mapping.labels}, {"labels", dataset.labelNames()},
        {"label_counts", dataset.labelCounts()}};
}

void noteProblems(JobData& data, const Dataset& dataset)
{
    const auto file = dataset.table().info().file.filename();
    for (const auto& problem : dataset.problems()) {
        data.problems.push_back(problem);
        data.warnings.push_back(concat(pathText(file), ": ", problem.message));
    }
}

void addFile(JobData& data, JobPart& part, const TrainingArguments& arguments, const std::string& file,
    const char* name, std::optional<ColumnMapping>& mapping, const TaskControl& control)
{
    part.dataset = openDataset(arguments, file, mapping, data.problemType, control);
    part.modelIds = labelIds(part.dataset->labelNames(), data.choice.labels);
    requireTrainedLabels(part, *data.train.dataset, file);
    part.rows = firstRows(allRows(*part.dataset), arguments.maxEvalSamples);
    data.files.push_back(recordOf(name, *part.dataset));
    noteProblems(data, *part.dataset);
    if (auto leak = findLeakage(*data.train.dataset, *part.dataset, name)) {
        data.warnings.push_back(leak->message);
        data.problems.push_back(std::move(*leak));
    }
}

void requireSeveralClasses(const Dataset& dataset, const std::string& file, ProblemType problemType)
{
    if (problemType != ProblemType::SingleLabel)
        return;
    const auto& names = dataset.labelNames();
    const auto present
        = std::ranges::count_if(dataset.labelCounts(), [](int64_t count) { return count > 0; });
    if (present < 2)
        throw Error(ErrorKind::Data,
            concat("'", file, "' has only one label", names.empty() ? "" : concat(" ('", names.front(), "')"),
                " in column '", joined(dataset.options().mapping.labels, "', '"),
                "'; a classifier needs rows of at least two."));
}

} // namespace

TableOptions tableOptions(const TrainingArguments& arguments)
{
    TableOptions options;
    applyFormatName(options, arguments.fileFormat);
    options.encoding = arguments.encoding;
    if (const auto delimiter = namedCharacter("delimiter", arguments.delimiter,
            {{"comma", ','}, {"tab", '\t'}, {"\\t", '\t'}, {"semicolon", ';'}, {"pipe", '|'},
                {"space", ' '}}))
        options.delimiter = delimiter;
    if (const auto quote
        = namedCharacter("quote", arguments.quote, {{"none", '\0'}, {"double", '"'}, {"single", '\''}}))
        options.quote = quote;
    if (arguments.header != "auto")
        options.header = arguments.header == "true";
    return options;
}

ColumnMapping chooseMapping(const TrainingArguments& arguments, const Table& table)
{
    auto mapping = suggestMapping(table);
    if (!arguments.textColumn.empty() || !arguments.textPairColumn.empty()) {
        // Whoever names one text column means exactly the texts that are named.
        mapping.textPair = arguments.textPairColumn;
        if (!arguments.textColumn.empty())
            mapping.text = arguments.textColumn;
    }
    if (!arguments.labelColumn.empty())
        mapping.labels = arguments.labelColumn;
    else
        std::erase_if(mapping.labels,
            [&](const std::string& label) { return label == mapping.text || label == mapping.textPair; });
    if (!arguments.labelSeparator.empty())
        mapping.labelSeparator = arguments.labelSeparator;
    const auto missing = mapping.text.empty() ? "text" : mapping.labels.empty() ? "label" : "";
    if (*missing != '\0')
        throw Error(ErrorKind::Data,
            concat("'", pathText(table.info().file), "': no column looks like the ", missing,
                "; its columns are ", joined(table.info().columns, ", "), "; choose one with ", missing,
                "_column."));
    for (const auto& column : mapping.labels)
        static_cast<void>(table.columnIndex(column));
    static_cast<void>(table.columnIndex(mapping.text));
    return mapping;
}

int32_t JobPart::label(int64_t position) const
{
    return modelIds[static_cast<size_t>(dataset->label(rows[static_cast<size_t>(position)]))];
}

std::vector<int32_t> JobPart::labels(int64_t position) const
{
    std::vector<int32_t> ids;
    for (const auto label : dataset->labels(rows[static_cast<size_t>(position)]))
        ids.push_back(modelIds[static_cast<size_t>(label)]);
    std::ranges::sort(ids);
    return ids;
}

double JobPart::target(int64_t position) const
{
    return dataset->target(rows[static_cast<size_t>(position)]);
}

JobData readJobData(const TrainingArguments& arguments, const Json& config,
    const std::vector<std::string>& knownLabels, const TaskControl& control)
{
    JobData data;
    std::optional<ColumnMapping> mapping;
    const auto dataset = openDataset(
        arguments, arguments.trainFile, mapping, requestedProblemType(arguments, config), control);
    data.problemType = dataset->problemType();
    requireSeveralClasses(*dataset, arguments.trainFile, data.problemType);
    data.choice = chooseLabels(knownLabels, dataset->labelNames(), data.problemType);
    data.files.push_back(recordOf("train", *dataset));
    noteProblems(data, *dataset);

    data.train.dataset = dataset;
    data.train.modelIds = labelIds(dataset->labelNames(), data.choice.labels);
    const bool holdValidation = arguments.validationFile.empty() && arguments.evalStrategy != "no";
    const SplitOptions split{.validation = holdValidation ? arguments.validationSplit : 0,
        .test = arguments.testFile.empty() ? arguments.testSplit : 0,
        .seed = static_cast<uint64_t>(arguments.seed)};
    if (split.validation > 0 || split.test > 0) {
        auto parts = stratifiedSplit(*dataset, split);
        data.train.rows = std::move(parts.train);
        data.validation.rows = firstRows(std::move(parts.validation), arguments.maxEvalSamples);
        data.test.rows = firstRows(std::move(parts.test), arguments.maxEvalSamples);
        data.split = {{"method", "stratified"}, {"validation", split.validation}, {"test", split.test},
            {"seed", arguments.seed}};
    } else {
        data.train.rows = allRows(*dataset);
    }
    data.train.rows = firstRows(std::move(data.train.rows), arguments.maxTrainSamples);
    for (auto* part : {&data.validation, &data.test}) {
        part->dataset = dataset;
        part->modelIds = data.train.modelIds;
    }
    if (!arguments.validationFile.empty())
        addFile(data, data.validation, arguments, arguments.validationFile, "validation", mapping, control);
    if (!arguments.testFile.empty())
        addFile(data, data.test, arguments, arguments.testFile, "test", mapping, control);
    data.split["train_rows"] = data.train.size();
    data.split["validation_rows"] = data.validation.size();
    data.split["test_rows"] = data.test.size();
    return data;
}

JobData readEvaluationData(const TrainingArguments& arguments, const std::string& file,
    const std::vector<std::string>& labels, ProblemType problemType, const TaskControl& control)
{
    JobData data;
    std::optional<ColumnMapping> mapping;
    data.problemType = problemType;
    data.validation.dataset = openDataset(arguments, file, mapping, problemType, control);
    data.problemType = data.validation.dataset->problemType();
    data.choice = {labels, true, {}};
    data.validation.modelIds = labelIds(data.validation.dataset->labelNames(), labels);
    requireKnownLabels(data.validation, labels, file);
    data.validation.rows = firstRows(allRows(*data.validation.dataset), arguments.maxEvalSamples);
    noteProblems(data, *data.validation.dataset);
    return data;
}

void startTokenizing(JobData& data, const std::shared_ptr<const Tokenizer>& tokenizer, int32_t maxLength,
    PhaseProfile* profile)
{
    for (auto* part : {&data.train, &data.validation, &data.test}) {
        if (!part->dataset || part->rows.empty())
            continue;
        for (const auto* other : {&data.train, &data.validation}) {
            if (other->dataset == part->dataset && other->tokens)
                part->tokens = other->tokens;
        }
        if (!part->tokens)
            part->tokens = std::make_shared<TokenSupply>(part->dataset, tokenizer,
                TokenizeOptions{
                    .maxLength = maxLength, .cacheFolder = cacheHome() / "tokens", .profile = profile});
    }
}

bool awaitTokens(
    const JobPart& part, std::chrono::milliseconds patience, const std::function<bool(const Progress&)>& goOn)
{
    const auto begin = std::chrono::steady_clock::now();
    constexpr std::chrono::milliseconds pause(100);
    while (part.tokens && !part.tokens->readyWithin(std::min(patience, pause))) {
        if (!goOn(part.tokens->progress()))
            return false;
        if (std::chrono::steady_clock::now() - begin >= patience)
            return true;
    }
    return true;
}

void awaitTokens(const JobPart& part, std::chrono::milliseconds patience, const TaskControl& control)
{
    awaitTokens(part, patience, [&](const Progress& progress) {
        control.report(progress.done, progress.total);
        control.throwIfStopped();
        return true;
    });
}

double meanLengthOf(const JobPart& part)
{
    constexpr int64_t most = 1000;
    const auto stride = std::max<int64_t>(part.size() / most, 1);
    int64_t tokens = 0, looked = 0;
    for (int64_t position = 0; position < part.size() && looked < most; position += stride, ++looked)
        tokens += part.length(position);
    return looked > 0 ? static_cast<double>(tokens) / static_cast<double>(looked) : 0;
}

int32_t chooseMaxLength(const TrainingArguments& arguments, int32_t limit)
{
    if (arguments.maxSeqLength == 0)
        return limit;
    if (arguments.maxSeqLength > limit)
        throw Error(ErrorKind::Settings,
            concat("max_seq_length is ", arguments.maxSeqLength, ", but the model takes at most ", limit,
                " tokens."));
    return static_cast<int32_t>(arguments.maxSeqLength);
}

double unknownShareOf(const JobPart& part, const Tokenizer& tokenizer)
{
    constexpr size_t most = 2000;
    std::vector<std::string> texts;
    const auto stride = std::max<size_t>(part.rows.size() / most, 1);
    for (size_t i = 0; i < part.rows.size() && texts.size() < most; i += stride) {
        texts.push_back(part.dataset->text(part.rows[i]));
        if (part.dataset->hasPairs())
            texts.push_back(part.dataset->textPair(part.rows[i]));
    }
    return unknownShare(tokenizer, texts);
}

} // namespace studio
