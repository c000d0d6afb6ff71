// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/task.h"
#include "core/data/delimited.h"
#include "core/data/table.h"
#include "core/data/text_encoding.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace studio {

/// A file's text in UTF-8 with all that is known about its shape.
struct TextSource {
    std::string name; ///< for messages
    std::string_view text; ///< without byte order mark
    FileFormat format = FileFormat::Delimited;
    Dialect dialect;
    bool header = false;
    int64_t firstLine = 1; ///< of the file, where `text` begins
    bool labelLists = false; ///< label text whose lines may have several labels: a JSON list of them
    bool replaced = false; ///< U+FFFD stands where the original bytes could not be decoded
    MappedPages pages; ///< of the file, when `text` lies in it
};

/// Where the rows are, and what is wrong with them.
struct RowIndex {
    std::vector<std::string> columns;
    std::vector<uint64_t> offsets; ///< start of each row
    std::vector<std::pair<int64_t, TableIssue::Kind>> badRows; ///< ascending
    std::vector<TableIssue> issues;
    int64_t issueCount = 0;
    std::string lineEnd;
};

/// Reads the text once. `columnCount`: what most rows have (delimited text without a header). Throws
/// Error{Data}.
[[nodiscard]] RowIndex indexRows(
    const TextSource& source, const SuspectBlocks& suspects, int64_t columnCount, const TaskControl& control);

/// Header cells as usable column names: trimmed, empty ones numbered, equal ones told apart.
[[nodiscard]] std::vector<std::string> uniqueColumnNames(std::vector<std::string> names);

} // namespace studio
