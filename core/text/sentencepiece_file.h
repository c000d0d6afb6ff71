// SPDX-License-Identifier: MIT
#pragma once

#include "core/text/piece_trie.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace studio {

/// What a SentencePiece file says of its pieces; the texts are parts of the file's bytes.
struct SentencePieceFile {
    enum class Type { Normal = 1, Unknown, Control, UserDefined, Unused, Byte };
    struct Piece {
        std::string_view text;
        float score = 0;
        Type type = Type::Normal;
        std::string_view message; ///< all of it
    };
    std::vector<Piece> pieces;
    uint64_t modelType = 1; ///< the format's default
    [[nodiscard]] std::string_view kind() const; ///< "Unigram", "BPE", "Word", "Char"
};
/// Reads what can be read; the library judges the file.
[[nodiscard]] SentencePieceFile readSentencePieceFile(std::string_view file);

/// The same file with all characters of its pieces for pieces: what its library makes of a text then tells
/// where each character of the normalised text comes from.
[[nodiscard]] std::string characterModel(std::string_view file, const SentencePieceFile& content);

/// The best pieces of a Unigram file as the library finds them since 0.2.1, with sums in single precision.
/// Older releases compare a sum in double precision with one that was rounded to single, so that of equally
/// good ways ("000" as "0" "00" or "00" "0") often the later one wins. Immutable; any thread.
class UnigramPieces {
public:
    struct Piece {
        int32_t id = -1; ///< -1: unknown characters
        size_t end = 0; ///< in the normalised text
        bool operator==(const Piece&) const = default;
    };

    explicit UnigramPieces(const SentencePieceFile& file);
    /// Covers `normalized`; neighbouring unknown characters are one piece.
    [[nodiscard]] std::vector<Piece> find(std::string_view normalized) const;

private:
    PieceTrie m_trie;
    std::vector<float> m_scores;
    float m_unknownScore = 0;
};

} // namespace studio
