// SPDX-License-Identifier: MIT
#include "core/text/match_classes.h"

#include "core/text/character_table.h"
#include "core/text/regex_tables.h"

#include <algorithm>
#include <vector>

namespace studio {
namespace {

// Places of the general categories in regex_tables.h.
enum Category : uint32_t {
    Lu = 5,
    Ll = 6,
    Lm = 8,
    Lo = 9,
    Mn = 10,
    Me = 12,
    Nd = 13,
    No = 15,
    Pc = 16,
    So = 26
};

uint8_t classesOf(uint32_t category)
{
    const bool letter = category >= Lu && category <= Lo, mark = category >= Mn && category <= Me;
    int classes = 0;
    classes |= letter ? MatchLetter : 0;
    classes |= category >= Nd && category <= No ? MatchNumber : 0;
    classes |= category >= Pc && category <= So ? MatchPunctuation : 0;
    classes |= mark ? MatchMark : 0;
    classes |= mark || (letter && category != Ll) ? MatchUpper : 0;
    classes |= mark || category == Ll || category == Lm || category == Lo ? MatchLower : 0;
    return static_cast<uint8_t>(classes);
}

std::vector<uint8_t> allClasses()
{
    std::vector<uint8_t> classes(0x110000);
    const auto runs = categoryRuns();
    for (size_t i = 0; i < runs.size(); ++i) {
        const size_t first = runs[i] >> 5, end = i + 1 < runs.size() ? runs[i + 1] >> 5 : classes.size();
        std::fill(classes.begin() + static_cast<std::ptrdiff_t>(first),
            classes.begin() + static_cast<std::ptrdiff_t>(end), classesOf(runs[i] & 31));
    }
    for (char32_t c = 0; c <= 0x3000; ++c) { // white space ends there
        if (CharacterTable::instance().is(c, WhiteSpaceCharacter))
            classes[c] = static_cast<uint8_t>(classes[c] | MatchSpace);
    }
    classes[U'\r'] |= MatchNewline;
    classes[U'\n'] |= MatchNewline;
    return classes;
}

} // namespace

MatchClassTable::MatchClassTable()
    : m_table(allClasses())
{
}

const MatchClassTable& MatchClassTable::instance()
{
    static const MatchClassTable table;
    return table;
}

} // namespace studio
