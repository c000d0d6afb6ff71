// SPDX-License-Identifier: MIT
#pragma once

#include "core/text/tokenizer_block.h"

#include <cstdint>
#include <string>
#include <vector>

namespace studio {

/// A place of a template: the first text, the second text, or special tokens.
struct TemplatePiece {
    enum class Kind { First, Second, Special };
    Kind kind = Kind::First;
    int32_t typeId = 0;
    std::vector<int32_t> ids; ///< of Special
    std::vector<std::string> tokens; ///< of Special, as many as ids
};

/// Fourth block of a tokenizer.json: how one text, and a pair, are put together.
struct PostProcessor {
    std::vector<TemplatePiece> single;
    std::vector<TemplatePiece> pair;

    [[nodiscard]] const std::vector<TemplatePiece>& pieces(bool forPair) const
    {
        return forPair ? pair : single;
    }
    [[nodiscard]] int32_t specialTokenCount(bool forPair) const;
};

/// A null block gives the texts alone, of types 0 and 1. Throws Error{Checkpoint} naming a type that is not
/// known.
[[nodiscard]] PostProcessor createPostProcessor(const TokenizerBlock& block);

/// BERT's layout: [CLS] first [SEP], second [SEP] with type 1.
[[nodiscard]] PostProcessor bertPostProcessor(
    const std::string& cls, int32_t clsId, const std::string& sep, int32_t sepId);

} // namespace studio
