// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/task.h"
#include "core/data/dataset.h"
#include "core/data/split.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace studio {

// What the Data page shows beside the table. All of it is computed on another thread; large files are sampled
// evenly, and the results say of how many rows.

/// Lengths in tokens, special tokens included, nothing cut.
struct TokenLengths {
    std::vector<int32_t> lengths; ///< ascending
    int64_t rows = 0; ///< of the dataset; more than lengths.size() when sampled
    double unknownShare = 0; ///< of the characters, that the tokeniser does not know
    [[nodiscard]] bool isSample() const { return rows > static_cast<int64_t>(lengths.size()); }
    [[nodiscard]] double shareAbove(int64_t limit) const;
    [[nodiscard]] int32_t percentile(double share) const; ///< nearest rank; 0 without rows
};
/// Throws Error{Checkpoint} when the folder has no tokeniser that can be used.
[[nodiscard]] TokenLengths measureTokenLengths(
    const Dataset& dataset, const std::filesystem::path& modelFolder, const TaskControl& control);

/// Targets of a regression, ascending (a sample of a large file).
[[nodiscard]] std::vector<double> regressionTargets(const Dataset& dataset, const TaskControl& control);

/// What cleaning would do to the texts of a table.
struct CleaningPreview {
    struct Change {
        int64_t row = 0; ///< in the file, from 1
        std::string before, after;
    };
    std::vector<Change> changes; ///< the first ones
    int64_t examined = 0, changed = 0, emptied = 0, rows = 0;
};
[[nodiscard]] CleaningPreview previewCleaning(const Table& table, const ColumnMapping& mapping,
    const CleaningOptions& cleaning, const TaskControl& control);

/// Rows of each part when the training file is split.
struct SplitFigures {
    struct Part {
        int64_t rows = 0;
        std::vector<int64_t> perLabel; ///< beside Dataset::labelNames(); empty for regression
    };
    Part train, validation, test;
    std::vector<DataProblem> sharedTexts; ///< TextInSeveralParts: of validation, of test
    bool checkedTexts = false; ///< false for files of more rows than are compared
};
[[nodiscard]] SplitFigures splitFigures(
    const Dataset& dataset, const SplitOptions& options, const TaskControl& control);

/// True when the tokeniser of this model knows the characters of the Chinese demo data.
[[nodiscard]] bool coversChineseDemo(const std::filesystem::path& modelFolder, const TaskControl& control);

} // namespace studio
