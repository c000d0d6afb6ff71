// SPDX-License-Identifier: MIT
#include "core/text/plain_path.h"

#include "core/text/bpe.h"
#include "core/text/byte_alphabet.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <span>
#include <string>

namespace studio {
namespace {

constexpr std::string_view wordMark = "\xE2\x96\x81"; // U+2581

/// The ids of words met before; a word takes the place of another one with the same slot.
class WordCache {
public:
    static constexpr size_t longestWord = 64;

    void useFor(uint64_t key)
    {
        if (m_key != key)
            clear();
        m_key = key;
    }
    /// nullopt when it is not there.
    [[nodiscard]] std::optional<std::span<const int32_t>> find(std::string_view word, size_t hash) const
    {
        const auto& entry = m_entries[hash % slots];
        if (entry.hash != hash || entry.length != word.size()
            || std::string_view(m_bytes).substr(entry.start, entry.length) != word)
            return std::nullopt;
        return std::span(m_ids).subspan(entry.firstId, entry.idCount);
    }
    void add(std::string_view word, size_t hash, std::span<const int32_t> ids)
    {
        if (m_bytes.size() > mostBytes)
            clear();
        m_entries[hash % slots]
            = {hash, static_cast<uint32_t>(m_bytes.size()), static_cast<uint32_t>(word.size()),
                static_cast<uint32_t>(m_ids.size()), static_cast<uint32_t>(ids.size())};
        m_bytes.append(word);
        m_ids.insert(m_ids.end(), ids.begin(), ids.end());
    }

private:
    static constexpr size_t slots = size_t{1} << 15, mostBytes = size_t{1} << 20;
    struct Entry {
        size_t hash = 0;
        uint32_t start = 0, length = 0, firstId = 0, idCount = 0;
    };
    void clear()
    {
        m_entries.assign(slots, {});
        m_bytes.clear();
        m_ids.clear();
    }

    uint64_t m_key = 0;
    std::vector<Entry> m_entries;
    std::string m_bytes;
    std::vector<int32_t> m_ids;
};

struct Scratch {
    PlainWords words;
    std::string mapped;
    std::vector<ModelToken> tokens;
    WordCache cache;
};

} // namespace

bool PlainPath::Added::occursIn(std::string_view text) const
{
    if (trie == nullptr)
        return false;
    for (size_t i = 0; i < text.size(); ++i) {
        if (!starts[static_cast<unsigned char>(text[i])])
            continue;
        auto node = PieceTrie::root;
        for (size_t j = i; j < text.size(); ++j) {
            node = trie->step(node, static_cast<unsigned char>(text[j]));
            if (node == PieceTrie::none)
                break;
            if (trie->value(node) >= 0)
                return true;
        }
    }
    return false;
}

PlainPath::Added PlainPath::addedOf(const PieceTrie& trie)
{
    Added added;
    for (size_t byte = 0; byte < added.starts.size(); ++byte) {
        added.starts[byte] = trie.step(PieceTrie::root, static_cast<unsigned char>(byte)) != PieceTrie::none;
        if (added.starts[byte])
            added.trie = &trie;
    }
    return added;
}

std::optional<PlainPath> PlainPath::create(const Normalizer* normalizer, const PreTokenizer* preTokenizer,
    const TokenModel* model, const AddedVocabulary& added)
{
    // Whether the first word stands at the start of the original text is not known after a normaliser, which
    // may have dropped what stood there.
    const bool needsStart = preTokenizer != nullptr && preTokenizer->asksForStart() && normalizer != nullptr;
    if (needsStart || (preTokenizer != nullptr && !preTokenizer->hasPlainWay()))
        return std::nullopt;
    static std::atomic<uint64_t> lastKey = 0;
    PlainPath path;
    path.m_normalizer = normalizer;
    path.m_preTokenizer = preTokenizer;
    path.m_model = model;
    path.m_raw = addedOf(added.rawTrie());
    path.m_normalized = addedOf(added.normalizedTrie());
    path.m_cacheKey = ++lastKey;
    const auto* bpe = dynamic_cast<const Bpe*>(model);
    path.m_cutsBeforeMarks = bpe != nullptr && bpe->neverMergesBefore(wordMark);
    return path;
}

void PlainPath::cutBeforeMarks(PlainWords& words) const
{
    words.cutEach([](std::string_view word, std::vector<SplitPiece>& pieces) {
        size_t start = 0, afterMark = 0;
        for (auto at = word.find(wordMark); at != std::string_view::npos;
             at = word.find(wordMark, afterMark)) {
            if (at != afterMark || at == 0) {
                pieces.push_back({start, at, false});
                start = at;
            }
            afterMark = at + wordMark.size();
        }
        pieces.push_back({start, word.size(), false});
    });
}

bool PlainPath::append(std::string_view text, size_t enough, std::vector<int32_t>& ids) const
{
    static thread_local Scratch scratch;
    if (m_raw.occursIn(text))
        return false;
    auto& words = scratch.words;
    words.assign(text, true);
    if (m_normalizer) {
        if (!m_normalizer->normalizePlain(words.text))
            return false;
        words.makeOneWord();
    }
    if (m_normalized.occursIn(words.text))
        return false;
    const bool rawBytes = m_preTokenizer != nullptr && m_preTokenizer->endsInBytes();
    if (m_preTokenizer)
        m_preTokenizer->splitPlain(words, rawBytes);
    if (m_cutsBeforeMarks)
        cutBeforeMarks(words);

    auto& cache = scratch.cache;
    cache.useFor(m_cacheKey);
    const size_t limit = enough > SIZE_MAX - ids.size() ? SIZE_MAX : ids.size() + enough;
    for (size_t i = 0; i < words.words.size() && ids.size() <= limit; ++i) {
        const auto word = words[i];
        const bool cached = word.size() <= WordCache::longestWord;
        const size_t hash = cached ? std::hash<std::string_view>()(word) : 0;
        if (cached) {
            if (const auto found = cache.find(word, hash)) {
                ids.insert(ids.end(), found->begin(), found->end());
                continue;
            }
        }
        scratch.tokens.clear();
        if (rawBytes) {
            scratch.mapped.clear();
            appendByteCharacters(scratch.mapped, word);
            m_model->tokenize(scratch.mapped, scratch.tokens);
        } else {
            m_model->tokenize(word, scratch.tokens);
        }
        const auto first = ids.size();
        for (const auto& token : scratch.tokens)
            ids.push_back(token.id);
        if (cached)
            cache.add(word, hash, std::span(ids).subspan(first));
    }
    return true;
}

} // namespace studio
