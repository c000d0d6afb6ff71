// SPDX-License-Identifier: MIT
#pragma once

#include "core/text/word_matcher.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace studio {

/// A regular expression as the `tokenizers` library understands it: Oniguruma with its own syntax on UTF-8.
/// Immutable; one object may be used from many threads.
class RegularExpression {
public:
    /// Throws Error{Checkpoint} with what Oniguruma says about `pattern`; `place` is for the message.
    RegularExpression(std::string_view pattern, const std::string& place);
    RegularExpression(RegularExpression&&) noexcept;
    RegularExpression& operator=(RegularExpression&&) noexcept;
    ~RegularExpression();

    /// Appends all matches in `text` (well-formed UTF-8) from left to right, as byte ranges. An empty match
    /// counts unless it follows another one directly. Throws Error{Data} when matching takes too long.
    void find(std::string_view text, std::vector<PatternMatch>& matches) const;

private:
    struct Compiled;
    std::unique_ptr<const Compiled> m_compiled;
    std::string m_pattern;
};

} // namespace studio
