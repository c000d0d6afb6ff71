// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace studio {

/// Where the lowest and the highest value of any stretch of a growing list stand, without looking at every
/// value: extremes are kept of blocks of 16, of 16 blocks, and so on. Values that are not finite do not
/// count.
class ExtremeTree {
public:
    void clear();
    /// values[index] is new or the first of all; those before it were added already.
    void add(const std::vector<double>& values, size_t index);
    /// First index of the lowest and of the highest value of [begin, end); nullopt without a finite one.
    [[nodiscard]] std::optional<std::pair<size_t, size_t>> find(
        const std::vector<double>& values, size_t begin, size_t end) const;

private:
    static constexpr size_t none = static_cast<size_t>(-1);
    struct Extremes {
        size_t lowest = none, highest = none;
        void take(const std::vector<double>& values, const Extremes& other);
    };
    std::array<std::vector<Extremes>, 5> m_levels; ///< of blocks of 16, 256, 4,096, …
};

} // namespace studio
