// SPDX-License-Identifier: MIT
#pragma once

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace studio {

/// The number that the whole text is, as JSON and C write it ("-3", "1e-4"): no spaces, no '+', no separators
/// of thousands, whatever the locale. Nothing where it is something else, empty or beyond Number's range.
template <typename Number>
[[nodiscard]] std::optional<Number> parseNumber(std::string_view text) noexcept
{
    Number number{};
    const auto* const end = text.data() + text.size();
    const auto [stop, problem] = std::from_chars(text.data(), end, number);
    return problem == std::errc() && stop == end ? std::optional(number) : std::nullopt;
}

} // namespace studio
