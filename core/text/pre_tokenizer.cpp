// SPDX-License-Identifier: MIT
#include "core/text/pre_tokenizer.h"

#include "core/base/concat.h"
#include "core/base/unicode.h"

#include <algorithm>
#include <utility>

namespace studio {
namespace {

class SequencePreTokenizer : public PreTokenizer {
public:
    explicit SequencePreTokenizer(const TokenizerBlock& block)
    {
        size_t index = 0;
        for (const auto& part : block.list("pretokenizers")) {
            const TokenizerBlock inner(part, concat(block.place(), ".pretokenizers[", index++, "]"));
            if (auto preTokenizer = createPreTokenizer(inner))
                m_parts.push_back(std::move(preTokenizer));
            else
                inner.fail("a pre-tokenizer was expected, but found null");
        }
    }
    void split(const NormalizedText& text, std::vector<NormalizedText>& words) const override
    {
        std::vector<NormalizedText> current{text};
        for (const auto& part : m_parts) {
            std::vector<NormalizedText> next;
            for (const auto& word : current)
                part->split(word, next);
            current = std::move(next);
        }
        words.insert(
            words.end(), std::make_move_iterator(current.begin()), std::make_move_iterator(current.end()));
    }
    void splitPlain(PlainWords& words, bool rawBytes) const override
    {
        for (const auto& part : m_parts)
            part->splitPlain(words, rawBytes && part == m_parts.back());
    }
    [[nodiscard]] bool hasPlainWay() const override
    {
        for (const auto& part : m_parts) {
            if (!part->hasPlainWay() || (part->asksForStart() && part != m_parts.front()))
                return false;
        }
        return true;
    }
    [[nodiscard]] bool endsInBytes() const override
    {
        return !m_parts.empty() && m_parts.back()->endsInBytes();
    }
    [[nodiscard]] bool asksForStart() const override
    {
        return std::any_of(
            m_parts.begin(), m_parts.end(), [](const auto& part) { return part->asksForStart(); });
    }

private:
    std::vector<std::unique_ptr<PreTokenizer>> m_parts;
};

} // namespace

void PreTokenizer::splitPlain(PlainWords& words, bool) const
{
    std::vector<NormalizedText> parts;
    std::vector<PlainWords::Word> places;
    std::string text;
    for (size_t i = 0; i < words.words.size(); ++i) {
        parts.clear();
        split(NormalizedText(toUtf32(words[i])), parts);
        for (const auto& part : parts) {
            const auto start = static_cast<uint32_t>(text.size());
            text += toUtf8(part.text());
            if (text.size() > start)
                places.push_back({start, static_cast<uint32_t>(text.size())});
        }
    }
    words.text = std::move(text);
    words.words = std::move(places);
}

std::unique_ptr<PreTokenizer> createPreTokenizer(const TokenizerBlock& block)
{
    if (block.isNull())
        return nullptr;
    const auto type = block.type();
    if (type == "BertPreTokenizer")
        return std::make_unique<BertPreTokenizer>();
    if (type == "Whitespace")
        return createWhitespacePreTokenizer();
    if (type == "WhitespaceSplit")
        return createWhitespaceSplitPreTokenizer();
    if (type == "Punctuation")
        return createPunctuationPreTokenizer(block);
    if (type == "Digits")
        return createDigitsPreTokenizer(block);
    if (type == "CharDelimiterSplit")
        return createCharDelimiterPreTokenizer(block);
    if (type == "FixedLength")
        return createFixedLengthPreTokenizer(block);
    if (type == "UnicodeScripts")
        return createUnicodeScriptsPreTokenizer();
    if (type == "Metaspace")
        return createMetaspacePreTokenizer(block);
    if (type == "ByteLevel")
        return createByteLevelPreTokenizer(block);
    if (type == "Split")
        return createSplitPreTokenizer(block);
    if (type == "Sequence")
        return std::make_unique<SequencePreTokenizer>(block);
    block.failUnknown("pre-tokenizer",
        {"BertPreTokenizer", "ByteLevel", "CharDelimiterSplit", "Digits", "FixedLength", "Metaspace",
            "Punctuation", "Sequence", "Split", "UnicodeScripts", "Whitespace", "WhitespaceSplit"});
}

} // namespace studio
