// SPDX-License-Identifier: MIT
#include "core/text/html_text.h"

#include "core/base/unicode.h"
#include "core/text/html_entities.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace studio {
namespace {

bool isLetter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}
char lowered(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool startsWithName(std::string_view text, std::string_view lowerCaseName)
{
    return text.size() >= lowerCaseName.size()
        && std::equal(lowerCaseName.begin(), lowerCaseName.end(), text.begin(),
            [](char name, char c) { return name == lowered(c); });
}

/// Elements inside a line of text: their tags join what is left and right of them.
bool isInline(std::string_view lowerCaseName)
{
    static constexpr std::array<std::string_view, 36> names{"a", "abbr", "acronym", "b", "bdi", "bdo", "big",
        "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "label", "mark", "nobr", "q",
        "rb", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time",
        "tt", "u"};
    return std::binary_search(names.begin(), names.end(), lowerCaseName) || lowerCaseName == "var"
        || lowerCaseName == "wbr";
}

/// End of the tag that starts at text[0] == '<': the index after its '>', quoted attribute values respected;
/// npos when there is none.
size_t tagEnd(std::string_view text)
{
    char quote = 0;
    for (size_t i = 1; i < text.size(); ++i) {
        const char c = text[i];
        if (quote != 0) {
            quote = c == quote ? char{0} : quote;
        } else if (c == '>') {
            return i + 1;
        } else if ((c == '"' || c == '\'') && text[i - 1] == '=') {
            quote = c;
        }
    }
    const auto end
        = quote != 0 ? text.find('>') : std::string_view::npos; // a quote that is never closed is none
    return end == std::string_view::npos ? end : end + 1;
}

struct Markup {
    size_t length;
    bool separates;
};

/// Finds markup in one text from its beginning to its end. What is known to be missing in the rest is not
/// looked for again, so that a text of opening tags alone takes linear time.
class MarkupFinder {
public:
    /// The markup at the beginning of `rest`, which starts with '<'; nullopt when it is text.
    std::optional<Markup> markupAt(std::string_view rest)
    {
        if (rest.starts_with("<!--")) {
            const auto end = m_noCommentEnd ? std::string_view::npos : rest.find("-->", 4);
            m_noCommentEnd = end == std::string_view::npos;
            return m_noCommentEnd ? std::nullopt : std::optional<Markup>({end + 3, false});
        }
        if (rest.size() < 3 || m_noTagEnd)
            return std::nullopt;
        const bool closing = rest[1] == '/';
        const bool declaration = (rest[1] == '!' || rest[1] == '?') && (isLetter(rest[2]) || rest[2] == '[');
        const size_t nameStart = closing || declaration ? 2 : 1;
        if (!declaration && !isLetter(rest[nameStart]))
            return std::nullopt;
        const auto end = tagEnd(rest);
        if (end == std::string_view::npos) {
            m_noTagEnd = true;
            return std::nullopt;
        }
        if (declaration)
            return Markup{end, false};
        std::string name;
        for (size_t i = nameStart; i < end && !isSpace(rest[i]) && rest[i] != '>' && rest[i] != '/'; ++i)
            name += lowered(rest[i]);
        if (!closing && rest[end - 2] != '/' && (name == "script" || name == "style"))
            return Markup{hiddenEnd(rest, end, name), true};
        return Markup{end, !isInline(name)};
    }

private:
    /// End of the element whose content is not text; only the tag itself when it is never closed.
    size_t hiddenEnd(std::string_view rest, size_t tag, const std::string& name)
    {
        auto& missing = name == "script" ? m_noScriptEnd : m_noStyleEnd;
        const std::string close = "</" + name;
        for (auto i = missing ? std::string_view::npos : rest.find('<', tag); i != std::string_view::npos;
             i = rest.find('<', i + 1)) {
            if (!startsWithName(rest.substr(i), close))
                continue;
            const auto end = rest.find('>', i);
            return end == std::string_view::npos ? rest.size() : end + 1;
        }
        missing = true;
        return tag;
    }

    bool m_noCommentEnd = false, m_noTagEnd = false, m_noScriptEnd = false, m_noStyleEnd = false;
};

/// The characters of a numeric reference; empty for code points that mean nothing.
std::string numericReference(uint64_t number)
{
    // The upper control characters of ISO 8859-1 mean those of Windows-1252.
    static constexpr std::array<char32_t, 32> windows1252{0x20AC, 0x81, 0x201A, 0x192, 0x201E, 0x2026, 0x2020,
        0x2021, 0x2C6, 0x2030, 0x160, 0x2039, 0x152, 0x8D, 0x17D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D,
        0x2022, 0x2013, 0x2014, 0x2DC, 0x2122, 0x161, 0x203A, 0x153, 0x9D, 0x17E, 0x178};
    std::string out;
    if (number >= 0x80 && number < 0xA0) {
        appendUtf8(out, windows1252[number - 0x80]);
        return out;
    }
    const bool impossible = number == 0 || (number >= 0xD800 && number < 0xE000) || number > 0x10FFFF;
    const bool control = (number >= 1 && number <= 8) || number == 0xB || (number >= 0xE && number < 0x20)
        || number == 0x7F || (number >= 0xFDD0 && number <= 0xFDEF) || (number & 0xFFFE) == 0xFFFE;
    if (impossible)
        appendUtf8(out, 0xFFFD);
    else if (!control)
        appendUtf8(out, static_cast<char32_t>(number));
    return out;
}

struct Reference {
    size_t length; ///< of the reference's text, '&' included
    std::string characters;
};

std::optional<Reference> numericReferenceAt(std::string_view text)
{
    const bool hexadecimal = text.size() > 2 && lowered(text[2]) == 'x';
    size_t i = hexadecimal ? 3 : 2;
    const auto firstDigit = i;
    uint64_t number = 0;
    for (; i < text.size(); ++i) {
        const char c = lowered(text[i]);
        int digit = -1;
        if (c >= '0' && c <= '9')
            digit = c - '0';
        else if (hexadecimal && c >= 'a' && c <= 'f')
            digit = c - 'a' + 10;
        if (digit < 0)
            break;
        number
            = std::min<uint64_t>(number * (hexadecimal ? 16 : 10) + static_cast<uint64_t>(digit), 0x110000);
    }
    if (i == firstDigit)
        return std::nullopt;
    if (i < text.size() && text[i] == ';')
        ++i;
    return Reference{i, numericReference(number)};
}

/// The longest name that `text`, which starts with '&', goes on with.
std::optional<Reference> namedReferenceAt(std::string_view text)
{
    constexpr size_t longestName = 32;
    const auto entities = htmlEntities();
    for (size_t length = std::min(longestName, text.size() - 1); length >= 2; --length) {
        const auto name = text.substr(1, length);
        const auto found = std::lower_bound(entities.begin(), entities.end(), name,
            [](const HtmlEntity& entity, std::string_view value) { return entity.name < value; });
        if (found != entities.end() && found->name == name)
            return Reference{length + 1, std::string(found->text)};
    }
    return std::nullopt;
}

} // namespace

std::string stripHtmlTags(std::string_view text)
{
    if (text.find('<') == std::string_view::npos)
        return std::string(text);
    std::string out;
    out.reserve(text.size());
    bool separated = false;
    MarkupFinder finder;
    for (size_t i = 0; i < text.size();) {
        if (text[i] == '<') {
            if (const auto markup = finder.markupAt(text.substr(i))) {
                separated = separated || markup->separates;
                i += markup->length;
                continue;
            }
        }
        if (separated && !isSpace(text[i]) && !out.empty() && !isSpace(out.back()))
            out += ' ';
        separated = false;
        out += text[i++];
    }
    return out;
}

std::string decodeHtmlEntities(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (size_t i = 0; i < text.size();) {
        const auto rest = text.substr(i);
        std::optional<Reference> reference;
        if (rest.size() > 1 && rest[0] == '&')
            reference = rest[1] == '#' ? numericReferenceAt(rest) : namedReferenceAt(rest);
        if (reference) {
            out += reference->characters;
            i += reference->length;
        } else {
            out += text[i++];
        }
    }
    return out;
}

} // namespace studio
