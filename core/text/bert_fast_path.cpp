// SPDX-License-Identifier: MIT
#include "core/text/bert_fast_path.h"

#include "core/base/unicode.h"
#include "core/text/character_table.h"

#include <string>

namespace studio {
namespace {

/// Collects the normalised characters of a word, then takes the ids of its pieces.
class IdOutput {
public:
    IdOutput(const WordPiece& model, size_t enough, std::vector<int32_t>& ids)
        : m_model(model)
        , m_ids(ids)
        , m_limit(enough > SIZE_MAX - ids.size() ? SIZE_MAX : ids.size() + enough)
    {
    }
    [[nodiscard]] bool hasEnough() const noexcept { return m_ids.size() > m_limit; }
    void startCharacter() noexcept { } // of the original text
    void add(char c)
    {
        m_word.push_back(c);
        ++m_length;
    }
    void add(char32_t c)
    {
        appendUtf8(m_word, c);
        ++m_length;
    }
    void finishWord()
    {
        if (m_length == 0)
            return;
        const auto first = m_ids.size();
        if (!m_model.cover(m_word, m_length, [&](int32_t id, size_t, size_t) { m_ids.push_back(id); })) {
            m_ids.resize(first);
            m_ids.push_back(m_model.unknownPiece());
        }
        m_word.clear();
        m_length = 0;
    }

private:
    const WordPiece& m_model;
    std::vector<int32_t>& m_ids;
    size_t m_limit;
    std::string m_word;
    size_t m_length = 0; // code points
};

/// The same with the place of each token.
class PlacedOutput {
public:
    PlacedOutput(const WordPiece& model, std::vector<PlacedToken>& tokens)
        : m_model(model)
        , m_tokens(tokens)
    {
    }
    [[nodiscard]] static bool hasEnough() noexcept { return false; }
    void startCharacter() noexcept { ++m_character; }
    void add(char c)
    {
        m_word.push_back(c);
        m_places.push_back(m_character);
        ++m_length;
    }
    void add(char32_t c)
    {
        appendUtf8(m_word, c);
        m_places.resize(m_word.size(), m_character);
        ++m_length;
    }
    void finishWord()
    {
        if (m_length == 0)
            return;
        const auto firstToken = m_tokens.size();
        const auto addToken = [&](int32_t id, size_t start, size_t end) {
            m_tokens.push_back({id, {m_places[start], m_places[end - 1] + 1}});
        };
        if (!m_model.cover(m_word, m_length, addToken)) {
            m_tokens.resize(firstToken, PlacedToken{});
            addToken(m_model.unknownPiece(), 0, m_word.size());
        }
        m_word.clear();
        m_places.clear();
        m_length = 0;
    }

private:
    const WordPiece& m_model;
    std::vector<PlacedToken>& m_tokens;
    std::string m_word;
    std::vector<int32_t> m_places; // for each byte of the word, the character of the original text
    int32_t m_character = -1;
    size_t m_length = 0; // code points
};

} // namespace

std::optional<BertFastPath> BertFastPath::create(const Normalizer* normalizer,
    const PreTokenizer* preTokenizer, const TokenModel* model, const AddedVocabulary& added)
{
    const auto* bert = dynamic_cast<const BertNormalizer*>(normalizer);
    const auto* wordPiece = dynamic_cast<const WordPiece*>(model);
    if (bert == nullptr || wordPiece == nullptr
        || dynamic_cast<const BertPreTokenizer*>(preTokenizer) == nullptr || added.hasNormalizedTokens())
        return std::nullopt;
    return BertFastPath(bert->options(), *wordPiece, added);
}

BertFastPath::BertFastPath(
    const BertNormalizerOptions& options, const WordPiece& model, const AddedVocabulary& added)
    : m_options(options)
    , m_model(&model)
    , m_added(&added.rawTrie())
{
    const auto& table = CharacterTable::instance();
    for (size_t byte = 0; byte < 256; ++byte) {
        const auto c = static_cast<char32_t>(byte);
        const bool startsAdded
            = m_added->step(PieceTrie::root, static_cast<unsigned char>(byte)) != PieceTrie::none;
        auto& byteClass = m_classes[byte];
        if (byte >= 0x80) {
            byteClass = ByteClass::NotAscii;
            m_addedBeyondAscii = m_addedBeyondAscii || startsAdded;
            continue;
        }
        m_lower[byte] = static_cast<char>(m_options.lowercase ? table.lower(c) : c);
        if (startsAdded)
            byteClass = ByteClass::AddedToken;
        else if (m_options.cleanText && table.is(c, RemovedCharacter))
            byteClass = ByteClass::Removed;
        else if (table.is(c, WhiteSpaceCharacter))
            byteClass = ByteClass::Space;
        else
            byteClass = table.is(c, PunctuationCharacter) ? ByteClass::Punctuation : ByteClass::Word;
    }
}

bool BertFastPath::startsAddedToken(std::string_view text) const
{
    auto node = PieceTrie::root;
    for (const char byte : text) {
        node = m_added->step(node, static_cast<unsigned char>(byte));
        if (node == PieceTrie::none)
            return false;
        if (m_added->value(node) >= 0)
            return true;
    }
    return false;
}

template <typename Output>
void BertFastPath::appendNormalized(char32_t c, Output& output) const
{
    const auto flags = CharacterTable::instance().flags(c);
    if ((flags & WhiteSpaceCharacter) != 0) {
        output.finishWord();
        return;
    }
    const bool apart = (flags & PunctuationCharacter) != 0;
    if (apart)
        output.finishWord();
    output.add(c);
    if (apart)
        output.finishWord();
}

template <typename Output>
bool BertFastPath::appendCharacter(char32_t c, Output& output) const
{
    const auto& table = CharacterTable::instance();
    const auto flags = table.flags(c);
    if (m_options.cleanText && (flags & RemovedCharacter) != 0)
        return true;
    const auto lowered = [&](char32_t part) {
        appendNormalized(m_options.lowercase ? table.lower(part) : part, output);
        if (m_options.lowercase && part == 0x130)
            appendNormalized(0x307, output);
    };
    const bool apart = m_options.handleChineseChars && (flags & CjkIdeograph) != 0;
    if (apart)
        output.finishWord();
    if (!m_options.stripsAccents()) {
        lowered(c);
    } else if (c >= 0xAC00 && c < 0xAC00 + 11172) { // Hangul syllables fall into their letters
        const char32_t index = c - 0xAC00;
        lowered(0x1100 + index / 588);
        lowered(0x1161 + index % 588 / 28);
        if (index % 28 != 0)
            lowered(0x11A7 + index % 28);
    } else {
        const auto decomposition = canonicalDecomposition(c);
        for (const char32_t part : decomposition.empty() ? std::u32string_view(&c, 1) : decomposition) {
            if (table.is(part, NonspacingMark))
                continue;
            if (canonicalCombiningClass(part) != 0)
                return false; // a mark that stays may have to change places with its neighbours
            lowered(part);
        }
    }
    if (apart)
        output.finishWord();
    return true;
}

template <typename Output>
bool BertFastPath::run(std::string_view text, Output& output) const
{
    for (size_t i = 0; i < text.size() && !output.hasEnough();) {
        const auto byte = static_cast<unsigned char>(text[i]);
        output.startCharacter();
        switch (m_classes[byte]) {
        case ByteClass::Word:
            output.add(m_lower[byte]);
            ++i;
            break;
        case ByteClass::Space:
            output.finishWord();
            ++i;
            break;
        case ByteClass::Punctuation:
            output.finishWord();
            output.add(static_cast<char>(byte));
            output.finishWord();
            ++i;
            break;
        case ByteClass::Removed:
            ++i;
            break;
        case ByteClass::AddedToken:
            if (startsAddedToken(text.substr(i)) || !appendCharacter(byte, output))
                return false;
            ++i;
            break;
        case ByteClass::NotAscii:
            if (m_addedBeyondAscii && startsAddedToken(text.substr(i)))
                return false;
            if (!appendCharacter(nextCodePoint(text, i), output))
                return false;
            break;
        }
    }
    output.finishWord();
    return true;
}

bool BertFastPath::append(std::string_view text, size_t enough, std::vector<int32_t>& ids) const
{
    IdOutput output(*m_model, enough, ids);
    return run(text, output);
}

bool BertFastPath::append(std::string_view text, std::vector<PlacedToken>& tokens) const
{
    PlacedOutput output(*m_model, tokens);
    return run(text, output);
}

} // namespace studio
