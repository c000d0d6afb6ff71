// SPDX-License-Identifier: MIT
#pragma once

#include "core/text/tokenizer.h"
#include "core/text/unicode_normalization.h"

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
    /// The part [start, end), which knows its place in the original text.
    [[nodiscard]] NormalizedText slice(size_t start, size_t end) const;

    /// Replaces the whole text after `removedAtStart` old characters were dropped.
    void transform(std::span<const CharChange> changes, size_t removedAtStart = 0);
    void filter(const std::function<bool(char32_t)>& keep);
    void map(const std::function<char32_t(char32_t)>& mapped);
    void lowercase();
    void normalize(UnicodeForm form);
    void strip(bool left, bool right);
    /// Replaces every occurrence of `pattern`; the new characters share the place of the last replaced one.
    void replaceAll(std::u32string_view pattern, std::u32string_view content);

private:
    NormalizedText() = default;

    std::u32string m_text;
    std::vector<TokenSpan> m_alignment; ///< one a character of m_text
    TokenSpan m_source; ///< the part of the original text that this one stands for
};

} // namespace studio
