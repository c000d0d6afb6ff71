// SPDX-License-Identifier: MIT
#pragma once

#include "tests/core/text/random_texts.h"

namespace studio::tests {

/// The same text as component_text() of tests/reference/component_texts.py makes.
inline std::string componentText(Random& random)
{
    static const std::vector<std::u32string> parts{
        U" ",
        U"  ",
        U"   ",
        U"\U00002581",
        U"\U00002581\U00002581",
        U"\U000000A0",
        U"\U00003000",
        U"\011",
        U"\012",
        U"\015\012",
        U"\015\012\015\012",
        U" \012 ",
        U"\011\011 x",
        U"12",
        U"12,345.67",
        U"2024-05-06T07:08",
        U"\U00002167",
        U"\U000000BD",
        U"\U00000665\U00000666",
        U"\U0000FF13",
        U"I'LL",
        U"they're",
        U"'\U0000017Ft",
        U"'S",
        U"don't",
        U"''",
        U"a\U00000301",
        U"e\U00000301\U00000323",
        U"\U000000E9",
        U"\U00001EA5",
        U"\U0000212B",
        U"\U0000FB01",
        U"\U000000DF",
        U"\U00000130",
        U"\U000003A3\U000003C2",
        U"\U0001F469\U0000200D\U0001F469\U0000200D\U0001F467",
        U"\U0001F1EB\U0001F1F7\U0001F1E9",
        U"\U00002764\U0000FE0F",
        U"\U0001F44D\U0001F3FD",
        U"\U00000915\U0000094D\U00000937\U0000093F",
        U"\U00000E01\U00000E33",
        U"\U0000D55C\U0000AD6D\U0000C5B4",
        U"\U00001112\U00001161\U000011AB",
        U"\U000065E5\U0000672C\U00008A9E",
        U"\U000030AB\U000030BF\U000030AB\U000030CA",
        U"\U00003072\U00003089\U0000304C\U0000306A",
        U"\U0000FF76\U0000FF9E",
        U"\U000030FC",
        U"\U00004E2D\U00006587\U0000FF0C\U00003002",
        U"\U00000645\U00000631\U0000062D\U00000628\U00000627",
        U"\U000005E9\U000005DC\U000005D5\U000005DD",
        U"\U0000041F\U00000440\U00000438\U00000432\U00000435\U00000442",
        U"\U00000395\U000003BB\U000003BB\U000003AC\U000003C2",
        U"camelCaseXMLParser",
        U"snake_case",
        U"if(x==1){return;}",
        U"<s>",
        U"</w>",
        U"\U00000120the",
        U"\U00002028",
        U"\205",
        U"\U0000200B",
        U"\U0000FEFF",
        U"\U0000FFFD",
        std::u32string(1, U'\0'),
        U"\007",
        U"\177",
        U"\U00000301",
        U"\U000020DD",
        U"\U000E0001",
        U"\U00031350",
        U"\U0001CCF0",
        U"$4.99",
        U"\U000020AC5",
        U"http://a.b/c?d=e#f",
        U"---",
        U"...",
        U"\U00002026",
        U"!?",
        U"\U000000AB\U000000BB",
        U"`code`",
        U"a_b",
        U"\U000000AA\U000000BA",
        U"\U000001C5",
        U"\U000002B0",
        U"\U00000E33",
        U"\U00001112",
        U"\U000011A8",
        U"\U0000AC00",
        U"\U0000FDFA",
        U"\U00002460",
        U"\U00003392",
    };
    if (random.below(2) == 0)
        return randomText(random);
    std::u32string text;
    const auto count = random.below(13);
    for (uint64_t i = 0; i < count; ++i) {
        const auto choice = random.below(4);
        if (choice == 0) {
            const auto letters = 1 + random.below(6);
            for (uint64_t letter = 0; letter < letters; ++letter)
                text += static_cast<char32_t>(U'a' + random.below(26));
        } else if (choice == 1) {
            text += U' ';
        } else {
            text += parts[random.below(parts.size())];
        }
    }
    return toUtf8(text);
}

} // namespace studio::tests
