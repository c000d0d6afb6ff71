// SPDX-License-Identifier: MIT
#pragma once

#include "core/text/tokenizer.h"

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace studio {

/// What a folder says about its tokeniser beside the algorithm itself.
struct TokenizerFacts {
    std::vector<std::filesystem::path> files; ///< absolute
    std::string contentHash;
    std::optional<int32_t> padId;
    std::optional<int32_t> modelMaxLength;
    TruncationSide truncationSide = TruncationSide::Right;
    bool givesTypeIds = true; ///< false: the model is given none (model_input_names), so all are 0
    std::optional<int32_t> idLimit; ///< ids from here on have no embedding
};

/// The run-time choice behind Tokenizer. Implementations are immutable; texts are well-formed UTF-8.
struct TokenizerAlgorithm {
    TokenizerFacts facts;

    virtual ~TokenizerAlgorithm() = default;
    /// `second` null for a single text.
    [[nodiscard]] virtual Encoding encode(
        std::string_view first, const std::string_view* second, const EncodeOptions& options) const = 0;
    /// What is kept, then what overflows, in windows that share `options.stride` tokens.
    [[nodiscard]] virtual std::vector<Encoding> encodeWindows(
        std::string_view first, const std::string_view* second, const EncodeOptions& options) const = 0;
    [[nodiscard]] virtual TokenIds encodeIds(
        std::string_view first, const std::string_view* second, const EncodeOptions& options) const = 0;
    [[nodiscard]] virtual std::string decode(std::span<const int32_t> ids, bool skipSpecialTokens) const = 0;
    [[nodiscard]] virtual int32_t vocabularySize() const = 0;
    [[nodiscard]] virtual std::optional<int32_t> tokenToId(std::string_view token) const = 0;
    [[nodiscard]] virtual std::string idToToken(int32_t id) const = 0;
    [[nodiscard]] virtual std::optional<int32_t> unknownId() const = 0;
    [[nodiscard]] virtual int32_t specialTokenCount(bool pair) const = 0;
    [[nodiscard]] virtual std::string kind() const = 0;
};

/// Lengths that two texts keep when together they may hold `limit` tokens, by the rules of the `tokenizers`
/// library. `secondLength` nullopt for a single text. Throws Error{Settings} when the strategy cannot reach
/// the limit.
struct TruncatedLengths {
    int64_t first = 0;
    int64_t second = 0;
    bool truncated = false;
};
[[nodiscard]] TruncatedLengths truncateLengths(int64_t firstLength, std::optional<int64_t> secondLength,
    const EncodeOptions& options, int32_t specialTokens);

/// Tokens [start, end) of a sequence.
struct TokenWindow {
    size_t start = 0;
    size_t end = 0;
};
/// The window of `kept` tokens on the side that stays, then those that cover the rest, by the rules of the
/// `tokenizers` library. Throws Error{Settings} when the windows could not move on.
[[nodiscard]] std::vector<TokenWindow> windowsOf(
    int64_t length, int64_t kept, int32_t stride, TruncationSide side);

} // namespace studio
