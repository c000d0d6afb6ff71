// SPDX-License-Identifier: MIT
#pragma once

#include "core/text/piece_table.h"
#include "core/text/token_model.h"
#include "core/text/word_token_cache.h"

#include <array>
#include <span>
#include <utility>

namespace studio {

struct BpeOptions {
    std::optional<std::string> unknownToken = std::nullopt;
    std::string continuingPrefix; ///< continuing_subword_prefix
    std::string endOfWordSuffix; ///< end_of_word_suffix
    bool fuseUnknown = false;
    bool byteFallback = false; ///< characters that are no pieces become <0x00> … <0xFF>
    bool ignoreMerges = false; ///< a word that is a piece is that piece
};

/// Byte-pair encoding as the `tokenizers` library does it, without dropout.
class Bpe : public TokenModel {
public:
    using Merge = std::pair<std::string_view, std::string_view>;

    /// `place` names the file in messages. Throws Error{Checkpoint} when a merge names a piece that the
    /// vocabulary lacks.
    Bpe(PieceTable vocabulary, std::span<const Merge> merges, BpeOptions options, std::string place);

    void tokenize(std::string_view word, std::vector<ModelToken>& tokens) const override;
    [[nodiscard]] int32_t size() const override { return m_pieces.size(); }
    [[nodiscard]] int32_t largestId() const override { return m_pieces.largestId(); }
    [[nodiscard]] std::optional<int32_t> tokenToId(std::string_view token) const override
    {
        return m_pieces.tokenToId(token);
    }
    [[nodiscard]] std::optional<std::string> idToToken(int32_t id) const override
    {
        return m_pieces.idToToken(id);
    }
    [[nodiscard]] std::optional<int32_t> unknownId() const override
    {
        return m_unknown < 0 ? std::nullopt : std::optional(m_unknown);
    }
    [[nodiscard]] std::string kind() const override { return "BPE"; }

    /// No merge joins something that ends in another character with something that begins with `mark`: a
    /// word may be cut before each such `mark` without changing its tokens.
    [[nodiscard]] bool neverMergesBefore(std::string_view mark) const;

private:
    struct Symbol {
        int32_t id;
        int32_t previous; ///< index, -1 at the start
        int32_t next; ///< index, -1 at the end
        uint32_t length; ///< bytes of the word; 0 once merged into another
    };
    struct MergeEntry {
        uint64_t pair = UINT64_MAX;
        int32_t rank = 0;
        int32_t id = 0;
    };
    void findSymbols(std::string_view word, std::vector<Symbol>& symbols) const;
    [[nodiscard]] bool addByteTokens(std::string_view bytes, std::vector<Symbol>& symbols) const;
    [[nodiscard]] int32_t requiredUnknown() const;
    [[nodiscard]] const MergeEntry* findMerge(int32_t left, int32_t right) const noexcept;
    void mergeFew(std::vector<Symbol>& symbols) const;
    void mergeMany(std::vector<Symbol>& symbols) const;

    PieceTable m_pieces;
    BpeOptions m_options;
    std::string m_place;
    uint64_t m_cacheOwner = WordTokenCache::newOwner();
    int32_t m_unknown = -1;
    std::array<int32_t, 256> m_byteIds{}; ///< of <0x00> …, -1 where absent
    std::array<int32_t, 128> m_asciiIds{}; ///< pieces of one ASCII character, -1 where absent
    std::vector<MergeEntry> m_merges; ///< open addressing by pair
};

} // namespace studio
