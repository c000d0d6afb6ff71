// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace studio {

/// A token of one word: id and the characters [start, end) of the word.
struct ModelToken {
    int32_t id;
    size_t start;
    size_t end;
};

/// Third block of a tokenizer.json: turns a word into tokens.
struct TokenModel {
    virtual ~TokenModel() = default;
    virtual void tokenize(std::u32string_view word, std::vector<ModelToken>& tokens) const = 0;
    [[nodiscard]] virtual int32_t size() const = 0; ///< number of different pieces
    [[nodiscard]] virtual int32_t largestId() const = 0;
    [[nodiscard]] virtual std::optional<int32_t> tokenToId(std::string_view token) const = 0;
    [[nodiscard]] virtual std::optional<std::string> idToToken(int32_t id) const = 0;
    [[nodiscard]] virtual std::optional<int32_t> unknownId() const = 0;
    [[nodiscard]] virtual std::string kind() const = 0;
};

} // namespace studio
