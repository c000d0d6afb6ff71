// SPDX-License-Identifier: MIT
#include "core/text/normalizer.h"

#include "core/base/concat.h"
#include "core/base/unicode.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace studio {
namespace {

class SequenceNormalizer : public Normalizer {
public:
    explicit SequenceNormalizer(const TokenizerBlock& block)
    {
        size_t index = 0;
        for (const auto& part : block.list("normalizers")) {
            const TokenizerBlock inner(part, concat(block.place(), ".normalizers[", index++, "]"));
            if (auto normalizer = createNormalizer(inner))
                m_parts.push_back(std::move(normalizer));
            else
                inner.fail("a normalizer was expected, but found null");
        }
    }
    void normalize(NormalizedText& text) const override
    {
        for (const auto& part : m_parts)
            part->normalize(text);
    }
    bool normalizePlain(std::string& text) const override
    {
        return std::all_of(
            m_parts.begin(), m_parts.end(), [&](const auto& part) { return part->normalizePlain(text); });
    }

private:
    std::vector<std::unique_ptr<Normalizer>> m_parts;
};

} // namespace

bool Normalizer::normalizePlain(std::string& text) const
{
    NormalizedText exact(toUtf32(text));
    normalize(exact);
    text = toUtf8(exact.text());
    return true;
}

std::unique_ptr<Normalizer> createNormalizer(const TokenizerBlock& block)
{
    if (block.isNull())
        return nullptr;
    const auto type = block.type();
    if (type == "BertNormalizer")
        return createBertNormalizer(block);
    if (type == "Lowercase")
        return createLowercaseNormalizer();
    if (type == "NFC")
        return createUnicodeNormalizer(UnicodeForm::Nfc);
    if (type == "NFD")
        return createUnicodeNormalizer(UnicodeForm::Nfd);
    if (type == "NFKC")
        return createUnicodeNormalizer(UnicodeForm::Nfkc);
    if (type == "NFKD")
        return createUnicodeNormalizer(UnicodeForm::Nfkd);
    if (type == "Strip")
        return createStripNormalizer(block);
    if (type == "StripAccents")
        return createStripAccentsNormalizer();
    if (type == "Replace")
        return createReplaceNormalizer(block);
    if (type == "Prepend")
        return createPrependNormalizer(block);
    if (type == "Nmt")
        return createNmtNormalizer();
    if (type == "ByteLevel")
        return createByteLevelNormalizer();
    if (type == "Precompiled")
        return createPrecompiledNormalizer(block);
    if (type == "Sequence")
        return std::make_unique<SequenceNormalizer>(block);
    block.failUnknown("normalizer",
        {"BertNormalizer", "ByteLevel", "Lowercase", "NFC", "NFD", "NFKC", "NFKD", "Nmt", "Precompiled",
            "Prepend", "Replace", "Sequence", "Strip", "StripAccents"});
}

} // namespace studio
