// SPDX-License-Identifier: MIT
#pragma once

#include "core/text/normalized_text.h"
#include "core/text/tokenizer_block.h"

#include <memory>
#include <optional>

namespace studio {

/// First block of a tokenizer.json: changes the text, keeping track of where each character came from.
struct Normalizer {
    virtual ~Normalizer() = default;
    virtual void normalize(NormalizedText& text) const = 0;
    /// The same for UTF-8 without alignments: the way that needs ids alone. Takes the way of normalize()
    /// unless overridden. False where the result begins with characters that stand for nothing of the text:
    /// what comes after it in the reference passes them over, which only alignments tell.
    [[nodiscard]] virtual bool normalizePlain(std::string& text) const;
};

/// Null for a null block. Throws Error{Checkpoint} naming a type that is not known.
[[nodiscard]] std::unique_ptr<Normalizer> createNormalizer(const TokenizerBlock& block);

struct BertNormalizerOptions {
    bool cleanText = true;
    bool handleChineseChars = true;
    std::optional<bool> stripAccents = std::nullopt; ///< nullopt: as lowercase
    bool lowercase = true;
    [[nodiscard]] bool stripsAccents() const noexcept { return stripAccents.value_or(lowercase); }
};

/// BERT's own: drops control characters, makes all white space ' ', sets CJK ideographs apart, strips
/// accents, lowers.
class BertNormalizer : public Normalizer {
public:
    explicit BertNormalizer(const BertNormalizerOptions& options)
        : m_options(options)
    {
    }
    void normalize(NormalizedText& text) const override;
    [[nodiscard]] const BertNormalizerOptions& options() const noexcept { return m_options; }

private:
    BertNormalizerOptions m_options;
};

// One function a block kind; each checks the block's keys.
[[nodiscard]] std::unique_ptr<Normalizer> createBertNormalizer(const TokenizerBlock& block);
[[nodiscard]] std::unique_ptr<Normalizer> createUnicodeNormalizer(UnicodeForm form);
[[nodiscard]] std::unique_ptr<Normalizer> createLowercaseNormalizer();
[[nodiscard]] std::unique_ptr<Normalizer> createStripNormalizer(const TokenizerBlock& block);
[[nodiscard]] std::unique_ptr<Normalizer> createStripAccentsNormalizer();
[[nodiscard]] std::unique_ptr<Normalizer> createReplaceNormalizer(const TokenizerBlock& block);
[[nodiscard]] std::unique_ptr<Normalizer> createPrependNormalizer(const TokenizerBlock& block);
[[nodiscard]] std::unique_ptr<Normalizer> createNmtNormalizer();
[[nodiscard]] std::unique_ptr<Normalizer> createByteLevelNormalizer();
[[nodiscard]] std::unique_ptr<Normalizer> createPrecompiledNormalizer(const TokenizerBlock& block);

} // namespace studio
