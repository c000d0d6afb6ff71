// SPDX-License-Identifier: MIT
#include "core/text/sentencepiece_model.h"

#include "core/base/concat.h"
#include "core/base/error.h"

#include <algorithm>
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

/// Reads a base-128 number of the protobuf wire format; false at the end of the data.
bool readVarint(std::string_view data, size_t& at, uint64_t& value)
{
    value = 0;
    for (unsigned shift = 0; shift < 64 && at < data.size(); shift += 7) {
        const auto byte = static_cast<unsigned char>(data[at++]);
        value |= uint64_t{byte & 0x7Fu} << shift;
        if ((byte & 0x80) == 0)
            return true;
    }
    return false;
}

/// Visits the fields of one protobuf message: number, varint value, bytes of a length-delimited field.
template <typename Visit>
void visitFields(std::string_view data, Visit visit)
{
    for (size_t at = 0; at < data.size();) {
        uint64_t tag = 0, value = 0;
        if (!readVarint(data, at, tag))
            return;
        std::string_view bytes;
        const auto wire = tag & 7;
        if (wire == 0) {
            if (!readVarint(data, at, value))
                return;
        } else {
            uint64_t length = wire == 1 ? 8 : 4;
            if (wire == 2 && !readVarint(data, at, length))
                return;
            if (wire > 2 && wire != 5)
                return;
            if (length > data.size() - at)
                return;
            bytes = data.substr(at, length);
            at += length;
        }
        visit(tag >> 3, value, bytes);
    }
}

/// ModelProto.trainer_spec.model_type, which the library does not tell.
std::string modelKind(std::string_view file)
{
    uint64_t kind = 1; // the format's default
    visitFields(file, [&](uint64_t field, uint64_t, std::string_view trainer) {
        if (field != 2)
            return;
        visitFields(trainer, [&](uint64_t inner, uint64_t value, std::string_view) {
            if (inner == 3)
                kind = value;
        });
    });
    constexpr const char* names[] = {"model", "Unigram", "BPE", "Word", "Char"};
    return concat("SentencePiece ", names[kind <= 4 ? kind : 0]);
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
    , m_kind(modelKind(file))
{
    if (m_numbering.prefixOnlyAtStart || m_numbering.neverPrefix)
        m_inside = loadProcessor(concat(file, withoutPrefix), place);
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

void SentencePieceModel::append(const sentencepiece::SentencePieceProcessor& processor, std::string_view word,
    std::vector<ModelToken>& tokens) const
{
    sentencepiece::ImmutableSentencePieceText result;
    check(processor.Encode({word.data(), word.size()}, result.mutable_proto()));
    for (const auto& piece : result.pieces()) {
        const auto id = static_cast<int32_t>(piece.id());
        tokens.push_back({tokenOf(id), piece.begin(), piece.end(),
            processor.IsUnknown(id) ? std::string(piece.piece()) : std::string()});
    }
}

void SentencePieceModel::tokenize(std::string_view word, std::vector<ModelToken>& tokens) const
{
    append(m_numbering.neverPrefix ? *m_inside : *m_processor, word, tokens);
}

void SentencePieceModel::tokenizeInside(std::string_view word, std::vector<ModelToken>& tokens) const
{
    append(m_inside ? *m_inside : *m_processor, word, tokens);
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

std::vector<SentencePieceModel::Piece> SentencePieceModel::pieces(std::string_view word) const
{
    sentencepiece::ImmutableSentencePieceText result;
    check(m_processor->Encode({word.data(), word.size()}, result.mutable_proto()));
    std::vector<Piece> pieces;
    for (const auto& piece : result.pieces())
        pieces.push_back({std::string(piece.piece()), piece.begin(), piece.end(),
            m_processor->IsUnknown(static_cast<int>(piece.id()))});
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
