// SPDX-License-Identifier: MIT
#include "core/base/unicode.h"

#include <unicode/utf8.h>

namespace studio {

namespace {
constexpr char32_t replacement = 0xFFFD;

/// Calls `visit(codePoint or negative, from, to)` for each code point or ill-formed subpart.
template <typename Visit>
void eachCodePoint(std::string_view text, Visit visit)
{
    const auto* data = reinterpret_cast<const uint8_t*>(text.data());
    const auto size = static_cast<int64_t>(text.size());
    for (int64_t at = 0; at < size;) {
        const int64_t from = at;
        UChar32 codePoint = 0;
        U8_NEXT(data, at, size, codePoint);
        visit(codePoint, from, at);
    }
}
} // namespace

bool isValidUtf8(std::string_view text)
{
    const auto* data = reinterpret_cast<const uint8_t*>(text.data());
    const auto size = static_cast<int64_t>(text.size());
    for (int64_t at = 0; at < size;) {
        if (data[at] < 0x80) {
            ++at;
            continue;
        }
        UChar32 codePoint = 0;
        U8_NEXT(data, at, size, codePoint);
        if (codePoint < 0)
            return false;
    }
    return true;
}

std::string repairUtf8(std::string_view text, bool* changed)
{
    if (changed)
        *changed = false;
    if (isValidUtf8(text))
        return std::string(text);
    if (changed)
        *changed = true;
    std::string out;
    out.reserve(text.size() + 16);
    eachCodePoint(text, [&](UChar32 codePoint, int64_t from, int64_t to) {
        if (codePoint < 0)
            appendUtf8(out, replacement);
        else
            out.append(text.substr(static_cast<size_t>(from), static_cast<size_t>(to - from)));
    });
    return out;
}

std::u32string toUtf32(std::string_view text)
{
    std::u32string out;
    out.reserve(text.size());
    eachCodePoint(text, [&](UChar32 codePoint, int64_t, int64_t) {
        out.push_back(codePoint < 0 ? replacement : static_cast<char32_t>(codePoint));
    });
    return out;
}

void appendUtf8(std::string& out, char32_t codePoint)
{
    const bool surrogate = codePoint >= 0xD800 && codePoint <= 0xDFFF;
    const auto value = static_cast<UChar32>(surrogate || codePoint > 0x10FFFF ? replacement : codePoint);
    char buffer[U8_MAX_LENGTH];
    int32_t length = 0;
    U8_APPEND_UNSAFE(buffer, length, value);
    out.append(buffer, static_cast<size_t>(length));
}

std::string toUtf8(std::u32string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (const auto codePoint : text)
        appendUtf8(out, codePoint);
    return out;
}

int64_t codePointCount(std::string_view text)
{
    int64_t count = 0;
    for (const char byte : text)
        count += (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
    return count;
}

std::string elided(std::string_view text, int64_t limit)
{
    std::string out;
    int64_t count = 0;
    bool cut = false;
    eachCodePoint(text, [&](UChar32 codePoint, int64_t, int64_t) {
        if (count >= limit) {
            cut = true;
            return;
        }
        appendUtf8(out, codePoint < 0 ? replacement : static_cast<char32_t>(codePoint));
        ++count;
    });
    return cut ? out + "…" : out;
}

} // namespace studio
