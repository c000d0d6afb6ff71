// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/json.h"
#include "core/base/task.h"
#include "core/data/length_statistics.h"
#include "core/data/table.h"
#include "core/text/cleaning.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace studio {

/// transformers' `problem_type`.
enum class ProblemType { Auto, SingleLabel, MultiLabel, Regression };
/// "auto", "single_label_classification", "multi_label_classification", "regression".
[[nodiscard]] std::string problemTypeName(ProblemType type);
[[nodiscard]] ProblemType parseProblemType(std::string_view name); ///< throws Error{Settings}

/// Which columns mean what. Several label columns: multi-label given as 0/1 columns.
struct ColumnMapping {
    std::string text = {};
    std::string textPair = {}; ///< empty: single texts
    std::vector<std::string> labels = {}; ///< empty: unlabelled
    std::string labelSeparator = {}; ///< multi-label cell "a;b"; empty: a JSON list or one label
    bool operator==(const ColumnMapping&) const = default;
};

/// A sensible guess from names (text, sentence, review, label, …; sentence1/sentence2, premise/hypothesis)
/// and contents (length, number of distinct values) of rows spread over the table. Fields stay empty where
/// nothing fits.
[[nodiscard]] ColumnMapping suggestMapping(const Table& table);

struct DatasetOptions {
    ColumnMapping mapping = {};
    ProblemType problemType = ProblemType::Auto;
    CleaningOptions cleaning = {};
};

/// Something about the data that a person should know. `rows` count from 1, as in the file; at most 1,000 are
/// kept.
struct DataProblem {
    enum class Kind {
        EmptyText,
        MissingLabel,
        RaggedRow,
        UndecodableBytes,
        NulByte,
        UnclosedQuote,
        InvalidJson,
        InvalidLabel,
        DuplicateRow,
        ConflictingLabels,
        LabelsDifferByCase,
        RareClass,
        TextInSeveralParts,
        UnknownLabel,
    };
    Kind kind = Kind::EmptyText;
    std::string message; ///< one English sentence with the count
    int64_t count = 0;
    std::vector<int64_t> rows;
    bool rowsUnusable = false; ///< these rows are left out of training
};
[[nodiscard]] std::string problemKindName(DataProblem::Kind kind); ///< "empty_text", …

/// The usable rows of a table under a mapping. Texts stay in the file and are read (and cleaned) on demand.
/// Immutable; any thread.
class Dataset {
public:
    /// Reads all rows once. Throws Error{Data} when no usable row is left or the mapping does not fit.
    [[nodiscard]] static std::shared_ptr<const Dataset> create(
        std::shared_ptr<const Table> table, const DatasetOptions& options, const TaskControl& control = {});
    ~Dataset();

    [[nodiscard]] const Table& table() const;
    [[nodiscard]] const DatasetOptions& options() const;
    [[nodiscard]] ProblemType problemType() const; ///< never Auto: from options, else from the column
    [[nodiscard]] bool hasPairs() const;
    [[nodiscard]] bool isLabelled() const;
    [[nodiscard]] int64_t size() const; ///< usable rows
    [[nodiscard]] int64_t tableRow(int64_t index) const; ///< row in the table, from 0
    [[nodiscard]] std::string text(int64_t index) const; ///< cleaned
    [[nodiscard]] std::string textPair(int64_t index) const;
    /// Distinct labels: numerically sorted if all are integers, else by code point.
    [[nodiscard]] const std::vector<std::string>& labelNames() const;
    [[nodiscard]] const std::vector<int64_t>& labelCounts() const; ///< beside labelNames()
    /// Index into labelNames() (single-label).
    [[nodiscard]] int32_t label(int64_t index) const;
    /// Multi-label: indices into labelNames(), ascending. Single-label: one.
    [[nodiscard]] std::vector<int32_t> labels(int64_t index) const;
    [[nodiscard]] double target(int64_t index) const; ///< regression
    [[nodiscard]] const std::vector<DataProblem>& problems() const;
    /// Code points of the cleaned text (with its pair) of the usable rows.
    [[nodiscard]] const LengthStatistics& characterLengths() const;
    /// Text and pair at once; `out` has one or two elements and its strings are used again.
    void texts(int64_t index, std::vector<std::string>& out) const;

private:
    struct State;
    explicit Dataset(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

/// Texts (with their pair) that stand in both: problem TextInSeveralParts with rows of `other`; nullopt when
/// none.
[[nodiscard]] std::optional<DataProblem> findLeakage(
    const Dataset& train, const Dataset& other, std::string_view otherName, const TaskControl& control = {});

/// Labels of `other` that `train` does not have: problem UnknownLabel with rows of `other`; nullopt when
/// none.
[[nodiscard]] std::optional<DataProblem> findUnknownLabels(
    const Dataset& train, const Dataset& other, std::string_view otherName);

/// Machine-readable description for `inspect --file` and run.json.
[[nodiscard]] Json describe(const Table& table);
[[nodiscard]] Json describe(const Dataset& dataset);

} // namespace studio
