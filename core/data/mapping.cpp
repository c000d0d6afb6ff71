// SPDX-License-Identifier: MIT
#include "core/base/parse_number.h"
#include "core/base/unicode.h"
#include "core/data/dataset.h"
#include "core/data/dataset_rows.h"

#include <algorithm>
#include <array>
#include <set>
#include <unicode/uchar.h>

namespace studio {
namespace {

constexpr int64_t sampledRows = 1000;

/// What the sampled rows say about a column.
struct ColumnFacts {
    std::string name;
    std::string plainName; ///< lower case, '_' for spaces and '-'
    int64_t filled = 0;
    int64_t numbers = 0;
    int64_t zeroOnes = 0;
    int64_t otherNumbers = 0; ///< than zeros and ones
    int64_t lists = 0;
    double meanLength = 0;
    std::set<std::string> values;

    [[nodiscard]] bool mostlyFilled(int64_t rows) const { return filled * 2 > rows; }
    [[nodiscard]] bool numeric() const { return filled > 0 && numbers == filled; }
    /// Long or varied enough to be read by a language model.
    [[nodiscard]] bool prose(int64_t rows) const
    {
        return mostlyFilled(rows) && !numeric() && lists < filled && int64_t(values.size()) * 2 > filled
            && (meanLength >= 12 || wide);
    }
    /// Few different short values, or numbers that are no row numbers.
    [[nodiscard]] bool labelLike(int64_t rows) const
    {
        if (!mostlyFilled(rows))
            return lists > 0 && lists == filled;
        const auto distinct = int64_t(values.size());
        if (numeric())
            return distinct < filled || filled < 5 || fractions > 0;
        if (meanLength > 60)
            return lists == filled;
        return distinct * 5 <= filled || distinct <= 2 || lists == filled;
    }
    /// Zeros and ones, but for cells that are reported as faults; other numbers are none.
    [[nodiscard]] bool flags(int64_t rows) const
    {
        return rows > 0 && otherNumbers == 0 && zeroOnes * 10 >= rows * 9;
    }
    bool wide = false; ///< holds text outside ASCII, where words are short
    int64_t fractions = 0; ///< numbers with a decimal point
};

std::string plain(std::string_view name)
{
    std::string out;
    for (const char c : name)
        out += c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c == ' ' || c == '-' ? '_' : c;
    return out;
}

/// Looks at `rows` rows spread evenly over the table: a file may be sorted by label.
std::vector<ColumnFacts> examine(const Table& table, int64_t rows)
{
    std::vector<ColumnFacts> facts(table.info().columns.size());
    for (size_t i = 0; i < facts.size(); ++i) {
        facts[i].name = table.info().columns[i];
        facts[i].plainName = plain(facts[i].name);
    }
    std::vector<std::string> parts;
    for (int64_t i = 0; i < rows; ++i) {
        const auto row = i * table.rowCount() / rows;
        if (const auto issue = table.rowIssue(row); issue && makesRowUnusable(*issue))
            continue;
        const auto cells = table.row(row);
        for (size_t column = 0; column < facts.size(); ++column) {
            auto& fact = facts[column];
            const auto& cell = cells[column];
            if (isBlank(cell))
                continue;
            ++fact.filled;
            fact.meanLength += double(codePointCount(cell));
            const bool number = parseNumber<double>(cell).has_value();
            fact.numbers += number;
            fact.fractions += number && cell.find('.') != std::string::npos;
            const bool zeroOne = parseZeroOne(cell).has_value();
            fact.zeroOnes += zeroOne;
            fact.otherNumbers += number && !zeroOne;
            parts.clear();
            fact.lists += cell.starts_with('[') && cell.size() < 2000 && splitLabels(cell, {}, parts);
            fact.wide
                = fact.wide || std::any_of(cell.begin(), cell.end(), [](char c) { return (c & 0x80) != 0; });
            fact.values.insert(cell.substr(0, 200));
        }
    }
    for (auto& fact : facts)
        fact.meanLength /= double(std::max<int64_t>(1, fact.filled));
    return facts;
}

class Suggestion {
public:
    explicit Suggestion(const Table& table)
        : m_rows(std::min(table.rowCount(), sampledRows))
        , m_facts(examine(table, m_rows))
    {
    }

    ColumnMapping make()
    {
        textByName();
        labelByName();
        if (m_mapping.labels.empty())
            labelByContent();
        if (m_mapping.text.empty())
            textByContent();
        return m_mapping;
    }

private:
    const ColumnFacts* named(std::string_view name) const
    {
        for (const auto& fact : m_facts) {
            if (fact.plainName == name && fact.filled > 0)
                return &fact;
        }
        return nullptr;
    }

    [[nodiscard]] bool taken(const ColumnFacts& fact) const
    {
        return fact.name == m_mapping.text || fact.name == m_mapping.textPair
            || std::find(m_mapping.labels.begin(), m_mapping.labels.end(), fact.name)
            != m_mapping.labels.end();
    }

    [[nodiscard]] static bool identifies(const ColumnFacts& fact)
    {
        static const std::set<std::string, std::less<>> names
            = {"id", "idx", "index", "guid", "qid", "pair_id", "uid", "uuid", "split", "date", "time",
                "timestamp", "created_at", "user", "author", "url", "编号", "#1_id", "#2_id", "question_id",
                "sentence_id", "phraseid", "sentenceid", "tweet_id", "textid", "conversation_hash"};
        return names.contains(fact.plainName);
    }

    void textByName()
    {
        static constexpr std::array<std::array<std::string_view, 2>, 20> pairs = {{{"sentence1", "sentence2"},
            {"sentence_1", "sentence_2"}, {"text1", "text2"}, {"text_1", "text_2"}, {"text_a", "text_b"},
            {"sentence_a", "sentence_b"}, {"premise", "hypothesis"}, {"question1", "question2"},
            {"question", "sentence"}, {"question", "passage"}, {"query", "passage"}, {"query", "document"},
            {"text", "text_pair"}, {"#1_string", "#2_string"}, {"句子1", "句子2"}, {"title", "description"},
            {"title", "content"}, {"title", "text"}, {"标题", "内容"}, {"标题", "正文"}}};
        for (const auto& [first, second] : pairs) {
            const auto* text = named(first);
            const auto* pair = named(second);
            if (text && pair && !text->numeric() && !pair->numeric() && pair->mostlyFilled(m_rows)) {
                m_mapping.text = text->name;
                m_mapping.textPair = pair->name;
                return;
            }
        }
        static constexpr std::string_view names[] = {"text", "texts", "sentence", "sentence1", "text_a",
            "review", "reviews", "review_text", "reviewtext", "review_body", "comment_text", "comment",
            "comments", "content", "body", "message", "sms", "tweet", "utterance", "phrase", "document",
            "article", "question", "query", "headline", "title", "description", "instruction", "prompt",
            "input", "passage", "context", "文本", "内容", "句子", "评论", "正文", "标题", "问题"};
        for (const auto name : names) {
            const auto* fact = named(name);
            if (fact && !fact->numeric() && fact->mostlyFilled(m_rows)) {
                m_mapping.text = fact->name;
                return;
            }
        }
    }

    void labelByName()
    {
        static constexpr std::string_view names[] = {"label", "labels", "gold_label", "class", "category",
            "categories", "sentiment", "intent", "polarity", "emotion", "emotions", "topic", "topics",
            "is_duplicate", "is_spam", "quality", "rating", "stars", "overall", "score", "similarity",
            "similarity_score", "class_index", "label_id", "label_text", "label_name", "stance", "tag",
            "tags", "target", "标签", "类别", "分类", "情感"};
        for (const auto name : names) {
            const auto* fact = named(name);
            if (fact && !taken(*fact) && fact->mostlyFilled(m_rows) && fact->meanLength <= 200
                && (fact->labelLike(m_rows) || fact->filled < 50 || name.starts_with("label"))) {
                m_mapping.labels = {fact->name};
                return;
            }
        }
    }

    /// Fewer values, but a column that holds one value only tells nothing apart.
    [[nodiscard]] static bool betterLabel(const ColumnFacts& fact, const ColumnFacts& best)
    {
        const bool constant = fact.values.size() < 2;
        if (constant != (best.values.size() < 2))
            return !constant;
        return fact.values.size() < best.values.size();
    }

    void labelByContent()
    {
        // Several columns of zeros and ones are one multi-label answer, unless none of them tells anything.
        std::vector<std::string> flags;
        bool varies = false;
        const ColumnFacts* best = nullptr;
        for (const auto& fact : m_facts) {
            if (taken(fact) || identifies(fact) || !(fact.labelLike(m_rows) || fact.flags(m_rows)))
                continue;
            if (fact.flags(m_rows)) {
                flags.push_back(fact.name);
                varies = varies || fact.values.size() > 1;
            }
            if (!best || betterLabel(fact, *best))
                best = &fact;
        }
        if (flags.size() > 1 && varies)
            m_mapping.labels = flags;
        else if (best && m_facts.size() > 1)
            m_mapping.labels = {best->name};
    }

    /// Two columns of prose are a pair in the order of the file: two sentences to compare (STS), or a title
    /// and its text (AG News), which a model reads as two segments. Of more, the longest is the text.
    void textByContent()
    {
        std::vector<const ColumnFacts*> prose;
        const ColumnFacts* longest = nullptr;
        for (const auto& fact : m_facts) {
            if (taken(fact) || identifies(fact) || fact.filled == 0)
                continue;
            if (fact.prose(m_rows))
                prose.push_back(&fact);
            if (!fact.numeric() && fact.mostlyFilled(m_rows)
                && (!longest || fact.meanLength > longest->meanLength))
                longest = &fact;
        }
        if (prose.size() == 2) {
            m_mapping.text = prose[0]->name;
            m_mapping.textPair = prose[1]->name;
        } else if (longest) {
            m_mapping.text = longest->name;
        } else if (m_facts.size() == 1) {
            m_mapping.text = m_facts.front().name;
        }
    }

    int64_t m_rows;
    std::vector<ColumnFacts> m_facts;
    ColumnMapping m_mapping;
};

} // namespace

ColumnMapping suggestMapping(const Table& table)
{
    return Suggestion(table).make();
}

} // namespace studio
