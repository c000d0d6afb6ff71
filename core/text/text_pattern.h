// SPDX-License-Identifier: MIT
#pragma once

#include "core/text/regular_expression.h"
#include "core/text/tokenizer_block.h"
#include "core/text/word_matcher.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace studio {

/// The "pattern" of a Split or Replace block: {"String": …} or {"Regex": …}. Immutable; any thread.
class TextPattern {
public:
    /// Throws Error{Checkpoint} naming the block.
    explicit TextPattern(const TokenizerBlock& block);
    explicit TextPattern(std::string literal);
    explicit TextPattern(WordPattern pattern);

    /// Appends all matches from left to right: bytes of well-formed UTF-8, or code points.
    void find(std::string_view utf8, std::vector<PatternMatch>& matches) const;
    void find(std::u32string_view text, std::vector<PatternMatch>& matches) const;

private:
    std::string m_literal; ///< when there is neither of the others
    std::optional<WordPattern> m_words;
    std::optional<RegularExpression> m_regex;
};

} // namespace studio
