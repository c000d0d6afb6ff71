// SPDX-License-Identifier: MIT
#pragma once

#include "core/text/split_pieces.h"
#include "core/text/word_matcher.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace studio {

/// The words of a text on the way that needs ids alone: normalised UTF-8 and where its words stand in it, but
/// nothing of the original text. Meant to be reused from text to text, so that it seldom allocates.
struct PlainWords {
    struct Word {
        uint32_t start;
        uint32_t end;
    };
    std::string text;
    std::vector<Word> words;
    bool atStart = true; ///< the first word stands at the start of the original text

    // Room for the pre-tokenisers to work in.
    std::string otherText;
    std::vector<Word> otherWords;
    std::vector<PatternMatch> matches;
    std::vector<SplitPiece> pieces;

    [[nodiscard]] std::string_view operator[](size_t index) const
    {
        return std::string_view(text).substr(words[index].start, words[index].end - words[index].start);
    }
    /// Starts anew with `text` as the only word (none if it is empty).
    void assign(std::string_view newText, bool standsAtStart)
    {
        text = newText;
        atStart = standsAtStart;
        makeOneWord();
    }
    void makeOneWord()
    {
        words.clear();
        if (!text.empty())
            words.push_back({0, static_cast<uint32_t>(text.size())});
    }
    /// Cuts every word: `cut(word, pieces)` appends the pieces of a word. Delimiters are words too; empty
    /// pieces are dropped.
    template <typename Cut>
    void cutEach(Cut cut)
    {
        otherWords.clear();
        for (size_t i = 0; i < words.size(); ++i) {
            pieces.clear();
            cut((*this)[i], pieces);
            const uint32_t base = words[i].start;
            for (const auto& piece : pieces) {
                if (piece.start != piece.end)
                    otherWords.push_back(
                        {base + static_cast<uint32_t>(piece.start), base + static_cast<uint32_t>(piece.end)});
            }
        }
        words.swap(otherWords);
    }
    /// Writes every word anew: `write(index, word, out)` appends what takes its place.
    template <typename Write>
    void rewriteEach(Write write)
    {
        otherText.clear();
        for (size_t i = 0; i < words.size(); ++i) {
            const auto start = static_cast<uint32_t>(otherText.size());
            write(i, (*this)[i], otherText);
            words[i] = {start, static_cast<uint32_t>(otherText.size())};
        }
        text.swap(otherText);
    }
};

} // namespace studio
