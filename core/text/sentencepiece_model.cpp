// SPDX-License-Identifier: MIT
#include "core/text/sentencepiece_model.h"

#include "core/base/concat.h"
#include "core/base/error.h"

#include <algorithm>
#include <charconv>
#include <sentencepiece_processor.h>
#include <utility>

namespace studio {
namespace {

/// normalizer_spec { add_dummy_prefix: false }: what stands later in a protobuf message overrules.
constexpr std::string_view withoutPrefix("\x1A\x02\x18\x00", 4);

void check(const sentencepiece::util::Status& status)
{
    if (!status.ok())
        throw Error(
            ErrorKind::Data, concat("SentencePiece could not handle the text: ", status.ToString(), "."));
}

std::unique_ptr<sentencepiece::SentencePieceProcessor> loadProcessor(
    std::string_view file, const std::string& place)
{
    auto processor = std::make_unique<sentencepiece::SentencePieceProcessor>();
    const auto status = processor->LoadFromSerializedProto({file.data(), file.size()});
    if (!status.ok() || processor->GetPieceSize() == 0) {
        throw Error(ErrorKind::Checkpoint,
            concat(place,
                " is not a SentencePiece model that can be used; it is damaged or another kind of file",
                status.ok() ? "" : concat(" (", status.ToString(), ")"), "."));
    }
    return processor;
}

/// The byte that a piece such as "<0xE4>" stands for.
char byteOf(std::string_view piece)
{
    int value = 0;
    if (piece.size() == 6)
        std::from_chars(piece.data() + 3, piece.data() + 5, value, 16);
    return static_cast<char>(value);
}

class SentencePieceDecoder : public TokenDecoder {
public:
    explicit SentencePieceDecoder(const SentencePieceModel& model)
        : m_model(&model)
    {
    }
    void decode(std::vector<std::string>& tokens) const override { tokens = {m_model->decodePieces(tokens)}; }

private:
    const SentencePieceModel* m_model;
};

} // namespace

SentencePieceModel::SentencePieceModel(
    std::string_view file, SentencePieceNumbering numbering, const std::string& place)
    : m_processor(loadProcessor(file, place))
    , m_numbering(std::move(numbering))
{
    const auto content = readSentencePieceFile(file);
    m_kind = concat("SentencePiece ", content.kind());
    const bool hasInside = m_numbering.prefixOnlyAtStart || m_numbering.neverPrefix;
    if (hasInside)
        m_inside = loadProcessor(concat(file, withoutPrefix), place);
    if (content.kind() == "Unigram") {
        m_best = std::make_unique<UnigramPieces>(content);
        const auto characters = characterModel(file, content);
        m_characters = loadProcessor(characters, place);
        if (hasInside)
            m_insideCharacters = loadProcessor(concat(characters, withoutPrefix), place);
    }
    const int32_t pieceCount = m_processor->GetPieceSize();
    if (pieceCount < m_numbering.skippedPieces) {
        throw Error(ErrorKind::Checkpoint,
            concat(place, " has ", pieceCount, " pieces, but a model of this family needs at least ",
                m_numbering.skippedPieces, "."));
    }
    std::vector<std::string> texts = m_numbering.before;
    for (int32_t piece = m_numbering.skippedPieces; piece < pieceCount; ++piece)
        texts.push_back(m_processor->IdToPiece(piece));
    texts.insert(texts.end(), m_numbering.after.begin(), m_numbering.after.end());
    std::vector<std::pair<std::string_view, int32_t>> entries;
    entries.reserve(texts.size());
    for (const auto& text : texts)
        entries.emplace_back(text, static_cast<int32_t>(entries.size()));
    m_tokens = PieceTable(entries, place);

    if (m_numbering.unknownId)
        m_unknown = m_numbering.unknownId;
    else if (m_processor->unk_id() >= 0)
        m_unknown = m_processor->unk_id();
}

SentencePieceModel::~SentencePieceModel() = default;

int32_t SentencePieceModel::size() const
{
    return m_tokens.largestId() + 1;
}

int32_t SentencePieceModel::tokenOf(int32_t piece) const
{
    if (m_processor->IsUnknown(piece))
        return m_unknown.value_or(piece);
    const auto offset = static_cast<int32_t>(m_numbering.before.size()) - m_numbering.skippedPieces;
    if (piece >= m_numbering.skippedPieces)
        return piece + offset;
    return m_tokens.tokenToId(m_processor->IdToPiece(piece)).value_or(m_unknown.value_or(piece));
}

std::vector<SentencePieceModel::Piece> SentencePieceModel::pieces(std::string_view word, bool inside) const
{
    const auto& processor = inside && m_inside ? *m_inside : *m_processor;
    std::vector<Piece> pieces;
    sentencepiece::ImmutableSentencePieceText result;
    check(processor.Encode({word.data(), word.size()}, result.mutable_proto()));
    for (const auto& piece : result.pieces())
        pieces.push_back(
            {std::string(piece.piece()), piece.begin(), piece.end(), static_cast<int32_t>(piece.id())});
    if (m_best)
        chooseBest(word, inside && m_inside ? *m_insideCharacters : *m_characters, pieces);
    return pieces;
}

void SentencePieceModel::chooseBest(std::string_view word,
    const sentencepiece::SentencePieceProcessor& characters, std::vector<Piece>& pieces) const
{
    std::string normalized;
    std::vector<UnigramPieces::Piece> found;
    std::vector<size_t> firstOf; // of `pieces`, for each of `found`
    for (size_t i = 0; i < pieces.size(); ++i) {
        const auto id = pieces[i].id;
        const bool isByte = m_processor->IsByte(id), isUnknown = isByte || m_processor->IsUnknown(id);
        if (isByte)
            normalized += byteOf(pieces[i].text);
        else
            normalized += pieces[i].text;
        if (isUnknown && !found.empty() && found.back().id < 0) {
            found.back().end = normalized.size();
        } else {
            found.push_back({isUnknown ? -1 : id, normalized.size()});
            firstOf.push_back(i);
        }
    }
    const auto best = m_best->find(normalized);
    if (best == found)
        return;
    firstOf.push_back(pieces.size());

    // Where each character begins and ends in the word.
    sentencepiece::ImmutableSentencePieceText result;
    check(characters.Encode({word.data(), word.size()}, result.mutable_proto()));
    std::vector<size_t> begins(normalized.size() + 1), ends(normalized.size() + 1);
    size_t at = 0;
    for (const auto& character : result.pieces()) {
        const size_t size = character.piece().size(), first = character.begin(), last = character.end();
        if (at + size > normalized.size())
            return; // another normalised text, which only a damaged file has
        // A user-defined piece is several characters, whose places the library does not tell apart either.
        std::fill_n(begins.begin() + static_cast<std::ptrdiff_t>(at), size, first);
        std::fill_n(ends.begin() + static_cast<std::ptrdiff_t>(at + 1), size, first);
        ends[at + size] = last;
        at += size;
    }

    std::vector<Piece> chosen;
    size_t start = 0;
    for (const auto& [id, end] : best) {
        if (id >= 0) {
            chosen.push_back({normalized.substr(start, end - start), begins[start], ends[end], id});
        } else {
            // Unknown characters and their bytes are as the library found them.
            const auto same
                = std::find_if(found.begin(), found.end(), [last = end](const UnigramPieces::Piece& piece) {
                      return piece.id < 0 && piece.end == last;
                  });
            if (same == found.end())
                return;
            const auto index = static_cast<size_t>(same - found.begin());
            chosen.insert(chosen.end(), pieces.begin() + static_cast<std::ptrdiff_t>(firstOf[index]),
                pieces.begin() + static_cast<std::ptrdiff_t>(firstOf[index + 1]));
        }
        start = end;
    }
    pieces = std::move(chosen);
}

void SentencePieceModel::append(std::string_view word, bool inside, std::vector<ModelToken>& tokens) const
{
    for (auto& piece : pieces(word, inside)) {
        tokens.push_back({tokenOf(piece.id), piece.start, piece.end,
            m_processor->IsUnknown(piece.id) ? std::move(piece.text) : std::string()});
    }
}

void SentencePieceModel::tokenize(std::string_view word, std::vector<ModelToken>& tokens) const
{
    append(word, m_numbering.neverPrefix, tokens);
}

void SentencePieceModel::tokenizeInside(std::string_view word, std::vector<ModelToken>& tokens) const
{
    append(word, true, tokens);
}

bool SentencePieceModel::isSpecialPiece(int32_t id) const
{
    return m_numbering.plain && id >= 0 && id < m_processor->GetPieceSize()
        && (m_processor->IsControl(id) || m_processor->IsUnknown(id));
}

std::optional<int32_t> SentencePieceModel::padId() const
{
    return m_processor->pad_id() >= 0 ? std::optional<int32_t>(m_processor->pad_id()) : std::nullopt;
}

std::vector<std::string> SentencePieceModel::controlPieces() const
{
    std::vector<std::string> pieces;
    for (int32_t piece = 0; piece < m_processor->GetPieceSize(); ++piece) {
        if (m_processor->IsControl(piece))
            pieces.push_back(m_processor->IdToPiece(piece));
    }
    return pieces;
}

std::string SentencePieceModel::decodePieces(const std::vector<std::string>& pieces) const
{
    std::string text;
    check(m_processor->Decode(pieces, &text));
    return text;
}

std::unique_ptr<TokenDecoder> createSentencePieceDecoder(const SentencePieceModel& model)
{
    return std::make_unique<SentencePieceDecoder>(model);
}

} // namespace studio
