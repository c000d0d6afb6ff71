// SPDX-License-Identifier: MIT
#include "core/text/unigram.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/text/unigram_search.h"

#include <algorithm>
#include <limits>

namespace studio {
namespace {

constexpr double unknownPenalty = 10;

} // namespace

Unigram::Unigram(const std::vector<ScoredPiece>& pieces, std::optional<int32_t> unknownId, bool byteFallback,
    std::string place)
    : m_unknown(unknownId)
    , m_byteFallback(byteFallback)
    , m_place(std::move(place))
{
    if (unknownId && (*unknownId < 0 || static_cast<size_t>(*unknownId) >= pieces.size())) {
        throw Error(ErrorKind::Checkpoint,
            concat(m_place, ": \"unk_id\" is ", *unknownId, ", but the vocabulary has ", pieces.size(),
                " pieces; the file is damaged."));
    }
    std::vector<std::pair<std::string_view, int32_t>> entries;
    entries.reserve(pieces.size());
    m_scores.reserve(pieces.size());
    double lowest = std::numeric_limits<double>::infinity();
    for (const auto& [piece, score] : pieces) {
        entries.emplace_back(piece, static_cast<int32_t>(entries.size()));
        m_scores.push_back(score);
        lowest = std::min(lowest, score);
    }
    m_unknownScore = lowest - unknownPenalty;
    m_pieces = PieceTable(entries, m_place);
    m_trie = PieceTrie(std::move(entries));
    constexpr std::string_view digits = "0123456789ABCDEF";
    for (size_t byte = 0; byte < m_byteIds.size(); ++byte)
        m_byteIds[byte] = m_pieces.find(concat("<0x", digits[byte >> 4], digits[byte & 15], ">"));
}

void Unigram::addUnknown(
    std::string_view word, size_t start, size_t end, std::vector<ModelToken>& tokens) const
{
    // Several unknown pieces in a row can be a known one together.
    const auto text = word.substr(start, end - start);
    if (const auto id = m_pieces.find(text); id >= 0) {
        tokens.push_back({id, start, end});
        return;
    }
    const auto isMissing = [this](char byte) { return m_byteIds[static_cast<unsigned char>(byte)] < 0; };
    if (!m_byteFallback || std::any_of(text.begin(), text.end(), isMissing)) {
        tokens.push_back({*m_unknown, start, end, std::string(text)});
        return;
    }
    for (const char byte : text)
        tokens.push_back({m_byteIds[static_cast<unsigned char>(byte)], start, end});
}

void Unigram::tokenize(std::string_view word, std::vector<ModelToken>& tokens) const
{
    auto& cache = WordTokenCache::ofThisThread();
    if (cache.find(m_cacheOwner, word, tokens))
        return;
    thread_local std::vector<UnigramStep<double>> best; // way to each byte of the word
    const auto scoreOf = [&](int32_t id) { return m_scores[static_cast<size_t>(id)]; };
    const auto unknownId = [&](size_t start, size_t length) {
        if (!m_unknown) {
            throw Error(ErrorKind::Checkpoint,
                concat(m_place, ": a text holds \"", word.substr(start, length),
                    "\", which is not in the vocabulary, and there is no unknown token (\"unk_id\")."));
        }
        return *m_unknown;
    };
    findBestPieces(m_trie, word, scoreOf, m_unknownScore, unknownId, best);
    // Backwards, hence collected and turned round.
    const auto firstToken = tokens.size();
    for (size_t end = word.size(); end > 0;) {
        const auto& step = best[end];
        if (m_unknown && step.id == *m_unknown) {
            size_t start = step.start;
            while (start > 0 && best[start].id == *m_unknown)
                start = best[start].start;
            const auto before = tokens.size();
            addUnknown(word, start, end, tokens);
            std::reverse(tokens.begin() + static_cast<std::ptrdiff_t>(before), tokens.end());
            end = start;
        } else {
            tokens.push_back({step.id, step.start, end});
            end = step.start;
        }
    }
    std::reverse(tokens.begin() + static_cast<std::ptrdiff_t>(firstToken), tokens.end());
    cache.add(m_cacheOwner, word, std::span(tokens).subspan(firstToken));
}

bool Unigram::marksOnlyBegin(std::string_view mark) const
{
    for (int32_t id = 0; id < size(); ++id) {
        auto piece = m_pieces.piece(id);
        while (piece.starts_with(mark))
            piece.remove_prefix(mark.size());
        if (piece.find(mark) != std::string_view::npos)
            return false;
    }
    return m_pieces.find(mark) >= 0;
}

} // namespace studio
