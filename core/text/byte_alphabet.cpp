// SPDX-License-Identifier: MIT
#include "core/text/byte_alphabet.h"

#include "core/base/unicode.h"

namespace studio {
namespace {

constexpr std::array<char32_t, 256> makeAlphabet()
{
    std::array<char32_t, 256> alphabet{};
    char32_t free = 256;
    for (char32_t byte = 0; byte < 256; ++byte) {
        const bool printable = (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte != 0xAD);
        alphabet[byte] = printable ? byte : free++;
    }
    return alphabet;
}

constexpr auto alphabet = makeAlphabet();

constexpr std::array<int16_t, 0x144> makeBytes()
{
    std::array<int16_t, 0x144> bytes{};
    for (auto& byte : bytes)
        byte = -1;
    for (size_t byte = 0; byte < 256; ++byte)
        bytes[alphabet[byte]] = static_cast<int16_t>(byte);
    return bytes;
}

constexpr auto bytesOfCharacters = makeBytes();

} // namespace

const std::array<char32_t, 256>& byteAlphabet() noexcept
{
    return alphabet;
}

int byteOfCharacter(char32_t c) noexcept
{
    return c < bytesOfCharacters.size() ? bytesOfCharacters[c] : -1;
}

void appendByteCharacters(std::string& out, std::string_view bytes)
{
    for (const char byte : bytes) {
        const char32_t c = alphabet[static_cast<unsigned char>(byte)]; // below U+0800
        if (c < 0x80) {
            out.push_back(static_cast<char>(c));
        } else {
            out.push_back(static_cast<char>(0xC0 | c >> 6));
            out.push_back(static_cast<char>(0x80 | (c & 0x3F)));
        }
    }
}

bool appendBytesOfCharacters(std::string& out, std::string_view token)
{
    const auto size = out.size();
    for (const char32_t c : toUtf32(token)) {
        const int byte = byteOfCharacter(c);
        if (byte < 0) {
            out.resize(size);
            return false;
        }
        out.push_back(static_cast<char>(byte));
    }
    return true;
}

} // namespace studio
