// SPDX-License-Identifier: MIT
#include "core/text/added_vocabulary.h"

#include "core/base/unicode.h"
#include "core/text/character_table.h"

#include <algorithm>
#include <utility>

namespace studio {
namespace {

bool is(char32_t c, CharacterFlag flag)
{
    return CharacterTable::instance().is(c, flag);
}

} // namespace

AddedVocabulary::AddedVocabulary(
    const std::vector<AddedToken>& tokens, const TokenModel& model, const Normalizer* normalizer)
{
    int32_t nextId = model.size();
    for (const auto& token : tokens) {
        if (token.content.empty())
            continue;
        auto id = tokenToId(token.content);
        if (!id)
            id = model.tokenToId(token.content);
        if (!id)
            id = nextId++;
        if (token.normalized && normalizer != nullptr) {
            NormalizedText form(toUtf32(token.content));
            normalizer->normalize(form);
            if (auto text = toUtf8(form.text()); text != token.content)
                m_normalizedForms[*id] = std::move(text);
        }
        m_ids[token.content] = *id;
        if (token.special)
            m_special.insert(token.content);
        m_tokens[*id] = token;
    }
    std::vector<std::pair<std::string_view, int32_t>> raw, normalized;
    for (const auto& [id, token] : m_tokens) {
        const auto form = m_normalizedForms.find(id);
        const std::string_view pattern = form == m_normalizedForms.end() ? token.content : form->second;
        if (!token.normalized)
            raw.emplace_back(token.content, id);
        else if (!pattern.empty())
            normalized.emplace_back(pattern, id);
    }
    m_hasRaw = !raw.empty();
    m_hasNormalized = !normalized.empty();
    m_rawTrie = PieceTrie(std::move(raw));
    m_normalizedTrie = PieceTrie(std::move(normalized));
}

std::vector<AddedTokenMatch> AddedVocabulary::find(std::u32string_view text, bool normalized) const
{
    std::vector<AddedTokenMatch> matches;
    const auto& trie = normalized ? m_normalizedTrie : m_rawTrie;
    size_t done = 0;
    size_t position = (normalized ? m_hasNormalized : m_hasRaw) ? 0 : text.size();
    while (position < text.size()) {
        // Leftmost, then longest.
        AddedTokenMatch match{-1, position, position};
        auto node = PieceTrie::root;
        for (size_t i = position; i < text.size(); ++i) {
            node = trie.stepCodePoint(node, text[i]);
            if (node == PieceTrie::none)
                break;
            if (trie.value(node) >= 0)
                match = {trie.value(node), position, i + 1};
        }
        if (match.id < 0) {
            ++position;
            continue;
        }
        position = match.end;
        const auto& token = m_tokens.at(match.id);
        if (token.singleWord
            && ((match.start > 0 && is(text[match.start - 1], WordCharacter))
                || (match.end < text.size() && is(text[match.end], WordCharacter))))
            continue;
        if (token.leftStrip) {
            size_t start = match.start;
            while (start > 0 && is(text[start - 1], WhiteSpaceCharacter))
                --start;
            match.start = std::max(start, done);
        }
        while (token.rightStrip && match.end < text.size() && is(text[match.end], WhiteSpaceCharacter))
            ++match.end;
        if (done < match.start)
            matches.push_back({-1, done, match.start});
        if (match.start < match.end)
            matches.push_back(match);
        done = match.end;
    }
    if (done < text.size())
        matches.push_back({-1, done, text.size()});
    return matches;
}

std::optional<int32_t> AddedVocabulary::tokenToId(std::string_view token) const
{
    const auto found = m_ids.find(std::string(token));
    return found == m_ids.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::string> AddedVocabulary::idToToken(int32_t id) const
{
    if (const auto form = m_normalizedForms.find(id); form != m_normalizedForms.end())
        return form->second;
    const auto found = m_tokens.find(id);
    return found == m_tokens.end() ? std::nullopt : std::optional(found->second.content);
}

int32_t AddedVocabulary::largestId() const
{
    return m_tokens.empty() ? -1 : m_tokens.rbegin()->first;
}

} // namespace studio
