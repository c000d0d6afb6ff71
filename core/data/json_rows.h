// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace studio {

/// End of the JSON value that begins at `position` (brackets and strings are followed, their content is not
/// checked); npos when the text ends first.
[[nodiscard]] size_t skipJsonValue(std::string_view text, size_t position);

/// First position at or after `position` that is no JSON white space.
[[nodiscard]] size_t skipJsonSpace(std::string_view text, size_t position);

/// Position behind the '[' of the array that holds the rows: the text itself, or the one array of an object
/// (the one named data, rows, examples, … where there are several). Throws Error{Data} that begins with
/// `name`.
[[nodiscard]] size_t findJsonRows(std::string_view text, std::string_view name);

/// What is wrong with one row as JSON, in few words; nullopt when it can be read.
[[nodiscard]] std::optional<std::string> jsonFault(std::string_view row);

/// Calls `onCell(key, value)` for each member of an object in order: strings decoded, null as empty text,
/// anything else as it stands in the file. An array gives column_1, column_2, …; any other value gives one
/// cell "text". Stops at a fault.
using JsonCellFunction = std::function<void(std::string_view key, std::string_view value)>;
void readJsonRow(std::string_view row, const JsonCellFunction& onCell);

} // namespace studio
