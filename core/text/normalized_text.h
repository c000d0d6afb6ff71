// SPDX-License-Identifier: MIT
#pragma once

#include "core/text/tokenizer.h"
#include "core/text/unicode_normalization.h"
#include "core/text/word_matcher.h"

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace studio {

/// A text that is being normalised, with the range of the original text behind each of its characters.
/// Counts code points, never bytes. Follows NormalizedString of the `tokenizers` library.
class NormalizedText {
public:
    explicit NormalizedText(std::u32string text);

    [[nodiscard]] const std::u32string& text() const noexcept { return m_text; }
    [[nodiscard]] bool empty() const noexcept { return m_text.empty(); }
    /// Range of the original text behind the characters [start, end); `start < end`.
    [[nodiscard]] TokenSpan original(size_t start, size_t end) const
    {
        return {m_alignment[start].start, m_alignment[end - 1].end};
    }
    /// The part of the original text that the whole stands for.
    [[nodiscard]] TokenSpan source() const noexcept { return m_source; }
    /// The part [start, end), which knows its place in the original text.
    [[nodiscard]] NormalizedText slice(size_t start, size_t end) const;

    /// Replaces the whole text after `removedAtStart` old characters were dropped.
    void transform(std::span<const CharChange> changes, size_t removedAtStart = 0);
    void filter(const std::function<bool(char32_t)>& keep);
    void map(const std::function<char32_t(char32_t)>& mapped);
    void lowercase();
    void normalize(UnicodeForm form);
    void strip(bool left, bool right);
    /// Puts `addition` before the text unless it is empty; it shares the place of the first character.
    void prepend(std::u32string_view addition);
    /// Replaces the matches, which are in order; the new characters share the place of the last replaced one.
    void replace(std::span<const PatternMatch> matches, std::u32string_view content);
    void replaceAll(char32_t c, std::u32string_view content);
    /// Each byte of the text's UTF-8 becomes the character of byte_alphabet.h.
    void toByteCharacters();

private:
    NormalizedText() = default;
    void transformRange(
        size_t first, size_t last, std::span<const CharChange> changes, size_t removedAtStart);

    std::u32string m_text;
    std::vector<TokenSpan> m_alignment; ///< one a character of m_text
    TokenSpan m_source; ///< the part of the original text that this one stands for
};

} // namespace studio
