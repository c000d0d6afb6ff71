// SPDX-License-Identifier: MIT
#include "ui/charts/extreme_tree.h"

#include <cmath>

namespace studio {

void ExtremeTree::Extremes::take(const std::vector<double>& values, const Extremes& other)
{
    if (other.lowest == none)
        return;
    if (lowest == none || values[other.lowest] < values[lowest])
        lowest = other.lowest;
    if (highest == none || values[other.highest] > values[highest])
        highest = other.highest;
}

void ExtremeTree::clear()
{
    for (auto& level : m_levels)
        level.clear();
}

void ExtremeTree::add(const std::vector<double>& values, size_t index)
{
    const auto own = std::isfinite(values[index]) ? Extremes{index, index} : Extremes{};
    auto block = index;
    for (auto& level : m_levels) {
        block /= 16;
        if (level.size() <= block)
            level.emplace_back();
        level[block].take(values, own);
    }
}

std::optional<std::pair<size_t, size_t>> ExtremeTree::find(
    const std::vector<double>& values, size_t begin, size_t end) const
{
    Extremes found;
    while (begin < end) {
        if (begin % 16 != 0 || end - begin < 16) {
            if (std::isfinite(values[begin]))
                found.take(values, {begin, begin});
            ++begin;
            continue;
        }
        // The largest block that begins here and ends within.
        size_t level = 0, width = 16;
        while (level + 1 < m_levels.size() && begin % (width * 16) == 0 && end - begin >= width * 16) {
            ++level;
            width *= 16;
        }
        found.take(values, m_levels[level][begin / width]);
        begin += width;
    }
    if (found.lowest == none)
        return std::nullopt;
    return std::pair(found.lowest, found.highest);
}

} // namespace studio
