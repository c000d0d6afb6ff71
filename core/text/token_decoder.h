// SPDX-License-Identifier: MIT
#pragma once

#include "core/text/tokenizer_block.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace studio {

/// Fifth block of a tokenizer.json: turns tokens into text again. The results are joined without a separator.
struct TokenDecoder {
    virtual ~TokenDecoder() = default;
    virtual void decode(std::vector<std::string>& tokens) const = 0;
};

/// Null for a null block (tokens are then joined by spaces). Throws Error{Checkpoint} naming a type that is
/// not known.
[[nodiscard]] std::unique_ptr<TokenDecoder> createTokenDecoder(const TokenizerBlock& block);

/// Pieces inside a word lose `prefix`, words get a space before them; `cleanup` drops spaces before
/// punctuation.
[[nodiscard]] std::unique_ptr<TokenDecoder> createWordPieceDecoder(const std::string& prefix, bool cleanup);

[[nodiscard]] std::unique_ptr<TokenDecoder> createCtcDecoder(const TokenizerBlock& block);

/// Replaces every `from` in `text`, as the decoders do.
void replaceAll(std::string& text, std::string_view from, std::string_view to);

} // namespace studio
