// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace studio {

/// A byte for every code point; equal blocks of 256 are stored once. Immutable.
class TwoStageTable {
public:
    /// `values` holds 0x110000 bytes.
    explicit TwoStageTable(const std::vector<uint8_t>& values)
    {
        std::map<std::string, uint16_t> known;
        for (size_t block = 0; block < m_stage.size(); ++block) {
            const auto begin = values.begin() + static_cast<std::ptrdiff_t>(block * 256);
            const auto [entry, added] = known.emplace(
                std::string(begin, begin + 256), static_cast<uint16_t>(m_blocks.size() / 256));
            if (added)
                m_blocks.insert(m_blocks.end(), begin, begin + 256);
            m_stage[block] = entry->second;
        }
    }
    [[nodiscard]] uint8_t at(char32_t c) const noexcept
    {
        return c < 0x110000 ? m_blocks[m_stage[c >> 8] * size_t{256} + (c & 0xFF)] : uint8_t{0};
    }

private:
    std::array<uint16_t, 0x1100> m_stage{};
    std::vector<uint8_t> m_blocks;
};

} // namespace studio
