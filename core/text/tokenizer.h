// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace studio {

/// Half-open range of Unicode code points in the original text; {0, 0} for special tokens.
struct TokenSpan {
    int32_t start = 0;
    int32_t end = 0;
    bool operator==(const TokenSpan&) const = default;
};

/// Result of encoding one text or one pair. All vectors have the same length.
struct Encoding {
    std::vector<int32_t> ids;
    std::vector<int32_t> typeIds;
    std::vector<std::string> tokens;
    std::vector<TokenSpan> offsets;
    std::vector<uint8_t> specialTokensMask;
    std::vector<int8_t> sequenceIds; ///< -1 special, 0 first text, 1 second text
    bool truncated = false;
};

/// Names of transformers' `truncation=` argument.
enum class TruncationStrategy { DoNotTruncate, LongestFirst, OnlyFirst, OnlySecond };

/// Which end of a text is cut off.
enum class TruncationSide { Left, Right };
/// mBART and Marian read the text to translate and the translation in different ways.
enum class TextRole { Source, Target };

struct EncodeOptions {
    bool addSpecialTokens = true;
    std::optional<int32_t> maxLength = std::nullopt; ///< special tokens included
    TruncationStrategy truncation = TruncationStrategy::LongestFirst;
    std::optional<TruncationSide> truncationSide
        = std::nullopt; ///< nullopt: the tokeniser's `truncation_side`
    int32_t stride = 0; ///< tokens that neighbouring windows share: encodeWindows() only
};

/// What training needs of an encoding; cheaper than Encoding.
struct TokenIds {
    std::vector<int32_t> ids;
    std::vector<int32_t> typeIds;
    int32_t unknownCount = 0;
    bool truncated = false;
};

struct TokenizerAlgorithm; // text/tokenizer_algorithm.h: the run-time choice behind the interface

/// A tokeniser as the folder describes it: `tokenizer.json` (as the `tokenizers` library runs it), else
/// `vocab.txt`, `vocab.json` with `merges.txt`, or a SentencePiece file (through the sentencepiece library)
/// with the special tokens of its family. Immutable once it is used; one object may
/// be used from many threads. Ill-formed UTF-8 input is repaired (U+FFFD) before anything else.
class Tokenizer {
public:
    /// Throws Error{Checkpoint} naming the file and the component that cannot be used.
    [[nodiscard]] static std::shared_ptr<Tokenizer> load(
        const std::filesystem::path& folder, TextRole role = TextRole::Source);
    /// From single files, for tests and tools. `tokenizer.json`, `vocab.txt` or `*.model`.
    [[nodiscard]] static std::shared_ptr<Tokenizer> loadFile(const std::filesystem::path& file);

    explicit Tokenizer(std::unique_ptr<TokenizerAlgorithm> algorithm);
    ~Tokenizer();

    /// Before it is used: a text with a token of id `limit` or above is refused from now on (Error{Data}).
    void refuseIdsFrom(int32_t limit);

    [[nodiscard]] Encoding encode(std::string_view text, const EncodeOptions& options = {}) const;
    [[nodiscard]] Encoding encodePair(
        std::string_view first, std::string_view second, const EncodeOptions& options = {}) const;
    /// The encoding that encode() gives, then those of what it cut off, in the reference's order
    /// (`return_overflowing_tokens`); `second` null for a single text.
    [[nodiscard]] std::vector<Encoding> encodeWindows(
        std::string_view first, const std::string_view* second, const EncodeOptions& options) const;
    /// Ids and type ids alone; `second` null for a single text. The hot path of training.
    [[nodiscard]] TokenIds encodeIds(
        std::string_view first, const std::string_view* second, const EncodeOptions& options = {}) const;
    [[nodiscard]] std::string decode(std::span<const int32_t> ids, bool skipSpecialTokens) const;

    [[nodiscard]] int32_t vocabularySize() const; ///< added tokens included; the largest id + 1
    [[nodiscard]] std::optional<int32_t> tokenToId(std::string_view token) const;
    [[nodiscard]] std::string idToToken(int32_t id) const; ///< empty when there is none
    /// Also none where refuseIdsFrom() refuses it.
    [[nodiscard]] std::optional<int32_t> unknownId() const;
    [[nodiscard]] std::optional<int32_t> padId() const;
    /// `model_max_length` of tokenizer_config.json; nullopt when absent or astronomically large.
    [[nodiscard]] std::optional<int32_t> modelMaxLength() const;
    [[nodiscard]] TruncationSide truncationSide() const;
    /// Special tokens that the template adds to a single text or a pair.
    [[nodiscard]] int32_t specialTokenCount(bool pair) const;
    /// "WordPiece", "BPE", "Unigram", "SentencePiece Unigram", …: for people.
    [[nodiscard]] std::string kind() const;
    /// SHA-256 over everything that decides the ids: key of the token cache.
    [[nodiscard]] std::string contentHash() const;
    /// Files that make up the tokeniser, copied by export (absolute paths).
    [[nodiscard]] std::vector<std::filesystem::path> files() const;

private:
    template <typename Tokens>
    [[nodiscard]] Tokens checked(Tokens tokens) const;
    [[nodiscard]] std::optional<int32_t> allowed(std::optional<int32_t> id) const;

    std::unique_ptr<TokenizerAlgorithm> m_algorithm;
};

/// Share of code points (white space excluded) of `text` that fall into an unknown token; 0 without an
/// unknown token.
[[nodiscard]] double unknownShare(const Tokenizer& tokenizer, std::span<const std::string> texts);

} // namespace studio
