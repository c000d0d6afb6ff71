// SPDX-License-Identifier: MIT
#include "core/train/job_data.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/parse_number.h"
#include "core/data/split.h"
#include "core/text/cleaning.h"
#include "core/train/output_folder.h"

#include <algorithm>
#include <numeric>
#include <set>

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

std::shared_ptr<const Dataset> datasetOf(std::shared_ptr<const Table> table,
    const TrainingArguments& arguments, const ColumnMapping& mapping, ProblemType problemType,
    const TaskControl& control)
{
    const auto file = pathText(table->info().file);
    auto dataset = Dataset::create(std::move(table),
        {.mapping = mapping, .problemType = problemType, .cleaning = cleaningOf(arguments)}, control);
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

/// `ids` of the dataset's labels among `labels`.
void requireKnownLabels(const Dataset& dataset, const std::vector<int32_t>& ids,
    const std::vector<std::string>& labels, const std::string& file, std::string_view remedy)
{
    const auto& names = dataset.labelNames();
    for (size_t i = 0; i < names.size(); ++i) {
        if (ids[i] < 0 && dataset.labelCounts()[i] > 0)
            throw Error(ErrorKind::Data,
                concat("'", file, "' has the label '", names[i], "' in ", dataset.labelCounts()[i],
                    " rows, which is not among the labels ", joined(labels, ", "), "; ", remedy));
    }
}

/// Ids of a separate file's labels. They must be among those seen in training, not only among those the model
/// knows: another one cannot be learned, which is an error, never a silent skip.
std::vector<int32_t> idsThroughTraining(const JobPart& part, const JobPart& train, const std::string& file)
{
    const auto& learned = train.dataset->labelNames();
    auto ids = labelIds(part.dataset->labelNames(), learned);
    requireKnownLabels(
        *part.dataset, ids, learned, file, "add rows with it to the training data or correct it.");
    for (auto& id : ids)
        id = id < 0 ? -1 : train.modelIds[static_cast<size_t>(id)];
    return ids;
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
    const char* name, const ColumnMapping& mapping, const TaskControl& control)
{
    part.dataset = datasetOf(
        Table::open(file, tableOptions(arguments), control), arguments, mapping, data.problemType, control);
    part.modelIds = idsThroughTraining(part, data.train, file);
    part.rows = firstRows(allRows(*part.dataset), arguments.maxEvalSamples);
    data.files.push_back(recordOf(name, *part.dataset));
    noteProblems(data, *part.dataset);
    if (auto leak = findLeakage(*data.train.dataset, *part.dataset, name)) {
        data.warnings.push_back(leak->message);
        data.problems.push_back(std::move(*leak));
    }
}

bool hasColumn(const Table& table, const std::string& name)
{
    return std::ranges::find(table.info().columns, name) != table.info().columns.end();
}

bool hasColumns(const Table& table, const ColumnMapping& mapping)
{
    return hasColumn(table, mapping.text) && (mapping.textPair.empty() || hasColumn(table, mapping.textPair))
        && std::ranges::all_of(
            mapping.labels, [&](const std::string& label) { return hasColumn(table, label); });
}

/// What is in the rows is not what the rows of the whole file were checked for.
void noteOneClass(JobData& data, const TrainingArguments& arguments)
{
    if (arguments.maxTrainSamples <= 0 || data.problemType != ProblemType::SingleLabel)
        return;
    std::set<int32_t> present;
    for (const auto row : data.train.rows)
        present.insert(data.train.dataset->label(row));
    if (present.size() == 1)
        data.warnings.push_back(
            concat("The first ", data.train.size(), " training rows (max_train_samples) all have the label '",
                data.train.dataset->labelNames()[static_cast<size_t>(*present.begin())],
                "', so nothing else can be learned from them; use more rows, or a file that is not sorted by "
                "label."));
}

/// How the rows of a run were read.
struct ReadingRecord {
    ColumnMapping mapping;
    std::vector<std::string> clean;
};

/// That of the run whose folder this is, or whose checkpoint; nothing where there is no run or it tells
/// nothing.
std::optional<ReadingRecord> readingRecord(const std::filesystem::path& folder)
{
    const auto absolute = plainFolder(folder);
    auto file = absolute / "run.json";
    if (!std::filesystem::exists(file) && pathText(absolute.filename()).starts_with("checkpoint-"))
        file = absolute.parent_path() / "run.json";
    if (!std::filesystem::exists(file))
        return std::nullopt;
    try {
        const auto run = readJsonFile(file);
        const auto& arguments = run.at("arguments");
        const auto& read = run.at("recorded").at("files").at(0);
        ReadingRecord record;
        record.mapping.text = read.at("text_column").get<std::string>();
        record.mapping.textPair = read.at("text_pair_column").get<std::string>();
        record.mapping.labels = read.at("label_column").get<std::vector<std::string>>();
        record.mapping.labelSeparator = arguments.at("label_separator").get<std::string>();
        record.clean = arguments.at("clean").get<std::vector<std::string>>();
        return record;
    } catch (const Json::exception&) { // a file of that name of another program's
        return std::nullopt;
    } catch (const Error&) { // it cannot be read, or is no JSON: the model may be whole all the same
        return std::nullopt;
    }
}

/// Labels written as the ids 0 … count - 1; empty where they are not.
std::vector<int32_t> numberedLabels(const std::vector<std::string>& names, size_t count)
{
    std::vector<int32_t> ids;
    for (const auto& name : names) {
        const auto id = parseNumber<int32_t>(name);
        if (!id || *id < 0 || static_cast<size_t>(*id) >= count)
            return {};
        ids.push_back(*id);
    }
    return ids;
}

/// The problem type that the flag, else the model says; Auto: by the column.
ProblemType evaluatedType(const TrainingArguments& arguments, const EvaluatedModel& model)
{
    const auto count = model.labels.size();
    const auto asked = parseProblemType(arguments.problemType);
    if (asked == ProblemType::Auto)
        return model.problemType == ProblemType::Auto && count == 1 ? ProblemType::Regression
                                                                    : model.problemType;
    if ((asked == ProblemType::Regression) != (count == 1) && asked != ProblemType::MultiLabel)
        throw Error(ErrorKind::Settings,
            concat("problem_type is ", problemTypeName(asked), ", but the model gives ", count,
                count == 1 ? " value, as regression needs" : " scores, one for each label",
                "; leave problem_type out, or choose another model."));
    return asked;
}

/// Which of the model's labels those of the file are.
void matchLabels(JobData& data, const std::vector<std::string>& labels, const std::string& file)
{
    auto& part = data.validation;
    const auto& names = part.dataset->labelNames();
    data.choice = chooseLabels(labels, names, data.problemType);
    if (data.choice.keepHead && !data.choice.warning.empty())
        data.warnings.push_back(data.choice.warning);
    if (data.choice.keepHead) {
        part.modelIds = data.choice.ids;
        return;
    }
    data.choice = {labels, labelIds(names, labels), true, {}};
    const bool noneKnown = std::ranges::all_of(data.choice.ids, [](int32_t id) { return id < 0; });
    part.modelIds = noneKnown ? numberedLabels(names, labels.size()) : std::vector<int32_t>();
    if (!part.modelIds.empty()) {
        data.warnings.push_back(concat("The labels of '", file,
            "' are numbers; they are taken for the ids of ", joined(labels, ", "), " in this order."));
        return;
    }
    part.modelIds = data.choice.ids;
    requireKnownLabels(*part.dataset, part.modelIds, labels, file,
        "measure the model on rows with its own labels, or name another column with label_column.");
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

ColumnMapping chooseMapping(
    const TrainingArguments& arguments, const Table& table, const std::optional<ColumnMapping>& usual)
{
    auto mapping = usual && hasColumns(table, *usual) ? *usual : suggestMapping(table);
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
    const auto asked = requestedProblemType(arguments, config);
    const auto table = Table::open(arguments.trainFile, tableOptions(arguments), control);
    const auto mapping = chooseMapping(arguments, *table);
    auto dataset = datasetOf(table, arguments, mapping, asked, control);
    data.problemType = trainedProblemType(asked, *dataset, knownLabels.size());
    if (data.problemType != dataset->problemType())
        dataset = datasetOf(table, arguments, mapping, data.problemType, control);
    requireSeveralClasses(*dataset, arguments.trainFile, data.problemType);
    data.choice = chooseLabels(knownLabels, dataset->labelNames(), data.problemType);
    data.files.push_back(recordOf("train", *dataset));
    noteProblems(data, *dataset);

    data.train.dataset = dataset;
    data.train.modelIds = data.choice.ids;
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
    noteOneClass(data, arguments);
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

JobData readEvaluationData(const TrainingArguments& given, const std::string& file,
    const EvaluatedModel& model, const TaskControl& control)
{
    JobData data;
    const auto problemType = evaluatedType(given, model);
    auto arguments = given;
    const auto record = readingRecord(model.folder);
    if (record && arguments.clean.empty())
        arguments.clean = record->clean;
    auto table = Table::open(file, tableOptions(arguments), control);
    auto mapping = chooseMapping(arguments, *table, record ? std::optional(record->mapping) : std::nullopt);
    if (record && !hasColumns(*table, record->mapping))
        data.warnings.push_back(
            concat("'", file, "' does not have the columns that the model was trained with (",
                record->mapping.text, record->mapping.textPair.empty() ? "" : ", ", record->mapping.textPair,
                ", ", joined(record->mapping.labels, ", "), "); its text is taken from ", mapping.text,
                mapping.textPair.empty() ? "" : " and ", mapping.textPair, ", its label from ",
                joined(mapping.labels, ", "), '.'));
    const bool flags = problemType == ProblemType::MultiLabel && arguments.labelColumn.empty()
        && model.labels.size() > 1 && std::ranges::all_of(model.labels, [&](const std::string& label) {
               return hasColumn(*table, label);
           });
    if (flags && !record) // a column of zeros and ones for each label
        mapping.labels = model.labels;
    data.validation.dataset = datasetOf(std::move(table), arguments, mapping, problemType, control);
    data.problemType = data.validation.dataset->problemType();
    matchLabels(data, model.labels, file);
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

int32_t chooseMaxLength(const TrainingArguments& arguments, int32_t limit, int64_t special)
{
    if (arguments.maxSeqLength == 0)
        return limit;
    if (arguments.maxSeqLength > limit)
        throw Error(ErrorKind::Settings,
            concat("max_seq_length is ", arguments.maxSeqLength, ", but the model takes at most ", limit,
                " tokens."));
    if (arguments.maxSeqLength <= special)
        throw Error(ErrorKind::Settings,
            concat("max_seq_length is ", arguments.maxSeqLength, ", expected at least ", special + 1,
                " so that a token of text fits beside the special ones."));
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
