// SPDX-License-Identifier: MIT
#pragma once

#include <charconv>
#include <concepts>
#include <string>
#include <string_view>

namespace studio {

/// Number as text, independent of the locale; floating point in the shortest form that reads back equal.
template <typename Number>
requires std::integral<Number> || std::floating_point<Number>
[[nodiscard]] std::string numberText(Number value)
{
    if constexpr (std::same_as<Number, bool>) {
        return value ? "true" : "false";
    } else {
        char buffer[64];
        const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
        return {buffer, end};
    }
}

namespace detail {
inline void appendPart(std::string& out, std::string_view part)
{
    out += part;
}
inline void appendPart(std::string& out, char part)
{
    out += part;
}
template <typename Number>
requires(std::integral<Number> || std::floating_point<Number>)
    && (!std::same_as<Number, char>)void appendPart(std::string& out, Number part)
{
    out += numberText(part);
}
} // namespace detail

/// Joins strings, characters and numbers into one string, for messages.
template <typename... Parts>
[[nodiscard]] std::string concat(const Parts&... parts)
{
    std::string out;
    (detail::appendPart(out, parts), ...);
    return out;
}

} // namespace studio
