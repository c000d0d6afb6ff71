// SPDX-License-Identifier: MIT
#pragma once

#include "core/text/tokenizer.h"

namespace studio {

/// What a classifier reads of a text or a pair: encodeIds(), but never nothing. Where no token comes of it
/// (an empty text without special tokens around it), a padding token stands for it, as it does in a padded
/// batch, or else the unknown token. Throws Error{Data} where the tokeniser has neither.
[[nodiscard]] TokenIds modelInput(const Tokenizer& tokenizer, std::string_view first,
    const std::string_view* second, const EncodeOptions& options);

} // namespace studio
