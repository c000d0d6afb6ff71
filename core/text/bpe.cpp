// SPDX-License-Identifier: MIT
#include "core/text/bpe.h"

#include "core/base/character_length.h"
#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/unicode.h"

#include <algorithm>
#include <bit>

#include <queue>

namespace studio {
namespace {

constexpr size_t fewSymbols = 24; // up to here a scan for the best merge is quicker than a heap

uint64_t pairOf(int32_t left, int32_t right)
{
    return uint64_t{static_cast<uint32_t>(left)} << 32 | static_cast<uint32_t>(right);
}

size_t hashOf(uint64_t pair)
{
    return static_cast<size_t>((pair * 0x9E3779B97F4A7C15) >> 20);
}

std::string byteToken(size_t byte)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    return concat("<0x", digits[byte >> 4], digits[byte & 15], ">");
}

} // namespace

Bpe::Bpe(PieceTable vocabulary, std::span<const Merge> merges, BpeOptions options, std::string place)
    : m_pieces(std::move(vocabulary))
    , m_options(std::move(options))
    , m_place(std::move(place))
{
    if (m_options.unknownToken)
        m_unknown = m_pieces.find(*m_options.unknownToken);
    for (size_t byte = 0; byte < m_byteIds.size(); ++byte)
        m_byteIds[byte] = m_pieces.find(byteToken(byte));
    for (size_t c = 0; c < m_asciiIds.size(); ++c) {
        const char character = static_cast<char>(c);
        m_asciiIds[c] = m_pieces.find({&character, 1});
    }

    m_merges.resize(std::bit_ceil(merges.size() * 2 + 1));
    const size_t mask = m_merges.size() - 1;
    std::string merged;
    for (size_t rank = 0; rank < merges.size(); ++rank) {
        const auto [left, right] = merges[rank];
        merged = left;
        merged += right.substr(std::min(m_options.continuingPrefix.size(), right.size()));
        const int32_t leftId = m_pieces.find(left), rightId = m_pieces.find(right);
        const int32_t mergedId = m_pieces.find(merged);
        if (leftId < 0 || rightId < 0 || mergedId < 0) {
            throw Error(ErrorKind::Checkpoint,
                concat(m_place, ": the merge number ", rank + 1, " (\"", left, "\" and \"", right,
                    "\") needs the piece \"",
                    leftId < 0        ? left
                        : rightId < 0 ? right
                                      : merged,
                    "\", which the vocabulary lacks; vocabulary and merges do not belong together."));
        }
        // Of equal pairs the last one counts, as in the reference.
        const auto pair = pairOf(leftId, rightId);
        auto slot = hashOf(pair) & mask;
        while (m_merges[slot].pair != UINT64_MAX && m_merges[slot].pair != pair)
            slot = (slot + 1) & mask;
        m_merges[slot] = {pair, static_cast<int32_t>(rank), mergedId};
    }
}

const Bpe::MergeEntry* Bpe::findMerge(int32_t left, int32_t right) const noexcept
{
    const auto pair = pairOf(left, right);
    const size_t mask = m_merges.size() - 1;
    for (auto slot = hashOf(pair) & mask;; slot = (slot + 1) & mask) {
        const auto& entry = m_merges[slot];
        if (entry.pair == pair)
            return &entry;
        if (entry.pair == UINT64_MAX)
            return nullptr;
    }
}

int32_t Bpe::requiredUnknown() const
{
    if (m_unknown < 0) {
        throw Error(ErrorKind::Checkpoint,
            concat(m_place,
                ": a text holds a character that is not in the vocabulary, and the unknown token "
                "\"",
                m_options.unknownToken.value_or(""), "\" is not there either; the vocabulary is damaged."));
    }
    return m_unknown;
}

bool Bpe::addByteTokens(std::string_view bytes, std::vector<Symbol>& symbols) const
{
    const auto isMissing = [this](char byte) { return m_byteIds[static_cast<unsigned char>(byte)] < 0; };
    if (std::any_of(bytes.begin(), bytes.end(), isMissing))
        return false;
    for (const char byte : bytes)
        symbols.push_back({m_byteIds[static_cast<unsigned char>(byte)], 0, 0, 1});
    return true;
}

void Bpe::findSymbols(std::string_view word, std::vector<Symbol>& symbols) const
{
    const bool plain = m_options.continuingPrefix.empty() && m_options.endOfWordSuffix.empty();
    uint32_t unknownLength = 0; // of the unknown token that is not yet added
    const auto flushUnknown = [&] {
        if (unknownLength > 0)
            symbols.push_back({m_unknown, 0, 0, unknownLength});
        unknownLength = 0;
    };
    std::string decorated;
    for (size_t start = 0; start < word.size();) {
        const auto length = std::min(characterLength(word[start]), word.size() - start);
        auto character = word.substr(start, length);
        int32_t id = -1;
        if (plain && length == 1) {
            id = m_asciiIds[static_cast<unsigned char>(character[0]) & 0x7F];
        } else {
            if (!plain) {
                decorated.clear();
                if (start > 0)
                    decorated += m_options.continuingPrefix;
                decorated += character;
                if (start + length == word.size())
                    decorated += m_options.endOfWordSuffix;
                character = decorated;
            }
            id = m_pieces.find(character);
        }
        start += length;
        if (id >= 0) {
            flushUnknown();
            symbols.push_back({id, 0, 0, static_cast<uint32_t>(length)});
        } else if (m_options.byteFallback && addByteTokens(character, symbols)) {
            // An unknown token before it stays pending and comes later, as in the reference.
        } else if (m_options.unknownToken) {
            static_cast<void>(requiredUnknown());
            if (!m_options.fuseUnknown)
                flushUnknown();
            unknownLength += static_cast<uint32_t>(length);
        }
    }
    flushUnknown();
}

void Bpe::mergeFew(std::vector<Symbol>& symbols) const
{
    // Ranks of the pair that begins at each symbol; symbols are moved together after a merge.
    std::array<const MergeEntry*, fewSymbols> pairs{};
    size_t count = symbols.size();
    for (size_t i = 0; i + 1 < count; ++i)
        pairs[i] = findMerge(symbols[i].id, symbols[i + 1].id);
    while (count > 1) {
        size_t best = count;
        int32_t bestRank = INT32_MAX;
        for (size_t i = 0; i + 1 < count; ++i) {
            if (pairs[i] != nullptr && pairs[i]->rank < bestRank) {
                best = i;
                bestRank = pairs[i]->rank;
            }
        }
        if (best == count)
            break;
        symbols[best].id = pairs[best]->id;
        symbols[best].length += symbols[best + 1].length;
        for (size_t i = best + 1; i + 1 < count; ++i) {
            symbols[i] = symbols[i + 1];
            pairs[i] = pairs[i + 1];
        }
        --count;
        if (best > 0)
            pairs[best - 1] = findMerge(symbols[best - 1].id, symbols[best].id);
        if (best + 1 < count)
            pairs[best] = findMerge(symbols[best].id, symbols[best + 1].id);
    }
    symbols.resize(count);
}

void Bpe::mergeMany(std::vector<Symbol>& symbols) const
{
    struct Candidate {
        int32_t rank;
        int32_t position;
        int32_t id;
        bool operator<(const Candidate& other) const
        {
            return rank != other.rank ? rank > other.rank : position > other.position;
        }
    };
    const auto count = static_cast<int32_t>(symbols.size());
    std::vector<Candidate> initial;
    for (int32_t i = 0; i < count; ++i) {
        auto& symbol = symbols[static_cast<size_t>(i)];
        symbol.previous = i - 1;
        symbol.next = i + 1 < count ? i + 1 : -1;
        if (symbol.next < 0)
            continue;
        if (const auto* merge = findMerge(symbol.id, symbols[static_cast<size_t>(i) + 1].id))
            initial.push_back({merge->rank, i, merge->id});
    }
    std::priority_queue<Candidate> queue(std::less<Candidate>(), std::move(initial));
    const auto propose = [&](int32_t position) {
        const auto& left = symbols[static_cast<size_t>(position)];
        if (const auto* merge = findMerge(left.id, symbols[static_cast<size_t>(left.next)].id))
            queue.push({merge->rank, position, merge->id});
    };
    while (!queue.empty()) {
        const auto top = queue.top();
        queue.pop();
        auto& left = symbols[static_cast<size_t>(top.position)];
        if (left.length == 0 || left.next < 0)
            continue;
        auto& right = symbols[static_cast<size_t>(left.next)];
        const auto* merge = findMerge(left.id, right.id);
        if (merge == nullptr || merge->id != top.id)
            continue; // the pair has changed since it was proposed
        left.id = top.id;
        left.length += right.length;
        left.next = right.next;
        right.length = 0;
        if (left.next >= 0)
            symbols[static_cast<size_t>(left.next)].previous = top.position;
        if (left.previous >= 0)
            propose(left.previous);
        if (left.next >= 0)
            propose(top.position);
    }
    std::erase_if(symbols, [](const Symbol& symbol) { return symbol.length == 0; });
}

void Bpe::tokenize(std::string_view word, std::vector<ModelToken>& tokens) const
{
    auto& cache = WordTokenCache::ofThisThread();
    if (word.empty() || cache.find(m_cacheOwner, word, tokens))
        return;
    const auto first = tokens.size();
    if (m_options.ignoreMerges) {
        if (const auto id = m_pieces.find(word); id >= 0) {
            tokens.push_back({id, 0, word.size()});
            cache.add(m_cacheOwner, word, std::span(tokens).subspan(first));
            return;
        }
    }
    thread_local std::vector<Symbol> symbols;
    symbols.clear();
    findSymbols(word, symbols);
    // With a prefix two different pairs at one place can give the same piece, and the reference's queue then
    // merges the one at the other's turn.
    if (symbols.size() <= fewSymbols && m_options.continuingPrefix.empty())
        mergeFew(symbols);
    else
        mergeMany(symbols);
    size_t start = 0;
    for (const auto& symbol : symbols) {
        tokens.push_back({symbol.id, start, start + symbol.length});
        start += symbol.length;
    }
    cache.add(m_cacheOwner, word, std::span(tokens).subspan(first));
}

bool Bpe::neverMergesBefore(std::string_view mark) const
{
    if (!m_options.continuingPrefix.empty() || !m_options.endOfWordSuffix.empty() || m_options.ignoreMerges
        || m_pieces.find(mark) < 0)
        return false;
    return std::none_of(m_merges.begin(), m_merges.end(), [&](const MergeEntry& entry) {
        return entry.pair != UINT64_MAX
            && m_pieces.piece(static_cast<int32_t>(entry.pair & 0xFFFFFFFF)).starts_with(mark)
            && !m_pieces.piece(static_cast<int32_t>(entry.pair >> 32)).ends_with(mark);
    });
}

} // namespace studio
