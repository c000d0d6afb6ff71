// SPDX-License-Identifier: MIT
#include "core/text/text_pattern.h"

#include "core/base/concat.h"
#include "core/base/unicode.h"

#include <utility>

namespace studio {
namespace {

bool startsCharacter(char byte)
{
    return (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
}

void findLiteral(std::string_view text, std::string_view literal, std::vector<PatternMatch>& matches)
{
    if (literal.empty()) { // matches before every character and at the end
        for (size_t at = 0; at <= text.size(); ++at) {
            if (at == text.size() || startsCharacter(text[at]))
                matches.push_back({at, at});
        }
        return;
    }
    for (auto at = text.find(literal); at != std::string_view::npos;) {
        matches.push_back({at, at + literal.size()});
        at = text.find(literal, at + literal.size());
    }
}

} // namespace

TextPattern::TextPattern(const TokenizerBlock& block)
{
    const auto& pattern = block.member("pattern");
    const bool known = pattern.is_object() && pattern.size() == 1 && pattern.begin().value().is_string();
    const auto kind = known ? pattern.begin().key() : std::string();
    if (kind != "String" && kind != "Regex") {
        block.fail(
            concat("\"pattern\" must be {\"String\": …} or {\"Regex\": …}, but is ", jsonLine(pattern)));
    }
    auto text = pattern.begin().value().get<std::string>();
    if (kind == "String")
        m_literal = std::move(text);
    else if (m_words = wordPatternOf(text); !m_words)
        m_regex.emplace(text, block.place());
}

TextPattern::TextPattern(std::string literal)
    : m_literal(std::move(literal))
{
}

TextPattern::TextPattern(WordPattern pattern)
    : m_words(pattern)
{
}

void TextPattern::find(std::string_view utf8, std::vector<PatternMatch>& matches) const
{
    if (m_words)
        findWords(*m_words, utf8, matches);
    else if (m_regex)
        m_regex->find(utf8, matches);
    else
        findLiteral(utf8, m_literal, matches);
}

void TextPattern::find(std::u32string_view text, std::vector<PatternMatch>& matches) const
{
    if (m_words)
        return findWords(*m_words, text, matches);
    const auto utf8 = toUtf8(text);
    const auto first = matches.size();
    find(utf8, matches);
    size_t byte = 0, character = 0; // bytes to code points; the matches are in order
    const auto characterAt = [&](size_t place) {
        for (; byte < place; ++byte)
            character += startsCharacter(utf8[byte]) ? 1 : 0;
        return character;
    };
    for (auto match = matches.begin() + static_cast<std::ptrdiff_t>(first); match != matches.end(); ++match) {
        match->start = characterAt(match->start);
        match->end = characterAt(match->end);
    }
}

} // namespace studio
