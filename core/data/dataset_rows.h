// SPDX-License-Identifier: MIT
#pragma once

#include "core/data/dataset.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace studio {

/// A class with fewer rows is reported: with the usual tenth for validation no row of it may be held out.
inline constexpr int64_t rareClassRows = 5;
/// Rows kept in a DataProblem.
inline constexpr size_t keptProblemRows = 1000;
/// More different labels are no classification.
inline constexpr size_t maxLabels = 100'000;

/// What stands behind Dataset: 4 to 20 bytes a usable row.
struct DatasetRows {
    std::shared_ptr<const Table> table;
    DatasetOptions options;
    ProblemType problemType = ProblemType::SingleLabel;
    std::vector<int> textColumns; ///< text, and its pair where there is one
    std::vector<int> labelColumns;
    int64_t size = 0;
    std::vector<int64_t> tableRows; ///< empty: all rows of the table, in order
    size_t flags = 0; ///< above 0: a label cell is a list of so many 0 and 1, read by position
    std::vector<std::string> labelNames;
    std::vector<int64_t> labelCounts;
    std::vector<int32_t>
        labels; ///< single label: one a row; multi-label: those of all rows, one after the other
    std::vector<int64_t> labelStart; ///< multi-label: size + 1 positions in `labels`
    std::vector<double> targets; ///< regression
    LengthStatistics characters; ///< of text and pair together
    std::vector<DataProblem> problems;

    [[nodiscard]] int64_t tableRow(int64_t index) const
    {
        return tableRows.empty() ? index : tableRows[size_t(index)];
    }
    /// Cleaned text and pair of a row of the table.
    void texts(int64_t tableRow, std::vector<std::string>& out) const;
    /// Equal for rows with equal labels.
    [[nodiscard]] uint64_t labelKey(int64_t index) const;
};

/// Rows of one problem, collected in any order.
class ProblemRows {
public:
    void add(int64_t tableRow) { m_rows.push_back(tableRow + 1); }
    [[nodiscard]] int64_t count() const { return int64_t(m_rows.size()); }
    [[nodiscard]] DataProblem problem(DataProblem::Kind kind, std::string message, bool unusable);

private:
    std::vector<int64_t> m_rows;
};

/// "1 row" or "1234 rows", followed by `one` or `many`.
[[nodiscard]] std::string rowsText(int64_t count, std::string_view one, std::string_view many);

/// Splits a multi-label cell: a JSON list (Python's single quotes too), else by `separator`, else the cell as
/// one label. False when a list is begun and not well-formed.
[[nodiscard]] bool splitLabels(
    std::string_view cell, const std::string& separator, std::vector<std::string>& out);

/// A cell of a column of flags: 0, 1, 0.0, 1., true, False, …; nullopt for anything else.
[[nodiscard]] std::optional<bool> parseZeroOne(std::string_view cell);

/// Reads a list of flags: "[1, 0, 0]", "[1.0,0.0]", NumPy's "[0 1 0]"; false for anything else, names in
/// quotes too.
[[nodiscard]] bool readFlags(std::string_view cell, std::vector<bool>& out);

/// True for text that is empty or only white space.
[[nodiscard]] bool isBlank(std::string_view text);

[[nodiscard]] uint64_t textHash(const std::vector<std::string>& texts);

/// Equal texts: problems DuplicateRow and ConflictingLabels; `hashes` has one a row. Returns a flag for each
/// row that repeats an earlier one with the same label.
[[nodiscard]] std::vector<bool> addEqualTextProblems(
    DatasetRows& rows, const std::vector<uint64_t>& hashes, const TaskControl& control);

/// Problems LabelsDifferByCase and RareClass.
void addLabelProblems(DatasetRows& rows);

} // namespace studio
