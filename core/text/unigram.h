// SPDX-License-Identifier: MIT
#pragma once

#include "core/text/piece_table.h"
#include "core/text/piece_trie.h"
#include "core/text/token_model.h"
#include "core/text/word_token_cache.h"

#include <array>
#include <utility>

namespace studio {

/// Most probable pieces (Viterbi) as the `tokenizers` library finds them; neighbouring unknown characters
/// are one token.
class Unigram : public TokenModel {
public:
    using ScoredPiece = std::pair<std::string_view, double>;

    /// The id of a piece is its index. `place` names the file in messages. Throws Error{Checkpoint} when
    /// `unknownId` is not among the pieces.
    Unigram(const std::vector<ScoredPiece>& pieces, std::optional<int32_t> unknownId, bool byteFallback,
        std::string place);

    void tokenize(std::string_view word, std::vector<ModelToken>& tokens) const override;
    [[nodiscard]] int32_t size() const override { return static_cast<int32_t>(m_scores.size()); }
    [[nodiscard]] int32_t largestId() const override { return size() - 1; }
    [[nodiscard]] std::optional<int32_t> tokenToId(std::string_view token) const override
    {
        return m_pieces.tokenToId(token);
    }
    [[nodiscard]] std::optional<std::string> idToToken(int32_t id) const override
    {
        return m_pieces.idToToken(id);
    }
    [[nodiscard]] std::optional<int32_t> unknownId() const override { return m_unknown; }
    [[nodiscard]] std::string kind() const override { return "Unigram"; }

    /// No piece holds `mark` after its first characters, so a word may be cut before each `mark` that does
    /// not follow another one.
    [[nodiscard]] bool marksOnlyBegin(std::string_view mark) const;

private:
    void addUnknown(std::string_view word, size_t start, size_t end, std::vector<ModelToken>& tokens) const;

    PieceTable m_pieces;
    PieceTrie m_trie;
    std::vector<double> m_scores;
    double m_unknownScore = 0;
    std::optional<int32_t> m_unknown;
    bool m_byteFallback;
    std::array<int32_t, 256> m_byteIds{}; ///< of <0x00> …, -1 where absent
    std::string m_place;
    uint64_t m_cacheOwner = WordTokenCache::newOwner();
};

} // namespace studio
