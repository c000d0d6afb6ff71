// SPDX-License-Identifier: MIT
#include "core/text/piece_table.h"

#include "core/base/concat.h"
#include "core/base/error.h"

#include <bit>
#include <functional>

namespace studio {

PieceTable::PieceTable(
    const std::vector<std::pair<std::string_view, int32_t>>& pieces, const std::string& place)
{
    size_t bytes = 0;
    int32_t largest = -1;
    for (const auto& [piece, id] : pieces) {
        if (id < 0 || id > largestAllowedId) {
            throw Error(ErrorKind::Checkpoint,
                concat(place, ": the piece \"", piece, "\" has the id ", id,
                    ", but ids must lie between 0 and ", largestAllowedId, "."));
        }
        bytes += piece.size();
        largest = std::max(largest, id);
    }
    if (bytes >= absent)
        throw Error(ErrorKind::Checkpoint, concat(place, ": the pieces of the vocabulary exceed 4 GiB."));
    m_text.reserve(bytes);
    m_places.resize(static_cast<size_t>(largest + 1));
    m_slots.assign(std::bit_ceil(pieces.size() * 2 + 1), -1);
    const size_t mask = m_slots.size() - 1;
    for (const auto& [piece, id] : pieces) {
        auto& entry = m_places[static_cast<size_t>(id)];
        if (entry.start != absent && this->piece(id) != piece) {
            throw Error(ErrorKind::Checkpoint,
                concat(place, ": the pieces \"", this->piece(id), "\" and \"", piece, "\" both have the id ",
                    id, "; every piece needs an id of its own."));
        }
        entry = {static_cast<uint32_t>(m_text.size()), static_cast<uint32_t>(piece.size())};
        m_text += piece;
        auto slot = std::hash<std::string_view>()(piece) & mask;
        while (m_slots[slot] >= 0 && this->piece(m_slots[slot]) != piece)
            slot = (slot + 1) & mask;
        m_size += m_slots[slot] < 0 ? 1 : 0;
        m_slots[slot] = id;
    }
}

int32_t PieceTable::find(std::string_view piece) const noexcept
{
    if (m_slots.empty())
        return -1;
    const size_t mask = m_slots.size() - 1;
    auto slot = std::hash<std::string_view>()(piece) & mask;
    while (m_slots[slot] >= 0 && this->piece(m_slots[slot]) != piece)
        slot = (slot + 1) & mask;
    return m_slots[slot];
}

std::optional<int32_t> PieceTable::tokenToId(std::string_view piece) const
{
    const auto id = find(piece);
    return id < 0 ? std::nullopt : std::optional(id);
}

std::optional<std::string> PieceTable::idToToken(int32_t id) const
{
    return contains(id) ? std::optional(std::string(piece(id))) : std::nullopt;
}

} // namespace studio
