// SPDX-License-Identifier: MIT
#include "core/text/split_pieces.h"

#include "core/base/concat.h"

#include <algorithm>
#include <array>

namespace studio {
namespace {

/// Appends each piece to the one before where `joins(matched, previous matched)`.
template <typename Joins>
void joinNeighbours(std::vector<SplitPiece>& pieces, Joins joins)
{
    size_t kept = 0;
    bool previous = false;
    for (const auto piece : pieces) {
        if (kept > 0 && joins(piece.delimiter, previous))
            pieces[kept - 1].end = piece.end;
        else
            pieces[kept++] = piece;
        previous = piece.delimiter;
    }
    pieces.resize(kept);
}

} // namespace

DelimiterBehavior delimiterBehaviorOf(const TokenizerBlock& block)
{
    static constexpr std::array<std::pair<std::string_view, DelimiterBehavior>, 5> behaviors{
        {{"Removed", DelimiterBehavior::Removed}, {"Isolated", DelimiterBehavior::Isolated},
            {"MergedWithPrevious", DelimiterBehavior::MergedWithPrevious},
            {"MergedWithNext", DelimiterBehavior::MergedWithNext},
            {"Contiguous", DelimiterBehavior::Contiguous}}};
    const auto name = block.text("behavior");
    for (const auto& [known, behavior] : behaviors) {
        if (name == known)
            return behavior;
    }
    block.fail(concat("\"behavior\" must be Removed, Isolated, MergedWithPrevious, MergedWithNext or "
                      "Contiguous, but is \"",
        name, "\""));
}

void makePieces(
    std::span<const PatternMatch> matches, size_t size, bool invert, std::vector<SplitPiece>& pieces)
{
    size_t done = 0;
    for (const auto& match : matches) {
        if (done != match.start)
            pieces.push_back({done, match.start, invert});
        pieces.push_back({match.start, match.end, !invert});
        done = match.end;
    }
    if (done != size)
        pieces.push_back({done, size, invert});
}

void joinPieces(std::vector<SplitPiece>& pieces, DelimiterBehavior behavior)
{
    const auto afterWord = [](bool delimiter, bool previous) { return delimiter && !previous; };
    switch (behavior) {
    case DelimiterBehavior::Removed:
        std::erase_if(pieces, [](const SplitPiece& piece) { return piece.delimiter; });
        break;
    case DelimiterBehavior::Isolated:
        break;
    case DelimiterBehavior::Contiguous:
        joinNeighbours(pieces, [](bool delimiter, bool previous) { return delimiter == previous; });
        break;
    case DelimiterBehavior::MergedWithPrevious:
        joinNeighbours(pieces, afterWord);
        break;
    case DelimiterBehavior::MergedWithNext: {
        std::reverse(pieces.begin(), pieces.end());
        for (auto& piece : pieces)
            std::swap(piece.start, piece.end);
        joinNeighbours(pieces, afterWord);
        for (auto& piece : pieces)
            std::swap(piece.start, piece.end);
        std::reverse(pieces.begin(), pieces.end());
        break;
    }
    }
}

} // namespace studio
