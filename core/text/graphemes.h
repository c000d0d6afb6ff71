// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace studio {

/// End of the extended grapheme cluster (UAX #29) that starts at byte `at` of well-formed UTF-8.
[[nodiscard]] size_t graphemeEnd(std::string_view utf8, size_t at);

/// `first << 8 | conjunct << 4 | class` wherever the class changes; classes from 1 in the order CR, LF,
/// Control, Extend, ZWJ, Prepend, SpacingMark, L, V, T, Regional_Indicator, Extended_Pictographic; conjunct:
/// 1 Consonant, 2 Extend, 3 Linker.
[[nodiscard]] std::span<const uint32_t> graphemeRuns() noexcept;

} // namespace studio
