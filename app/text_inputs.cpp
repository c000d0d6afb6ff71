// SPDX-License-Identifier: MIT
#include "app/text_inputs.h"

#include "app/argument_options.h"
#include "app/console.h"
#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/kept_memory.h"
#include "core/base/unicode.h"
#include "core/data/text_encoding.h"

#include <algorithm>
#include <filesystem>

namespace studio::app {

namespace {

namespace fs = std::filesystem;

constexpr size_t mostBatches = 8; ///< of a table, answered together

bool isUtf8(const TrainingArguments& arguments)
{
    const auto encoding = canonicalEncoding(arguments.encoding);
    return encoding == "auto" || encoding == "utf-8";
}

void checkUsage(const TextOptions& options)
{
    if (!options.texts.empty() && !options.file.empty())
        throw Error(ErrorKind::Usage, "Give either --text or --file, not both.");
    if (!options.pairs.empty() && options.pairs.size() != options.texts.size())
        throw Error(ErrorKind::Usage,
            concat("--", options.pairName, " belongs to a --text: ", options.texts.size(), " of --text and ",
                options.pairs.size(), " of --", options.pairName, " were given."));
    const auto& arguments = options.arguments;
    if (options.file.empty() && !isUtf8(arguments))
        throw Error(ErrorKind::Usage,
            "--encoding belongs to --file; texts given with --text or on standard input are UTF-8.");
    if (options.file.empty() && !(arguments.textColumn.empty() && arguments.textPairColumn.empty()))
        throw Error(ErrorKind::Usage,
            concat("--text_column and --", options.pairName, "_column need --file with a table."));
    if (arguments.textColumn.empty() && !arguments.textPairColumn.empty())
        throw Error(ErrorKind::Usage,
            concat("--", options.pairName, "_column needs --text_column for the first text."));
    if (!options.pairFile.empty() && (options.file.empty() || !arguments.textColumn.empty()))
        throw Error(ErrorKind::Usage,
            concat("--", options.pairName, "_file needs --file with plain lines, each a text."));
}

void warnOfTable(Console& console, const TextOptions& options)
{
    const auto suffix = fs::path(options.file).extension().string();
    for (const std::string_view table : {".csv", ".tsv", ".json", ".jsonl"}) {
        if (suffix == table)
            console.warn(concat("'", options.file,
                "' is read as plain lines, each a text; give --text_column to read it as a table."));
    }
}

} // namespace

TextInputs::TextInputs(Console& console, const TextOptions& options)
    : m_console(console)
    , m_options(options)
{
    checkUsage(options);
    const auto& arguments = options.arguments;
    if (!options.file.empty() && arguments.textColumn.empty() && isUtf8(arguments)) {
        warnOfTable(console, options);
        m_reader = std::make_unique<LineReader>(options.file);
        if (!options.pairFile.empty())
            m_pairReader = std::make_unique<LineReader>(options.pairFile);
    } else if (!options.pairFile.empty()) {
        throw Error(ErrorKind::Usage,
            concat("--", options.pairName,
                "_file is read as UTF-8 beside a --file in UTF-8; leave out "
                "--encoding."));
    } else if (options.file.empty() && options.texts.empty()) {
        m_reader = std::make_unique<LineReader>();
    }
}

TextInputs::~TextInputs() = default;

void TextInputs::answerAll(
    const std::function<std::vector<TextAnswer>(const std::vector<TextInput>&)>& answer)
{
    const KeptMemory memory;
    forEachBatch(static_cast<size_t>(m_options.arguments.perDeviceEvalBatchSize),
        [&](const std::vector<TextInput>& texts) {
            for (const auto& given : answer(texts)) {
                if (m_console.json)
                    m_console.object(given.object, true);
                else
                    m_console.line(given.line, true);
            }
            m_console.flush();
        });
}

void TextInputs::forEachBatch(size_t batch, const std::function<void(const std::vector<TextInput>&)>& answer)
{
    if (m_reader)
        answerLines(batch, answer);
    else if (!m_options.file.empty())
        answerTable(batch, answer);
    else if (const auto inputs = givenTexts(); !inputs.empty())
        answer(inputs);
}

/// Everything that has already come is answered in one batch.
void TextInputs::answerLines(size_t batch, const std::function<void(const std::vector<TextInput>&)>& answer)
{
    std::vector<TextInput> inputs;
    const auto flush = [&] {
        if (!inputs.empty())
            answer(inputs);
        inputs.clear();
    };
    while (m_console.outputOpen()) {
        if (!inputs.empty() && (inputs.size() >= batch || !m_reader->hasWaitingLine()))
            flush();
        auto line = m_reader->next();
        auto pair = nextPair(!line);
        if (!line)
            break;
        if (m_reader->repaired())
            m_console.warn(concat(m_reader->name(), ", line ", m_reader->lineNumber(),
                ": not valid UTF-8; the bytes that cannot be read were replaced by U+FFFD.",
                m_options.file.empty() ? "" : " Give --encoding where the file has another one."));
        inputs.push_back({.text = std::move(*line), .pair = std::move(pair)});
    }
    flush();
}

/// What belongs to the line just read; both files must end together.
std::optional<std::string> TextInputs::nextPair(bool textsEnded)
{
    if (!m_pairReader)
        return std::nullopt;
    auto pair = m_pairReader->next();
    if (pair.has_value() == textsEnded) {
        const auto& longer = textsEnded ? *m_pairReader : *m_reader;
        const auto& shorter = textsEnded ? *m_reader : *m_pairReader;
        throw Error(ErrorKind::Data,
            concat(longer.name(), " has a line ", longer.lineNumber(), ", but ", shorter.name(),
                " ends before it; each line of one belongs to the same line of the other."));
    }
    if (pair && m_pairReader->repaired())
        m_console.warn(concat(m_pairReader->name(), ", line ", m_pairReader->lineNumber(),
            ": not valid UTF-8; the bytes that cannot be read were replaced by U+FFFD."));
    return pair;
}

void TextInputs::answerTable(size_t batch, const std::function<void(const std::vector<TextInput>&)>& answer)
{
    const auto& arguments = m_options.arguments;
    const bool plain = arguments.textColumn.empty();
    const auto table = plain ? Table::open(m_options.file,
                           {.format = FileFormat::Lines, .encoding = arguments.encoding, .header = false})
                             : openTable(m_options.file, arguments);
    const int text = plain ? 0 : table->columnIndex(arguments.textColumn);
    const int pair = arguments.textPairColumn.empty() ? -1 : table->columnIndex(arguments.textPairColumn);
    if (table->issueCount() > 0)
        m_console.warn(concat("'", m_options.file, "': ", table->issueCount(),
            " rows have problems, the first: row ", table->issues().front().row, ": ",
            table->issues().front().message, " Every row is answered all the same."));
    std::vector<TextInput> inputs;
    size_t batches = 1; // the first answers come soon; of many rows, those of one length then stand together
    const auto flush = [&] {
        if (!inputs.empty())
            answer(inputs);
        inputs.clear();
        batches = std::min(batches * 2, mostBatches);
    };
    for (int64_t row = 0; row < table->rowCount() && m_console.outputOpen(); ++row) {
        auto cells = table->row(row);
        TextInput input{.text = std::move(cells.at(static_cast<size_t>(text)))};
        if (pair >= 0)
            input.pair = std::move(cells.at(static_cast<size_t>(pair)));
        inputs.push_back(std::move(input));
        if (inputs.size() >= batch * batches)
            flush();
    }
    flush();
}

std::vector<TextInput> TextInputs::givenTexts()
{
    std::vector<TextInput> inputs;
    for (size_t i = 0; i < m_options.texts.size(); ++i) {
        bool repaired = false;
        TextInput input{.text = repairUtf8(m_options.texts[i], &repaired)};
        if (repaired)
            m_console.warn(concat("--text number ", i + 1,
                " is not valid UTF-8; the bytes that cannot be read were replaced by U+FFFD."));
        if (!m_options.pairs.empty())
            input.pair = repairUtf8(m_options.pairs[i]);
        inputs.push_back(std::move(input));
    }
    return inputs;
}

PredictorOptions predictorOptions(const TrainingArguments& arguments)
{
    return {.device = arguments.device,
        .precision = arguments.precision == "auto" ? "fp32" : arguments.precision,
        .maxLength = static_cast<int32_t>(std::min<int64_t>(arguments.maxSeqLength, INT32_MAX)),
        .batchSize = static_cast<int>(arguments.perDeviceEvalBatchSize),
        .seed = static_cast<uint64_t>(arguments.seed)};
}

void addTextOptions(Command& command, const std::shared_ptr<TextOptions>& options, const std::string& group,
    const std::string& verb)
{
    command.options.push_back({.name = "text",
        .valueName = "TEXT",
        .group = group,
        .help = concat("A text to ", verb, "; may be given several times."),
        .set = [options](const auto& values) { options->texts = values; },
        .repeatable = true});
    command.options.push_back(textOption("file", "FILE", group,
        "Plain lines of UTF-8 (or of --encoding), each a text; or, with --text_column, a table.",
        options->file));
}

} // namespace studio::app
