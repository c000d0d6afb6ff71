// SPDX-License-Identifier: MIT
#include "core/text/pre_tokenizer.h"

#include "core/base/concat.h"

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

private:
    std::vector<std::unique_ptr<PreTokenizer>> m_parts;
};

} // namespace

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
    if (type == "Sequence")
        return std::make_unique<SequencePreTokenizer>(block);
    block.failUnknown(
        "pre-tokenizer", {"BertPreTokenizer", "Punctuation", "Sequence", "Whitespace", "WhitespaceSplit"});
}

} // namespace studio
