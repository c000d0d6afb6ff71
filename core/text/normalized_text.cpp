// SPDX-License-Identifier: MIT
#include "core/text/normalized_text.h"

#include "core/base/unicode.h"
#include "core/text/byte_alphabet.h"
#include "core/text/character_table.h"

#include <algorithm>
#include <utility>

namespace studio {
namespace {

bool isWhiteSpace(char32_t c)
{
    return CharacterTable::instance().is(c, WhiteSpaceCharacter);
}

} // namespace

NormalizedText::NormalizedText(std::u32string text)
    : m_text(std::move(text))
    , m_source{0, static_cast<int32_t>(m_text.size())}
{
    m_alignment.reserve(m_text.size());
    for (int32_t i = 0; i < m_source.end; ++i)
        m_alignment.push_back({i, i + 1});
}

NormalizedText NormalizedText::slice(size_t start, size_t end) const
{
    NormalizedText part;
    part.m_text = m_text.substr(start, end - start);
    part.m_alignment.assign(m_alignment.begin() + static_cast<std::ptrdiff_t>(start),
        m_alignment.begin() + static_cast<std::ptrdiff_t>(end));
    if (start < end)
        part.m_source = original(start, end);
    return part;
}

void NormalizedText::transform(std::span<const CharChange> changes, size_t removedAtStart)
{
    // The reference finds the whole text through the original one: characters at the very start that stand
    // for nothing of it are not touched, and a text that stands for nothing at all is added to.
    if (m_source.start == m_source.end)
        return transformRange(0, 0, changes, removedAtStart);
    size_t first = 0;
    while (first < m_alignment.size() && m_alignment[first].start == m_alignment[first].end)
        ++first;
    transformRange(first, m_text.size(), changes, removedAtStart);
}

void NormalizedText::transformRange(
    size_t first, size_t last, std::span<const CharChange> changes, size_t removedAtStart)
{
    std::u32string text(m_text, 0, first);
    std::vector<TokenSpan> alignment(
        m_alignment.begin(), m_alignment.begin() + static_cast<std::ptrdiff_t>(first));
    text.reserve(m_text.size() - (last - first) + changes.size());
    alignment.reserve(text.capacity());
    const auto placeOf = [this](size_t index) {
        return index < m_alignment.size() ? m_alignment[index] : TokenSpan{m_source.end, m_source.end};
    };
    size_t old = first + std::min(removedAtStart, last - first);
    for (const auto& [c, change] : changes) {
        if (change > 0) {
            alignment.push_back(old < 1 ? TokenSpan{m_source.start, m_source.start} : placeOf(old - 1));
        } else {
            alignment.push_back(placeOf(old));
            old = std::max(old, std::min(last, old + 1 + static_cast<size_t>(-change)));
        }
        text.push_back(c);
    }
    text.append(m_text, last, std::u32string::npos);
    alignment.insert(
        alignment.end(), m_alignment.begin() + static_cast<std::ptrdiff_t>(last), m_alignment.end());
    m_text = std::move(text);
    m_alignment = std::move(alignment);
}

void NormalizedText::prepend(std::u32string_view addition)
{
    if (m_text.empty())
        return;
    std::vector<CharChange> changes;
    for (const char32_t c : addition)
        changes.push_back({c, changes.empty() ? 0 : 1});
    changes.push_back({m_text.front(), 1});
    transformRange(0, 1, changes, 0);
}

void NormalizedText::toByteCharacters()
{
    const auto& alphabet = byteAlphabet();
    std::vector<CharChange> changes;
    changes.reserve(m_text.size() + m_text.size() / 2);
    std::string bytes;
    for (const char32_t c : m_text) {
        if (c < 0x80) {
            changes.push_back({alphabet[c], 0});
            continue;
        }
        bytes.clear();
        appendUtf8(bytes, c);
        for (size_t i = 0; i < bytes.size(); ++i)
            changes.push_back({alphabet[static_cast<unsigned char>(bytes[i])], i > 0 ? 1 : 0});
    }
    transform(changes);
}

void NormalizedText::filter(const std::function<bool(char32_t)>& keep)
{
    std::vector<CharChange> changes;
    changes.reserve(m_text.size());
    size_t removedAtStart = 0;
    for (const char32_t c : m_text) {
        if (keep(c))
            changes.push_back({c, 0});
        else if (changes.empty())
            ++removedAtStart;
        else
            --changes.back().change;
    }
    transform(changes, removedAtStart);
}

void NormalizedText::map(const std::function<char32_t(char32_t)>& mapped)
{
    if (!m_alignment.empty() && m_alignment.front().start != m_alignment.front().end) {
        for (auto& c : m_text)
            c = mapped(c);
        return;
    }
    std::vector<CharChange> changes;
    for (const char32_t c : m_text)
        changes.push_back({mapped(c), 0});
    transform(changes);
}

void NormalizedText::lowercase()
{
    const auto& table = CharacterTable::instance();
    std::vector<CharChange> changes;
    changes.reserve(m_text.size());
    for (const char32_t c : m_text) {
        changes.push_back({table.lower(c), 0});
        if (c == 0x130)
            changes.push_back({0x307, 1});
    }
    transform(changes);
}

void NormalizedText::normalize(UnicodeForm form)
{
    transform(normalizeUnicode(m_text, form));
}

void NormalizedText::strip(bool left, bool right)
{
    size_t start = 0, end = m_text.size();
    while (left && start < end && isWhiteSpace(m_text[start]))
        ++start;
    while (right && end > start && isWhiteSpace(m_text[end - 1]))
        --end;
    if (start == 0 && end == m_text.size())
        return;
    std::vector<CharChange> changes;
    for (size_t i = start; i < end; ++i)
        changes.push_back({m_text[i], 0});
    transform(changes, start);
}

void NormalizedText::replace(std::span<const PatternMatch> matches, std::u32string_view content)
{
    if (matches.empty())
        return;
    std::u32string text;
    std::vector<TokenSpan> alignment;
    text.reserve(m_text.size());
    alignment.reserve(m_text.size());
    size_t done = 0;
    const auto copyUntil = [&](size_t end) {
        text.append(m_text, done, end - done);
        alignment.insert(alignment.end(), m_alignment.begin() + static_cast<std::ptrdiff_t>(done),
            m_alignment.begin() + static_cast<std::ptrdiff_t>(end));
    };
    for (const auto& match : matches) {
        copyUntil(match.start);
        done = match.end;
        text.append(content);
        alignment.insert(alignment.end(), content.size(),
            done < 1 ? TokenSpan{m_source.start, m_source.start} : m_alignment[done - 1]);
    }
    copyUntil(m_text.size());
    m_text = std::move(text);
    m_alignment = std::move(alignment);
}

void NormalizedText::replaceAll(char32_t c, std::u32string_view content)
{
    std::vector<PatternMatch> matches;
    for (auto at = m_text.find(c); at != std::u32string::npos; at = m_text.find(c, at + 1))
        matches.push_back({at, at + 1});
    replace(matches, content);
}

} // namespace studio
