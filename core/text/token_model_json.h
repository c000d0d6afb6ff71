// SPDX-License-Identifier: MIT
#pragma once

#include "core/text/bpe.h"
#include "core/text/tokenizer_block.h"

#include <memory>
#include <simdjson.h>

namespace studio {

/// The "model" block of a tokenizer.json: `block` holds its small keys, `element` the vocabulary and the
/// merges too. Throws Error{Checkpoint} naming the place and what is wrong.
[[nodiscard]] std::unique_ptr<TokenModel> createTokenModel(
    const TokenizerBlock& block, const simdjson::dom::element& element);

/// Pieces and ids of a JSON object; the views point into the document. Throws Error{Checkpoint}.
[[nodiscard]] PieceTable readVocabularyObject(
    const simdjson::dom::element& element, const std::string& place, std::string_view key);

/// A line "left right" of merges; `number` counts from 1 for messages.
[[nodiscard]] Bpe::Merge splitMerge(std::string_view line, size_t number, const std::string& place);

} // namespace studio
