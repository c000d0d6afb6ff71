// SPDX-License-Identifier: MIT
#include "core/base/parse_number.h"
#include "core/base/unicode.h"
#include "core/data/delimited.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>

namespace studio {
namespace {

constexpr int64_t sampleRecords = 5000;

std::string asciiLower(std::string_view text)
{
    std::string lower(text);
    for (char& c : lower) {
        if (c >= 'A' && c <= 'Z')
            c = char(c - 'A' + 'a');
    }
    return lower;
}

bool isNumber(std::string_view cell)
{
    while (!cell.empty() && cell.front() == ' ')
        cell.remove_prefix(1);
    while (!cell.empty() && cell.back() == ' ')
        cell.remove_suffix(1);
    if (!cell.empty() && cell.front() == '+')
        cell.remove_prefix(1);
    return parseNumber<double>(cell).has_value();
}

bool isIdentifier(std::string_view name)
{
    return std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'
            || c == '-';
    });
}

/// How a sample falls apart under one dialect.
struct Trial {
    std::map<int64_t, int64_t> recordsByFields;
    std::vector<std::string> firstRecord;
    int64_t records = 0;
    int64_t lines = 0;
    int64_t delimiters = 0;
    int64_t spacedDelimiters = 0; ///< followed by a space, as in prose
    int64_t fields = 0;
    int64_t quotedFields = 0; ///< quoted as RFC 4180 says
    int64_t neededQuotes = 0; ///< with a delimiter, a line end or a doubled quote inside
    int64_t doubledQuotes = 0; ///< with a doubled quote inside
    int64_t brokenQuotes = 0; ///< begin with a quote and do not end so

    [[nodiscard]] bool opensQuotes() const { return quotedFields + brokenQuotes > 0; }
    [[nodiscard]] int64_t commonFields() const
    {
        int64_t best = 0;
        int64_t count = 0;
        for (const auto& [fieldCount, recordCount] : recordsByFields) {
            if (recordCount > count) {
                best = fieldCount;
                count = recordCount;
            }
        }
        return best;
    }
    [[nodiscard]] double consistency() const
    {
        const auto found = recordsByFields.find(commonFields());
        return found == recordsByFields.end() ? 0
                                              : double(found->second) / double(std::max<int64_t>(1, records));
    }
};

Trial tryDialect(const DialectSample& sample, const Dialect& dialect)
{
    Trial trial;
    std::vector<FieldSpan> fields;
    for (size_t position = 0; position < sample.text.size() && trial.records < sampleRecords;) {
        const auto record = scanRecord(sample.text, position, dialect, &fields);
        // The last record of a cut sample may go on behind it.
        if (!sample.whole && record.next >= sample.text.size() && trial.records > 0)
            break;
        position = record.next;
        if (record.blank)
            continue;
        for (const auto& field : fields) {
            const auto raw = sample.text.substr(field.begin, field.end - field.begin);
            ++trial.fields;
            if (field.begin > fields.front().begin) {
                ++trial.delimiters;
                trial.spacedDelimiters += raw.starts_with(' ');
            }
            if (dialect.quote == '\0' || !raw.starts_with(dialect.quote))
                continue;
            if (field.closing == FieldSpan::unquoted || field.closing + 1 != field.end) {
                ++trial.brokenQuotes;
                continue;
            }
            ++trial.quotedFields;
            const auto inside = raw.substr(1, raw.size() - 2);
            const bool doubled = inside.find(std::string(2, dialect.quote)) != std::string_view::npos;
            trial.doubledQuotes += doubled;
            trial.neededQuotes += doubled
                || inside.find_first_of(std::string{dialect.delimiter, '\n', '\r'}) != std::string_view::npos;
        }
        if (trial.records == 0) {
            for (const auto& field : fields) {
                trial.firstRecord.emplace_back();
                appendField(trial.firstRecord.back(), sample.text, field, dialect.quote);
            }
        }
        ++trial.records;
        trial.lines += record.lines;
        ++trial.recordsByFields[int64_t(fields.size())];
    }
    return trial;
}

/// The user's quote, else '"' unless the sample speaks against quoting. Tab-separated text is rarely quoted:
/// there it takes doubled quotes, fields that cut the rows evenly only when quoted, or quotes around nearly
/// everything.
char chooseQuote(
    const DialectSample& sample, const Trial& quoted, const Dialect& dialect, std::optional<char> fixed)
{
    if (fixed)
        return *fixed;
    const bool tab = dialect.delimiter == '\t';
    // A few broken ones in a comma-separated file are faults to report.
    if (quoted.brokenQuotes > (tab ? 0 : std::max<int64_t>(2, quoted.quotedFields)))
        return '\0';
    if (!tab || quoted.doubledQuotes > 0)
        return '"';
    if (quoted.neededQuotes > 0) {
        auto unquoted = dialect;
        unquoted.quote = '\0';
        return tryDialect(sample, unquoted).consistency() < quoted.consistency() ? '"' : '\0';
    }
    return quoted.quotedFields * 10 >= quoted.fields * 4 ? '"' : '\0';
}

bool namesColumns(const Trial& trial)
{
    int64_t known = 0;
    for (const auto& cell : trial.firstRecord) {
        if (isNumber(cell) || cell.size() > 60)
            return false;
        known += isKnownColumnName(cell);
    }
    return trial.firstRecord.size() >= 2 && known >= 1
        && (known >= 2 || trial.commonFields() == int64_t(trial.firstRecord.size()));
}

} // namespace

bool isKnownColumnName(std::string_view name)
{
    static const std::set<std::string, std::less<>> known = {"text", "texts", "sentence", "sentences",
        "sentence1", "sentence2", "sentence_a", "sentence_b", "text1", "text2", "text_a", "text_b",
        "text_pair", "review", "reviews", "review_text", "reviewtext", "comment", "comments", "comment_text",
        "content", "body", "message", "sms", "tweet", "title", "headline", "description", "question",
        "question1", "question2", "query", "document", "passage", "answer", "context", "premise",
        "hypothesis", "input", "output", "instruction", "response", "prompt", "utterance", "phrase", "source",
        "target", "label", "labels", "class", "category", "categories", "sentiment", "intent", "topic",
        "topics", "tag", "tags", "rating", "stars", "score", "similarity", "similarity_score", "polarity",
        "gold_label", "label_id", "label_name", "label_text", "class_index", "emotion", "emotions",
        "is_duplicate", "is_spam", "toxic", "spam", "stance", "id", "idx", "index", "guid", "qid", "pair_id",
        "split", "date", "name", "summary", "article", "文本", "内容", "句子", "评论", "标签", "类别", "分类",
        "标题", "正文", "问题", "情感", "句子1", "句子2", "编号"};
    auto trimmed = name;
    while (!trimmed.empty() && (trimmed.front() == ' ' || trimmed.front() == '#'))
        trimmed.remove_prefix(1);
    while (!trimmed.empty() && trimmed.back() == ' ')
        trimmed.remove_suffix(1);
    auto lower = asciiLower(trimmed);
    std::replace(lower.begin(), lower.end(), ' ', '_');
    std::replace(lower.begin(), lower.end(), '-', '_');
    return known.contains(lower);
}

DialectGuess guessDialect(
    const DialectSample& sample, bool bareCr, std::optional<char> delimiter, std::optional<char> quote)
{
    if (delimiter) {
        Dialect dialect{.delimiter = *delimiter, .quote = quote.value_or('"'), .bareCr = bareCr};
        const auto quoted = tryDialect(sample, dialect);
        dialect.quote = chooseQuote(sample, quoted, dialect, quote);
        const auto columns = tryDialect(sample, dialect).commonFields();
        return {.delimiter = *delimiter,
            .quote = dialect.quote,
            .columns = columns,
            .quotesSeen = quoted.opensQuotes()};
    }
    DialectGuess best;
    double bestScore = 0;
    for (const char candidate : {'\t', ',', ';', '|'}) {
        Dialect dialect{.delimiter = candidate, .quote = quote.value_or('"'), .bareCr = bareCr};
        auto trial = tryDialect(sample, dialect);
        const auto chosen = chooseQuote(sample, trial, dialect, quote);
        const bool quotesSeen = trial.opensQuotes();
        if (chosen != dialect.quote) {
            dialect.quote = chosen;
            trial = tryDialect(sample, dialect);
        }
        const auto columns = trial.commonFields();
        const bool named = namesColumns(trial);
        const bool extensionFits = (candidate == ',' && sample.extension == ".csv")
            || (candidate == '\t' && sample.extension == ".tsv");
        // Texts in quotes, a line each, are a table of one column.
        if (columns == 1 && candidate == ',' && trial.records > 0 && trial.consistency() == 1
            && (trial.quotedFields * 2 > trial.records || (extensionFits && trial.neededQuotes > 0))
            && trial.brokenQuotes == 0 && bestScore == 0) {
            best = {.delimiter = candidate, .quote = chosen, .columns = 1, .quotesSeen = quotesSeen};
            continue;
        }
        if (columns < 2 && !named)
            continue;
        // Commas in prose are followed by a space; those between fields are not.
        if (candidate != '\t' && !named && !extensionFits && trial.spacedDelimiters * 2 > trial.delimiters)
            continue;
        const double needed = named ? 0.3 : extensionFits ? 0.6 : candidate == '\t' ? 0.8 : 0.9;
        if (trial.consistency() < needed)
            continue;
        const double score = trial.consistency() + (named ? 1 : 0) + (extensionFits ? 0.5 : 0)
            + (candidate == '\t'       ? 0.3
                    : candidate == ',' ? 0.1
                                       : 0);
        if (score > bestScore) {
            bestScore = score;
            best = {.delimiter = candidate,
                .quote = chosen,
                .columns = named ? int64_t(trial.firstRecord.size()) : columns,
                .quotesSeen = quotesSeen};
        }
    }
    return best;
}

bool looksLikeLabelText(const DialectSample& sample, bool bareCr)
{
    std::unordered_map<std::string_view, int64_t> labels;
    int64_t rows = 0;
    bool integers = true;
    bool prefixed = true; // fastText
    for (size_t position = 0; position < sample.text.size() && rows < 20'000;) {
        size_t end = 0;
        const auto next = nextLine(sample.text, position, bareCr, end);
        const auto line = sample.text.substr(position, end - position);
        if (!sample.whole && next >= sample.text.size() && rows > 0)
            break;
        position = next;
        if (line.empty())
            continue;
        const auto space = line.find_first_of(" \t");
        if (space == 0 || space == std::string_view::npos || space > 64)
            return false;
        const auto label = line.substr(0, space);
        ++rows;
        ++labels[label];
        integers = integers && label.size() <= 4
            && std::all_of(label.begin() + (label.starts_with('-') && label.size() > 1), label.end(),
                [](char c) { return c >= '0' && c <= '9'; });
        prefixed = prefixed && label.starts_with("__label__");
        if (labels.size() > 2000)
            return false;
    }
    const auto distinct = int64_t(labels.size());
    if (prefixed && rows > 0)
        return true;
    if (distinct < 2)
        return false;
    if (integers)
        return rows >= 2 && (distinct * 2 <= rows || distinct <= 2);
    // Words as labels: each must come back often, which first words of sentences do not.
    return rows >= 20 && distinct * 10 <= rows && distinct <= 200;
}

LabelledLine splitLabelledLine(std::string_view line)
{
    constexpr std::string_view space = " \t";
    LabelledLine split;
    for (auto begin = std::min(line.size(), line.find_first_not_of(space));
         line.substr(begin).starts_with("__label__");) {
        const auto end = std::min(line.size(), line.find_first_of(space, begin));
        split.labels.push_back(line.substr(begin, end - begin));
        begin = std::min(line.size(), line.find_first_not_of(space, end));
        split.text = begin;
    }
    return split;
}

bool hasSeveralLabels(const DialectSample& sample, bool bareCr)
{
    size_t most = 0;
    for (size_t position = 0; position < sample.text.size();) {
        size_t end = 0;
        const auto begin = position;
        position = nextLine(sample.text, begin, bareCr, end);
        if (end == begin || (!sample.whole && position >= sample.text.size()))
            continue;
        const auto labels = splitLabelledLine(sample.text.substr(begin, end - begin)).labels.size();
        if (labels == 0)
            return false;
        most = std::max(most, labels);
    }
    return most > 1;
}

bool looksLikeHeader(const std::vector<std::vector<std::string>>& records)
{
    if (records.empty())
        return false;
    const auto& first = records.front();
    int score = 0;
    bool anything = false;
    for (size_t column = 0; column < first.size(); ++column) {
        const auto& name = first[column];
        if (name.empty())
            continue;
        anything = true;
        if (isNumber(name) || name.find_first_of("\n\r") != std::string::npos || codePointCount(name) > 60)
            return false;
        const bool known = isKnownColumnName(name);
        int64_t values = 0;
        int64_t numbers = 0;
        int64_t equal = 0;
        int64_t characters = 0;
        int64_t spaced = 0;
        std::set<std::string_view> distinct;
        for (size_t i = 1; i < records.size(); ++i) {
            if (column >= records[i].size() || records[i][column].empty())
                continue;
            const auto& value = records[i][column];
            ++values;
            numbers += isNumber(value);
            equal += value == name;
            characters += int64_t(value.size());
            spaced += value.find(' ') != std::string::npos;
            distinct.insert(value);
        }
        if (equal > 0) {
            score -= 2;
            continue;
        }
        if (known)
            score += 3;
        if (values > 0 && numbers == values)
            score += 2;
        // A class would come back, as the others of its column do.
        else if (values >= 6 && int64_t(distinct.size()) * 3 <= values)
            score += 2;
        else if (values > 1 && spaced * 2 > values && isIdentifier(name)
            && name.find('_') != std::string::npos)
            score += 2;
        const bool prose
            = name.size() > 2 && std::string_view(".?!").find(name.back()) != std::string_view::npos;
        if (prose || std::count(name.begin(), name.end(), ' ') > 4 || name.ends_with("。")
            || name.ends_with("？") || name.ends_with("！"))
            score -= 2;
        else if (values > 1 && isIdentifier(name) && characters >= 8 * values * int64_t(name.size()))
            score += 1;
    }
    return anything && score > 0;
}

} // namespace studio
