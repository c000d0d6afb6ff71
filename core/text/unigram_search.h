// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/character_length.h"
#include "core/text/piece_trie.h"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

namespace studio {

/// The best way to a place of a word: its last piece, and where that begins.
template <typename Score>
struct UnigramStep {
    static constexpr size_t unreached = SIZE_MAX;
    Score score = 0;
    size_t start = unreached;
    int32_t id = 0;
};

/// Fills `best` with the most probable way to each byte of `word` (Viterbi); of equally good ones the first
/// stays. Where no piece is just the next character, that is also tried with `unknownScore` as
/// `unknownId(start, length)`. The precision of Score decides between ways of nearly equal sums.
template <typename Score, typename ScoreOf, typename UnknownId>
void findBestPieces(const PieceTrie& trie, std::string_view word, ScoreOf scoreOf, Score unknownScore,
    UnknownId unknownId, std::vector<UnigramStep<Score>>& best)
{
    using Step = UnigramStep<Score>;
    best.assign(word.size() + 1, Step{});
    for (size_t start = 0; start < word.size();) {
        const Score scoreHere = best[start].score;
        const auto length = std::min(characterLength(word[start]), word.size() - start);
        bool hasSingle = false;
        auto node = PieceTrie::root;
        for (size_t end = start; end < word.size();) {
            node = trie.step(node, static_cast<unsigned char>(word[end++]));
            if (node == PieceTrie::none)
                break;
            const auto id = trie.value(node);
            if (id < 0)
                continue;
            const Score score = scoreOf(id) + scoreHere;
            auto& target = best[end];
            if (target.start == Step::unreached || score > target.score)
                target = {score, start, id};
            hasSingle = hasSingle || end - start == length;
        }
        if (!hasSingle) {
            const Score score = unknownScore + scoreHere;
            auto& target = best[start + length];
            if (target.start == Step::unreached || score > target.score)
                target = {score, start, unknownId(start, length)};
        }
        start += length;
    }
}

} // namespace studio
