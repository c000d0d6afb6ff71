// SPDX-License-Identifier: MIT
#pragma once

#include "tests/core/text/random_texts.h"

#include <array>

namespace studio::tests {

/// The same text as syllable_text() of tests/reference/syllable_texts.py makes.
inline std::string syllableText(Random& random)
{
    static const std::array<std::u32string, 30> syllables{U"ka", U"lo", U"mi", U"ne", U"stra", U"the", U"ing",
        U"er", U"un", U"a", U"o", U"qu", U"\u00e9t", U"\u00fcber", U"\u043d\u0430", U"\u0441\u0442",
        U"\u4e2d", U"\u6587", U"\u65e5\u672c", U"\U0001F600", U"1", U"20", U"'s", U"-", U"X", U"Zz",
        U"\u0e01\u0e33", U"\u0915\u094d\u0937", U"\u2581", U"\u00df"};
    static const std::array<std::u32string, 16> gaps{U" ", U" ", U" ", U" ", U" ", U"  ", U"\n", U".", U", ",
        U"", U"\t", U"   ", U"! ", U"\r\n", U"\u00a0", U"\u3000"};
    std::u32string text;
    const auto words = random.below(25);
    for (uint64_t word = 0; word < words; ++word) {
        const auto count = 1 + random.below(5);
        for (uint64_t i = 0; i < count; ++i)
            text += syllables[random.below(syllables.size())];
        if (random.below(12) == 0)
            text += static_cast<char32_t>(random.below(0x3000));
        text += gaps[random.below(gaps.size())];
    }
    return toUtf8(text);
}

} // namespace studio::tests
