// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace studio {

/// Bytes of the UTF-8 character that begins with `first`.
[[nodiscard]] inline size_t characterLength(char first) noexcept
{
    const auto byte = static_cast<unsigned char>(first);
    return byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

} // namespace studio
