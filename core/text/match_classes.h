// SPDX-License-Identifier: MIT
#pragma once

#include "core/text/two_stage_table.h"

#include <cstdint>

namespace studio {

/// Classes that the patterns of well-known tokenisers are made of.
enum MatchClass : uint8_t {
    MatchLetter = 1, ///< \p{L}
    MatchNumber = 2, ///< \p{N}
    MatchSpace = 4, ///< \s
    MatchNewline = 8, ///< [\r\n]
    MatchPunctuation = 16, ///< [\p{P}\p{S}]
    MatchMark = 32, ///< \p{M}
    MatchUpper = 64, ///< [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]
    MatchLower = 128, ///< [\p{Ll}\p{Lm}\p{Lo}\p{M}]
};

/// The classes of every character, as the `tokenizers` library's regular expressions know them. Immutable.
class MatchClassTable {
public:
    /// The one table, built at first use.
    [[nodiscard]] static const MatchClassTable& instance();
    [[nodiscard]] uint8_t of(char32_t c) const noexcept { return m_table.at(c); }

private:
    MatchClassTable();
    TwoStageTable m_table;
};

} // namespace studio
