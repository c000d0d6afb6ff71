// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/unicode.h"

#include <cstdint>
#include <string>
#include <vector>

namespace studio::tests {

/// splitmix64, as in tests/reference/random_texts.py.
class Random {
public:
    explicit Random(uint64_t seed)
        : m_state(seed)
    {
    }
    uint64_t below(uint64_t limit) { return next() % limit; }

private:
    uint64_t next()
    {
        m_state += 0x9E3779B97F4A7C15;
        uint64_t z = m_state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
    uint64_t m_state;
};

/// The same text as random_text() of tests/reference/random_texts.py makes, except that random bytes are left
/// as they are: repairing them is the tokeniser's work.
inline std::string randomText(Random& random)
{
    struct Range {
        char32_t first;
        char32_t last;
    };
    static const std::vector<std::vector<Range>> pools{
        {{0x61, 0x7A}, {0x61, 0x7A}, {0x41, 0x5A}, {0x20, 0x20}},
        {{0x00, 0x7F}},
        {{0xA0, 0x24F}, {0x1E00, 0x1EFF}, {0x61, 0x7A}},
        {{0x370, 0x3FF}, {0x400, 0x52F}, {0x590, 0x6FF}},
        {{0x900, 0xDFF}, {0xE00, 0xFFF}},
        {{0x3000, 0x30FF}, {0x4E00, 0x9FFF}, {0xF900, 0xFAFF}, {0xFF00, 0xFFEF}},
        {{0xAC00, 0xD7A3}, {0x1100, 0x11FF}},
        {{0x1F300, 0x1FAFF}, {0x2600, 0x27BF}, {0x200B, 0x200F}, {0xFE00, 0xFE0F}},
        {{0x61, 0x7A}, {0x300, 0x36F}, {0x483, 0x487}, {0x591, 0x5BD}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF},
            {0x302A, 0x302F}, {0x1D165, 0x1D172}, {0x20D0, 0x20F0}, {0xF71, 0xF84}, {0x340, 0x345},
            {0xC0, 0xFF}, {0x11930, 0x1193E}, {0x1E000, 0x1E02A}, {0x10D24, 0x10D27}, {0x8D3, 0x8E1}},
        {{0x00, 0xD7FF}, {0xE000, 0x10FFFF}},
        {{0x2000, 0x206F}, {0xFFF0, 0xFFFF}, {0x00, 0x20}, {0x7F, 0xA0}},
    };
    static const std::vector<std::u32string> words{U"the", U"unaffable", U"[MASK]", U"[SEP]", U" [UNK] ",
        U"don't", U"can\u2019t", U"1,234.56", U"http://a.b/c?d=e", U"\r\n", U"\t", U"na\u00efve",
        U"\u0130stanbul", U"\u5317\u4eac", std::u32string(101, U'x'), U"\u00df", U"\ufb01n",
        U"ANTIDISESTABLISHMENTARIANISM", U"##ing", U"..."};

    const auto parts = random.below(41);
    if (random.below(10) == 0) {
        std::string bytes;
        for (uint64_t i = 0; i < parts; ++i)
            bytes.push_back(static_cast<char>(random.below(256)));
        return bytes;
    }
    const auto style = random.below(pools.size());
    std::u32string text;
    for (uint64_t i = 0; i < parts; ++i) {
        const auto pool = random.below(4) != 0 ? style : random.below(pools.size());
        if (random.below(8) == 0) {
            text += words[random.below(words.size())];
            if (random.below(2) == 0)
                text += U' ';
            continue;
        }
        const auto& ranges = pools[pool];
        const auto range = ranges[random.below(ranges.size())];
        text += static_cast<char32_t>(range.first + random.below(range.last - range.first + 1));
    }
    return toUtf8(text);
}

} // namespace studio::tests
