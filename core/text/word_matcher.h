// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace studio {

/// Half-open range of a text: code points of a std::u32string_view, bytes of UTF-8.
struct PatternMatch {
    size_t start;
    size_t end;
    bool operator==(const PatternMatch&) const = default;
};

/// Patterns of well-known tokenisers that are matched by hand, with the very matches of Oniguruma.
enum class WordPattern { Gpt2, Llama3, Qwen2, DeepSeek, O200k, Number, Numbers3, Ideographs };

/// The pattern whose text is exactly `regex`.
[[nodiscard]] std::optional<WordPattern> wordPatternOf(std::string_view regex);
[[nodiscard]] std::string_view regexOf(WordPattern pattern);
inline constexpr size_t wordPatternCount = 8;

/// Appends all matches from left to right. UTF-8 must be well-formed.
void findWords(WordPattern pattern, std::string_view utf8, std::vector<PatternMatch>& matches);
void findWords(WordPattern pattern, std::u32string_view text, std::vector<PatternMatch>& matches);

} // namespace studio
