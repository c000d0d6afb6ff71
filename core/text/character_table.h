// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace studio {

/// Flags of one code point; see unicode_tables.h for whose definitions they are.
enum CharacterFlag : uint8_t {
    RemovedCharacter = 1,
    WhiteSpaceCharacter = 2,
    PunctuationCharacter = 4,
    NonspacingMark = 8,
    CombiningMark = 16,
    WordCharacter = 32,
    LowersToOther = 64,
    CjkIdeograph = 128, ///< the blocks that BERT sets apart with spaces
};

/// All character classes in one two-stage table. Immutable; any thread.
class CharacterTable {
public:
    /// The one table, built at first use (well under a millisecond).
    [[nodiscard]] static const CharacterTable& instance();

    [[nodiscard]] uint8_t flags(char32_t c) const noexcept
    {
        return c < 0x110000 ? m_blocks[m_stage[c >> 8] * size_t{256} + (c & 0xFF)] : uint8_t{0};
    }
    [[nodiscard]] bool is(char32_t c, CharacterFlag flag) const noexcept { return (flags(c) & flag) != 0; }
    /// Lower case of one character; U+0130 gives 'i' and a combining dot, which the caller adds.
    [[nodiscard]] char32_t lower(char32_t c) const noexcept;

private:
    CharacterTable();
    std::array<uint16_t, 0x1100> m_stage{};
    std::vector<uint8_t> m_blocks;
};

} // namespace studio
