// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/concat.h"
#include "core/base/file.h"
#include "core/base/json.h"

#include <array>
#include <filesystem>
#include <string>

namespace studio::tests {

inline void appendEscaped(std::string& out, char32_t c)
{
    static constexpr std::string_view digits = "0123456789abcdef";
    const auto unit = [&](char32_t value) {
        out += "\\u";
        for (int shift = 12; shift >= 0; shift -= 4)
            out += digits[value >> shift & 15];
    };
    if (c >= 0x10000) {
        unit(0xD800 + ((c - 0x10000) >> 10));
        unit(0xDC00 + ((c - 0x10000) & 0x3FF));
    } else {
        unit(c);
    }
}

/// The `"model"` block of character_level() in tests/reference/make_tokenizer_goldens.py: every character is
/// a piece of its own, so that ids show the normalised text.
inline std::string characterModel()
{
    static constexpr std::array<std::pair<char32_t, char32_t>, 6> ranges{{{0, 0xD7FF}, {0xE000, 0xFFFF},
        {0x10000, 0x11FFF}, {0x1D000, 0x1D7FF}, {0x1E000, 0x1FAFF}, {0x2F800, 0x2FA1F}}};
    std::string json = R"({"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##",)"
                       R"("max_input_chars_per_word":1000,"vocab":{"[UNK]":0,"[CLS]":1,"[SEP]":2)";
    int64_t id = 3;
    for (const auto& [first, last] : ranges) {
        for (char32_t c = first; c <= last; ++c) {
            json += ",\"";
            appendEscaped(json, c);
            json += concat("\":", id++, ",\"##");
            appendEscaped(json, c);
            json += concat("\":", id++);
        }
    }
    return json + "}}";
}

/// Writes a tokenizer.json of these blocks and the model's text.
inline std::filesystem::path writeTokenizer(
    const std::filesystem::path& folder, const Json& blocks, const std::string& model)
{
    std::string json = R"({"version":"1.0","added_tokens":[])";
    for (const char* key : {"normalizer", "pre_tokenizer", "post_processor", "decoder"})
        json += concat(",\"", key, "\":", jsonLine(blocks.at(key)));
    const auto file = folder / "tokenizer.json";
    writeFileAtomically(file, concat(json, ",\"model\":", model, "}"));
    return file;
}

} // namespace studio::tests
