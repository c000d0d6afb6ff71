// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/json.h"
#include "core/text/added_vocabulary.h"
#include "core/text/tokenizer_algorithm.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace studio {

/// What the small files beside a vocabulary say: tokenizer_config.json, special_tokens_map.json,
/// added_tokens.json. Absent files and keys leave the defaults.
struct TokenizerSettings {
    bool lowercase = true; ///< do_lower_case
    bool tokenizeChineseChars = true; ///< tokenize_chinese_chars
    std::optional<bool> stripAccents = std::nullopt; ///< strip_accents
    std::string unknown = "[UNK]", sep = "[SEP]", pad = "[PAD]", cls = "[CLS]", mask = "[MASK]";
    bool namesPad = false; ///< one of the files names the pad token
    std::vector<AddedToken> added; ///< in the order in which they get their ids
    std::optional<int32_t> modelMaxLength = std::nullopt;
    std::vector<std::filesystem::path> files; ///< those that were read
};
/// Throws Error{Checkpoint} naming file and key.
[[nodiscard]] TokenizerSettings readTokenizerSettings(const std::filesystem::path& folder);
/// One entry of added_tokens or added_tokens_decoder.
[[nodiscard]] AddedToken readAddedToken(const Json& json, const std::string& place);

// One function a kind of file. All throw Error{Checkpoint} or Error{File} naming the file.
[[nodiscard]] std::unique_ptr<TokenizerAlgorithm> loadTokenizerJson(const std::filesystem::path& file);
/// The same of a text in memory that was made of `file`.
[[nodiscard]] std::unique_ptr<TokenizerAlgorithm> readTokenizerJson(
    std::string content, const std::filesystem::path& file);
[[nodiscard]] std::unique_ptr<TokenizerAlgorithm> loadVocabularyText(
    const std::filesystem::path& file, const TokenizerSettings& settings);
[[nodiscard]] std::unique_ptr<TokenizerAlgorithm> loadSentencePiece(const std::filesystem::path& file);

} // namespace studio
