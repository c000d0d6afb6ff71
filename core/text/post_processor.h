// SPDX-License-Identifier: MIT
#pragma once

#include "core/text/tokenizer.h"
#include "core/text/tokenizer_block.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace studio {

/// Takes white space off the places of byte-level tokens.
struct OffsetTrim {
    bool addPrefixSpace = false; ///< one space at the start was put there by the pre-tokeniser
    bool startsEncoding = false; ///< the text's first token is the first of all
    bool operator==(const OffsetTrim&) const = default;
};

/// A place of a template: the first text, the second text, or special tokens.
struct TemplatePiece {
    enum class Kind { First, Second, Special };
    Kind kind = Kind::First;
    int32_t typeId = 0;
    std::vector<int32_t> ids = {}; ///< of Special
    std::vector<std::string> tokens = {}; ///< of Special, as many as ids
    int8_t sequenceId = -1; ///< 0 first text, 1 second text, -1 neither
    bool masked = false; ///< counts as special in the special tokens' mask
    std::vector<OffsetTrim> trims = {}; ///< of a text, in this order
    bool operator==(const TemplatePiece&) const = default;
};

/// Fourth block of a tokenizer.json: how one text, and a pair, are put together.
struct PostProcessor {
    std::vector<TemplatePiece> single;
    std::vector<TemplatePiece> pair;
    int32_t addedToSingle = 0; ///< special tokens that truncation leaves room for
    int32_t addedToPair = 0;
    // Without special tokens, where that is not merely the same without them.
    std::optional<std::vector<TemplatePiece>> bareSingle = std::nullopt, barePair = std::nullopt;

    /// The layout; without `addSpecialTokens` the caller still leaves out what is Special.
    [[nodiscard]] const std::vector<TemplatePiece>& pieces(bool forPair, bool addSpecialTokens = true) const
    {
        const auto& bare = forPair ? barePair : bareSingle;
        return !addSpecialTokens && bare ? *bare : forPair ? pair : single;
    }
    [[nodiscard]] int32_t specialTokenCount(bool forPair) const
    {
        return forPair ? addedToPair : addedToSingle;
    }
};

/// The place of a token, trimmed as `trim` says; `index` counts the tokens of its text, or of the window of
/// it that is kept.
[[nodiscard]] TokenSpan trimmedSpan(
    TokenSpan span, std::string_view token, size_t index, const OffsetTrim& trim);

/// A null block gives the texts alone, of types 0 and 1. Throws Error{Checkpoint} naming a type that is not
/// known.
[[nodiscard]] PostProcessor createPostProcessor(const TokenizerBlock& block);

/// BERT's layout: [CLS] first [SEP], second [SEP] with type 1.
[[nodiscard]] PostProcessor bertPostProcessor(
    const std::string& cls, int32_t clsId, const std::string& sep, int32_t sepId);

} // namespace studio
