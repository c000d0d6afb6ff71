// SPDX-License-Identifier: MIT
#pragma once

#include "core/text/added_vocabulary.h"
#include "core/text/normalizer.h"
#include "core/text/pre_tokenizer.h"
#include "core/text/wordpiece.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace studio {

/// BertNormalizer, BertPreTokenizer and WordPiece in one pass over the bytes. Gives the same tokens as the
/// blocks one after the other. Keeps references to the model and the added tokens.
class BertFastPath {
public:
    /// nullopt when the blocks are not exactly these, or when an added token is looked for in normalised
    /// text.
    [[nodiscard]] static std::optional<BertFastPath> create(const Normalizer* normalizer,
        const PreTokenizer* preTokenizer, const TokenModel* model, const AddedVocabulary& added);

    /// Appends the ids of well-formed UTF-8; stops once more than `enough` are there. False (with some ids
    /// appended) when the text needs the slow way: it holds an added token, or marks that only reordering
    /// puts right.
    [[nodiscard]] bool append(std::string_view text, size_t enough, std::vector<int32_t>& ids) const;
    /// The same with the places of all tokens.
    [[nodiscard]] bool append(std::string_view text, std::vector<PlacedToken>& tokens) const;

private:
    BertFastPath(const BertNormalizerOptions& options, const WordPiece& model, const AddedVocabulary& added);

    enum class ByteClass : uint8_t { Word, Space, Punctuation, Removed, AddedToken, NotAscii };
    template <typename Output>
    [[nodiscard]] bool run(std::string_view text, Output& output) const;
    template <typename Output>
    [[nodiscard]] bool appendCharacter(char32_t c, Output& output) const;
    template <typename Output>
    void appendNormalized(char32_t c, Output& output) const;
    [[nodiscard]] bool startsAddedToken(std::string_view text) const;

    BertNormalizerOptions m_options;
    const WordPiece* m_model;
    const PieceTrie* m_added;
    std::array<ByteClass, 256> m_classes{};
    std::array<char, 128> m_lower{};
    bool m_addedBeyondAscii = false;
};

} // namespace studio
