// SPDX-License-Identifier: MIT
#pragma once

#include "core/text/piece_table.h"
#include "core/text/sentencepiece_file.h"
#include "core/text/token_decoder.h"
#include "core/text/token_model.h"

#include <memory>

namespace sentencepiece {
class SentencePieceProcessor;
}

namespace studio {

/// How a family of models numbers the pieces of its SentencePiece file.
struct SentencePieceNumbering {
    std::vector<std::string> before; ///< tokens with the first ids
    int32_t skippedPieces = 0; ///< pieces at the file's start that `before` stands in for
    std::vector<std::string> after; ///< tokens behind the last piece
    std::optional<int32_t> unknownId = std::nullopt; ///< nullopt: the file's own
    bool prefixOnlyAtStart = false; ///< a stretch inside a text gets no space before it
    bool neverPrefix = false; ///< nor does one at its start
    /// The file's own numbers: unknown ones are said to be special, and decoding is the library's.
    bool plain = true;
};

/// A SentencePiece file through its own library: a whole stretch of text is one word to it. Of a Unigram's
/// equally good ways the one is taken that the library takes since 0.2.1.
class SentencePieceModel : public TokenModel {
public:
    /// `place` names the file in messages. Throws Error{Checkpoint} for what is no such file.
    SentencePieceModel(std::string_view file, SentencePieceNumbering numbering, const std::string& place);
    ~SentencePieceModel() override;

    void tokenize(std::string_view word, std::vector<ModelToken>& tokens) const override;
    void tokenizeInside(std::string_view word, std::vector<ModelToken>& tokens) const override;
    [[nodiscard]] int32_t size() const override;
    [[nodiscard]] int32_t largestId() const override { return size() - 1; }
    [[nodiscard]] std::optional<int32_t> tokenToId(std::string_view token) const override
    {
        return m_tokens.tokenToId(token);
    }
    [[nodiscard]] std::optional<std::string> idToToken(int32_t id) const override
    {
        return m_tokens.idToToken(id);
    }
    [[nodiscard]] std::optional<int32_t> unknownId() const override { return m_unknown; }
    [[nodiscard]] bool isSpecialPiece(int32_t id) const override;
    [[nodiscard]] std::string kind() const override { return m_kind; }

    [[nodiscard]] std::optional<int32_t> padId() const;
    /// Pieces that a text can not produce: <s>, </s> and the like.
    [[nodiscard]] std::vector<std::string> controlPieces() const;
    /// Pieces and their places in `word`, without the family's numbers.
    struct Piece {
        std::string text;
        size_t start;
        size_t end;
        int32_t id;
    };
    /// `inside`: of a stretch that another one comes before.
    [[nodiscard]] std::vector<Piece> pieces(std::string_view word, bool inside = false) const;
    [[nodiscard]] std::string decodePieces(const std::vector<std::string>& pieces) const;

private:
    [[nodiscard]] int32_t tokenOf(int32_t piece) const;
    void append(std::string_view word, bool inside, std::vector<ModelToken>& tokens) const;
    /// Puts the best way in the place of what the library found; `characters` tells the characters' places.
    void chooseBest(std::string_view word, const sentencepiece::SentencePieceProcessor& characters,
        std::vector<Piece>& pieces) const;

    std::unique_ptr<sentencepiece::SentencePieceProcessor> m_processor;
    std::unique_ptr<sentencepiece::SentencePieceProcessor> m_inside; ///< adds no prefix; may be null
    std::unique_ptr<UnigramPieces> m_best; ///< null unless the file is a Unigram; so are the next two
    std::unique_ptr<sentencepiece::SentencePieceProcessor> m_characters, m_insideCharacters;
    SentencePieceNumbering m_numbering;
    PieceTable m_tokens;
    std::optional<int32_t> m_unknown;
    std::string m_kind;
};

/// Decodes with the file's own library. `model` must outlive the decoder.
[[nodiscard]] std::unique_ptr<TokenDecoder> createSentencePieceDecoder(const SentencePieceModel& model);

} // namespace studio
