// SPDX-License-Identifier: MIT
#include "core/base/unicode.h"
#include "core/text/character_table.h"
#include "core/text/pre_tokenizer.h"

namespace studio {
namespace {

void splitInto(const NormalizedText& text, CharacterFlag delimiters, DelimiterBehavior behavior,
    std::vector<NormalizedText>& words)
{
    const auto& table = CharacterTable::instance();
    std::vector<SplitPiece> pieces;
    findCharacterPieces(text.text(), pieces, [&](char32_t c) { return table.is(c, delimiters); });
    joinPieces(pieces, behavior);
    for (const auto& piece : pieces)
        words.push_back(text.slice(piece.start, piece.end));
}

struct WhitespaceSplit : PreTokenizer {
    void split(const NormalizedText& text, std::vector<NormalizedText>& words) const override
    {
        splitInto(text, WhiteSpaceCharacter, DelimiterBehavior::Removed, words);
    }
    void splitPlain(PlainWords& words, bool) const override
    {
        const auto& table = CharacterTable::instance();
        words.cutEach([&](std::string_view word, std::vector<SplitPiece>& pieces) {
            size_t done = 0;
            for (size_t at = 0; at < word.size();) {
                const size_t from = at;
                const char32_t c = nextCodePoint(word, at);
                if (!table.is(c, WhiteSpaceCharacter))
                    continue;
                pieces.push_back({done, from, false});
                done = at;
            }
            pieces.push_back({done, word.size(), false});
        });
    }
};

struct Whitespace : PreTokenizer {
    void split(const NormalizedText& text, std::vector<NormalizedText>& words) const override
    {
        const auto& table = CharacterTable::instance();
        const auto& characters = text.text();
        const auto classOf
            = [&](size_t i) { return table.flags(characters[i]) & (WordCharacter | WhiteSpaceCharacter); };
        for (size_t start = 0; start < characters.size();) {
            size_t end = start + 1;
            while (end < characters.size() && classOf(end) == classOf(start))
                ++end;
            if ((classOf(start) & WhiteSpaceCharacter) == 0)
                words.push_back(text.slice(start, end));
            start = end;
        }
    }
    void splitPlain(PlainWords& words, bool) const override
    {
        const auto& table = CharacterTable::instance();
        words.cutEach([&](std::string_view word, std::vector<SplitPiece>& pieces) {
            int current = WhiteSpaceCharacter;
            size_t start = 0;
            for (size_t at = 0; at < word.size();) {
                const size_t from = at;
                const int found
                    = table.flags(nextCodePoint(word, at)) & (WordCharacter | WhiteSpaceCharacter);
                if (found == current)
                    continue;
                if ((current & WhiteSpaceCharacter) == 0)
                    pieces.push_back({start, from, false});
                start = from;
                current = found;
            }
            if ((current & WhiteSpaceCharacter) == 0)
                pieces.push_back({start, word.size(), false});
        });
    }
};

class Punctuation : public PreTokenizer {
public:
    explicit Punctuation(DelimiterBehavior behavior)
        : m_behavior(behavior)
    {
    }
    void split(const NormalizedText& text, std::vector<NormalizedText>& words) const override
    {
        splitInto(text, PunctuationCharacter, m_behavior, words);
    }

private:
    DelimiterBehavior m_behavior;
};

} // namespace

void BertPreTokenizer::split(const NormalizedText& text, std::vector<NormalizedText>& words) const
{
    std::vector<NormalizedText> runs;
    splitInto(text, WhiteSpaceCharacter, DelimiterBehavior::Removed, runs);
    for (const auto& run : runs)
        splitInto(run, PunctuationCharacter, DelimiterBehavior::Isolated, words);
}

std::unique_ptr<PreTokenizer> createWhitespacePreTokenizer()
{
    return std::make_unique<Whitespace>();
}

std::unique_ptr<PreTokenizer> createWhitespaceSplitPreTokenizer()
{
    return std::make_unique<WhitespaceSplit>();
}

std::unique_ptr<PreTokenizer> createPunctuationPreTokenizer(const TokenizerBlock& block)
{
    return std::make_unique<Punctuation>(
        block.json().contains("behavior") ? delimiterBehaviorOf(block) : DelimiterBehavior::Isolated);
}

} // namespace studio
