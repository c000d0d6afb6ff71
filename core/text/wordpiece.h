// SPDX-License-Identifier: MIT
#pragma once

#include "core/text/piece_trie.h"
#include "core/text/token_model.h"

#include <span>
#include <utility>

namespace studio {

struct WordPieceOptions {
    std::string unknownToken = "[UNK]";
    std::string continuingPrefix = "##";
    int64_t maxCharsPerWord = 100;
};

/// Greedy longest-match-first pieces; a word that cannot be covered is one unknown token.
class WordPiece : public TokenModel {
public:
    /// `place` names the file in messages. Throws Error{Checkpoint} when the unknown token is not in the
    /// vocabulary.
    WordPiece(std::vector<std::pair<std::string, int32_t>> vocabulary, const WordPieceOptions& options,
        const std::string& place);

    void tokenize(std::string_view word, std::vector<ModelToken>& tokens) const override;
    /// The same for a word of `length` code points in UTF-8: `add(id, start, end)` takes its pieces in turn.
    /// False where the word cannot be covered: what was added is wrong, the word is one unknown token.
    template <typename Add>
    [[nodiscard]] bool cover(std::string_view word, size_t length, Add add) const
    {
        if (length > m_maxCharsPerWord)
            return false;
        for (size_t start = 0, end = 0; start < word.size(); start = end) {
            int32_t longest = -1;
            auto node = start == 0 ? PieceTrie::root : m_continuing;
            for (size_t i = start; i < word.size() && node != PieceTrie::none;) {
                node = m_trie.step(node, static_cast<unsigned char>(word[i++]));
                if (node != PieceTrie::none && m_trie.value(node) >= 0) {
                    longest = m_trie.value(node);
                    end = i;
                }
            }
            if (longest < 0)
                return false;
            add(longest, start, end);
        }
        return true;
    }
    [[nodiscard]] int32_t unknownPiece() const noexcept { return m_unknownId; }

    [[nodiscard]] int32_t size() const override { return m_size; }
    [[nodiscard]] int32_t largestId() const override { return static_cast<int32_t>(m_tokens.size()) - 1; }
    [[nodiscard]] std::optional<int32_t> tokenToId(std::string_view token) const override;
    [[nodiscard]] std::optional<std::string> idToToken(int32_t id) const override;
    [[nodiscard]] std::optional<int32_t> unknownId() const override { return m_unknownId; }
    [[nodiscard]] std::string kind() const override { return "WordPiece"; }

private:
    std::vector<std::string> m_tokens; ///< by id
    std::vector<bool> m_present;
    PieceTrie m_trie;
    PieceTrie::Node m_continuing = PieceTrie::none; ///< where pieces inside a word begin
    int32_t m_size = 0;
    int32_t m_unknownId = 0;
    size_t m_maxCharsPerWord;
};

} // namespace studio
