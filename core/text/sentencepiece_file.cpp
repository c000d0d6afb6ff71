// SPDX-License-Identifier: MIT
#include "core/text/sentencepiece_file.h"

#include "core/text/protobuf_fields.h"
#include "core/text/unigram_search.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cfloat>
#include <set>
#include <utility>

namespace studio {
namespace {

using Type = SentencePieceFile::Type;

constexpr float unknownPenalty = 10;

// Fields of ModelProto and, below the first one, of its pieces.
constexpr uint64_t pieceField = 1, trainerField = 2, selfTestField = 4;
constexpr uint64_t textField = 1, scoreField = 2, typeField = 3, modelTypeField = 3;

float floatOf(std::string_view bytes)
{
    uint32_t bits = 0;
    for (size_t i = 0; i < 4 && i < bytes.size(); ++i)
        bits |= uint32_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
    return std::bit_cast<float>(bits);
}

SentencePieceFile::Piece readPiece(std::string_view message)
{
    SentencePieceFile::Piece piece;
    piece.message = message;
    visitFields(message, [&](uint64_t field, uint64_t value, std::string_view bytes) {
        if (field == textField)
            piece.text = bytes;
        else if (field == scoreField)
            piece.score = floatOf(bytes);
        else if (field == typeField && value >= 1 && value <= 6)
            piece.type = static_cast<Type>(value);
    });
    return piece;
}

void appendField(std::string& out, uint64_t field, std::string_view bytes)
{
    const auto varint = [&](uint64_t value) {
        for (; value >= 0x80; value >>= 7)
            out += static_cast<char>(value | 0x80);
        out += static_cast<char>(value);
    };
    varint(field << 3 | 2);
    varint(bytes.size());
    out += bytes;
}

} // namespace

std::string_view SentencePieceFile::kind() const
{
    constexpr std::array<std::string_view, 5> names{"model", "Unigram", "BPE", "Word", "Char"};
    return names[modelType < names.size() ? modelType : 0];
}

SentencePieceFile readSentencePieceFile(std::string_view file)
{
    SentencePieceFile content;
    visitFields(file, [&](uint64_t field, uint64_t, std::string_view message) {
        if (field == pieceField)
            content.pieces.push_back(readPiece(message));
        if (field != trainerField)
            return;
        visitFields(message, [&](uint64_t inner, uint64_t value, std::string_view) {
            if (inner == modelTypeField)
                content.modelType = value;
        });
    });
    return content;
}

std::string characterModel(std::string_view file, const SentencePieceFile& content)
{
    // trainer_spec { model_type: CHAR byte_fallback: false }: what stands later overrules.
    constexpr std::string_view byCharacters("\x18\x04\x98\x02\x00", 5);
    std::string model;
    std::set<std::string_view> taken, characters;
    for (const auto& piece : content.pieces) {
        if (piece.type == Type::Byte)
            continue;
        if (piece.type == Type::Normal || piece.type == Type::Unused) {
            for (size_t at = 0; at < piece.text.size(); at += characterLength(piece.text[at]))
                characters.insert(piece.text.substr(at, characterLength(piece.text[at])));
            continue;
        }
        appendField(model, pieceField, piece.message);
        if (piece.type == Type::UserDefined)
            taken.insert(piece.text);
    }
    for (const auto character : characters) {
        if (taken.contains(character))
            continue;
        std::string message;
        appendField(message, textField, character);
        appendField(model, pieceField, message);
    }
    visitFields(file, [&](uint64_t field, uint64_t, std::string_view message) {
        if (field != pieceField && field != selfTestField)
            appendField(model, field, message);
    });
    appendField(model, trainerField, byCharacters);
    return model;
}

UnigramPieces::UnigramPieces(const SentencePieceFile& file)
{
    std::vector<std::pair<std::string_view, int32_t>> entries;
    float lowest = FLT_MAX, largest = FLT_MIN; // FLT_MIN is positive: the library's own slip
    m_scores.reserve(file.pieces.size());
    for (const auto& piece : file.pieces) {
        const auto id = static_cast<int32_t>(m_scores.size());
        m_scores.push_back(piece.score);
        if (piece.type == Type::Normal) {
            lowest = std::min(lowest, piece.score);
            largest = std::max(largest, piece.score);
        }
        if (piece.type == Type::Normal || piece.type == Type::UserDefined)
            entries.emplace_back(piece.text, id);
    }
    // A user-defined piece gets a score with which it is always chosen.
    for (const auto& piece : file.pieces) {
        if (piece.type == Type::UserDefined)
            m_scores[static_cast<size_t>(&piece - file.pieces.data())]
                = static_cast<float>(static_cast<float>(piece.text.size()) * largest - 0.1);
    }
    m_unknownScore = lowest - unknownPenalty;
    m_trie = PieceTrie(std::move(entries));
}

std::vector<UnigramPieces::Piece> UnigramPieces::find(std::string_view normalized) const
{
    thread_local std::vector<UnigramStep<float>> best;
    findBestPieces(
        m_trie, normalized, [&](int32_t id) { return m_scores[static_cast<size_t>(id)]; }, m_unknownScore,
        [](size_t, size_t) { return -1; }, best);
    std::vector<Piece> pieces;
    for (size_t end = normalized.size(); end > 0; end = best[end].start) {
        if (best[end].id >= 0 || pieces.empty() || pieces.back().id >= 0)
            pieces.push_back({best[end].id, end});
    }
    std::reverse(pieces.begin(), pieces.end());
    return pieces;
}

} // namespace studio
