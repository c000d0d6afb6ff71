// SPDX-License-Identifier: MIT
#include "core/base/concat.h"
#include "core/base/unicode.h"
#include "core/text/byte_alphabet.h"
#include "core/text/metaspace.h"
#include "core/text/pre_tokenizer.h"
#include "core/text/text_pattern.h"

#include <utility>

namespace studio {
namespace {

void addIsolated(
    const NormalizedText& text, const std::vector<PatternMatch>& matches, std::vector<NormalizedText>& words)
{
    std::vector<SplitPiece> pieces;
    makePieces(matches, text.text().size(), false, pieces);
    for (const auto& piece : pieces)
        words.push_back(text.slice(piece.start, piece.end));
}

class ByteLevel : public PreTokenizer {
public:
    ByteLevel(bool addPrefixSpace, bool useRegex)
        : m_addPrefixSpace(addPrefixSpace)
        , m_useRegex(useRegex)
    {
    }
    void split(const NormalizedText& text, std::vector<NormalizedText>& words) const override
    {
        const auto first = words.size();
        NormalizedText whole = text;
        if (m_addPrefixSpace && !whole.empty() && whole.text().front() != U' ')
            whole.prepend(U" ");
        if (m_useRegex) {
            std::vector<PatternMatch> matches;
            findWords(WordPattern::Gpt2, std::u32string_view(whole.text()), matches);
            addIsolated(whole, matches, words);
        } else if (!whole.empty()) {
            words.push_back(std::move(whole));
        }
        for (size_t i = first; i < words.size(); ++i)
            words[i].toByteCharacters();
    }
    void splitPlain(PlainWords& words, bool rawBytes) const override
    {
        if (m_addPrefixSpace) {
            words.rewriteEach([](size_t, std::string_view word, std::string& out) {
                if (!word.starts_with(' '))
                    out.push_back(' ');
                out.append(word);
            });
        }
        if (m_useRegex) {
            words.cutEach([&](std::string_view word, std::vector<SplitPiece>& pieces) {
                words.matches.clear();
                findWords(WordPattern::Gpt2, word, words.matches);
                for (const auto& match : words.matches)
                    pieces.push_back({match.start, match.end, true});
            });
        }
        if (!rawBytes) {
            words.rewriteEach(
                [](size_t, std::string_view word, std::string& out) { appendByteCharacters(out, word); });
        }
    }
    [[nodiscard]] bool endsInBytes() const override { return true; }

private:
    bool m_addPrefixSpace;
    bool m_useRegex;
};

class Metaspace : public PreTokenizer {
public:
    explicit Metaspace(const MetaspaceOptions& options)
        : m_options(options)
        , m_replacement(toUtf8(std::u32string_view(&m_options.replacement, 1)))
    {
    }
    void split(const NormalizedText& text, std::vector<NormalizedText>& words) const override
    {
        const char32_t mark = m_options.replacement;
        const std::u32string_view replacement(&mark, 1);
        NormalizedText whole = text;
        whole.replaceAll(U' ', replacement);
        if (prepends(text.source().start == 0) && !whole.empty() && whole.text().front() != mark)
            whole.prepend(replacement);
        if (!m_options.split) {
            if (!whole.empty())
                words.push_back(std::move(whole));
            return;
        }
        std::vector<SplitPiece> pieces;
        findCharacterPieces(whole.text(), pieces, [&](char32_t c) { return c == mark; });
        joinPieces(pieces, DelimiterBehavior::MergedWithNext);
        for (const auto& piece : pieces)
            words.push_back(whole.slice(piece.start, piece.end));
    }
    void splitPlain(PlainWords& words, bool) const override
    {
        words.rewriteEach([&](size_t index, std::string_view word, std::string& out) {
            if (prepends(index == 0 && words.atStart) && !word.starts_with(' ')
                && !word.starts_with(m_replacement))
                out.append(m_replacement);
            for (const char c : word) {
                if (c == ' ')
                    out.append(m_replacement);
                else
                    out.push_back(c);
            }
        });
        if (!m_options.split)
            return;
        words.cutEach([&](std::string_view word, std::vector<SplitPiece>& pieces) {
            // MergedWithNext: every mark starts a word.
            size_t done = 0;
            for (auto at = word.find(m_replacement); at != std::string_view::npos;
                 at = word.find(m_replacement, at + m_replacement.size())) {
                pieces.push_back({done, at, false});
                done = at;
            }
            pieces.push_back({done, word.size(), false});
        });
    }
    [[nodiscard]] bool asksForStart() const override
    {
        return m_options.prepend == MetaspaceOptions::Prepend::First;
    }

private:
    [[nodiscard]] bool prepends(bool atStart) const
    {
        return m_options.prepend == MetaspaceOptions::Prepend::Always
            || (m_options.prepend == MetaspaceOptions::Prepend::First && atStart);
    }

    MetaspaceOptions m_options;
    std::string m_replacement;
};

} // namespace

std::unique_ptr<PreTokenizer> createByteLevelPreTokenizer(const TokenizerBlock& block)
{
    const bool addPrefixSpace = block.flag("add_prefix_space");
    static_cast<void>(block.flag("trim_offsets")); // the post-processor's affair, but it must be there
    return std::make_unique<ByteLevel>(
        addPrefixSpace, !block.json().contains("use_regex") || block.flag("use_regex"));
}

std::unique_ptr<PreTokenizer> createMetaspacePreTokenizer(const TokenizerBlock& block)
{
    return std::make_unique<Metaspace>(readMetaspace(block));
}

} // namespace studio
