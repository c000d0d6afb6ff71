// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
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
/// The code point at byte `at` of well-formed UTF-8, which must not be its end; moves `at` past it.
[[nodiscard]] inline char32_t nextCodePoint(std::string_view text, size_t& at)
{
    const auto byte = [&](size_t offset) { return static_cast<unsigned char>(text[at + offset]); };
    const char32_t lead = byte(0);
    char32_t c = lead;
    if (lead < 0x80) {
        at += 1;
    } else if (lead < 0xE0) {
        c = (lead & 0x1F) << 6 | (byte(1) & 0x3Fu);
        at += 2;
    } else if (lead < 0xF0) {
        c = (lead & 0x0F) << 12 | (byte(1) & 0x3Fu) << 6 | (byte(2) & 0x3Fu);
        at += 3;
    } else {
        c = (lead & 0x07) << 18 | (byte(1) & 0x3Fu) << 12 | (byte(2) & 0x3Fu) << 6 | (byte(3) & 0x3Fu);
        at += 4;
    }
    return c;
}
/// Number of code points of well-formed UTF-8.
[[nodiscard]] int64_t codePointCount(std::string_view text);
/// At most `limit` code points of `text`, with "…" when cut: for messages and previews.
[[nodiscard]] std::string elided(std::string_view text, int64_t limit);

} // namespace studio
