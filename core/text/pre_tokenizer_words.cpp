// SPDX-License-Identifier: MIT
#include "core/text/character_table.h"
#include "core/text/pre_tokenizer.h"

#include <functional>

namespace studio {
namespace {

/// What happens to a delimiter; names of the `tokenizers` library.
enum class DelimiterBehavior { Removed, Isolated, MergedWithPrevious, MergedWithNext, Contiguous };

struct Piece {
    size_t start;
    size_t end;
    bool delimiter;
};

std::vector<Piece> findPieces(const std::u32string& text, CharacterFlag delimiters)
{
    const auto& table = CharacterTable::instance();
    std::vector<Piece> pieces;
    size_t done = 0;
    for (size_t i = 0; i < text.size(); ++i) {
        if (!table.is(text[i], delimiters))
            continue;
        if (done < i)
            pieces.push_back({done, i, false});
        pieces.push_back({i, i + 1, true});
        done = i + 1;
    }
    if (done < text.size())
        pieces.push_back({done, text.size(), false});
    return pieces;
}

/// Joins neighbours where `joins(previous, current)`; a joined piece takes the current one's kind.
std::vector<Piece> joinPieces(const std::vector<Piece>& pieces,
    const std::function<bool(const Piece& previous, const Piece& current)>& joins)
{
    std::vector<Piece> joined;
    for (const auto& piece : pieces) {
        if (!joined.empty() && joins(joined.back(), piece))
            joined.back() = {joined.back().start, piece.end, piece.delimiter};
        else
            joined.push_back(piece);
    }
    return joined;
}

std::vector<Piece> splitPieces(
    const std::u32string& text, CharacterFlag delimiters, DelimiterBehavior behavior)
{
    auto pieces = findPieces(text, delimiters);
    switch (behavior) {
    case DelimiterBehavior::Removed:
        std::erase_if(pieces, [](const Piece& piece) { return piece.delimiter; });
        break;
    case DelimiterBehavior::Isolated:
        break;
    case DelimiterBehavior::Contiguous:
        pieces
            = joinPieces(pieces, [](const Piece& a, const Piece& b) { return a.delimiter == b.delimiter; });
        break;
    case DelimiterBehavior::MergedWithPrevious:
        pieces
            = joinPieces(pieces, [](const Piece& a, const Piece& b) { return b.delimiter && !a.delimiter; });
        break;
    case DelimiterBehavior::MergedWithNext: {
        std::vector<Piece> joined;
        for (auto piece = pieces.rbegin(); piece != pieces.rend(); ++piece) {
            if (!joined.empty() && piece->delimiter && !joined.back().delimiter)
                joined.back() = {piece->start, joined.back().end, true};
            else
                joined.push_back(*piece);
        }
        pieces.assign(joined.rbegin(), joined.rend());
        break;
    }
    }
    return pieces;
}

void splitInto(const NormalizedText& text, CharacterFlag delimiters, DelimiterBehavior behavior,
    std::vector<NormalizedText>& words)
{
    for (const auto& piece : splitPieces(text.text(), delimiters, behavior))
        words.push_back(text.slice(piece.start, piece.end));
}

struct WhitespaceSplit : PreTokenizer {
    void split(const NormalizedText& text, std::vector<NormalizedText>& words) const override
    {
        splitInto(text, WhiteSpaceCharacter, DelimiterBehavior::Removed, words);
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

DelimiterBehavior behaviorOf(const TokenizerBlock& block)
{
    if (!block.json().contains("behavior"))
        return DelimiterBehavior::Isolated;
    const auto name = block.text("behavior");
    if (name == "Removed")
        return DelimiterBehavior::Removed;
    if (name == "Isolated")
        return DelimiterBehavior::Isolated;
    if (name == "MergedWithPrevious")
        return DelimiterBehavior::MergedWithPrevious;
    if (name == "MergedWithNext")
        return DelimiterBehavior::MergedWithNext;
    if (name == "Contiguous")
        return DelimiterBehavior::Contiguous;
    block.fail(
        "\"behavior\" must be Removed, Isolated, MergedWithPrevious, MergedWithNext or Contiguous, but is \""
        + name + "\"");
}

} // namespace

void BertPreTokenizer::split(const NormalizedText& text, std::vector<NormalizedText>& words) const
{
    for (const auto& run : splitPieces(text.text(), WhiteSpaceCharacter, DelimiterBehavior::Removed)) {
        const auto word = text.slice(run.start, run.end);
        splitInto(word, PunctuationCharacter, DelimiterBehavior::Isolated, words);
    }
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
    return std::make_unique<Punctuation>(behaviorOf(block));
}

} // namespace studio
