// SPDX-License-Identifier: MIT
#pragma once

#include "core/text/tokenizer.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace studio {

/// A token of one word: id and the bytes [start, end) of the word.
struct ModelToken {
    int32_t id;
    size_t start;
    size_t end;
    std::string text = {}; ///< what is shown where it is not the piece: the text of an unknown token
};

/// A token of a text.
struct PlacedToken {
    int32_t id;
    TokenSpan span; ///< in the original text
    std::string text = {}; ///< as it stood there; empty where the piece is shown
};

/// Third block of a tokenizer.json: turns a word into tokens. Immutable; any thread.
struct TokenModel {
    virtual ~TokenModel() = default;
    /// Appends the tokens of one word of well-formed UTF-8. Throws Error{Checkpoint} where the word needs an
    /// unknown token that the model lacks.
    virtual void tokenize(std::string_view word, std::vector<ModelToken>& tokens) const = 0;
    /// The same for a word that does not stand at the start of the text.
    virtual void tokenizeInside(std::string_view word, std::vector<ModelToken>& tokens) const
    {
        tokenize(word, tokens);
    }
    [[nodiscard]] virtual int32_t size() const = 0; ///< number of different pieces
    [[nodiscard]] virtual int32_t largestId() const = 0;
    [[nodiscard]] virtual std::optional<int32_t> tokenToId(std::string_view token) const = 0;
    [[nodiscard]] virtual std::optional<std::string> idToToken(int32_t id) const = 0;
    [[nodiscard]] virtual std::optional<int32_t> unknownId() const = 0;
    /// Left out by decode(skipSpecialTokens), beside the added tokens that say so of themselves.
    [[nodiscard]] virtual bool isSpecialPiece(int32_t) const { return false; }
    [[nodiscard]] virtual std::string kind() const = 0;
};

} // namespace studio
