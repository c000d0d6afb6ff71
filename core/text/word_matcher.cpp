// SPDX-License-Identifier: MIT
#include "core/text/word_matcher.h"

#include "core/base/unicode.h"
#include "core/text/match_classes.h"

#include <array>
#include <string>

namespace studio {
namespace {

// In the order of WordPattern.
constexpr std::array<std::string_view, wordPatternCount> regexes{
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)",
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)",
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)",
    R"([!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)",
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)",
    R"(\p{N})",
    R"(\p{N}{1,3})",
    R"([一-龥぀-ゟ゠-ヿ]+)",
};

struct Utf32Reader {
    std::u32string_view text;
    [[nodiscard]] char32_t read(size_t at, size_t& next) const
    {
        next = at + 1;
        return text[at];
    }
};

struct Utf8Reader {
    std::string_view text;
    [[nodiscard]] char32_t read(size_t at, size_t& next) const
    {
        next = at;
        return nextCodePoint(text, next);
    }
};

/// One text and the pieces of the patterns on it. Every function returns where its match ends; `at` where it
/// does not match.
template <typename Reader>
class Matcher {
public:
    explicit Matcher(Reader reader)
        : m_reader(reader)
        , m_size(reader.text.size())
        , m_classes(MatchClassTable::instance())
    {
    }
    [[nodiscard]] size_t size() const { return m_size; }
    [[nodiscard]] size_t after(size_t at) const
    {
        size_t next = at;
        static_cast<void>(m_reader.read(at, next));
        return next;
    }

    [[nodiscard]] size_t gpt2(size_t at) const
    {
        if (const size_t end = suffix(at, false); end != at)
            return end;
        const size_t body = m_reader.text[at] == ' ' && at + 1 < m_size ? at + 1 : at;
        size_t end = body;
        const auto classes = classesAt(body, end);
        if ((classes & MatchLetter) != 0)
            return run(end, MatchLetter);
        if ((classes & MatchNumber) != 0)
            return run(end, MatchNumber);
        if ((classes & MatchSpace) == 0)
            return runWithout(end, MatchSpace | MatchLetter | MatchNumber);
        return spaces(at);
    }

    [[nodiscard]] size_t llama3(size_t at, int digits) const
    {
        if (const size_t end = suffix(at, true); end != at)
            return end;
        size_t next = at;
        const auto classes = classesAt(at, next);
        if ((classes & MatchLetter) != 0)
            return run(next, MatchLetter);
        if ((classes & MatchNumber) != 0)
            return upTo(next, MatchNumber, digits - 1);
        if ((classes & MatchNewline) == 0) {
            if (const size_t end = run(next, MatchLetter); end != next)
                return end;
        }
        if (const size_t end = others(at, MatchSpace | MatchLetter | MatchNumber, false); end != at)
            return end;
        return newlinesOrSpaces(at);
    }

    [[nodiscard]] size_t deepSeek(size_t at) const
    {
        size_t next = at;
        const auto classes = classesAt(at, next);
        const char32_t c = at < m_size ? static_cast<char32_t>(m_reader.text[at]) : 0;
        if (c > 0x20 && c < 0x7F && (classes & MatchPunctuation) != 0) {
            size_t end = next;
            while (end < m_size && isAsciiLetter(static_cast<char32_t>(m_reader.text[end])))
                ++end;
            if (end != next)
                return end;
        }
        if ((classes & (MatchNewline | MatchLetter | MatchPunctuation)) == 0) {
            if (const size_t end = run(next, MatchLetter | MatchMark); end != next)
                return end;
        }
        if ((classes & (MatchLetter | MatchMark)) != 0)
            return run(next, MatchLetter | MatchMark);
        const size_t body = c == U' ' ? next : at;
        if (const size_t end = run(body, MatchPunctuation); end != body)
            return run(end, MatchNewline);
        return newlinesOrSpaces(at);
    }

    [[nodiscard]] size_t o200k(size_t at) const
    {
        size_t next = at;
        const auto classes = classesAt(at, next);
        const bool prefix = (classes & (MatchNewline | MatchLetter | MatchNumber)) == 0;
        for (const auto word : {&Matcher::endingLower, &Matcher::startingUpper}) {
            if (prefix) {
                if (const size_t end = (this->*word)(next); end != next)
                    return suffix(end, true);
            }
            if (const size_t end = (this->*word)(at); end != at)
                return suffix(end, true);
        }
        if ((classes & MatchNumber) != 0)
            return upTo(next, MatchNumber, 2);
        if (const size_t end = others(at, MatchSpace | MatchLetter | MatchNumber, true); end != at)
            return end;
        return newlinesOrSpaces(at);
    }

    [[nodiscard]] size_t numbers(size_t at, int most) const { return upTo(at, MatchNumber, most); }

    [[nodiscard]] size_t ideographs(size_t at) const
    {
        while (at < m_size) {
            size_t next = at;
            const char32_t c = m_reader.read(at, next);
            if ((c < 0x4E00 || c > 0x9FA5) && (c < 0x3040 || c > 0x30FF))
                break;
            at = next;
        }
        return at;
    }

private:
    [[nodiscard]] static bool isAsciiLetter(char32_t c)
    {
        return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z');
    }
    [[nodiscard]] uint8_t classesAt(size_t at, size_t& next) const
    {
        next = at;
        return at < m_size ? m_classes.of(m_reader.read(at, next)) : uint8_t{0};
    }
    /// `[classes]*`
    [[nodiscard]] size_t run(size_t at, int classes) const
    {
        size_t next = at;
        while (at < m_size && (m_classes.of(m_reader.read(at, next)) & classes) != 0)
            at = next;
        return at;
    }
    /// `[^classes]*`
    [[nodiscard]] size_t runWithout(size_t at, int classes) const
    {
        size_t next = at;
        while (at < m_size && (m_classes.of(m_reader.read(at, next)) & classes) == 0)
            at = next;
        return at;
    }
    /// `[classes]{0,most}`
    [[nodiscard]] size_t upTo(size_t at, int classes, int most) const
    {
        size_t next = at;
        for (int i = 0; i < most && at < m_size && (m_classes.of(m_reader.read(at, next)) & classes) != 0;
             ++i)
            at = next;
        return at;
    }
    /// `'s|'t|'re|'ve|'m|'ll|'d`; without regard to case if `folded`.
    [[nodiscard]] size_t suffix(size_t at, bool folded) const
    {
        if (at >= m_size || m_reader.text[at] != '\'' || at + 1 >= m_size)
            return at;
        size_t next = at + 1;
        const auto letter = [&](size_t place) {
            const char32_t c = m_reader.read(place, next);
            if (!folded)
                return c;
            return c == 0x17F            ? U's'
                : c >= U'A' && c <= U'Z' ? static_cast<char32_t>(c + 32)
                                         : c; // U+017F folds to s
        };
        const char32_t first = letter(at + 1);
        const size_t end = next;
        if (first == U's' || first == U't' || first == U'm' || first == U'd')
            return end;
        if ((first != U'r' && first != U'v' && first != U'l') || end >= m_size)
            return at;
        const char32_t second = letter(end);
        return second == (first == U'l' ? U'l' : U'e') ? next : at;
    }
    /// ` ?[^classes]+[\r\n]*`, with `[\r\n/]*` if `slashes`.
    [[nodiscard]] size_t others(size_t at, int classes, bool slashes) const
    {
        const size_t body = m_reader.text[at] == ' ' ? at + 1 : at;
        size_t end = runWithout(body, classes);
        if (end == body)
            return at;
        while (end < m_size
            && (m_reader.text[end] == '\r' || m_reader.text[end] == '\n'
                || (slashes && m_reader.text[end] == '/')))
            ++end;
        return end;
    }
    /// `\s*[\r\n]+|\s+(?!\S)|\s+`
    [[nodiscard]] size_t newlinesOrSpaces(size_t at) const
    {
        size_t end = at, last = at;
        for (size_t next = at; end < m_size; end = next) {
            const auto classes = m_classes.of(m_reader.read(end, next));
            if ((classes & MatchSpace) == 0)
                break;
            if ((classes & MatchNewline) != 0)
                last = next;
        }
        return last != at ? last : spaces(at);
    }
    /// `\s+(?!\S)|\s+`
    [[nodiscard]] size_t spaces(size_t at) const
    {
        size_t end = at, last = at;
        for (size_t next = at; end < m_size; end = next) {
            if ((m_classes.of(m_reader.read(end, next)) & MatchSpace) == 0)
                break;
            last = end;
        }
        return end == m_size || last == at ? end : last;
    }
    /// `[upper]*[lower]+`: gives characters back to the second part when it finds none.
    [[nodiscard]] size_t endingLower(size_t at) const
    {
        size_t end = at, lowerEnd = at;
        for (size_t next = at; end < m_size; end = next) {
            const auto classes = m_classes.of(m_reader.read(end, next));
            if ((classes & MatchUpper) == 0)
                break;
            if ((classes & MatchLower) != 0)
                lowerEnd = next;
        }
        const size_t lower = run(end, MatchLower);
        return lower != end ? lower : lowerEnd;
    }
    /// `[upper]+[lower]*`
    [[nodiscard]] size_t startingUpper(size_t at) const
    {
        const size_t end = run(at, MatchUpper);
        return end == at ? at : run(end, MatchLower);
    }

    Reader m_reader;
    size_t m_size;
    const MatchClassTable& m_classes;
};

template <typename Reader, typename Match>
void findWith(const Matcher<Reader>& matcher, std::vector<PatternMatch>& matches, Match match)
{
    for (size_t at = 0; at < matcher.size();) {
        const size_t end = match(at);
        if (end != at)
            matches.push_back({at, end});
        at = end != at ? end : matcher.after(at);
    }
}

template <typename Reader>
void find(WordPattern pattern, Reader reader, std::vector<PatternMatch>& matches)
{
    const Matcher matcher(reader);
    switch (pattern) {
    case WordPattern::Gpt2:
        return findWith(matcher, matches, [&](size_t at) { return matcher.gpt2(at); });
    case WordPattern::Llama3:
        return findWith(matcher, matches, [&](size_t at) { return matcher.llama3(at, 3); });
    case WordPattern::Qwen2:
        return findWith(matcher, matches, [&](size_t at) { return matcher.llama3(at, 1); });
    case WordPattern::DeepSeek:
        return findWith(matcher, matches, [&](size_t at) { return matcher.deepSeek(at); });
    case WordPattern::O200k:
        return findWith(matcher, matches, [&](size_t at) { return matcher.o200k(at); });
    case WordPattern::Number:
        return findWith(matcher, matches, [&](size_t at) { return matcher.numbers(at, 1); });
    case WordPattern::Numbers3:
        return findWith(matcher, matches, [&](size_t at) { return matcher.numbers(at, 3); });
    case WordPattern::Ideographs:
        return findWith(matcher, matches, [&](size_t at) { return matcher.ideographs(at); });
    }
}

} // namespace

std::optional<WordPattern> wordPatternOf(std::string_view regex)
{
    std::string written; // some files hold the line ends themselves
    for (const char c : regex) {
        if (c == '\r' || c == '\n')
            written += c == '\r' ? "\\r" : "\\n";
        else
            written += c;
    }
    for (size_t i = 0; i < regexes.size(); ++i) {
        if (regexes[i] == written)
            return static_cast<WordPattern>(i);
    }
    return std::nullopt;
}

std::string_view regexOf(WordPattern pattern)
{
    return regexes[static_cast<size_t>(pattern)];
}

void findWords(WordPattern pattern, std::string_view utf8, std::vector<PatternMatch>& matches)
{
    find(pattern, Utf8Reader{utf8}, matches);
}

void findWords(WordPattern pattern, std::u32string_view text, std::vector<PatternMatch>& matches)
{
    find(pattern, Utf32Reader{text}, matches);
}

} // namespace studio
