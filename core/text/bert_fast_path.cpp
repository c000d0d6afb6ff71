// SPDX-License-Identifier: MIT
#include "core/text/bert_fast_path.h"

#include "core/base/unicode.h"
#include "core/text/character_table.h"

#include <string>

namespace studio {
/// The word that is being collected, normalised.
struct BertFastPath::Word {
    std::string bytes;
    size_t length = 0; // code points
};

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

void BertFastPath::finishWord(Word& word, std::vector<int32_t>& ids) const
{
    if (word.length == 0)
        return;
    m_model->tokenizeIds(word.bytes, word.length, ids);
    word.bytes.clear();
    word.length = 0;
}

void BertFastPath::appendNormalized(char32_t c, Word& word, std::vector<int32_t>& ids) const
{
    const auto flags = CharacterTable::instance().flags(c);
    if ((flags & WhiteSpaceCharacter) != 0) {
        finishWord(word, ids);
        return;
    }
    const bool apart = (flags & PunctuationCharacter) != 0;
    if (apart)
        finishWord(word, ids);
    appendUtf8(word.bytes, c);
    ++word.length;
    if (apart)
        finishWord(word, ids);
}

bool BertFastPath::appendCharacter(char32_t c, Word& word, std::vector<int32_t>& ids) const
{
    const auto& table = CharacterTable::instance();
    const auto flags = table.flags(c);
    if (m_options.cleanText && (flags & RemovedCharacter) != 0)
        return true;
    const auto lowered = [&](char32_t part) {
        appendNormalized(m_options.lowercase ? table.lower(part) : part, word, ids);
        if (m_options.lowercase && part == 0x130)
            appendNormalized(0x307, word, ids);
    };
    const bool apart = m_options.handleChineseChars && (flags & CjkIdeograph) != 0;
    if (apart)
        finishWord(word, ids);
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
        finishWord(word, ids);
    return true;
}

bool BertFastPath::append(std::string_view text, size_t enough, std::vector<int32_t>& ids) const
{
    const size_t limit = enough > SIZE_MAX - ids.size() ? SIZE_MAX : ids.size() + enough;
    Word word;
    for (size_t i = 0; i < text.size() && ids.size() <= limit;) {
        const auto byte = static_cast<unsigned char>(text[i]);
        switch (m_classes[byte]) {
        case ByteClass::Word:
            word.bytes.push_back(m_lower[byte]);
            ++word.length;
            ++i;
            break;
        case ByteClass::Space:
            finishWord(word, ids);
            ++i;
            break;
        case ByteClass::Punctuation:
            finishWord(word, ids);
            word.bytes.push_back(static_cast<char>(byte));
            word.length = 1;
            finishWord(word, ids);
            ++i;
            break;
        case ByteClass::Removed:
            ++i;
            break;
        case ByteClass::AddedToken:
            if (startsAddedToken(text.substr(i)) || !appendCharacter(byte, word, ids))
                return false;
            ++i;
            break;
        case ByteClass::NotAscii:
            if (m_addedBeyondAscii && startsAddedToken(text.substr(i)))
                return false;
            if (!appendCharacter(nextCodePoint(text, i), word, ids))
                return false;
            break;
        }
    }
    finishWord(word, ids);
    return true;
}

} // namespace studio
