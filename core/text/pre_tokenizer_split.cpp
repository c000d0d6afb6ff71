// SPDX-License-Identifier: MIT
#include "core/base/concat.h"
#include "core/base/unicode.h"
#include "core/text/pre_tokenizer.h"
#include "core/text/regex_tables.h"
#include "core/text/text_pattern.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace studio {
namespace {

void addSlices(
    const NormalizedText& text, const std::vector<SplitPiece>& pieces, std::vector<NormalizedText>& words)
{
    for (const auto& piece : pieces) {
        if (piece.start != piece.end)
            words.push_back(text.slice(piece.start, piece.end));
    }
}

class Split : public PreTokenizer {
public:
    Split(TextPattern pattern, DelimiterBehavior behavior, bool invert)
        : m_pattern(std::move(pattern))
        , m_behavior(behavior)
        , m_invert(invert)
    {
    }
    void split(const NormalizedText& text, std::vector<NormalizedText>& words) const override
    {
        std::vector<PatternMatch> matches;
        std::vector<SplitPiece> pieces;
        m_pattern.find(text.text(), matches);
        makePieces(matches, text.text().size(), m_invert, pieces);
        joinPieces(pieces, m_behavior);
        addSlices(text, pieces, words);
    }
    void splitPlain(PlainWords& words, bool) const override
    {
        words.cutEach([&](std::string_view word, std::vector<SplitPiece>& pieces) {
            words.matches.clear();
            m_pattern.find(word, words.matches);
            makePieces(words.matches, word.size(), m_invert, pieces);
            joinPieces(pieces, m_behavior);
        });
    }

private:
    TextPattern m_pattern;
    DelimiterBehavior m_behavior;
    bool m_invert;
};

/// Delimiters are single characters.
template <typename IsDelimiter>
class CharacterSplit : public PreTokenizer {
public:
    CharacterSplit(DelimiterBehavior behavior, IsDelimiter isDelimiter)
        : m_behavior(behavior)
        , m_isDelimiter(std::move(isDelimiter))
    {
    }
    void split(const NormalizedText& text, std::vector<NormalizedText>& words) const override
    {
        std::vector<SplitPiece> pieces;
        findCharacterPieces(text.text(), pieces, m_isDelimiter);
        joinPieces(pieces, m_behavior);
        addSlices(text, pieces, words);
    }
    void splitPlain(PlainWords& words, bool) const override
    {
        words.cutEach([&](std::string_view word, std::vector<SplitPiece>& pieces) {
            words.matches.clear();
            for (size_t at = 0; at < word.size();) {
                const size_t from = at;
                if (m_isDelimiter(nextCodePoint(word, at)))
                    words.matches.push_back({from, at});
            }
            makePieces(words.matches, word.size(), false, pieces);
            joinPieces(pieces, m_behavior);
        });
    }

private:
    DelimiterBehavior m_behavior;
    IsDelimiter m_isDelimiter;
};

template <typename IsDelimiter>
std::unique_ptr<PreTokenizer> makeCharacterSplit(DelimiterBehavior behavior, IsDelimiter isDelimiter)
{
    return std::make_unique<CharacterSplit<IsDelimiter>>(behavior, std::move(isDelimiter));
}

bool isNumeric(char32_t c)
{
    if (c < 0xB2)
        return c >= U'0' && c <= U'9';
    const auto ranges = numericRanges(); // first, last, first, last, …
    const auto after = std::upper_bound(ranges.begin(), ranges.end(), static_cast<uint32_t>(c));
    const auto index = after - ranges.begin();
    return index % 2 == 1 || (index > 0 && *std::prev(after) == static_cast<uint32_t>(c));
}

class FixedLength : public PreTokenizer {
public:
    explicit FixedLength(size_t length)
        : m_length(length)
    {
    }
    void split(const NormalizedText& text, std::vector<NormalizedText>& words) const override
    {
        const size_t size = text.text().size();
        for (size_t start = 0; start < size; start += std::min(m_length, size - start))
            words.push_back(text.slice(start, start + std::min(m_length, size - start)));
    }

private:
    size_t m_length;
};

/// Class of a character's script; 0 goes with any.
uint32_t scriptOf(char32_t c)
{
    const auto runs = scriptRuns(); // the first one starts at 0
    const auto after = std::upper_bound(runs.begin(), runs.end(), static_cast<uint32_t>(c),
        [](uint32_t place, uint32_t run) { return place < run >> 8; });
    return *std::prev(after) & 0xFF;
}

struct UnicodeScripts : PreTokenizer {
    void split(const NormalizedText& text, std::vector<NormalizedText>& words) const override
    {
        // As in the reference, characters that go with any script are lost at the start.
        const auto& characters = text.text();
        std::optional<size_t> start;
        uint32_t last = 0;
        for (size_t i = 0; i < characters.size(); ++i) {
            const auto script = scriptOf(characters[i]);
            if (script == 0 || script == last)
                continue;
            if (start)
                words.push_back(text.slice(*start, i));
            start = i;
            last = script;
        }
        if (start)
            words.push_back(text.slice(*start, characters.size()));
    }
};

} // namespace

std::unique_ptr<PreTokenizer> createSplitPreTokenizer(const TokenizerBlock& block)
{
    const auto behavior = delimiterBehaviorOf(block);
    return std::make_unique<Split>(TextPattern(block), behavior, block.flag("invert"));
}

std::unique_ptr<PreTokenizer> createDigitsPreTokenizer(const TokenizerBlock& block)
{
    return makeCharacterSplit(
        block.flag("individual_digits") ? DelimiterBehavior::Isolated : DelimiterBehavior::Contiguous,
        [](char32_t c) { return isNumeric(c); });
}

std::unique_ptr<PreTokenizer> createCharDelimiterPreTokenizer(const TokenizerBlock& block)
{
    const auto delimiter = toUtf32(block.text("delimiter"));
    if (delimiter.size() != 1)
        block.fail(
            concat("\"delimiter\" must be one character, but is ", jsonLine(block.member("delimiter"))));
    return makeCharacterSplit(
        DelimiterBehavior::Removed, [wanted = delimiter.front()](char32_t c) { return c == wanted; });
}

std::unique_ptr<PreTokenizer> createFixedLengthPreTokenizer(const TokenizerBlock& block)
{
    if (!block.json().contains("length"))
        return std::make_unique<FixedLength>(size_t{5});
    const auto& length = block.member("length");
    if (!length.is_number_integer() || length.get<int64_t>() < 1)
        block.fail(concat("\"length\" must be a count from 1, but is ", jsonLine(length)));
    return std::make_unique<FixedLength>(static_cast<size_t>(length.get<int64_t>()));
}

std::unique_ptr<PreTokenizer> createUnicodeScriptsPreTokenizer()
{
    return std::make_unique<UnicodeScripts>();
}

} // namespace studio
