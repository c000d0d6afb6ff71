// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

namespace studio {

/// The finaliser of SplitMix64: a bijection of 64-bit numbers in which every input bit changes half of the
/// output bits.
[[nodiscard]] constexpr uint64_t scrambleBits(uint64_t value)
{
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
    return value ^ (value >> 31);
}

/// Number `counter` of the random sequence `key`: counter-based, so independent of the order of calls.
[[nodiscard]] constexpr uint64_t mixBits(uint64_t key, uint64_t counter)
{
    return scrambleBits(scrambleBits(key + 0x9e3779b97f4a7c15ULL) + counter * 0x9e3779b97f4a7c15ULL);
}

/// A key from a text and a seed (FNV-1a, scrambled).
[[nodiscard]] constexpr uint64_t hashText(std::string_view text, uint64_t seed)
{
    uint64_t hash = 0xcbf29ce484222325ULL;
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    return mixBits(hash, seed);
}

/// Uniform in [0, 1) from 53 of the bits.
[[nodiscard]] constexpr double unitNumber(uint64_t bits)
{
    return static_cast<double>(bits >> 11) * 0x1p-53;
}

} // namespace studio
