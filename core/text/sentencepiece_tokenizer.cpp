// SPDX-License-Identifier: MIT
#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/text/tokenizer_loading.h"

#include <algorithm>
#include <sentencepiece_processor.h>
#include <utility>

namespace studio {
namespace {

/// Code points before each byte of a text.
class CodePointIndex {
public:
    explicit CodePointIndex(std::string_view text)
        : m_before(text.size() + 1)
    {
        int32_t count = 0;
        for (size_t i = 0; i < text.size(); ++i) {
            m_before[i] = count;
            const bool lastOfCharacter
                = i + 1 == text.size() || (static_cast<unsigned char>(text[i + 1]) & 0xC0) != 0x80;
            if (lastOfCharacter)
                ++count;
        }
        m_before[text.size()] = count;
    }
    [[nodiscard]] int32_t at(size_t byte) const { return m_before[std::min(byte, m_before.size() - 1)]; }

private:
    std::vector<int32_t> m_before;
};

/// A SentencePiece model through its own library: plain pieces, no special tokens added.
class SentencePieceTokenizer : public TokenizerAlgorithm {
public:
    SentencePieceTokenizer(std::string_view model, const std::string& place)
    {
        const auto status = m_processor.LoadFromSerializedProto({model.data(), model.size()});
        if (!status.ok() || m_processor.GetPieceSize() == 0) {
            throw Error(ErrorKind::Checkpoint,
                concat(place,
                    " is not a SentencePiece model that can be used; it is damaged or another kind of file",
                    status.ok() ? "" : concat(" (", status.ToString(), ")"), "."));
        }
    }

    [[nodiscard]] Encoding encode(
        std::string_view first, const std::string_view* second, const EncodeOptions& options) const override
    {
        const auto firstPart = encodeText(first, 0);
        const auto secondPart = second != nullptr ? encodeText(*second, 1) : Encoding{};
        const auto lengths = truncateLengths(static_cast<int64_t>(firstPart.ids.size()),
            second != nullptr ? std::optional(static_cast<int64_t>(secondPart.ids.size())) : std::nullopt,
            options, 0);
        Encoding encoding;
        append(encoding, firstPart, lengths.first);
        append(encoding, secondPart, lengths.second);
        encoding.truncated = lengths.truncated;
        return encoding;
    }

    [[nodiscard]] TokenIds encodeIds(
        std::string_view first, const std::string_view* second, const EncodeOptions& options) const override
    {
        const auto firstIds = idsOf(first);
        const auto secondIds = second != nullptr ? idsOf(*second) : std::vector<int>{};
        const auto lengths = truncateLengths(static_cast<int64_t>(firstIds.size()),
            second != nullptr ? std::optional(static_cast<int64_t>(secondIds.size())) : std::nullopt, options,
            0);
        TokenIds result;
        result.ids.assign(firstIds.begin(), firstIds.begin() + lengths.first);
        result.ids.insert(result.ids.end(), secondIds.begin(), secondIds.begin() + lengths.second);
        result.typeIds.resize(result.ids.size());
        result.truncated = lengths.truncated;
        const auto unknown = m_processor.unk_id();
        result.unknownCount = static_cast<int32_t>(std::count(result.ids.begin(), result.ids.end(), unknown));
        return result;
    }

    /// Control pieces never appear in the text; skipping special tokens leaves out unknown ones too.
    [[nodiscard]] std::string decode(std::span<const int32_t> ids, bool skipSpecialTokens) const override
    {
        std::vector<int> known;
        known.reserve(ids.size());
        for (const int32_t id : ids) {
            const bool inside = id >= 0 && id < m_processor.GetPieceSize();
            if (inside && !(skipSpecialTokens && (m_processor.IsControl(id) || m_processor.IsUnknown(id))))
                known.push_back(id);
        }
        std::string text;
        check(m_processor.Decode(known, &text));
        return text;
    }

    [[nodiscard]] int32_t vocabularySize() const override { return m_processor.GetPieceSize(); }
    [[nodiscard]] std::optional<int32_t> tokenToId(std::string_view token) const override
    {
        const int id = m_processor.PieceToId({token.data(), token.size()});
        const bool found = id >= 0 && id < m_processor.GetPieceSize() && m_processor.IdToPiece(id) == token;
        return found ? std::optional<int32_t>(id) : std::nullopt;
    }
    [[nodiscard]] std::string idToToken(int32_t id) const override
    {
        return id >= 0 && id < m_processor.GetPieceSize() ? m_processor.IdToPiece(id) : std::string();
    }
    [[nodiscard]] std::optional<int32_t> unknownId() const override
    {
        return m_processor.unk_id() >= 0 ? std::optional<int32_t>(m_processor.unk_id()) : std::nullopt;
    }
    [[nodiscard]] int32_t specialTokenCount(bool) const override { return 0; }
    [[nodiscard]] std::string kind() const override { return concat("SentencePiece ", m_kind); }

    [[nodiscard]] std::optional<int32_t> modelPadId() const
    {
        return m_processor.pad_id() >= 0 ? std::optional<int32_t>(m_processor.pad_id()) : std::nullopt;
    }
    void setKind(std::string kind) { m_kind = std::move(kind); }

private:
    static void check(const sentencepiece::util::Status& status)
    {
        if (!status.ok())
            throw Error(
                ErrorKind::Data, concat("SentencePiece could not handle the text: ", status.ToString(), "."));
    }
    [[nodiscard]] std::vector<int> idsOf(std::string_view text) const
    {
        std::vector<int> ids;
        check(m_processor.Encode({text.data(), text.size()}, &ids));
        return ids;
    }
    [[nodiscard]] Encoding encodeText(std::string_view text, int8_t sequence) const
    {
        sentencepiece::ImmutableSentencePieceText result;
        check(m_processor.Encode({text.data(), text.size()}, result.mutable_proto()));
        const CodePointIndex index(text);
        Encoding encoding;
        for (const auto& piece : result.pieces()) {
            encoding.ids.push_back(static_cast<int32_t>(piece.id()));
            encoding.typeIds.push_back(0);
            encoding.tokens.emplace_back(piece.piece());
            encoding.offsets.push_back({index.at(piece.begin()), index.at(piece.end())});
            encoding.specialTokensMask.push_back(0);
            encoding.sequenceIds.push_back(sequence);
        }
        return encoding;
    }
    static void append(Encoding& encoding, const Encoding& part, int64_t length)
    {
        const auto take = [length](auto& to, const auto& from) {
            to.insert(to.end(), from.begin(), from.begin() + length);
        };
        take(encoding.ids, part.ids);
        take(encoding.typeIds, part.typeIds);
        take(encoding.tokens, part.tokens);
        take(encoding.offsets, part.offsets);
        take(encoding.specialTokensMask, part.specialTokensMask);
        take(encoding.sequenceIds, part.sequenceIds);
    }

    sentencepiece::SentencePieceProcessor m_processor;
    std::string m_kind;
};

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
std::string modelKind(std::string_view model)
{
    uint64_t kind = 1; // the format's default
    visitFields(model, [&](uint64_t field, uint64_t, std::string_view trainer) {
        if (field != 2)
            return;
        visitFields(trainer, [&](uint64_t inner, uint64_t value, std::string_view) {
            if (inner == 3)
                kind = value;
        });
    });
    switch (kind) {
    case 1:
        return "Unigram";
    case 2:
        return "BPE";
    case 3:
        return "Word";
    case 4:
        return "Char";
    default:
        return "model";
    }
}

} // namespace

std::unique_ptr<TokenizerAlgorithm> loadSentencePiece(const std::filesystem::path& file)
{
    const auto model = readFile(file);
    auto tokenizer = std::make_unique<SentencePieceTokenizer>(model, concat("'", pathText(file), "'"));
    tokenizer->setKind(modelKind(model));
    tokenizer->facts.files = {file};
    tokenizer->facts.contentHash = sha256(concat("sentencepiece\n", model));
    tokenizer->facts.padId = tokenizer->modelPadId();
    return tokenizer;
}

} // namespace studio
