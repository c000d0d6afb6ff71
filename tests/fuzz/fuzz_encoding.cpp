// SPDX-License-Identifier: MIT
// Bytes of any encoding: the guess is one that can be read, and what is read is UTF-8.
#include "core/base/error.h"
#include "core/base/unicode.h"
#include "core/data/text_encoding.h"

#include <array>

using namespace studio;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto guess = guessEncoding(bytes);
    constexpr std::array others = {"utf-16le", "utf-16be", "gb18030", "windows-1252", "shift_jis", "utf-8"};
    const std::string other = size > 0 ? others[data[size - 1] % others.size()] : "utf-8";
    for (const auto& name : {guess.name, canonicalEncoding(other)}) {
        SpillBuffer out(1 << 20);
        const auto mark = name == guess.name ? guess.markBytes : 0;
        const auto result = transcodeToUtf8(bytes.substr(mark), name, out);
        out.finish();
        if (countIllFormedUtf8(out.view()) != 0 || result.characters < 0 || result.undecodable < 0)
            __builtin_trap();
    }
    try {
        (void)canonicalEncoding(std::string(bytes.substr(0, 40)));
    } catch (const Error&) {
    }
    return 0;
}
