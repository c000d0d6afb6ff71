// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace studio::app {

/// Columns that UTF-8 text takes on a terminal (East Asian wide characters count two, combining marks none).
[[nodiscard]] int displayWidth(std::string_view text);

/// Paragraphs (separated by an empty line) wrapped at `width` columns; every line begins with `indent` spaces
/// and `lead`, and ends with a newline.
[[nodiscard]] std::string wrapped(std::string_view text, int width, int indent, std::string_view lead = {});

/// "  title    text, wrapped beside it", as help pages list options.
[[nodiscard]] std::string definition(const std::string& title, const std::string& text, int width);

/// Rows of cells in aligned columns: the first column to the left, the others to the right unless
/// `leftAligned` names them; the first row is the heading.
[[nodiscard]] std::string tableText(
    const std::vector<std::vector<std::string>>& rows, const std::vector<size_t>& leftAligned = {});

/// 0.87316 → "0.8732"; numbers that are not finite → "–".
[[nodiscard]] std::string fixedText(double value, int decimals);
/// 1234567 → "1,234,567".
[[nodiscard]] std::string countText(int64_t value);
/// 90 → "1:30", 3700 → "1:01:40".
[[nodiscard]] std::string durationText(double seconds);
/// 1536000 → "1.5 MB".
[[nodiscard]] std::string bytesText(double bytes);
/// "1 row", "2 rows".
[[nodiscard]] std::string counted(int64_t count, std::string_view one, std::string_view many);

} // namespace studio::app
