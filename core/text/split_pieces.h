// SPDX-License-Identifier: MIT
#pragma once

#include "core/text/tokenizer_block.h"
#include "core/text/word_matcher.h"

#include <cstddef>
#include <span>
#include <vector>

namespace studio {

/// What happens to a delimiter; names of the `tokenizers` library.
enum class DelimiterBehavior { Removed, Isolated, MergedWithPrevious, MergedWithNext, Contiguous };
/// The block's "behavior".
[[nodiscard]] DelimiterBehavior delimiterBehaviorOf(const TokenizerBlock& block);

/// A stretch of a text: a delimiter or what lies between two.
struct SplitPiece {
    size_t start;
    size_t end;
    bool delimiter;
};

/// Covers [0, size) with the `matches`, in order, as delimiters — or with all else as delimiters, if
/// `invert`.
void makePieces(
    std::span<const PatternMatch> matches, size_t size, bool invert, std::vector<SplitPiece>& pieces);
/// Puts the pieces together as `behavior` says.
void joinPieces(std::vector<SplitPiece>& pieces, DelimiterBehavior behavior);

/// The pieces of a text whose delimiters are single characters.
template <typename Text, typename IsDelimiter>
void findCharacterPieces(const Text& text, std::vector<SplitPiece>& pieces, IsDelimiter isDelimiter)
{
    size_t done = 0;
    for (size_t i = 0; i < text.size(); ++i) {
        if (!isDelimiter(text[i]))
            continue;
        if (done < i)
            pieces.push_back({done, i, false});
        pieces.push_back({i, i + 1, true});
        done = i + 1;
    }
    if (done < text.size())
        pieces.push_back({done, text.size(), false});
}

} // namespace studio
