// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace studio {

/// Finaliser of SplitMix64: every bit of the input changes every bit of the result.
[[nodiscard]] constexpr uint64_t mix64(uint64_t value) noexcept
{
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9ULL;
    value = (value ^ (value >> 27)) * 0x94D049BB133111EBULL;
    return value ^ (value >> 31);
}

/// 64-bit hash of a text, eight bytes a step; not cryptographic. Used to find candidates for equality and
/// torn files.
[[nodiscard]] inline uint64_t hash64(std::string_view text, uint64_t seed = 0) noexcept
{
    uint64_t hash = mix64(seed + 0x9E3779B97F4A7C15ULL * (text.size() + 1));
    const char* data = text.data();
    auto left = text.size();
    for (; left >= 8; left -= 8, data += 8) {
        uint64_t word = 0;
        std::memcpy(&word, data, 8);
        hash = (hash ^ mix64(word)) * 0x9FB21C651E98DF25ULL;
        hash ^= hash >> 32;
    }
    uint64_t tail = 0;
    if (left > 0)
        std::memcpy(&tail, data, left);
    return mix64(hash ^ mix64(tail + left));
}

} // namespace studio
