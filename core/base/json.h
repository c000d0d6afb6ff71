// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string_view>

namespace studio {

/// Keeps the order of keys, as the files of the field do.
using Json = nlohmann::ordered_json;

/// Parses one JSON value; `name` (a file, "standard input line 3", …) opens the message. Throws Error{kind}.
/// Text that is nested more than 500 deep is refused: writing such a value would exhaust the stack.
[[nodiscard]] Json parseJson(std::string_view text, std::string_view name, bool settings = false);

/// Reads and parses a JSON file (UTF-8, a BOM is skipped). Throws Error: File when unreadable, Checkpoint
/// (Settings when `settings`) when it is not JSON, naming file, line and column.
[[nodiscard]] Json readJsonFile(const std::filesystem::path& file, bool settings = false);

/// How deep arrays and objects are nested in a JSON text, without parsing it.
[[nodiscard]] size_t jsonDepth(std::string_view text) noexcept;

/// One line of JSON text; NaN and infinity become null; invalid UTF-8 is replaced.
[[nodiscard]] std::string jsonLine(const Json& value);

} // namespace studio
