// SPDX-License-Identifier: MIT
#include "core/text/wordpiece.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/unicode.h"

#include <algorithm>
#include <unordered_map>

namespace studio {
namespace {

constexpr int32_t largestAllowedId = 50'000'000;

} // namespace

WordPiece::WordPiece(std::vector<std::pair<std::string, int32_t>> vocabulary, const WordPieceOptions& options,
    const std::string& place)
    : m_maxCharsPerWord(options.maxCharsPerWord < 0 ? 0 : static_cast<size_t>(options.maxCharsPerWord))
{
    // Of equal pieces the last one counts, and the id of an earlier one is left without a piece.
    std::unordered_map<std::string_view, int32_t> ids;
    ids.reserve(vocabulary.size());
    for (const auto& [piece, id] : vocabulary) {
        if (id < 0 || id > largestAllowedId)
            throw Error(ErrorKind::Checkpoint,
                concat(place, ": the piece \"", piece, "\" has the id ", id,
                    ", but ids must lie between 0 and ", largestAllowedId, "."));
        ids.insert_or_assign(std::string_view(piece), id);
    }
    std::vector<std::pair<std::string_view, int32_t>> pieces(ids.begin(), ids.end());
    std::sort(pieces.begin(), pieces.end());
    for (const auto& [piece, id] : pieces) {
        const auto index = static_cast<size_t>(id);
        if (index >= m_tokens.size()) {
            m_tokens.resize(index + 1);
            m_present.resize(index + 1);
        }
        m_tokens[index] = piece;
        m_present[index] = true;
    }
    m_size = static_cast<int32_t>(pieces.size());
    m_trie = PieceTrie(std::move(pieces));
    m_continuing = m_trie.walk(PieceTrie::root, options.continuingPrefix);

    const auto unknown = tokenToId(options.unknownToken);
    if (!unknown) {
        throw Error(ErrorKind::Checkpoint,
            concat(place, ": the vocabulary of ", m_size, " pieces has no unknown token \"",
                options.unknownToken, "\"; it belongs to another tokeniser or is damaged."));
    }
    m_unknownId = *unknown;
}

void WordPiece::tokenize(std::string_view word, std::vector<ModelToken>& tokens) const
{
    const auto firstToken = tokens.size();
    const auto length
        = word.size() <= m_maxCharsPerWord ? word.size() : static_cast<size_t>(codePointCount(word));
    if (cover(word, length, [&](int32_t id, size_t start, size_t end) {
            tokens.push_back({id, start, end});
        }))
        return;
    tokens.resize(firstToken, ModelToken{});
    tokens.push_back({m_unknownId, 0, word.size()});
}

std::optional<int32_t> WordPiece::tokenToId(std::string_view token) const
{
    const auto node = m_trie.walk(PieceTrie::root, token);
    if (node == PieceTrie::none || m_trie.value(node) < 0)
        return std::nullopt;
    return m_trie.value(node);
}

std::optional<std::string> WordPiece::idToToken(int32_t id) const
{
    const auto index = static_cast<size_t>(id);
    if (id < 0 || index >= m_tokens.size() || !m_present[index])
        return std::nullopt;
    return m_tokens[index];
}

} // namespace studio
