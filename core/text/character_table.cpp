// SPDX-License-Identifier: MIT
#include "core/text/character_table.h"

#include "core/text/unicode_tables.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <string>

namespace studio {
namespace {

constexpr std::array<CodePointRange, 8> ideographRanges{
    {{0x4E00, 0x9FFF}, {0x3400, 0x4DBF}, {0x20000, 0x2A6DF}, {0x2A700, 0x2B73F}, {0x2B740, 0x2B81F},
        {0x2B920, 0x2CEAF}, {0xF900, 0xFAFF}, {0x2F800, 0x2FA1F}}};

void mark(std::vector<uint8_t>& flags, std::span<const CodePointRange> ranges, CharacterFlag flag)
{
    for (const auto& range : ranges) {
        for (char32_t c = range.first; c <= range.last; ++c)
            flags[c] = static_cast<uint8_t>(flags[c] | flag);
    }
}

} // namespace

CharacterTable::CharacterTable()
{
    std::vector<uint8_t> flags(0x110000);
    mark(flags, removedRanges(), RemovedCharacter);
    mark(flags, whiteSpaceRanges(), WhiteSpaceCharacter);
    mark(flags, punctuationRanges(), PunctuationCharacter);
    mark(flags, nonspacingMarkRanges(), NonspacingMark);
    mark(flags, combiningMarkRanges(), CombiningMark);
    mark(flags, wordRanges(), WordCharacter);
    mark(flags, ideographRanges, CjkIdeograph);
    for (const auto& run : lowerCaseRuns()) {
        for (char32_t c = run.first; c <= run.last; c += static_cast<char32_t>(run.step))
            flags[c] = static_cast<uint8_t>(flags[c] | LowersToOther);
    }
    flags[0x130] = static_cast<uint8_t>(flags[0x130] | LowersToOther);

    std::map<std::string, uint16_t> known; // equal blocks are stored once
    for (size_t block = 0; block < m_stage.size(); ++block) {
        const auto begin = flags.begin() + static_cast<std::ptrdiff_t>(block * 256);
        const auto [entry, added]
            = known.emplace(std::string(begin, begin + 256), static_cast<uint16_t>(m_blocks.size() / 256));
        if (added)
            m_blocks.insert(m_blocks.end(), begin, begin + 256);
        m_stage[block] = entry->second;
    }
}

const CharacterTable& CharacterTable::instance()
{
    static const CharacterTable table;
    return table;
}

char32_t CharacterTable::lower(char32_t c) const noexcept
{
    if (c < 0x80)
        return c >= U'A' && c <= U'Z' ? c + 32 : c;
    if (c == 0x130)
        return U'i';
    if ((flags(c) & LowersToOther) == 0)
        return c;
    const auto runs = lowerCaseRuns(); // ordered by their first code point, but runs of step 2 may interleave
    const auto after = std::upper_bound(runs.begin(), runs.end(), c,
        [](char32_t value, const LowerCaseRun& run) { return value < run.first; });
    for (auto run = std::make_reverse_iterator(after); run != runs.rend(); ++run) {
        if (c <= run->last && (c - run->first) % static_cast<char32_t>(run->step) == 0)
            return static_cast<char32_t>(static_cast<int32_t>(c) + run->delta);
    }
    return c;
}

} // namespace studio
