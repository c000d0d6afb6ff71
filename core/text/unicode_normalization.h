// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace studio {

/// A character of a changed text and what it does to the old one: 0 replaces the next old character, 1 is
/// inserted, -n replaces the next and removes the n after it.
struct CharChange {
    char32_t c;
    int32_t change;
};

enum class UnicodeForm { Nfc, Nfd, Nfkc, Nfkd };

/// Normal form of `text` with the change record that the `tokenizers` library makes. Its tables are those of
/// Unicode 9: characters that are newer stay as they are.
[[nodiscard]] std::vector<CharChange> normalizeUnicode(std::u32string_view text, UnicodeForm form);

/// Full canonical decomposition of one character other than a Hangul syllable; empty when it has none.
[[nodiscard]] std::u32string_view canonicalDecomposition(char32_t c);
[[nodiscard]] uint8_t canonicalCombiningClass(char32_t c);

} // namespace studio
