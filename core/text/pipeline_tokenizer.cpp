// SPDX-License-Identifier: MIT
#include "core/text/pipeline_tokenizer.h"

#include "core/base/unicode.h"

#include <algorithm>
#include <utility>

namespace studio {

using Kind = TemplatePiece::Kind;

namespace {

/// Where the reference sees a token that ends past its word, as the bytes of a BPE's decorated characters
/// can: the count in the word taken for one in the text, left as it is where the text is too short for it.
TokenSpan placePastWord(std::string_view text, const ModelToken& token)
{
    const auto isInside = [&](size_t byte) { return byte < text.size(); };
    const auto characterAt
        = [&](size_t byte) { return static_cast<int32_t>(codePointCount(text.substr(0, byte + 1))) - 1; };
    if (!isInside(token.start))
        return {static_cast<int32_t>(token.start), static_cast<int32_t>(token.end)};
    const auto start = characterAt(token.start);
    if (isInside(token.end))
        return {start, characterAt(token.end)};
    return {start, isInside(token.end - 1) ? characterAt(token.end - 1) + 1 : start + 2};
}

} // namespace

PipelineTokenizer::PipelineTokenizer(PipelineParts parts)
    : m_parts(std::move(parts))
    , m_fastPath(BertFastPath::create(
          m_parts.normalizer.get(), m_parts.preTokenizer.get(), m_parts.model.get(), m_parts.added))
    , m_plainPath(PlainPath::create(
          m_parts.normalizer.get(), m_parts.preTokenizer.get(), m_parts.model.get(), m_parts.added))
{
}

std::vector<PlacedToken> PipelineTokenizer::tokenize(std::string_view text) const
{
    std::vector<PlacedToken> tokens;
    if (m_fastPath && m_fastPath->append(text, tokens))
        return tokens;
    tokens.clear();
    std::vector<NormalizedText> words;
    std::vector<ModelToken> wordTokens;
    std::string bytes; // of a word
    std::vector<size_t> characterOf; // for each of its bytes
    const auto addToken = [&](const NormalizedText& source, const AddedTokenMatch& match) {
        const auto matched = std::u32string_view(source.text()).substr(match.start, match.end - match.start);
        tokens.push_back({match.id, source.original(match.start, match.end), toUtf8(matched)});
    };
    const auto placeOf = [&](const NormalizedText& word, const ModelToken& token) {
        if (token.start < token.end && token.end <= bytes.size())
            return word.original(characterOf[token.start], characterOf[token.end - 1] + 1);
        if (token.start < token.end)
            return placePastWord(text, token);
        const auto whole = word.original(0, word.text().size());
        const auto place = token.start < bytes.size()
            ? word.original(characterOf[token.start], characterOf[token.start] + 1).start
            : whole.end;
        return TokenSpan{place, place}; // stands for nothing of the text
    };
    const auto addWords = [&](const NormalizedText& stretch) {
        words.clear();
        if (m_parts.preTokenizer)
            m_parts.preTokenizer->split(stretch, words);
        else
            words.push_back(stretch);
        for (const auto& word : words) {
            const auto characters = word.text().size();
            if (characters == 0)
                continue;
            bytes.clear();
            characterOf.clear();
            for (size_t i = 0; i < characters; ++i) {
                appendUtf8(bytes, word.text()[i]);
                characterOf.resize(bytes.size(), i);
            }
            wordTokens.clear();
            if (word.original(0, 1).start == 0)
                m_parts.model->tokenize(bytes, wordTokens);
            else
                m_parts.model->tokenizeInside(bytes, wordTokens);
            for (auto& token : wordTokens)
                tokens.push_back({token.id, placeOf(word, token), std::move(token.text)});
        }
    };

    const NormalizedText whole(toUtf32(text));
    for (const auto& outer : m_parts.added.find(whole.text(), false)) {
        if (outer.id >= 0) {
            addToken(whole, outer);
            continue;
        }
        auto stretch = whole.slice(outer.start, outer.end);
        if (m_parts.normalizer)
            m_parts.normalizer->normalize(stretch);
        for (const auto& inner : m_parts.added.find(stretch.text(), true)) {
            if (inner.id >= 0)
                addToken(stretch, inner);
            else
                addWords(stretch.slice(inner.start, inner.end));
        }
    }
    return tokens;
}

Encoding PipelineTokenizer::assemble(
    const Sequences& sequences, std::span<const size_t> windows, bool pair, bool addSpecialTokens) const
{
    Encoding encoding;
    const auto room = sequences.first.tokens.size() + sequences.second.tokens.size()
        + static_cast<size_t>(m_parts.postProcessor.specialTokenCount(pair));
    encoding.ids.reserve(room);
    encoding.typeIds.reserve(room);
    encoding.tokens.reserve(room);
    encoding.offsets.reserve(room);
    encoding.specialTokensMask.reserve(room);
    encoding.sequenceIds.reserve(room);
    const auto add
        = [&](int32_t id, int32_t typeId, std::string token, TokenSpan span, bool special, int sequence) {
              encoding.ids.push_back(id);
              encoding.typeIds.push_back(typeId);
              encoding.tokens.push_back(std::move(token));
              encoding.offsets.push_back(span);
              encoding.specialTokensMask.push_back(special ? 1 : 0);
              encoding.sequenceIds.push_back(static_cast<int8_t>(sequence));
          };
    size_t next = 0;
    for (const auto& piece : m_parts.postProcessor.pieces(pair, addSpecialTokens)) {
        const auto window = windows[next++];
        if (piece.kind == Kind::Special) {
            for (size_t i = 0; addSpecialTokens && i < piece.ids.size(); ++i)
                add(piece.ids[i], piece.typeId, piece.tokens[i], {}, piece.masked, piece.sequenceId);
            continue;
        }
        const bool isFirst = piece.kind == Kind::First;
        const auto& sequence = isFirst ? sequences.first : sequences.second;
        const auto range = sequence.windows[window];
        for (size_t i = range.start; i < range.end; ++i) {
            const auto& token = sequence.tokens[i];
            auto text = token.text.empty() ? m_parts.model->idToToken(token.id).value_or("") : token.text;
            auto span = token.span;
            for (const auto& trim : piece.trims)
                span = trimmedSpan(span, text, i - range.start, trim);
            add(token.id, piece.typeId, std::move(text), span, false, piece.sequenceId);
        }
    }
    encoding.truncated = sequences.truncated;
    return encoding;
}

PipelineTokenizer::Sequences PipelineTokenizer::prepare(
    std::string_view first, const std::string_view* second, const EncodeOptions& options) const
{
    const bool pair = second != nullptr;
    Sequences sequences;
    sequences.first.tokens = tokenize(first);
    if (pair)
        sequences.second.tokens = tokenize(*second);
    const auto size = [](const Sequence& sequence) { return static_cast<int64_t>(sequence.tokens.size()); };
    const auto lengths
        = truncateLengths(size(sequences.first), pair ? std::optional(size(sequences.second)) : std::nullopt,
            options, m_parts.postProcessor.specialTokenCount(pair));
    sequences.truncated = lengths.truncated;
    const auto side = options.truncationSide.value_or(facts.truncationSide);
    sequences.first.windows = windowsOf(size(sequences.first), lengths.first, options.stride, side);
    sequences.second.windows = windowsOf(size(sequences.second), lengths.second, options.stride, side);
    return sequences;
}

Encoding PipelineTokenizer::encode(
    std::string_view first, const std::string_view* second, const EncodeOptions& options) const
{
    const bool pair = second != nullptr;
    const std::vector<size_t> windows(m_parts.postProcessor.pieces(pair, options.addSpecialTokens).size());
    auto withoutStride = options;
    withoutStride.stride = 0;
    return assemble(prepare(first, second, withoutStride), windows, pair, options.addSpecialTokens);
}

std::vector<Encoding> PipelineTokenizer::encodeWindows(
    std::string_view first, const std::string_view* second, const EncodeOptions& options) const
{
    const bool pair = second != nullptr;
    const auto sequences = prepare(first, second, options);
    // Which window of each piece: what the reference gets by joining the pieces with their overflow in turn.
    std::vector<size_t> main;
    std::vector<std::vector<size_t>> others;
    for (const auto& piece : m_parts.postProcessor.pieces(pair, options.addSpecialTokens)) {
        const auto count = piece.kind == Kind::Special ? size_t{1}
            : piece.kind == Kind::First                ? sequences.first.windows.size()
                                                       : sequences.second.windows.size();
        std::vector<std::vector<size_t>> next;
        const auto extend = [&](const std::vector<size_t>& start, size_t from) {
            for (size_t window = from; window < count; ++window) {
                next.push_back(start);
                next.back().push_back(window);
            }
        };
        for (const auto& other : others)
            extend(other, 0);
        extend(main, 1);
        main.push_back(0);
        others = std::move(next);
    }
    std::vector<Encoding> encodings{assemble(sequences, main, pair, options.addSpecialTokens)};
    for (const auto& windows : others)
        encodings.push_back(assemble(sequences, windows, pair, options.addSpecialTokens));
    return encodings;
}

void PipelineTokenizer::appendIds(std::string_view text, size_t enough, std::vector<int32_t>& ids) const
{
    const auto start = ids.size();
    if (m_fastPath && m_fastPath->append(text, enough, ids))
        return;
    ids.resize(start);
    if (m_plainPath && m_plainPath->append(text, enough, ids))
        return;
    for (const auto& token : tokenize(text))
        ids.push_back(token.id);
}

TokenIds PipelineTokenizer::encodeIds(
    std::string_view first, const std::string_view* second, const EncodeOptions& options) const
{
    const bool pair = second != nullptr;
    // Tokens of a single text beyond the limit change nothing. How a pair is cut depends on both whole
    // lengths.
    const bool keepsEnd = options.truncationSide.value_or(facts.truncationSide) == TruncationSide::Left;
    const bool cut
        = !pair && options.maxLength && options.truncation != TruncationStrategy::DoNotTruncate && !keepsEnd;
    std::vector<int32_t> firstIds, secondIds;
    appendIds(first, cut ? static_cast<size_t>(std::max(*options.maxLength, 0)) : SIZE_MAX, firstIds);
    if (pair)
        appendIds(*second, SIZE_MAX, secondIds);
    const auto lengths = truncateLengths(static_cast<int64_t>(firstIds.size()),
        pair ? std::optional(static_cast<int64_t>(secondIds.size())) : std::nullopt, options,
        m_parts.postProcessor.specialTokenCount(pair));

    TokenIds result;
    result.truncated = lengths.truncated;
    const auto total = static_cast<size_t>(lengths.first + lengths.second)
        + static_cast<size_t>(m_parts.postProcessor.specialTokenCount(pair));
    result.ids.reserve(total);
    result.typeIds.reserve(total);
    for (const auto& piece : m_parts.postProcessor.pieces(pair, options.addSpecialTokens)) {
        if (piece.kind == Kind::Special) {
            if (options.addSpecialTokens)
                result.ids.insert(result.ids.end(), piece.ids.begin(), piece.ids.end());
        } else {
            const auto& ids = piece.kind == Kind::First ? firstIds : secondIds;
            const auto length = piece.kind == Kind::First ? lengths.first : lengths.second;
            const auto start = keepsEnd ? static_cast<int64_t>(ids.size()) - length : int64_t{0};
            result.ids.insert(result.ids.end(), ids.begin() + start, ids.begin() + start + length);
        }
        result.typeIds.resize(result.ids.size(), piece.typeId);
    }
    if (const auto unknown = unknownId())
        result.unknownCount
            = static_cast<int32_t>(std::count(result.ids.begin(), result.ids.end(), *unknown));
    return result;
}

std::string PipelineTokenizer::decode(std::span<const int32_t> ids, bool skipSpecialTokens) const
{
    std::vector<std::string> tokens;
    tokens.reserve(ids.size());
    for (const int32_t id : ids) {
        auto token = m_parts.added.idToToken(id);
        if (!token)
            token = m_parts.model->idToToken(id);
        if (token
            && !(skipSpecialTokens && (m_parts.added.isSpecial(*token) || m_parts.model->isSpecialPiece(id))))
            tokens.push_back(std::move(*token));
    }
    if (m_parts.decoder)
        m_parts.decoder->decode(tokens);
    std::string text;
    for (size_t i = 0; i < tokens.size(); ++i) {
        if (i > 0 && !m_parts.decoder)
            text += ' ';
        text += tokens[i];
    }
    return text;
}

int32_t PipelineTokenizer::vocabularySize() const
{
    return std::max(m_parts.model->largestId(), m_parts.added.largestId()) + 1;
}

std::optional<int32_t> PipelineTokenizer::tokenToId(std::string_view token) const
{
    const auto id = m_parts.added.tokenToId(token);
    return id ? id : m_parts.model->tokenToId(token);
}

std::string PipelineTokenizer::idToToken(int32_t id) const
{
    const auto token = m_parts.added.idToToken(id);
    return token ? *token : m_parts.model->idToToken(id).value_or("");
}

int32_t PipelineTokenizer::specialTokenCount(bool pair) const
{
    return m_parts.postProcessor.specialTokenCount(pair);
}

} // namespace studio
