// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace studio {

/// True when `text` is well-formed UTF-8 (no surrogates, no overlong forms).
[[nodiscard]] bool isValidUtf8(std::string_view text);
/// Replaces each ill-formed sequence by U+FFFD (maximal-subpart practice, as Python's errors="replace").
[[nodiscard]] std::string repairUtf8(std::string_view text, bool* changed = nullptr);
/// Code points of well-formed UTF-8; ill-formed bytes become U+FFFD.
[[nodiscard]] std::u32string toUtf32(std::string_view text);
[[nodiscard]] std::string toUtf8(std::u32string_view text);
void appendUtf8(std::string& out, char32_t codePoint);
/// Number of code points of well-formed UTF-8.
[[nodiscard]] int64_t codePointCount(std::string_view text);
/// At most `limit` code points of `text`, with "…" when cut: for messages and previews.
[[nodiscard]] std::string elided(std::string_view text, int64_t limit);

} // namespace studio
