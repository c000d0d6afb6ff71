// SPDX-License-Identifier: MIT
#include "core/data/row_index.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/unicode.h"
#include "core/data/json_rows.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <set>
namespace studio {
namespace {

constexpr size_t keptIssues = 10'000;
constexpr size_t reportBytes = size_t(4) << 20;
constexpr size_t maxColumns = 10'000;
constexpr std::string_view replacement = "\xEF\xBF\xBD";

/// What all formats share while their rows are counted: issues, line numbers, line ends, progress.
class Indexer {
public:
    Indexer(const TextSource& source, const SuspectBlocks& suspects, const TaskControl& control)
        : m_source(source)
        , m_suspects(suspects)
        , m_control(control)
    {
        line = source.firstLine;
    }

    RowIndex index;
    int64_t line = 1;

    [[nodiscard]] int64_t rowNumber() const { return int64_t(index.offsets.size()) + 1; }

    void addIssue(TableIssue::Kind kind, std::string message)
    {
        ++index.issueCount;
        if (index.badRows.empty() || index.badRows.back().first != rowNumber() - 1)
            index.badRows.emplace_back(rowNumber() - 1, kind);
        else if (makesRowUnusable(kind))
            index.badRows.back().second = kind;
        if (index.issues.size() < keptIssues)
            index.issues.push_back(
                {.kind = kind, .row = rowNumber(), .line = line, .message = std::move(message)});
    }

    /// Checks the bytes of the row [begin, end), then counts it.
    void addRow(size_t begin, size_t end)
    {
        const auto row = m_source.text.substr(begin, end - begin);
        if (row.size() > maxRowBytes)
            throw Error(ErrorKind::Data,
                concat(m_source.name, ", line ", line, ": a row of ", row.size(),
                    " bytes; a row has at most ", maxRowBytes,
                    " (16 MiB). Check the file's line ends and its format."));
        if (m_suspects.mayHoldZero(begin, end)) {
            if (const auto at = row.find('\0'); at != std::string_view::npos)
                addIssue(TableIssue::Kind::NulByte,
                    concat("line ", line, ": a zero byte after ", at, " bytes of the row; text has none."));
        }
        if (m_suspects.mayBeIllFormed(begin, end) || m_source.replaced) {
            const bool bad
                = m_source.replaced ? row.find(replacement) != std::string_view::npos : !isValidUtf8(row);
            if (bad)
                addIssue(TableIssue::Kind::UndecodableBytes,
                    concat("line ", line, ": bytes that the file's encoding does not allow."));
        }
        index.offsets.push_back(begin);
    }

    void countLineEnd(bool carriageReturn, bool lineFeed)
    {
        m_both += carriageReturn && lineFeed;
        m_returns += carriageReturn && !lineFeed;
        m_feeds += !carriageReturn && lineFeed;
    }

    /// To be called with a growing position.
    void advance(size_t position)
    {
        if (position < m_reported + reportBytes)
            return;
        if (m_reported == 0) // what the first rows take is likely for all: no doubling of a large vector
            index.offsets.reserve(size_t(
                double(index.offsets.size()) * 1.05 * double(m_source.text.size()) / double(position)));
        m_control.throwIfStopped();
        m_control.report(int64_t(position), int64_t(m_source.text.size()));
        m_source.pages.release(m_source.text.substr(m_reported, position - m_reported));
        m_reported = position;
    }

    RowIndex finish()
    {
        m_control.report(int64_t(m_source.text.size()), int64_t(m_source.text.size()));
        const int kinds = (m_both > 0) + (m_returns > 0) + (m_feeds > 0);
        index.lineEnd = kinds > 1 ? "mixed" : m_both > 0 ? "\r\n" : m_returns > 0 ? "\r" : "\n";
        index.offsets.shrink_to_fit();
        return std::move(index);
    }

private:
    const TextSource& m_source;
    const SuspectBlocks& m_suspects;
    const TaskControl& m_control;
    size_t m_reported = 0;
    int64_t m_both = 0;
    int64_t m_returns = 0;
    int64_t m_feeds = 0;
};

std::vector<std::string> numberedColumns(int64_t count)
{
    std::vector<std::string> names;
    for (int64_t i = 1; i <= count; ++i)
        names.push_back(concat("column_", i));
    return names;
}

RowIndex indexDelimited(
    const TextSource& source, const SuspectBlocks& suspects, int64_t columnCount, const TaskControl& control)
{
    Indexer indexer(source, suspects, control);
    const auto text = source.text;
    bool headerPending = source.header;
    auto expected = std::max<int64_t>(1, columnCount);
    if (expected > int64_t(maxColumns))
        throw Error(ErrorKind::Data,
            concat(source.name, ": ", expected, " columns; at most ", maxColumns,
                " are read. Check the delimiter and the line ends."));
    std::vector<FieldSpan> fields;
    for (size_t position = 0; position < text.size();) {
        indexer.advance(position);
        const auto begin = position;
        const auto record = scanRecord(text, begin, source.dialect, headerPending ? &fields : nullptr);
        position = record.next;
        indexer.countLineEnd(record.carriageReturn, record.lineFeed);
        if (record.blank) {
            indexer.line += record.lines;
            continue;
        }
        if (headerPending) {
            headerPending = false;
            std::vector<std::string> names;
            for (const auto& field : fields)
                appendField(names.emplace_back(), text, field, source.dialect.quote);
            if (names.size() > maxColumns)
                throw Error(ErrorKind::Data,
                    concat(source.name, ": ", names.size(), " columns; at most ", maxColumns, " are read."));
            indexer.index.columns = uniqueColumnNames(std::move(names));
            expected = int64_t(indexer.index.columns.size());
            indexer.line += record.lines;
            continue;
        }
        if (record.unclosedQuote)
            indexer.addIssue(TableIssue::Kind::UnclosedQuote,
                concat("line ", indexer.line, ": a quote opens a field and nothing closes it."));
        bool ragged = record.fields != expected;
        if (record.fields > expected) { // Delimiters behind the last column that enclose nothing do no harm.
            (void)scanRecord(text, begin, source.dialect, &fields);
            ragged = std::any_of(fields.begin() + expected, fields.end(),
                [](const FieldSpan& field) { return field.end > field.begin; });
        }
        if (ragged)
            indexer.addIssue(TableIssue::Kind::RaggedRow,
                concat("line ", indexer.line, ": ", record.fields, record.fields == 1 ? " cell" : " cells",
                    " where ", expected, " are expected."));
        indexer.addRow(begin, record.end);
        indexer.line += record.lines;
    }
    if (!source.header)
        indexer.index.columns = numberedColumns(expected);
    return indexer.finish();
}

RowIndex indexLines(const TextSource& source, const SuspectBlocks& suspects, const TaskControl& control)
{
    Indexer indexer(source, suspects, control);
    const auto text = source.text;
    const bool labelled = source.format == FileFormat::LabelText;
    bool headerPending = source.header;
    indexer.index.columns
        = labelled ? std::vector<std::string>{"label", "text"} : std::vector<std::string>{"text"};
    for (size_t position = 0; position < text.size();) {
        indexer.advance(position);
        const auto begin = position;
        size_t end = 0;
        position = nextLine(text, begin, source.dialect.bareCr, end);
        const bool ended = position > end;
        indexer.countLineEnd(
            ended && (source.dialect.bareCr || text[end] == '\r'), ended && !source.dialect.bareCr);
        if (headerPending) {
            headerPending = false;
            if (!labelled)
                indexer.index.columns = uniqueColumnNames({std::string(text.substr(begin, end - begin))});
        } else if (end > begin || !labelled) {
            const auto row = text.substr(begin, end - begin);
            if (labelled && row.find_first_of(" \t") == std::string_view::npos)
                indexer.addIssue(TableIssue::Kind::RaggedRow,
                    concat("line ", indexer.line, ": no space between a label and a text."));
            indexer.addRow(begin, end);
        }
        ++indexer.line;
    }
    return indexer.finish();
}

/// Columns of JSON rows in the order in which their keys appear.
class KeyCollector {
public:
    explicit KeyCollector(const TextSource& source)
        : m_source(source)
    {
    }
    void add(std::string_view row)
    {
        readJsonRow(row, [this](std::string_view key, std::string_view) {
            if (m_seen.find(key) != m_seen.end())
                return;
            m_seen.emplace(key);
            columns.emplace_back(key);
            if (columns.size() > maxColumns)
                throw Error(ErrorKind::Data,
                    concat(m_source.name, ": the rows have more than ", maxColumns, " different keys."));
        });
    }
    std::vector<std::string> columns;

private:
    const TextSource& m_source;
    std::set<std::string, std::less<>> m_seen;
};

void addJsonRow(Indexer& indexer, KeyCollector& keys, const TextSource& source, size_t begin, size_t end)
{
    const auto row = source.text.substr(begin, end - begin);
    if (row.size() <= maxRowBytes) { // addRow refuses longer ones
        if (const auto fault = jsonFault(row))
            indexer.addIssue(TableIssue::Kind::InvalidJson,
                concat("line ", indexer.line, ": not valid JSON (", *fault, ")"));
        else
            keys.add(row);
    }
    indexer.addRow(begin, end);
}

RowIndex indexJsonLines(const TextSource& source, const SuspectBlocks& suspects, const TaskControl& control)
{
    Indexer indexer(source, suspects, control);
    KeyCollector keys(source);
    const auto text = source.text;
    for (size_t position = 0; position < text.size();) {
        indexer.advance(position);
        const auto begin = position;
        size_t end = 0;
        position = nextLine(text, begin, source.dialect.bareCr, end);
        const bool ended = position > end;
        indexer.countLineEnd(
            ended && (source.dialect.bareCr || text[end] == '\r'), ended && !source.dialect.bareCr);
        if (skipJsonSpace(text.substr(0, end), begin) < end)
            addJsonRow(indexer, keys, source, begin, end);
        ++indexer.line;
    }
    indexer.index.columns = std::move(keys.columns);
    return indexer.finish();
}

RowIndex indexJson(const TextSource& source, const SuspectBlocks& suspects, const TaskControl& control)
{
    Indexer indexer(source, suspects, control);
    KeyCollector keys(source);
    const auto text = source.text;
    auto position = findJsonRows(text, source.name);
    size_t counted = 0;
    const auto countLinesTo = [&](size_t to) {
        for (; counted < to; ++counted) {
            if (text[counted] != '\n')
                continue;
            ++indexer.line;
            indexer.countLineEnd(counted > 0 && text[counted - 1] == '\r', true);
        }
    };
    for (;;) {
        indexer.advance(position);
        position = skipJsonSpace(text, position);
        countLinesTo(position);
        if (position < text.size() && text[position] == ']')
            break;
        const auto end = position < text.size() ? skipJsonValue(text, position) : std::string_view::npos;
        if (end == std::string_view::npos) {
            if (position < text.size()) {
                indexer.addIssue(TableIssue::Kind::InvalidJson,
                    concat("line ", indexer.line, ": the file ends inside this row; it was cut off."));
                indexer.addRow(position, text.size());
                break;
            }
            throw Error(ErrorKind::Data,
                concat(source.name, ", line ", indexer.line,
                    ": the file ends before the closing ']' of the array."));
        }
        if (end == position)
            throw Error(ErrorKind::Data,
                concat(source.name, ", line ", indexer.line, ": '", text[position],
                    "' where a JSON value is expected in the array of rows."));
        addJsonRow(indexer, keys, source, position, end);
        position = skipJsonSpace(text, end);
        countLinesTo(std::min(position, text.size()));
        if (position < text.size() && text[position] == ',') {
            ++position;
        } else if (position < text.size() && text[position] != ']') {
            throw Error(ErrorKind::Data,
                concat(source.name, ", line ", indexer.line, ": '", elided(text.substr(position, 8), 1),
                    "' where ',' or ']' is expected in the array of rows."));
        }
    }
    countLinesTo(text.size());
    indexer.index.columns = std::move(keys.columns);
    return indexer.finish();
}

} // namespace

std::vector<std::string> uniqueColumnNames(std::vector<std::string> names)
{
    std::set<std::string> taken;
    for (size_t i = 0; i < names.size(); ++i) {
        auto name = repairUtf8(names[i]);
        const auto first = name.find_first_not_of(" \t\r\n");
        name = first == std::string::npos ? std::string()
                                          : name.substr(first, name.find_last_not_of(" \t\r\n") - first + 1);
        if (name.empty())
            name = concat("column_", i + 1);
        auto unique = name;
        for (int copy = 2; !taken.insert(unique).second; ++copy)
            unique = concat(name, "_", copy);
        names[i] = unique;
    }
    return names;
}

RowIndex indexRows(
    const TextSource& source, const SuspectBlocks& suspects, int64_t columnCount, const TaskControl& control)
{
    switch (source.format) {
    case FileFormat::Json:
        return indexJson(source, suspects, control);
    case FileFormat::JsonLines:
        return indexJsonLines(source, suspects, control);
    case FileFormat::LabelText:
    case FileFormat::Lines:
        return indexLines(source, suspects, control);
    default:
        return indexDelimited(source, suspects, columnCount, control);
    }
}

} // namespace studio
