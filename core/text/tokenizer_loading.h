// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/json.h"
#include "core/text/added_vocabulary.h"
#include "core/text/pipeline_tokenizer.h"
#include "core/text/tokenizer_algorithm.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace studio {

/// The special tokens that a family of tokenisers has where its files name no others.
struct SpecialTokenDefaults {
    std::optional<AddedToken> bos = std::nullopt, eos = std::nullopt, unknown = std::nullopt,
                              sep = std::nullopt, pad = std::nullopt, cls = std::nullopt, mask = std::nullopt;
    bool nullRemoves = true; ///< a null in tokenizer_config.json means that there is none
};
/// A special token as transformers makes it of its name.
[[nodiscard]] AddedToken specialToken(std::string content, bool leftStrip = false);
[[nodiscard]] SpecialTokenDefaults bertSpecialTokens();

/// What the small files beside a vocabulary say: tokenizer_config.json, special_tokens_map.json,
/// added_tokens.json. Absent files and keys leave the defaults; a token that there is none of is empty.
struct TokenizerSettings {
    bool lowercase = true; ///< do_lower_case
    bool tokenizeChineseChars = true; ///< tokenize_chinese_chars
    std::optional<bool> stripAccents = std::nullopt; ///< strip_accents
    std::string bos, eos, unknown = "[UNK]", sep = "[SEP]", pad = "[PAD]", cls = "[CLS]", mask = "[MASK]";
    bool namesPad = false; ///< one of the files names the pad token
    std::vector<AddedToken> added; ///< in the order in which they get their ids
    size_t declaredCount = 0; ///< the first ones of them, which `added_tokens_decoder` lists
    std::vector<std::string> assumed; ///< those of them that no file names, only the family
    std::optional<int32_t> modelMaxLength = std::nullopt;
    TruncationSide truncationSide = TruncationSide::Right;
    bool namesTruncationSide = false;
    Json config = Json::object(); ///< all of tokenizer_config.json
    std::vector<std::filesystem::path> files; ///< those that were read

    /// A key of tokenizer_config.json; `standard` when absent or null. Throws Error{Checkpoint} naming it.
    [[nodiscard]] bool flag(const char* key, bool standard) const;
    [[nodiscard]] std::string text(const char* key, const std::string& standard) const;
    /// Everything here that can change ids, for the content hash.
    [[nodiscard]] std::string identity() const;
};
/// Throws Error{Checkpoint} naming file and key.
[[nodiscard]] TokenizerSettings readTokenizerSettings(
    const std::filesystem::path& folder, const SpecialTokenDefaults& standard);
/// One entry of added_tokens or added_tokens_decoder.
[[nodiscard]] AddedToken readAddedToken(const Json& json, const std::string& place);

/// Families of tokenisers by what transformers does with their files.
enum class TokenizerFamily {
    Unknown,
    Bert,
    Gpt2,
    CodeGen,
    Roberta,
    Qwen2,
    T5,
    XlmRoberta,
    Camembert,
    Albert,
    MBart,
    MBart50,
    DebertaV2,
    Llama,
    Gemma,
    PlainPieces, ///< SentencePiece's own pieces, with bos and eos where tokenizer_config.json asks for them
    Marian,
};
/// By `tokenizer_class` of tokenizer_config.json, else of config.json, else by its `model_type`. Throws
/// Error{Checkpoint} for a file that is no JSON object.
[[nodiscard]] TokenizerFamily tokenizerFamily(const std::filesystem::path& folder);
/// For a folder without tokenizer.json, whose files do not say how they are read: throws Error{Checkpoint}
/// for a `tokenizer_class` that reads them in a way of its own, such as BertJapaneseTokenizer.
void requireKnownTokenizerClass(const std::filesystem::path& folder);
/// Whether transformers' class of the folder gives a model token types where its files do not say it
/// (model_input_names): BERT's do, classes that leave all to the files and ALBERT's do not.
[[nodiscard]] bool classGivesTypeIds(const std::filesystem::path& folder);
/// The family whose settings change a tokenizer.json; Unknown where the file is taken as it is: no
/// tokenizer_config.json, or one that names a class without settings of its own.
[[nodiscard]] TokenizerFamily tokenizerJsonFamily(const std::filesystem::path& folder);
[[nodiscard]] SpecialTokenDefaults specialTokensOf(TokenizerFamily family);

// One function a kind of file. All throw Error{Checkpoint} or Error{File} naming the file.
/// `settings`, null for the file alone, are those of the files beside it: they add tokens, change the flags
/// of those that they declare, and change blocks as transformers' class of the family does.
[[nodiscard]] std::unique_ptr<TokenizerAlgorithm> loadTokenizerJson(const std::filesystem::path& file,
    TokenizerFamily family = TokenizerFamily::Unknown, const TokenizerSettings* settings = nullptr);
/// The same of a text in memory that was made of `file`.
[[nodiscard]] std::unique_ptr<TokenizerAlgorithm> readTokenizerJson(std::string content,
    const std::filesystem::path& file, TokenizerFamily family = TokenizerFamily::Unknown,
    const TokenizerSettings* settings = nullptr);
[[nodiscard]] std::unique_ptr<TokenizerAlgorithm> loadVocabularyText(
    const std::filesystem::path& file, const TokenizerSettings& settings);
/// The file alone: its own pieces, no special tokens added.
[[nodiscard]] std::unique_ptr<TokenizerAlgorithm> loadSentencePiece(const std::filesystem::path& file);
/// With the ids and special tokens of the family.
[[nodiscard]] std::unique_ptr<TokenizerAlgorithm> loadSentencePiece(const std::filesystem::path& file,
    TokenizerFamily family, const TokenizerSettings& settings, TextRole role);
/// vocab.json and merges.txt of a byte-level BPE.
[[nodiscard]] std::unique_ptr<TokenizerAlgorithm> loadVocabularyAndMerges(
    const std::filesystem::path& folder, TokenizerFamily family, const TokenizerSettings& settings);
/// vocab.json, source.spm and target.spm.
[[nodiscard]] std::unique_ptr<TokenizerAlgorithm> loadMarian(
    const std::filesystem::path& folder, const TokenizerSettings& settings, TextRole role);

/// The five blocks of a tokeniser that is put together here, in the form of tokenizer.json. `postProcessor`
/// sees the added tokens. `place` names the file in messages.
struct PipelineBlocks {
    Json normalizer, preTokenizer, decoder;
    std::unique_ptr<TokenModel> model;
    std::vector<AddedToken> added;
};
[[nodiscard]] std::unique_ptr<PipelineTokenizer> buildPipeline(PipelineBlocks blocks,
    const std::function<Json(const std::function<int32_t(const std::string&)>&)>& postProcessor,
    const std::string& place);
/// A TemplateProcessing block; parts are "$A:0", "$B:1" or "TOKEN:0". `idOf` finds the tokens' ids.
[[nodiscard]] Json templateBlock(const std::vector<std::string>& single, const std::vector<std::string>& pair,
    const std::function<int32_t(const std::string&)>& idOf);
/// [bos] $A [eos] [bos] $B [eos], as `add_bos_token` and `add_eos_token` ask.
[[nodiscard]] Json bosEosTemplate(
    const TokenizerSettings& settings, const std::function<int32_t(const std::string&)>& idOf);

} // namespace studio
