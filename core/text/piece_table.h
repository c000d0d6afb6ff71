// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace studio {

/// Pieces and their ids, both ways, in little memory. Immutable after construction; any thread.
class PieceTable {
public:
    static constexpr int32_t largestAllowedId = 10'000'000;

    PieceTable() = default;
    /// `place` names the file in messages. Of equal pieces the last one is found, but each id keeps its
    /// piece. Throws Error{Checkpoint} for an id that is out of range or given to two different pieces.
    PieceTable(const std::vector<std::pair<std::string_view, int32_t>>& pieces, const std::string& place);

    /// The id of a piece, or -1.
    [[nodiscard]] int32_t find(std::string_view piece) const noexcept;
    [[nodiscard]] std::optional<int32_t> tokenToId(std::string_view piece) const;
    [[nodiscard]] std::optional<std::string> idToToken(int32_t id) const;
    [[nodiscard]] bool contains(int32_t id) const noexcept
    {
        return id >= 0 && static_cast<size_t>(id) < m_places.size()
            && m_places[static_cast<size_t>(id)].start != absent;
    }
    /// `id` must be contained.
    [[nodiscard]] std::string_view piece(int32_t id) const noexcept
    {
        const auto [start, length] = m_places[static_cast<size_t>(id)];
        return std::string_view(m_text).substr(start, length);
    }
    [[nodiscard]] int32_t size() const noexcept { return m_size; } ///< number of different pieces
    [[nodiscard]] int32_t largestId() const noexcept { return static_cast<int32_t>(m_places.size()) - 1; }

private:
    static constexpr uint32_t absent = UINT32_MAX;
    struct Place {
        uint32_t start = absent;
        uint32_t length = 0;
    };
    std::string m_text;
    std::vector<Place> m_places; ///< by id
    std::vector<int32_t> m_slots; ///< open addressing; -1 is free
    int32_t m_size = 0;
};

} // namespace studio
