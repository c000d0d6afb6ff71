// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace studio {

/// GPT-2's alphabet of byte-level tokenisers: one printable character for each byte.
[[nodiscard]] const std::array<char32_t, 256>& byteAlphabet() noexcept;
/// The byte that `c` stands for, or -1.
[[nodiscard]] int byteOfCharacter(char32_t c) noexcept;
/// Appends the characters that stand for `bytes`, as UTF-8.
void appendByteCharacters(std::string& out, std::string_view bytes);
/// Appends the bytes that the characters of `token` (UTF-8) stand for; false, and nothing appended, when one
/// of them stands for none.
[[nodiscard]] bool appendBytesOfCharacters(std::string& out, std::string_view token);

} // namespace studio
