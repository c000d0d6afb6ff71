// SPDX-License-Identifier: MIT
#include "core/data/table.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file_text.h"
#include "core/base/parse_number.h"
#include "core/base/unicode.h"
#include "core/data/delimited.h"
#include "core/data/json_rows.h"
#include "core/data/row_index.h"
#include "core/data/spill_buffer.h"
#include "core/data/text_encoding.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <openssl/evp.h>
#include <thread>

namespace studio {
namespace {

constexpr size_t dialectSampleBytes = size_t(1) << 20;

/// SHA-256 of the file on a thread of its own while the rows are counted.
class BackgroundDigest {
public:
    BackgroundDigest(std::string_view bytes, const MappedPages& pages)
        : m_thread([this, bytes, pages](const std::stop_token& stop) { run(bytes, pages, stop); })
    {
    }

    std::string result()
    {
        m_thread.join();
        if (m_hex.empty())
            throw Error(ErrorKind::Internal, "The cryptographic library could not compute SHA-256.");
        return m_hex;
    }

private:
    void run(std::string_view bytes, const MappedPages& pages, const std::stop_token& stop)
    {
        const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(
            EVP_MD_CTX_new(), &EVP_MD_CTX_free);
        if (!context || EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) != 1)
            return;
        constexpr size_t piece = size_t(1) << 20;
        for (size_t begin = 0; begin < bytes.size() && !stop.stop_requested(); begin += piece) {
            const auto part = bytes.substr(begin, piece);
            EVP_DigestUpdate(context.get(), part.data(), part.size());
            pages.release(part);
        }
        std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
        unsigned int size = 0;
        if (EVP_DigestFinal_ex(context.get(), digest.data(), &size) != 1)
            return;
        constexpr std::string_view digits = "0123456789abcdef";
        std::string hex;
        for (unsigned int i = 0; i < size; ++i) {
            hex += digits[digest[i] >> 4];
            hex += digits[digest[i] & 15];
        }
        m_hex = std::move(hex);
    }

    std::string m_hex;
    std::jthread m_thread; // last: stopped and joined first
};

void validate(const TableOptions& options)
{
    const auto unusable
        = [](char c) { return c == '\n' || c == '\r' || (static_cast<unsigned char>(c) & 0x80) != 0; };
    if (options.delimiter && (unusable(*options.delimiter) || *options.delimiter == '\0'))
        throw Error(
            ErrorKind::Settings, "The delimiter must be one ASCII character that does not end a line.");
    if (options.quote && unusable(*options.quote))
        throw Error(ErrorKind::Settings, "The quote must be one ASCII character that does not end a line.");
    if (options.delimiter && options.quote && *options.delimiter == *options.quote)
        throw Error(ErrorKind::Settings,
            concat("Delimiter and quote are both '", *options.delimiter, "'; they must differ."));
}

/// Throws for content that is no text at all, with a hint where the kind is known.
void refuseBinary(std::string_view bytes, const std::string& name)
{
    using namespace std::string_view_literals;
    struct Kind {
        std::string_view magic;
        const char* sentence;
    };
    constexpr Kind kinds[]
        = {{"PK\x03\x04"sv,
               "is a ZIP archive or an Excel workbook; unpack it, or save the sheet as CSV (UTF-8)."},
            {"\xD0\xCF\x11\xE0"sv, "is an old Excel or Word file; save it as CSV (UTF-8)."},
            {"\x1F\x8B"sv, "is compressed with gzip; unpack it first (gunzip)."},
            {"\x28\xB5\x2F\xFD"sv, "is compressed with zstd; unpack it first (unzstd)."},
            {"BZh"sv, "is compressed with bzip2; unpack it first (bunzip2)."},
            {"\xFD"
             "7zXZ"sv,
                "is compressed with xz; unpack it first (unxz)."},
            {"PAR1"sv, "is a Parquet file; save it as CSV or JSON lines."},
            {"ARROW1"sv, "is an Arrow file; save it as CSV or JSON lines."},
            {"SQLite format 3"sv, "is an SQLite database; export the table as CSV."},
            {"%PDF-"sv, "is a PDF document; text data is needed: CSV, TSV, JSON, JSON lines or plain text."}};
    for (const auto& kind : kinds) {
        if (bytes.starts_with(kind.magic)
            && bytes.substr(0, 4096).find_first_of("\0\x01\x02\x05\x06"sv) != bytes.npos)
            throw Error(ErrorKind::Data, concat(name, " ", kind.sentence));
    }
}

/// More than one byte in fifty of the beginning is a control character that text does not have.
bool holdsControlCharacters(std::string_view bytes)
{
    const auto sample = bytes.substr(0, dialectSampleBytes);
    const auto count = std::count_if(sample.begin(), sample.end(), [](char c) {
        const auto value = static_cast<unsigned char>(c);
        return value < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && value != 0x1B;
    });
    return size_t(count) * 50 > sample.size();
}

/// The user's encoding must be able to be true.
void checkFixedEncoding(std::string_view bytes, const std::string& wanted, const std::string& name)
{
    const auto mark = byteOrderMark(bytes);
    if (mark.markBytes > 0 && mark.name != wanted && mark.name != "gb18030"
        && !(wanted == "utf-16" && mark.name.starts_with("utf-16")) && !(wanted == "utf-32"))
        throw Error(ErrorKind::Data,
            concat(name, " begins with the byte order mark of ", mark.name, ", so it is not ", wanted,
                "; choose ", mark.name, " or auto."));
    if (wanted.starts_with("utf-16") && bytes.size() % 2 != 0)
        throw Error(ErrorKind::Data,
            concat(name, " has an odd number of bytes (", bytes.size(), "), so it is not ", wanted,
                "; it looks like ", guessEncoding(bytes).name, "."));
    if (wanted.starts_with("utf-16") && bytes.find('\0') == std::string_view::npos
        && guessEncoding(bytes).validUtf8 && bytes.size() > 16)
        throw Error(ErrorKind::Data,
            concat(name, " holds well-formed UTF-8 and no zero byte, so it is not ", wanted,
                "; choose utf-8 or auto."));
}

std::string lowerExtension(const std::filesystem::path& file)
{
    auto extension = pathText(file.extension());
    for (char& c : extension)
        c = c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
    return extension == ".tab" ? ".tsv" : extension;
}

FileFormat guessJson(std::string_view text, const DialectSample& sample)
{
    const auto start = skipJsonSpace(text, 0);
    if (start >= text.size() || (text[start] != '{' && text[start] != '['))
        return FileFormat::Auto;
    size_t end = 0;
    const auto next = nextLine(text, start, usesBareCr(sample.text), end);
    const bool moreLines = skipJsonSpace(text, next) < text.size();
    const auto firstLine = text.substr(start, std::min(end - start, maxRowBytes));
    const bool lineIsValue = end - start <= maxRowBytes && !jsonFault(firstLine);
    if (lineIsValue && (moreLines || sample.extension == ".jsonl" || sample.extension == ".ndjson"))
        return FileFormat::JsonLines;
    if (sample.extension == ".jsonl" || sample.extension == ".ndjson")
        return FileFormat::JsonLines;
    if (sample.extension == ".json" || lineIsValue)
        return FileFormat::Json;
    // A document over several lines; prose may begin with a bracket too.
    const auto inside = skipJsonSpace(text, start + 1);
    const char second = inside < text.size() ? text[inside] : '\0';
    if (text[start] == '{')
        return second == '"' ? FileFormat::Json : FileFormat::Auto;
    return second == '{' || second == '[' || second == '"' ? FileFormat::Json : FileFormat::Auto;
}

/// Excel's first line "sep=;" names the delimiter and is no row. The user's delimiter stays. Returns whether
/// the delimiter is that of the line.
bool takeSeparatorLine(TextSource& source, TableOptions& options)
{
    const auto text = source.text;
    const bool quoted = text.starts_with('"');
    const size_t at = quoted ? 5 : 4;
    if ((options.format != FileFormat::Auto && options.format != FileFormat::Delimited)
        || text.size() <= at + 1 || (text.substr(at - 4, 4) != "sep=" && text.substr(at - 4, 4) != "SEP="))
        return false;
    auto end = at + 1;
    if (quoted && text[end++] != '"')
        return false;
    if (std::string_view(",;\t|:^~").find(text[at]) == std::string_view::npos || end >= text.size()
        || (text[end] != '\n' && text[end] != '\r'))
        return false;
    end += text.substr(end).starts_with("\r\n") ? 2 : 1;
    source.text = text.substr(end);
    source.firstLine = 2;
    if (options.delimiter)
        return false;
    options.delimiter = text[at];
    return true;
}

std::string shownCharacter(char c)
{
    return c == '\t' ? "tab" : concat("'", c, "'");
}

/// Position of the first quote that opens a field; npos without one.
size_t firstOpeningQuote(const TextSource& source)
{
    const auto text = source.text;
    const char lineEnd = source.dialect.bareCr ? '\r' : '\n';
    for (size_t begin = 0; begin < text.size(); begin += dialectSampleBytes) {
        const auto part = text.substr(begin, dialectSampleBytes);
        for (auto at = part.find('"'); at != std::string_view::npos; at = part.find('"', at + 1)) {
            const auto position = begin + at;
            if (position == 0 || text[position - 1] == source.dialect.delimiter
                || text[position - 1] == lineEnd)
                return position;
        }
        source.pages.release(part);
    }
    return std::string_view::npos;
}

/// The quoting of a tab-separated file whose sample has no quote at the beginning of a cell: what the rows
/// from the first such quote on say.
char lateQuote(const TextSource& source, const DialectSample& sample)
{
    const auto at = firstOpeningQuote(source);
    if (at == std::string_view::npos)
        return '\0';
    const char lineEnd = source.dialect.bareCr ? '\r' : '\n';
    const auto before = at == 0 ? std::string_view::npos : source.text.rfind(lineEnd, at - 1);
    const auto begin = before == std::string_view::npos ? 0 : before + 1;
    DialectSample late{.text = source.text.substr(begin, dialectSampleBytes), .extension = sample.extension};
    late.whole = begin + late.text.size() == source.text.size();
    return guessDialect(late, source.dialect.bareCr, source.dialect.delimiter, std::nullopt).quote;
}

/// Format, delimiter, quoting and header: the user's where given, else found in the sample. A delimiter that
/// only the separator line names (`fromLine`) is believed where it fits. Returns the columns that most rows
/// have.
int64_t decideShape(
    TextSource& source, const TableOptions& options, bool fromLine, const std::filesystem::path& file)
{
    const auto text = source.text;
    DialectSample sample{.text = text.substr(0, dialectSampleBytes), .extension = lowerExtension(file)};
    sample.whole = sample.text.size() == text.size();
    source.dialect = {.delimiter = ',', .quote = '\0', .bareCr = usesBareCr(sample.text)};
    const bool delimitedWanted = options.format == FileFormat::Delimited
        || (options.format == FileFormat::Auto && options.delimiter.has_value());
    source.format = options.format;
    if (options.format == FileFormat::Auto && !options.delimiter)
        source.format = guessJson(text, sample);
    DialectGuess guess;
    if (source.format == FileFormat::Auto || delimitedWanted) {
        guess = guessDialect(sample, source.dialect.bareCr, options.delimiter, options.quote);
        if (options.delimiter && guess.columns < 2) {
            const auto other = guessDialect(sample, source.dialect.bareCr, std::nullopt, options.quote);
            if (fromLine && other.columns > 1)
                guess = other;
            else if (other.columns > 1 && other.delimiter != *options.delimiter)
                throw Error(ErrorKind::Data,
                    concat(source.name, ": the delimiter ", shownCharacter(*options.delimiter),
                        " cuts the rows into one column only; ", shownCharacter(other.delimiter),
                        " would give ", other.columns, " columns. Choose that, or automatic detection."));
        }
        if (guess.delimiter == '\0' && delimitedWanted)
            guess = {.delimiter = ',', .quote = options.quote.value_or('"'), .columns = 1};
        if (guess.delimiter != '\0')
            source.format = FileFormat::Delimited;
        else
            source.format = looksLikeLabelText(sample, source.dialect.bareCr) ? FileFormat::LabelText
                                                                              : FileFormat::Lines;
    }
    if (source.format == FileFormat::Delimited) {
        source.dialect.delimiter = guess.delimiter;
        source.dialect.quote = guess.quote;
        if (guess.quote == '\0' && !options.quote && guess.delimiter == '\t' && !guess.quotesSeen)
            source.dialect.quote = lateQuote(source, sample);
        std::vector<std::vector<std::string>> records;
        std::vector<FieldSpan> fields;
        for (size_t position = 0; position < sample.text.size() && records.size() < 200;) {
            const auto record = scanRecord(sample.text, position, source.dialect, &fields);
            position = record.next;
            if (record.blank)
                continue;
            auto& cells = records.emplace_back();
            for (const auto& field : fields)
                appendField(cells.emplace_back(), sample.text, field, source.dialect.quote);
        }
        source.header = options.header.value_or(looksLikeHeader(records));
        return guess.columns;
    }
    if (source.format == FileFormat::Lines || source.format == FileFormat::LabelText) {
        size_t end = 0;
        (void)nextLine(sample.text, 0, source.dialect.bareCr, end);
        const bool lines = source.format == FileFormat::Lines;
        source.labelLists = !lines && hasSeveralLabels(sample, source.dialect.bareCr);
        source.header = options.header.value_or(lines && isKnownColumnName(sample.text.substr(0, end)));
        return lines ? 1 : 2;
    }
    return 0;
}

/// JSON; empty without a label.
std::string labelList(const std::vector<std::string_view>& labels)
{
    if (labels.empty())
        return {};
    std::string list = "[";
    for (const auto label : labels) {
        list += list.size() > 1 ? ",\"" : "\"";
        for (const char c : label) {
            if (c == '"' || c == '\\')
                list += '\\';
            list += c;
        }
        list += '"';
    }
    return list + "]";
}

void checkRows(const RowIndex& index, const TextSource& source, const TableOptions& options)
{
    const auto rows = int64_t(index.offsets.size());
    if (rows == 0 && source.header)
        throw Error(ErrorKind::Data,
            concat(source.name, " holds a header and no row; ",
                options.header.value_or(false) ? "say that it has no header if its first line is data."
                                               : "add rows, or say that it has no header."));
    if (rows == 0)
        throw Error(
            ErrorKind::Data, concat(source.name, " holds no row, only white space or an empty array."));
    const auto bad = std::count_if(index.badRows.begin(), index.badRows.end(), [&](const auto& row) {
        return row.second == TableIssue::Kind::InvalidJson
            || (source.format == FileFormat::LabelText && row.second == TableIssue::Kind::RaggedRow);
    });
    if (bad == rows)
        throw Error(ErrorKind::Data,
            concat(source.name, ": none of its ", rows, " rows is ",
                source.format == FileFormat::LabelText ? "a label, a space and a text" : "JSON", " (",
                index.issues.front().message, "). Choose another format, or automatic detection."));
    if ((source.format == FileFormat::Json || source.format == FileFormat::JsonLines)
        && index.columns.empty())
        throw Error(ErrorKind::Data,
            concat(source.name, ": its rows hold no value; expected objects such as {\"text\": …}."));
}

} // namespace

struct Table::State {
    explicit State(const std::filesystem::path& path)
        : file(path)
    {
    }
    TableInfo info;
    FileText file;
    std::unique_ptr<SpillBuffer> transcoded;
    TextSource source;
    RowIndex index;
    std::map<std::string, int, std::less<>> columnNumbers;

    /// Bytes of a row; the end is found again, it is not kept.
    [[nodiscard]] std::string_view rowText(int64_t row) const
    {
        const auto begin = size_t(index.offsets[size_t(row)]);
        size_t end = begin;
        if (source.format == FileFormat::Json) {
            end = std::min(source.text.size(), skipJsonValue(source.text, begin));
        } else {
            (void)nextLine(source.text, begin, source.dialect.bareCr, end);
        }
        return source.text.substr(begin, end - begin);
    }
};

std::shared_ptr<const Table> Table::open(
    const std::filesystem::path& file, const TableOptions& options, const TaskControl& control)
{
    validate(options);
    std::error_code ignored;
    const auto kind = std::filesystem::status(file, ignored).type();
    if (kind == std::filesystem::file_type::fifo || kind == std::filesystem::file_type::socket)
        throw Error(ErrorKind::File,
            concat("'", pathText(file),
                "' is a pipe, which can be read only once; write the data to a file first."));
    const auto wanted = canonicalEncoding(options.encoding.empty() ? "auto" : options.encoding);
    auto state = std::make_unique<State>(file);
    const auto bytes = state->file.text();
    auto& source = state->source;
    auto& info = state->info;
    source.name = concat("'", pathText(file), "'");
    if (bytes.empty())
        throw Error(
            ErrorKind::Data, concat(source.name, " is empty; a data file with at least one row is needed."));
    refuseBinary(bytes, source.name);
    const MappedPages pages(state->file.isMapped() ? bytes : std::string_view());
    BackgroundDigest digest(bytes, pages);

    EncodingGuess encoding;
    if (wanted == "auto") {
        encoding = guessEncoding(bytes, control, pages);
    } else {
        checkFixedEncoding(bytes, wanted, source.name);
        encoding.name = wanted;
        if (const auto mark = byteOrderMark(bytes);
            mark.markBytes > 0 && (mark.name == wanted || wanted == "utf-16"))
            encoding = mark;
    }
    info.file = file;
    info.bytes = bytes.size();
    info.encoding = encoding.name;
    info.byteOrderMark = encoding.markBytes > 0;
    source.text = bytes.substr(encoding.markBytes);
    if (encoding.name != "utf-8") {
        state->transcoded = std::make_unique<SpillBuffer>();
        const auto result = transcodeToUtf8(source.text, encoding.name, *state->transcoded, control, pages);
        if (result.undecodable * 100 > result.characters)
            throw Error(ErrorKind::Data,
                concat(source.name, " is not ", encoding.name, ": ", result.undecodable, " of its ",
                    result.characters, " characters cannot be decoded, the first near byte ",
                    result.firstUndecodable, "; ",
                    wanted == "auto" ? "name its encoding."
                                     : concat("it looks like ", guessEncoding(bytes).name, ".")));
        state->transcoded->finish();
        source.text = state->transcoded->view();
        source.replaced = result.undecodable > 0;
    } else {
        source.pages = pages;
    }
    auto shape = options;
    const bool fromLine = takeSeparatorLine(source, shape);
    const SuspectBlocks suspects(source.text, control, source.pages);
    // In a legacy encoding anything decodes: there control characters tell.
    const bool legacy = wanted == "auto" && !encoding.name.starts_with("utf-") && encoding.name != "gb18030";
    if (suspects.zeroBytes() * 20 > int64_t(source.text.size()) || (legacy && holdsControlCharacters(bytes)))
        throw Error(ErrorKind::Data,
            concat(source.name,
                " looks like a binary file; text data is needed: CSV, TSV, JSON, JSON lines or plain text."));
    if (wanted == "utf-8") {
        int64_t wide = 0;
        const auto illFormed = countIllFormedUtf8(source.text.substr(0, size_t(16) << 20), &wide);
        if (illFormed > wide && illFormed * 100 > int64_t(source.text.size()))
            throw Error(ErrorKind::Data,
                concat(source.name, " is not utf-8: ", illFormed, " sequences are ill-formed; it looks like ",
                    guessEncoding(bytes).name, "."));
    }
    const auto columnCount = decideShape(source, shape, fromLine, file);
    if (source.format == FileFormat::Json && skipJsonSpace(source.text, 0) >= source.text.size())
        throw Error(ErrorKind::Data, concat(source.name, " holds only white space."));
    state->index = indexRows(source, suspects, columnCount, control);
    checkRows(state->index, source, options);

    info.format = source.format;
    info.delimiter = source.dialect.delimiter;
    info.quote = source.dialect.quote;
    info.header = source.header;
    info.lineEnd = state->index.lineEnd;
    info.columns = state->index.columns;
    info.rows = int64_t(state->index.offsets.size());
    for (size_t i = 0; i < info.columns.size(); ++i)
        state->columnNumbers.emplace(info.columns[i], int(i));
    info.sha256 = digest.result();
    return std::shared_ptr<const Table>(new Table(std::move(state)));
}

Table::Table(std::unique_ptr<State> state)
    : m_state(std::move(state))
{
}

Table::~Table() = default;

const TableInfo& Table::info() const
{
    return m_state->info;
}

void Table::requireIntact() const
{
    std::error_code gone;
    const auto size = std::filesystem::file_size(m_state->info.file, gone);
    if (m_state->file.isMapped() && !gone && size < m_state->info.bytes)
        throw Error(ErrorKind::Data,
            concat(m_state->source.name, " has become shorter while it was in use (", size, " of ",
                m_state->info.bytes, " bytes); put back what it held, or begin again with it."));
}

int64_t Table::rowCount() const
{
    return m_state->info.rows;
}

const std::vector<TableIssue>& Table::issues() const
{
    return m_state->index.issues;
}

int64_t Table::issueCount() const
{
    return m_state->index.issueCount;
}

std::optional<TableIssue::Kind> Table::rowIssue(int64_t row) const
{
    const auto& bad = m_state->index.badRows;
    const auto found = std::lower_bound(
        bad.begin(), bad.end(), row, [](const auto& entry, int64_t wanted) { return entry.first < wanted; });
    if (found == bad.end() || found->first != row)
        return std::nullopt;
    return found->second;
}

int Table::columnIndex(const std::string& name) const
{
    if (const auto found = m_state->columnNumbers.find(name); found != m_state->columnNumbers.end())
        return found->second;
    const auto& columns = m_state->info.columns;
    if (const auto number = parseNumber<int>(name); number && *number >= 1 && *number <= int(columns.size()))
        return *number - 1;
    std::string known;
    for (size_t i = 0; i < columns.size() && i < 20; ++i)
        known += concat(i ? ", '" : "'", elided(columns[i], 40), "'");
    if (columns.size() > 20)
        known += ", …";
    throw Error(ErrorKind::Data,
        concat(
            m_state->source.name, " has no column '", elided(name, 60), "'; its columns are ", known, "."));
}

std::vector<std::string> Table::row(int64_t row) const
{
    std::vector<int> all(m_state->info.columns.size());
    for (size_t i = 0; i < all.size(); ++i)
        all[i] = int(i);
    std::vector<std::string> out;
    cells(row, all, out);
    return out;
}

std::string Table::cell(int64_t row, int column) const
{
    std::vector<std::string> out;
    cells(row, std::span(&column, 1), out);
    return std::move(out.front());
}

void Table::cells(int64_t row, std::span<const int> columns, std::vector<std::string>& out) const
{
    if (row < 0 || row >= rowCount())
        throw Error(ErrorKind::Internal, concat("Row ", row, " of ", rowCount(), " was asked for."));
    out.resize(columns.size());
    for (auto& cell : out)
        cell.clear();
    const auto& source = m_state->source;
    const auto assignLine = [&](std::string_view first, std::string_view second) {
        for (size_t i = 0; i < columns.size(); ++i)
            out[i] = columns[i] == 0 ? first : second;
    };
    switch (source.format) {
    case FileFormat::Json:
    case FileFormat::JsonLines:
        readJsonRow(m_state->rowText(row), [&](std::string_view key, std::string_view value) {
            const auto found = m_state->columnNumbers.find(key);
            for (size_t i = 0; i < columns.size() && found != m_state->columnNumbers.end(); ++i) {
                if (columns[i] == found->second)
                    out[i] = value;
            }
        });
        break;
    case FileFormat::LabelText: {
        const auto line = m_state->rowText(row);
        if (source.labelLists) {
            const auto split = splitLabelledLine(line);
            assignLine(labelList(split.labels), line.substr(split.text));
            break;
        }
        const auto space = std::min(line.size(), line.find_first_of(" \t"));
        assignLine(line.substr(0, space), space < line.size() ? line.substr(space + 1) : std::string_view());
        break;
    }
    case FileFormat::Lines:
        assignLine(m_state->rowText(row), {});
        break;
    default: {
        thread_local std::vector<FieldSpan> fields;
        (void)scanRecord(source.text, size_t(m_state->index.offsets[size_t(row)]), source.dialect, &fields);
        for (size_t i = 0; i < columns.size(); ++i) {
            if (size_t(columns[i]) < fields.size())
                appendField(out[i], source.text, fields[size_t(columns[i])], source.dialect.quote);
        }
        break;
    }
    }
    if (rowIssue(row)) { // the first of its issues; bytes that are not UTF-8 may be another
        for (auto& cell : out) {
            if (!isValidUtf8(cell))
                cell = repairUtf8(cell);
        }
    }
}

void Table::releaseRows(int64_t begin, int64_t end) const
{
    const auto& offsets = m_state->index.offsets;
    const auto& text = m_state->source.text;
    if (begin < 0 || begin >= end || end > rowCount())
        return;
    const auto from = size_t(offsets[size_t(begin)]);
    const auto to = end < rowCount() ? size_t(offsets[size_t(end)]) : text.size();
    m_state->source.pages.release(text.substr(from, to - from));
}

bool makesRowUnusable(TableIssue::Kind kind) noexcept
{
    return kind == TableIssue::Kind::RaggedRow || kind == TableIssue::Kind::InvalidJson
        || kind == TableIssue::Kind::NulByte;
}

std::string formatName(const TableInfo& info)
{
    switch (info.format) {
    case FileFormat::Json:
        return "json";
    case FileFormat::JsonLines:
        return "jsonl";
    case FileFormat::LabelText:
        return "label-text";
    case FileFormat::Lines:
        return "lines";
    case FileFormat::Auto:
        return "auto";
    case FileFormat::Delimited:
        break;
    }
    return info.delimiter == '\t' ? "tsv" : "csv";
}

void applyFormatName(TableOptions& options, std::string_view name)
{
    if (name == "auto")
        options.format = FileFormat::Auto;
    else if (name == "csv" || name == "tsv") {
        options.format = FileFormat::Delimited;
        options.delimiter = name == "csv" ? ',' : '\t';
    } else if (name == "json")
        options.format = FileFormat::Json;
    else if (name == "jsonl" || name == "ndjson")
        options.format = FileFormat::JsonLines;
    else if (name == "label-text")
        options.format = FileFormat::LabelText;
    else if (name == "lines" || name == "text" || name == "txt")
        options.format = FileFormat::Lines;
    else
        throw Error(ErrorKind::Settings,
            concat("Unknown file format '", elided(name, 40),
                "'; use auto, csv, tsv, json, jsonl, label-text or lines."));
}

} // namespace studio
