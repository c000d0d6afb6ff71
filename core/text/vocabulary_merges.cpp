// SPDX-License-Identifier: MIT
#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/unicode.h"
#include "core/text/bpe.h"
#include "core/text/token_model_json.h"
#include "core/text/tokenizer_loading.h"

#include <utility>

namespace studio {
namespace {

using Family = TokenizerFamily;

constexpr const char* qwenPattern
    = R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

std::string readText(const std::filesystem::path& file)
{
    auto content = readFile(file);
    if (!isValidUtf8(content)) {
        throw Error(ErrorKind::Checkpoint,
            concat("'", pathText(file), "' is not UTF-8 text; it is damaged or no file of a tokeniser."));
    }
    return content;
}

std::vector<Bpe::Merge> readMerges(std::string_view text, const std::string& place)
{
    std::vector<Bpe::Merge> merges;
    while (!text.empty()) {
        const auto end = text.find('\n');
        auto line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        if (!line.starts_with("#version") && !(line.empty() && text.empty()))
            merges.push_back(splitMerge(line, merges.size() + 1, place));
    }
    return merges;
}

std::unique_ptr<TokenModel> readModel(const std::filesystem::path& vocabularyFile,
    const std::string& vocabulary, std::string_view mergeText, const std::string& mergePlace)
{
    const auto place = concat("'", pathText(vocabularyFile), "'");
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    if (const auto error = parser.parse(vocabulary).get(root)) {
        static_cast<void>(
            parseJson(vocabulary, place)); // says line and column, when it too finds the mistake
        throw Error(ErrorKind::Checkpoint,
            concat(place, " is not valid JSON: ", simdjson::error_message(error), "."));
    }
    const auto merges = readMerges(mergeText, mergePlace);
    return std::make_unique<Bpe>(
        readVocabularyObject(root, place, "the vocabulary"), merges, BpeOptions{}, mergePlace);
}

Json byteLevel(bool addPrefixSpace, bool trimOffsets, bool useRegex)
{
    return {{"type", "ByteLevel"}, {"add_prefix_space", addPrefixSpace}, {"trim_offsets", trimOffsets},
        {"use_regex", useRegex}};
}

} // namespace

std::unique_ptr<TokenizerAlgorithm> loadVocabularyAndMerges(
    const std::filesystem::path& folder, TokenizerFamily family, const TokenizerSettings& settings)
{
    const auto vocabularyFile = folder / "vocab.json", mergeFile = folder / "merges.txt";
    const auto place = concat("'", pathText(folder), "'");
    if (family != Family::Gpt2 && family != Family::CodeGen && family != Family::Roberta
        && family != Family::Qwen2) {
        throw Error(ErrorKind::Checkpoint,
            concat(place,
                " holds vocab.json and merges.txt, but does not say which tokeniser reads them; name it in "
                "tokenizer_config.json as \"tokenizer_class\": \"GPT2Tokenizer\", \"RobertaTokenizer\", "
                "\"CodeGenTokenizer\" or \"Qwen2Tokenizer\"."));
    }
    const auto vocabulary = readText(vocabularyFile), merges = readText(mergeFile);
    const bool prefix = settings.flag("add_prefix_space", false);
    const bool trim = settings.flag("trim_offsets", true);
    PipelineBlocks blocks;
    blocks.model = readModel(vocabularyFile, vocabulary, merges, concat("'", pathText(mergeFile), "'"));
    blocks.added = settings.added;
    blocks.decoder = byteLevel(true, true, true);
    if (family == Family::Qwen2) {
        blocks.normalizer = {{"type", "NFC"}};
        blocks.preTokenizer = {{"type", "Sequence"},
            {"pretokenizers",
                Json::array({{{"type", "Split"}, {"pattern", {{"Regex", qwenPattern}}},
                                 {"behavior", "Isolated"}, {"invert", false}},
                    byteLevel(prefix, true, false)})}};
    } else {
        blocks.preTokenizer = byteLevel(prefix, true, true);
    }
    auto tokenizer = buildPipeline(
        std::move(blocks),
        [&](const std::function<int32_t(const std::string&)>& idOf) -> Json {
            if (family == Family::Roberta) {
                return {{"type", "RobertaProcessing"},
                    {"sep", Json::array({settings.sep, idOf(settings.sep)})},
                    {"cls", Json::array({settings.cls, idOf(settings.cls)})}, {"trim_offsets", trim},
                    {"add_prefix_space", prefix}};
            }
            if (family == Family::CodeGen && !settings.config.contains("add_bos_token")
                && !settings.config.contains("add_eos_token"))
                return byteLevel(true, false, true);
            return bosEosTemplate(settings, idOf);
        },
        place);
    tokenizer->facts.files = {vocabularyFile, mergeFile};
    tokenizer->facts.contentHash = sha256(concat(
        "vocab.json\n", static_cast<int>(family), "\n", vocabulary, "\n", merges, "\n", settings.identity()));
    if (!settings.pad.empty())
        tokenizer->facts.padId = tokenizer->tokenToId(settings.pad);
    return tokenizer;
}

} // namespace studio
