// SPDX-License-Identifier: MIT
#include "core/text/normalized_text.h"

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
    // Characters that stand for nothing of the original, at the very start, are not touched by a change of
    // the whole text: the reference finds the text's range through the original one.
    size_t first = 0;
    if (m_source.start == m_source.end || m_text.empty()) {
        if (!m_text.empty())
            return;
    } else {
        while (first < m_alignment.size() && m_alignment[first].start == m_alignment[first].end)
            ++first;
    }
    std::u32string text = m_text.substr(0, first);
    std::vector<TokenSpan> alignment(
        m_alignment.begin(), m_alignment.begin() + static_cast<std::ptrdiff_t>(first));
    text.reserve(first + changes.size());
    alignment.reserve(first + changes.size());
    const auto placeOf = [this](size_t index) {
        return index < m_alignment.size() ? m_alignment[index] : TokenSpan{m_source.end, m_source.end};
    };
    size_t old = first + removedAtStart;
    for (const auto& [c, change] : changes) {
        if (change > 0) {
            alignment.push_back(old < 1 ? TokenSpan{m_source.start, m_source.start} : placeOf(old - 1));
        } else {
            alignment.push_back(placeOf(old));
            old += 1 + static_cast<size_t>(-change);
        }
        text.push_back(c);
    }
    m_text = std::move(text);
    m_alignment = std::move(alignment);
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
    for (auto& c : m_text)
        c = mapped(c);
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

void NormalizedText::replaceAll(std::u32string_view pattern, std::u32string_view content)
{
    if (pattern.empty())
        return;
    std::u32string text;
    std::vector<TokenSpan> alignment;
    size_t done = 0;
    const auto copyUntil = [&](size_t end) {
        text.append(m_text, done, end - done);
        alignment.insert(alignment.end(), m_alignment.begin() + static_cast<std::ptrdiff_t>(done),
            m_alignment.begin() + static_cast<std::ptrdiff_t>(end));
    };
    for (auto found = m_text.find(pattern); found != std::u32string::npos;
         found = m_text.find(pattern, done)) {
        copyUntil(found);
        done = found + pattern.size();
        text.append(content);
        alignment.insert(alignment.end(), content.size(), m_alignment[done - 1]);
    }
    copyUntil(m_text.size());
    m_text = std::move(text);
    m_alignment = std::move(alignment);
}

} // namespace studio
