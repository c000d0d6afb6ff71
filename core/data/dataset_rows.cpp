// SPDX-License-Identifier: MIT
#include "core/data/dataset_rows.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/unicode.h"
#include "core/data/text_hash.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <map>
#include <set>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

namespace studio {
namespace {

constexpr std::string_view listSpace = " \t\r\n";

struct HashedRow {
    uint64_t hash = 0;
    int64_t index = 0;
};

/// Lower case by Unicode's folding, white space collapsed and trimmed.
std::string foldedLabel(const std::string& label)
{
    std::string folded;
    icu::UnicodeString::fromUTF8(label).foldCase().toUTF8String(folded);
    std::string out;
    bool space = false;
    for (const char32_t c : toUtf32(folded)) {
        if (u_isUWhiteSpace(UChar32(c))) {
            space = !out.empty();
            continue;
        }
        if (space)
            out += ' ';
        space = false;
        appendUtf8(out, c);
    }
    return out;
}

/// Rows of the table whose label is flagged.
ProblemRows rowsWithLabels(const DatasetRows& rows, const std::vector<bool>& flagged)
{
    ProblemRows found;
    for (int64_t index = 0; index < rows.size; ++index) {
        const auto begin = rows.labelStart.empty() ? index : rows.labelStart[size_t(index)];
        const auto end = rows.labelStart.empty() ? index + 1 : rows.labelStart[size_t(index) + 1];
        for (auto i = begin; i < end; ++i) {
            if (flagged[size_t(rows.labels[size_t(i)])]) {
                found.add(rows.tableRow(index));
                break;
            }
        }
    }
    return found;
}

std::string countedLabel(const DatasetRows& rows, size_t label)
{
    return concat("'", elided(rows.labelNames[label], 40), "' (", rows.labelCounts[label], ")");
}

/// Hash and index of each row, sorted.
std::vector<std::pair<uint64_t, int64_t>> sortedHashes(const Dataset& dataset, const TaskControl& control)
{
    std::vector<std::pair<uint64_t, int64_t>> hashes;
    hashes.reserve(size_t(dataset.size()));
    std::vector<std::string> texts;
    for (int64_t i = 0; i < dataset.size(); ++i) {
        if (i % 4096 == 0)
            control.throwIfStopped();
        dataset.texts(i, texts);
        hashes.emplace_back(textHash(texts), i);
    }
    std::sort(hashes.begin(), hashes.end());
    return hashes;
}

/// Four hexadecimal digits from `position`.
std::optional<char32_t> hexUnit(std::string_view text, size_t position)
{
    if (position + 4 > text.size())
        return std::nullopt;
    uint32_t unit = 0;
    const char* begin = text.data() + position;
    const auto result = std::from_chars(begin, begin + 4, unit, 16);
    if (result.ec != std::errc() || result.ptr != begin + 4)
        return std::nullopt;
    return unit;
}

/// Appends what the escape means whose 'u' stands at `position`, which then is its last byte. A character
/// beyond U+FFFF is written as two of them; half of such a pair becomes U+FFFD.
bool readEscape(std::string_view text, size_t& position, std::string& out)
{
    const auto unit = hexUnit(text, position + 1);
    if (!unit)
        return false;
    position += 4;
    if (*unit < 0xD800 || *unit >= 0xE000) {
        appendUtf8(out, *unit);
        return true;
    }
    const auto next = text.substr(position + 1, 2) == "\\u" ? hexUnit(text, position + 3) : std::nullopt;
    if (*unit < 0xDC00 && next && *next >= 0xDC00 && *next < 0xE000) {
        appendUtf8(out, 0x10000 + ((*unit - 0xD800) << 10) + (*next - 0xDC00));
        position += 6;
    } else {
        appendUtf8(out, U'\uFFFD');
    }
    return true;
}

/// Reads the string that begins with a quote at `position`, JSON's or Python's.
bool readQuoted(std::string_view list, size_t& position, std::string& out)
{
    const char quote = list[position++];
    for (; position < list.size() && list[position] != quote; ++position) {
        if (list[position] != '\\') {
            out += list[position];
            continue;
        }
        if (++position >= list.size())
            return false;
        switch (list[position]) {
        case 'n':
            out += '\n';
            break;
        case 't':
            out += '\t';
            break;
        case 'r':
            out += '\r';
            break;
        case 'u':
            if (!readEscape(list, position, out))
                return false;
            break;
        default:
            out += list[position];
        }
    }
    return position++ < list.size();
}

} // namespace

void DatasetRows::texts(int64_t tableRow, std::vector<std::string>& out) const
{
    table->cells(tableRow, textColumns, out);
    const auto& cleaning = options.cleaning;
    if (cleaning.html || cleaning.urls || cleaning.nfkc || cleaning.whitespace) {
        for (auto& text : out)
            text = cleanText(text, cleaning);
    }
}

uint64_t DatasetRows::labelKey(int64_t index) const
{
    if (!targets.empty())
        return std::bit_cast<uint64_t>(targets[size_t(index)]);
    if (labelStart.empty())
        return labels.empty() ? 0 : uint64_t(labels[size_t(index)]);
    uint64_t key = 1;
    for (auto i = labelStart[size_t(index)]; i < labelStart[size_t(index) + 1]; ++i)
        key = mix64(key + uint64_t(labels[size_t(i)]) + 1);
    return key;
}

DataProblem ProblemRows::problem(DataProblem::Kind kind, std::string message, bool unusable)
{
    std::sort(m_rows.begin(), m_rows.end());
    DataProblem problem;
    problem.kind = kind;
    problem.message = std::move(message);
    problem.count = count();
    problem.rowsUnusable = unusable;
    problem.rows.assign(m_rows.begin(), m_rows.begin() + int64_t(std::min(m_rows.size(), keptProblemRows)));
    return problem;
}

std::string rowsText(int64_t count, std::string_view one, std::string_view many)
{
    return count == 1 ? concat("1 row ", one) : concat(count, " rows ", many);
}

bool splitLabels(std::string_view cell, const std::string& separator, std::vector<std::string>& out)
{
    constexpr auto space = listSpace;
    const auto trim = [&](std::string_view text) {
        const auto first = text.find_first_not_of(space);
        return first == std::string_view::npos ? std::string_view()
                                               : text.substr(first, text.find_last_not_of(space) - first + 1);
    };
    const auto text = trim(cell);
    if (text.starts_with('[') && separator.empty()) {
        size_t position = text.find_first_not_of(space, 1);
        while (position < text.size() && text[position] != ']') {
            std::string label;
            if (text[position] == '"' || text[position] == '\'') {
                if (!readQuoted(text, position, label))
                    return false;
            } else {
                const auto end = std::min(text.size(), text.find_first_of(",]", position));
                label = trim(text.substr(position, end - position));
                if (label.empty() || label.find_first_of("[{\"'") != std::string::npos)
                    return false;
                position = end;
            }
            out.push_back(std::move(label));
            position = text.find_first_not_of(space, position);
            if (position < text.size() && text[position] == ',')
                position = text.find_first_not_of(space, position + 1);
            else if (position >= text.size() || text[position] != ']')
                return false;
        }
        return position + 1 == text.size();
    }
    if (separator.empty()) {
        if (!text.empty())
            out.emplace_back(text);
        return true;
    }
    for (size_t begin = 0; begin <= text.size();) {
        const auto end = std::min(text.size(), text.find(separator, begin));
        if (const auto part = trim(text.substr(begin, end - begin)); !part.empty())
            out.emplace_back(part);
        begin = end + separator.size();
    }
    return true;
}

std::optional<bool> parseZeroOne(std::string_view cell)
{
    const auto first = cell.find_first_not_of(listSpace);
    if (first == std::string_view::npos)
        return std::nullopt;
    const auto text = cell.substr(first, cell.find_last_not_of(listSpace) - first + 1);
    if (text == "1" || text == "1.0" || text == "1." || text == "true" || text == "True" || text == "TRUE")
        return true;
    if (text == "0" || text == "0.0" || text == "0." || text == "false" || text == "False" || text == "FALSE")
        return false;
    return std::nullopt;
}

bool readFlags(std::string_view cell, std::vector<bool>& out)
{
    out.clear();
    const auto first = cell.find_first_not_of(listSpace);
    const auto last = cell.find_last_not_of(listSpace);
    if (first == std::string_view::npos || last == first || cell[first] != '[' || cell[last] != ']')
        return false;
    const auto text = cell.substr(first + 1, last - first - 1);
    for (size_t position = text.find_first_not_of(listSpace); position < text.size();) {
        const auto end = std::min(text.size(), text.find_first_of(", \t\r\n", position));
        const auto flag = parseZeroOne(text.substr(position, end - position));
        if (!flag)
            return false;
        out.push_back(*flag);
        position = text.find_first_not_of(listSpace, end);
        if (position < text.size() && text[position] == ',') {
            position = text.find_first_not_of(listSpace, position + 1);
            if (position >= text.size())
                return false;
        }
    }
    return true;
}

bool isBlank(std::string_view text)
{
    for (const char c : text) {
        if (static_cast<unsigned char>(c) > ' ' && static_cast<unsigned char>(c) < 0x80)
            return false;
        if (static_cast<unsigned char>(c) >= 0x80) {
            const auto points = toUtf32(text);
            return std::all_of(points.begin(), points.end(), [](char32_t point) {
                return u_isUWhiteSpace(UChar32(point)) || point == 0xFEFF || point == 0x200B;
            });
        }
    }
    return true;
}

uint64_t textHash(const std::vector<std::string>& texts)
{
    uint64_t hash = 0;
    for (const auto& text : texts)
        hash = hash64(text, hash + 1);
    return hash;
}

std::vector<bool> addEqualTextProblems(
    DatasetRows& rows, const std::vector<uint64_t>& hashes, const TaskControl& control)
{
    std::vector<HashedRow> sorted(hashes.size());
    for (size_t i = 0; i < hashes.size(); ++i)
        sorted[i] = {.hash = hashes[i], .index = int64_t(i)};
    std::sort(sorted.begin(), sorted.end(), [](const HashedRow& a, const HashedRow& b) {
        return a.hash != b.hash ? a.hash < b.hash : a.index < b.index;
    });
    std::vector<bool> repeated(hashes.size());
    ProblemRows duplicates;
    ProblemRows conflicts;
    std::vector<std::string> texts;
    for (size_t begin = 0; begin < sorted.size();) {
        auto end = begin + 1;
        while (end < sorted.size() && sorted[end].hash == sorted[begin].hash)
            ++end;
        if (end - begin > 1) {
            control.throwIfStopped();
            // Equal hashes are a hint; the texts decide.
            std::map<std::vector<std::string>, std::vector<int64_t>> byText;
            for (auto i = begin; i < end; ++i) {
                rows.texts(rows.tableRow(sorted[i].index), texts);
                byText[texts].push_back(sorted[i].index);
            }
            for (const auto& [text, indices] : byText) {
                std::set<uint64_t> labels;
                for (const auto index : indices) {
                    if (labels.insert(rows.labelKey(index)).second)
                        continue;
                    repeated[size_t(index)] = true;
                    if (!isBlank(text.front())) // empty texts are a problem of their own
                        duplicates.add(rows.tableRow(index));
                }
                if (labels.size() > 1 && !isBlank(text.front())) {
                    for (const auto index : indices)
                        conflicts.add(rows.tableRow(index));
                }
            }
        }
        begin = end;
    }
    if (duplicates.count() > 0) {
        const bool drops = rows.options.cleaning.dropDuplicates;
        rows.problems.push_back(duplicates.problem(DataProblem::Kind::DuplicateRow,
            concat(rowsText(duplicates.count(), "repeats", "repeat"), " the text",
                rows.labelColumns.empty() ? "" : " and label", " of an earlier row",
                drops ? "; cleaning leaves them out." : "."),
            drops));
    }
    if (conflicts.count() > 0)
        rows.problems.push_back(conflicts.problem(DataProblem::Kind::ConflictingLabels,
            concat(rowsText(conflicts.count(), "has", "have"), " a text that occurs with different labels."),
            false));
    return repeated;
}

void addLabelProblems(DatasetRows& rows)
{
    std::map<std::string, std::vector<size_t>> byFolded;
    for (size_t label = 0; label < rows.labelNames.size(); ++label)
        byFolded[foldedLabel(rows.labelNames[label])].push_back(label);
    std::vector<bool> flagged(rows.labelNames.size());
    std::string examples;
    int groups = 0;
    for (const auto& [folded, group] : byFolded) {
        if (group.size() < 2)
            continue;
        const auto common = *std::max_element(group.begin(), group.end(),
            [&](size_t a, size_t b) { return rows.labelCounts[a] < rows.labelCounts[b]; });
        std::string names;
        for (const auto label : group) {
            flagged[label] = label != common;
            names += (names.empty() ? "" : ", ") + countedLabel(rows, label);
        }
        if (++groups <= 3)
            examples += (examples.empty() ? "" : "; ") + names;
    }
    if (groups > 0) {
        auto found = rowsWithLabels(rows, flagged);
        rows.problems.push_back(found.problem(DataProblem::Kind::LabelsDifferByCase,
            concat("Labels differ only by case or spaces: ", examples, groups > 3 ? "; …" : "",
                ". They count as different."),
            false));
    }
    std::fill(flagged.begin(), flagged.end(), false);
    int64_t rare = 0;
    examples.clear();
    for (size_t label = 0; label < rows.labelNames.size(); ++label) {
        if (rows.labelCounts[label] >= rareClassRows)
            continue;
        flagged[label] = true;
        if (++rare <= 5)
            examples += (examples.empty() ? "" : ", ") + countedLabel(rows, label);
    }
    if (rare > 0) {
        auto found = rowsWithLabels(rows, flagged);
        rows.problems.push_back(found.problem(DataProblem::Kind::RareClass,
            concat(rare, rare == 1 ? " class has" : " classes have", " fewer than ", rareClassRows,
                " rows: ", examples, rare > 5 ? ", …" : "", "."),
            false));
    }
}

std::optional<DataProblem> findLeakage(
    const Dataset& train, const Dataset& other, std::string_view otherName, const TaskControl& control)
{
    const auto known = sortedHashes(train, control);
    ProblemRows found;
    std::vector<std::string> texts;
    std::vector<std::string> candidate;
    for (int64_t i = 0; i < other.size(); ++i) {
        if (i % 4096 == 0)
            control.throwIfStopped();
        other.texts(i, texts);
        const auto hash = textHash(texts);
        auto at = std::lower_bound(known.begin(), known.end(), std::pair<uint64_t, int64_t>(hash, 0));
        for (; at != known.end() && at->first == hash; ++at) {
            train.texts(at->second, candidate);
            if (candidate == texts) {
                found.add(other.tableRow(i));
                break;
            }
        }
    }
    if (found.count() == 0)
        return std::nullopt;
    return found.problem(DataProblem::Kind::TextInSeveralParts,
        concat(rowsText(found.count(), "", ""), "of the ", otherName,
            found.count() == 1 ? " part has a text that is also in the training part."
                               : " part have a text that is also in the training part."),
        false);
}

std::optional<DataProblem> findUnknownLabels(
    const Dataset& train, const Dataset& other, std::string_view otherName)
{
    const auto& known = train.labelNames();
    std::vector<bool> unknown;
    std::string names;
    int64_t count = 0;
    for (const auto& label : other.labelNames()) {
        const bool missing = std::find(known.begin(), known.end(), label) == known.end();
        unknown.push_back(missing);
        if (missing && ++count <= 5)
            names += concat(names.empty() ? "'" : ", '", elided(label, 40), "'");
    }
    if (count == 0)
        return std::nullopt;
    ProblemRows found;
    for (int64_t i = 0; i < other.size(); ++i) {
        const auto labels = other.labels(i);
        if (std::any_of(labels.begin(), labels.end(), [&](int32_t label) { return unknown[size_t(label)]; }))
            found.add(other.tableRow(i));
    }
    return found.problem(DataProblem::Kind::UnknownLabel,
        concat(rowsText(found.count(), "", ""), "of the ", otherName,
            found.count() == 1 ? " part has" : " part have",
            " a label that the training part does not have: ", names, count > 5 ? ", …" : "", "."),
        true);
}

std::string problemTypeName(ProblemType type)
{
    switch (type) {
    case ProblemType::SingleLabel:
        return "single_label_classification";
    case ProblemType::MultiLabel:
        return "multi_label_classification";
    case ProblemType::Regression:
        return "regression";
    case ProblemType::Auto:
        break;
    }
    return "auto";
}

ProblemType parseProblemType(std::string_view name)
{
    for (const auto type :
        {ProblemType::Auto, ProblemType::SingleLabel, ProblemType::MultiLabel, ProblemType::Regression}) {
        if (name == problemTypeName(type))
            return type;
    }
    throw Error(ErrorKind::Settings,
        concat("Unknown problem type '", elided(name, 60),
            "'; use auto, single_label_classification, multi_label_classification or regression."));
}

std::string problemKindName(DataProblem::Kind kind)
{
    using Kind = DataProblem::Kind;
    switch (kind) {
    case Kind::EmptyText:
        return "empty_text";
    case Kind::MissingLabel:
        return "missing_label";
    case Kind::RaggedRow:
        return "ragged_row";
    case Kind::UndecodableBytes:
        return "undecodable_bytes";
    case Kind::NulByte:
        return "nul_byte";
    case Kind::UnclosedQuote:
        return "unclosed_quote";
    case Kind::InvalidJson:
        return "invalid_json";
    case Kind::InvalidLabel:
        return "invalid_label";
    case Kind::DuplicateRow:
        return "duplicate_row";
    case Kind::ConflictingLabels:
        return "conflicting_labels";
    case Kind::LabelsDifferByCase:
        return "labels_differ_by_case";
    case Kind::RareClass:
        return "rare_class";
    case Kind::TextInSeveralParts:
        return "text_in_several_parts";
    case Kind::UnknownLabel:
        break;
    }
    return "unknown_label";
}

} // namespace studio
