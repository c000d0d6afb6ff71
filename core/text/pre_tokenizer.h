// SPDX-License-Identifier: MIT
#pragma once

#include "core/text/normalized_text.h"
#include "core/text/tokenizer_block.h"

#include <memory>
#include <vector>

namespace studio {

/// Second block of a tokenizer.json: cuts the normalised text into words. No word is empty.
struct PreTokenizer {
    virtual ~PreTokenizer() = default;
    virtual void split(const NormalizedText& text, std::vector<NormalizedText>& words) const = 0;
};

/// Null for a null block. Throws Error{Checkpoint} naming a type that is not known.
[[nodiscard]] std::unique_ptr<PreTokenizer> createPreTokenizer(const TokenizerBlock& block);

/// BERT's own: words between white space, each punctuation character apart.
struct BertPreTokenizer : PreTokenizer {
    void split(const NormalizedText& text, std::vector<NormalizedText>& words) const override;
};

// One function a block kind.
[[nodiscard]] std::unique_ptr<PreTokenizer> createWhitespacePreTokenizer(); ///< `\w+|[^\w\s]+`
[[nodiscard]] std::unique_ptr<PreTokenizer> createWhitespaceSplitPreTokenizer(); ///< between white space
[[nodiscard]] std::unique_ptr<PreTokenizer> createPunctuationPreTokenizer(const TokenizerBlock& block);

} // namespace studio
