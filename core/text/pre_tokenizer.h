// SPDX-License-Identifier: MIT
#pragma once

#include "core/text/normalized_text.h"
#include "core/text/plain_words.h"
#include "core/text/tokenizer_block.h"

#include <memory>
#include <vector>

namespace studio {

/// Second block of a tokenizer.json: cuts the normalised text into words. No word is empty.
struct PreTokenizer {
    virtual ~PreTokenizer() = default;
    virtual void split(const NormalizedText& text, std::vector<NormalizedText>& words) const = 0;

    /// The same words on the way that needs ids alone: replaces the words of `words`. Where endsInBytes()
    /// holds and `rawBytes` is asked for, the words hold the bytes themselves instead of the characters of
    /// byte_alphabet.h. Unless overridden, takes the way of split().
    virtual void splitPlain(PlainWords& words, bool rawBytes) const;
    /// Whether splitPlain() gives the words of split(); it does not where they depend on the original text in
    /// a way that PlainWords does not carry.
    [[nodiscard]] virtual bool hasPlainWay() const { return true; }
    /// Whether the words are made of the characters of byte_alphabet.h, hence any bytes.
    [[nodiscard]] virtual bool endsInBytes() const { return false; }
    /// Whether the words depend on whether the text stands at the start of the original one.
    [[nodiscard]] virtual bool asksForStart() const { return false; }
};

/// Null for a null block. Throws Error{Checkpoint} naming a type that is not known.
[[nodiscard]] std::unique_ptr<PreTokenizer> createPreTokenizer(const TokenizerBlock& block);

/// BERT's own: words between white space, each punctuation character apart.
struct BertPreTokenizer : PreTokenizer {
    void split(const NormalizedText& text, std::vector<NormalizedText>& words) const override;
};

// One function a block kind; each checks the block's keys.
[[nodiscard]] std::unique_ptr<PreTokenizer> createWhitespacePreTokenizer(); ///< `\w+|[^\w\s]+`
[[nodiscard]] std::unique_ptr<PreTokenizer> createWhitespaceSplitPreTokenizer(); ///< between white space
[[nodiscard]] std::unique_ptr<PreTokenizer> createPunctuationPreTokenizer(const TokenizerBlock& block);
[[nodiscard]] std::unique_ptr<PreTokenizer> createDigitsPreTokenizer(const TokenizerBlock& block);
[[nodiscard]] std::unique_ptr<PreTokenizer> createCharDelimiterPreTokenizer(const TokenizerBlock& block);
[[nodiscard]] std::unique_ptr<PreTokenizer> createFixedLengthPreTokenizer(const TokenizerBlock& block);
[[nodiscard]] std::unique_ptr<PreTokenizer> createUnicodeScriptsPreTokenizer();
[[nodiscard]] std::unique_ptr<PreTokenizer> createMetaspacePreTokenizer(const TokenizerBlock& block);
[[nodiscard]] std::unique_ptr<PreTokenizer> createByteLevelPreTokenizer(const TokenizerBlock& block);
[[nodiscard]] std::unique_ptr<PreTokenizer> createSplitPreTokenizer(const TokenizerBlock& block);

} // namespace studio
