// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>

namespace studio {

/// Inclusive range of code points.
struct CodePointRange {
    char32_t first;
    char32_t last;
};

/// Code points first, first + step, …, last, whose lower case is the code point + delta.
struct LowerCaseRun {
    char32_t first;
    char32_t last;
    int32_t step;
    int32_t delta;
};

// Character classes as the `tokenizers` library has them: it mixes several Unicode versions, none of which is
// ICU's.
[[nodiscard]] std::span<const CodePointRange>
removedRanges() noexcept; ///< dropped by BertNormalizer's clean_text
[[nodiscard]] std::span<const CodePointRange> whiteSpaceRanges() noexcept;
[[nodiscard]] std::span<const CodePointRange> punctuationRanges() noexcept;
[[nodiscard]] std::span<const CodePointRange>
nonspacingMarkRanges() noexcept; ///< of characters that do not decompose
[[nodiscard]] std::span<const CodePointRange> combiningMarkRanges() noexcept; ///< dropped by StripAccents
[[nodiscard]] std::span<const CodePointRange> wordRanges() noexcept; ///< `\w` of regular expressions
[[nodiscard]] std::span<const LowerCaseRun> lowerCaseRuns() noexcept; ///< without U+0130, which becomes two

} // namespace studio
