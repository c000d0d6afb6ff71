// SPDX-License-Identifier: MIT
#include "core/data/dataset.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/parse_number.h"
#include "core/base/unicode.h"
#include "core/data/dataset_rows.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <unordered_map>

namespace studio {
namespace {

constexpr int64_t reportRows = 4096;
constexpr int64_t mostlyFactor = 9; ///< so many times as many as the others: 90 % of all

std::string_view trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(" \t\r\n");
    return first == std::string_view::npos ? std::string_view()
                                           : text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::optional<double> parseTarget(std::string_view cell)
{
    auto text = trimmed(cell);
    if (text.starts_with('+'))
        text.remove_prefix(1);
    const auto value = parseNumber<double>(text);
    return value && std::isfinite(*value) ? value : std::nullopt;
}

/// What the first label cells of a column without a separator hold.
struct ListFacts {
    int64_t lists = 0;
    int64_t others = 0;
    size_t flags = 0; ///< above 0: each list holds so many 0 and 1
};

ListFacts examineLists(const DatasetRows& rows)
{
    ListFacts facts;
    bool flagged = true;
    std::vector<std::string> cells;
    std::vector<std::string> labels;
    std::vector<bool> flags;
    for (int64_t row = 0; row < rows.table->rowCount() && facts.lists + facts.others < 2000; ++row) {
        rows.table->cells(row, rows.labelColumns, cells);
        const auto cell = trimmed(cells.front());
        if (cell.empty())
            continue;
        labels.clear();
        if (!cell.starts_with('[') || !cell.ends_with(']') || !splitLabels(cell, {}, labels)) {
            ++facts.others;
            continue;
        }
        ++facts.lists;
        flagged = flagged && readFlags(cell, flags) && flags.size() >= 2
            && (facts.flags == 0 || facts.flags == flags.size());
        facts.flags = flagged ? flags.size() : 0;
    }
    return facts;
}

/// The type that the flag or else the first rows of the label column say, and whether its lists are flags.
/// Integers stay classes; regression is never guessed.
void decideType(DatasetRows& rows)
{
    const auto wanted = rows.options.problemType;
    if (rows.labelColumns.size() > 1
        && (wanted == ProblemType::Regression || wanted == ProblemType::SingleLabel))
        throw Error(ErrorKind::Settings,
            concat(rows.labelColumns.size(), " label columns are given, but ", problemTypeName(wanted),
                " needs exactly one; give one, or use multi_label_classification."));
    rows.problemType = wanted == ProblemType::Auto ? ProblemType::SingleLabel : wanted;
    if (rows.labelColumns.empty() || (wanted != ProblemType::Auto && wanted != ProblemType::MultiLabel))
        return;
    if (rows.labelColumns.size() > 1 || !rows.options.mapping.labelSeparator.empty()) {
        rows.problemType = ProblemType::MultiLabel;
        return;
    }
    const auto facts = examineLists(rows);
    // A cell that is no list among them is one label.
    if (facts.lists > 0 && facts.lists >= facts.others * mostlyFactor)
        rows.problemType = ProblemType::MultiLabel;
    if (rows.problemType == ProblemType::MultiLabel)
        rows.flags = facts.flags;
}

/// Reads the rows of a table one after the other into DatasetRows.
class Builder {
public:
    Builder(DatasetRows& rows, const TaskControl& control)
        : m_rows(rows)
        , m_control(control)
    {
    }

    void build()
    {
        const auto& table = *m_rows.table;
        const auto total = table.rowCount();
        std::vector<int> columns = m_rows.textColumns;
        columns.insert(columns.end(), m_rows.labelColumns.begin(), m_rows.labelColumns.end());
        const auto textCount = m_rows.textColumns.size();
        const auto& cleaning = m_rows.options.cleaning;
        const bool cleans = cleaning.html || cleaning.urls || cleaning.nfkc || cleaning.whitespace;
        std::vector<std::string> cells;
        std::vector<std::string> texts(textCount);
        if (m_rows.problemType == ProblemType::MultiLabel)
            m_rows.labelStart.push_back(0);
        if (m_rows.labelColumns.size() > 1) {
            for (const auto column : m_rows.labelColumns)
                (void)labelId(table.info().columns[size_t(column)]);
        }
        for (size_t i = 0; i < m_rows.flags; ++i)
            (void)labelId(concat("LABEL_", i)); // as transformers names what has no name
        for (int64_t row = 0; row < total; ++row) {
            if (row % reportRows == 0) {
                m_control.throwIfStopped();
                m_control.report(row, total);
                table.releaseRows(row - reportRows, row);
            }
            if (const auto issue = table.rowIssue(row)) {
                m_issues[*issue].add(row);
                if (makesRowUnusable(*issue))
                    continue;
            }
            table.cells(row, columns, cells);
            for (size_t i = 0; i < textCount; ++i)
                texts[i] = cleans ? cleanText(cells[i], cleaning) : std::move(cells[i]);
            const bool blank = isBlank(texts.front());
            if (blank)
                m_blank.add(row);
            if ((blank && cleaning.dropEmpty) || !addLabel(row, std::span(cells).subspan(textCount)))
                continue;
            m_hashes.push_back(textHash(texts));
            m_tableRows.push_back(row);
            m_lengths.push_back(uint32_t(std::accumulate(texts.begin(), texts.end(), int64_t(0),
                [](int64_t sum, const std::string& text) { return sum + codePointCount(text); })));
        }
        m_control.report(total, total);
        finish(total);
    }

private:
    int32_t labelId(const std::string& name)
    {
        const auto found = m_ids.find(name);
        if (found != m_ids.end())
            return found->second;
        if (m_ids.size() >= maxLabels)
            throw Error(ErrorKind::Data,
                concat("Label column '", m_rows.options.mapping.labels.front(), "' holds more than ",
                    maxLabels,
                    " different values, so it holds no classes; choose another label column, or regression "
                    "for numbers."));
        const auto id = int32_t(m_ids.size());
        m_ids.emplace(name, id);
        m_rows.labelNames.push_back(name);
        m_rows.labelCounts.push_back(0);
        return id;
    }

    void invalid(int64_t row, std::string_view cell)
    {
        if (m_invalid.count() == 0)
            m_invalidExample = concat("row ", row + 1, ": '", elided(cell, 40), "'");
        m_invalid.add(row);
    }

    /// False when the row's label makes it unusable.
    bool addLabel(int64_t row, std::span<const std::string> cells)
    {
        if (cells.empty())
            return true;
        if (m_rows.problemType == ProblemType::MultiLabel)
            return addLabelSet(row, cells);
        const auto& cell = cells.front();
        if (isBlank(cell)) {
            m_missing.add(row);
            return false;
        }
        if (m_rows.problemType == ProblemType::Regression) {
            const auto value = parseTarget(cell);
            if (!value) {
                invalid(row, cell);
                return false;
            }
            m_rows.targets.push_back(*value);
            return true;
        }
        const auto id = labelId(cell);
        ++m_rows.labelCounts[size_t(id)];
        m_rows.labels.push_back(id);
        return true;
    }

    bool addLabelSet(int64_t row, std::span<const std::string> cells)
    {
        m_set.clear();
        if (cells.size() > 1) {
            for (size_t i = 0; i < cells.size(); ++i) {
                if (isBlank(cells[i])) {
                    m_missing.add(row);
                    return false;
                }
                const auto flag = parseZeroOne(cells[i]);
                if (!flag) {
                    invalid(row, cells[i]);
                    return false;
                }
                if (*flag)
                    m_set.push_back(int32_t(i));
            }
        } else if (m_rows.flags > 0) {
            if (isBlank(cells.front())) {
                m_missing.add(row);
                return false;
            }
            if (!readFlags(cells.front(), m_flags) || m_flags.size() != m_rows.flags) {
                invalid(row, cells.front());
                return false;
            }
            for (size_t i = 0; i < m_flags.size(); ++i) {
                if (m_flags[i])
                    m_set.push_back(int32_t(i));
            }
        } else {
            m_parts.clear();
            if (isBlank(cells.front()) && m_rows.options.mapping.labelSeparator.empty()) {
                m_missing.add(row);
                return false;
            }
            if (!splitLabels(cells.front(), m_rows.options.mapping.labelSeparator, m_parts)) {
                invalid(row, cells.front());
                return false;
            }
            for (const auto& part : m_parts)
                m_set.push_back(labelId(part));
            std::sort(m_set.begin(), m_set.end());
            m_set.erase(std::unique(m_set.begin(), m_set.end()), m_set.end());
        }
        for (const auto id : m_set)
            ++m_rows.labelCounts[size_t(id)];
        m_rows.labels.insert(m_rows.labels.end(), m_set.begin(), m_set.end());
        m_rows.labelStart.push_back(int64_t(m_rows.labels.size()));
        return true;
    }

    /// Numbers the labels by the rule: numerically when all are integers, else by code point (UTF-8 sorts
    /// so). Names of positions stay in their order.
    void orderLabels()
    {
        if (m_rows.flags > 0)
            return;
        auto& names = m_rows.labelNames;
        std::vector<int64_t> numbers(names.size());
        bool integers = true;
        for (size_t i = 0; integers && i < names.size(); ++i) {
            const auto number = parseNumber<int64_t>(names[i]);
            integers = number.has_value();
            numbers[i] = number.value_or(0);
        }
        std::vector<int32_t> order(names.size());
        std::iota(order.begin(), order.end(), 0);
        std::sort(order.begin(), order.end(), [&](int32_t a, int32_t b) {
            if (integers && numbers[size_t(a)] != numbers[size_t(b)])
                return numbers[size_t(a)] < numbers[size_t(b)];
            return names[size_t(a)] < names[size_t(b)];
        });
        std::vector<int32_t> renumbered(names.size());
        std::vector<std::string> sortedNames;
        std::vector<int64_t> sortedCounts;
        for (size_t i = 0; i < order.size(); ++i) {
            renumbered[size_t(order[i])] = int32_t(i);
            sortedNames.push_back(names[size_t(order[i])]);
            sortedCounts.push_back(m_rows.labelCounts[size_t(order[i])]);
        }
        names = std::move(sortedNames);
        m_rows.labelCounts = std::move(sortedCounts);
        for (auto& label : m_rows.labels)
            label = renumbered[size_t(label)];
        for (size_t i = 0; i + 1 < m_rows.labelStart.size(); ++i)
            std::sort(m_rows.labels.begin() + m_rows.labelStart[i],
                m_rows.labels.begin() + m_rows.labelStart[i + 1]);
    }

    /// Takes the flagged rows out again.
    void drop(const std::vector<bool>& flags)
    {
        DatasetRows kept;
        std::vector<int64_t> tableRows;
        std::fill(m_rows.labelCounts.begin(), m_rows.labelCounts.end(), 0);
        if (!m_rows.labelStart.empty())
            kept.labelStart.push_back(0);
        for (size_t i = 0; i < flags.size(); ++i) {
            if (flags[i])
                continue;
            m_lengths[tableRows.size()] = m_lengths[i];
            tableRows.push_back(m_tableRows[i]);
            if (!m_rows.targets.empty())
                kept.targets.push_back(m_rows.targets[i]);
            const auto begin = m_rows.labelStart.empty() ? int64_t(i) : m_rows.labelStart[i];
            const auto end = m_rows.labelStart.empty() ? int64_t(i) + 1 : m_rows.labelStart[i + 1];
            for (auto j = begin; j < end && !m_rows.labels.empty(); ++j) {
                kept.labels.push_back(m_rows.labels[size_t(j)]);
                ++m_rows.labelCounts[size_t(m_rows.labels[size_t(j)])];
            }
            if (!m_rows.labelStart.empty())
                kept.labelStart.push_back(int64_t(kept.labels.size()));
        }
        m_tableRows = std::move(tableRows);
        m_rows.targets = std::move(kept.targets);
        m_rows.labels = std::move(kept.labels);
        m_rows.labelStart = std::move(kept.labelStart);
    }

    void finish(int64_t total)
    {
        using Kind = DataProblem::Kind;
        auto& problems = m_rows.problems;
        const auto labelColumn
            = m_rows.options.mapping.labels.empty() ? "" : m_rows.options.mapping.labels.front();
        addTableProblems();
        if (m_missing.count() > 0)
            problems.push_back(m_missing.problem(Kind::MissingLabel,
                concat(
                    rowsText(m_missing.count(), "has", "have"), " no label in column '", labelColumn, "'."),
                true));
        if (m_invalid.count() > 0) {
            const auto what = m_rows.problemType == ProblemType::Regression
                ? std::string(" a label that is not a finite number (")
                : m_rows.labelColumns.size() > 1 ? std::string(" a label other than 0 and 1 (")
                : m_rows.flags > 0
                ? concat(" a label that is no list of ", m_rows.flags, " values 0 or 1 as the others are (")
                : std::string(" a label list that cannot be read (");
            problems.push_back(m_invalid.problem(Kind::InvalidLabel,
                concat(rowsText(m_invalid.count(), "has", "have"), what, m_invalidExample, ")."), true));
        }
        const bool dropsBlank = m_rows.options.cleaning.dropEmpty;
        if (m_blank.count() > 0)
            problems.push_back(m_blank.problem(Kind::EmptyText,
                concat(rowsText(m_blank.count(), "has", "have"), " an empty text",
                    dropsBlank ? "; cleaning leaves them out." : "."),
                dropsBlank));
        if (m_tableRows.empty()) {
            std::string reasons;
            for (const auto& problem : problems)
                reasons += (reasons.empty() ? "" : " ") + problem.message;
            throw Error(ErrorKind::Data,
                concat("'", pathText(m_rows.table->info().file), "': none of its ", total,
                    " rows can be used. ", reasons));
        }
        orderLabels();
        m_rows.size = int64_t(m_tableRows.size());
        if (m_rows.size != total)
            m_rows.tableRows = m_tableRows;
        const auto repeated = addEqualTextProblems(m_rows, m_hashes, m_control);
        if (m_rows.options.cleaning.dropDuplicates)
            drop(repeated);
        m_rows.size = int64_t(m_tableRows.size());
        LengthHistogram characters;
        for (int64_t i = 0; i < m_rows.size; ++i)
            characters.add(m_lengths[size_t(i)]);
        m_rows.characters = characters.statistics();
        m_rows.tableRows.clear();
        if (m_rows.size != total)
            m_rows.tableRows = std::move(m_tableRows);
        m_rows.tableRows.shrink_to_fit();
        addLabelProblems(m_rows);
        std::stable_sort(problems.begin(), problems.end(),
            [](const DataProblem& a, const DataProblem& b) { return a.rowsUnusable > b.rowsUnusable; });
    }

    void addTableProblems()
    {
        struct Row {
            TableIssue::Kind issue;
            DataProblem::Kind problem;
            const char* one;
            const char* many;
            const char* rest;
        };
        const Row table[] = {
            {TableIssue::Kind::RaggedRow, DataProblem::Kind::RaggedRow, "has", "have",
                " another number of cells than there are columns."},
            {TableIssue::Kind::InvalidJson, DataProblem::Kind::InvalidJson, "is", "are", " not valid JSON."},
            {TableIssue::Kind::NulByte, DataProblem::Kind::NulByte, "holds", "hold", " a zero byte."},
            {TableIssue::Kind::UndecodableBytes, DataProblem::Kind::UndecodableBytes, "holds", "hold",
                " bytes that the file's encoding does not allow; they became U+FFFD."},
            {TableIssue::Kind::UnclosedQuote, DataProblem::Kind::UnclosedQuote, "begins", "begin",
                " a quoted cell that nothing closes; the quote was taken as a character."},
        };
        for (const auto& entry : table) {
            const auto found = m_issues.find(entry.issue);
            if (found == m_issues.end())
                continue;
            m_rows.problems.push_back(found->second.problem(entry.problem,
                concat(rowsText(found->second.count(), entry.one, entry.many), entry.rest),
                makesRowUnusable(entry.issue)));
        }
    }

    DatasetRows& m_rows;
    const TaskControl& m_control;
    std::vector<int64_t> m_tableRows;
    std::vector<uint64_t> m_hashes;
    std::vector<uint32_t> m_lengths; ///< code points
    std::unordered_map<std::string, int32_t> m_ids;
    std::vector<int32_t> m_set;
    std::vector<bool> m_flags;
    std::vector<std::string> m_parts;
    std::map<TableIssue::Kind, ProblemRows> m_issues;
    ProblemRows m_blank, m_missing, m_invalid;
    std::string m_invalidExample;
};

} // namespace

struct Dataset::State : DatasetRows { };

std::shared_ptr<const Dataset> Dataset::create(
    std::shared_ptr<const Table> table, const DatasetOptions& options, const TaskControl& control)
{
    const auto& mapping = options.mapping;
    const auto file = pathText(table->info().file);
    if (mapping.text.empty())
        throw Error(ErrorKind::Data,
            concat("'", file, "': no column is chosen as text; choose one (--text_column)."));
    auto state = std::make_unique<State>();
    state->options = options;
    state->textColumns.push_back(table->columnIndex(mapping.text));
    if (!mapping.textPair.empty())
        state->textColumns.push_back(table->columnIndex(mapping.textPair));
    for (const auto& label : mapping.labels)
        state->labelColumns.push_back(table->columnIndex(label));
    auto all = state->textColumns;
    all.insert(all.end(), state->labelColumns.begin(), state->labelColumns.end());
    std::sort(all.begin(), all.end());
    if (const auto twice = std::adjacent_find(all.begin(), all.end()); twice != all.end())
        throw Error(ErrorKind::Data,
            concat("'", file, "': column '", table->info().columns[size_t(*twice)],
                "' is chosen twice; text, text pair and labels need different columns."));
    state->table = std::move(table);
    decideType(*state);
    Builder(*state, control).build();
    return std::shared_ptr<const Dataset>(new Dataset(std::move(state)));
}

Dataset::Dataset(std::unique_ptr<State> state)
    : m_state(std::move(state))
{
}

Dataset::~Dataset() = default;

const Table& Dataset::table() const
{
    return *m_state->table;
}
const DatasetOptions& Dataset::options() const
{
    return m_state->options;
}
ProblemType Dataset::problemType() const
{
    return m_state->problemType;
}
bool Dataset::hasPairs() const
{
    return m_state->textColumns.size() > 1;
}
bool Dataset::isLabelled() const
{
    return !m_state->labelColumns.empty();
}
int64_t Dataset::size() const
{
    return m_state->size;
}
int64_t Dataset::tableRow(int64_t index) const
{
    return m_state->tableRow(index);
}
const std::vector<std::string>& Dataset::labelNames() const
{
    return m_state->labelNames;
}
const std::vector<int64_t>& Dataset::labelCounts() const
{
    return m_state->labelCounts;
}
const std::vector<DataProblem>& Dataset::problems() const
{
    return m_state->problems;
}
const LengthStatistics& Dataset::characterLengths() const
{
    return m_state->characters;
}

void Dataset::texts(int64_t index, std::vector<std::string>& out) const
{
    m_state->texts(m_state->tableRow(index), out);
}

std::string Dataset::text(int64_t index) const
{
    return cleanText(
        m_state->table->cell(tableRow(index), m_state->textColumns[0]), m_state->options.cleaning);
}

std::string Dataset::textPair(int64_t index) const
{
    if (!hasPairs())
        return {};
    return cleanText(
        m_state->table->cell(tableRow(index), m_state->textColumns[1]), m_state->options.cleaning);
}

int32_t Dataset::label(int64_t index) const
{
    return m_state->labels.at(size_t(index));
}

std::vector<int32_t> Dataset::labels(int64_t index) const
{
    const auto& all = m_state->labels;
    const auto& start = m_state->labelStart;
    if (start.empty())
        return all.empty() ? std::vector<int32_t>() : std::vector<int32_t>{all.at(size_t(index))};
    return {all.begin() + start.at(size_t(index)), all.begin() + start.at(size_t(index) + 1)};
}

double Dataset::target(int64_t index) const
{
    return m_state->targets.at(size_t(index));
}

} // namespace studio
