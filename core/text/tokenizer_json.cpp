// SPDX-License-Identifier: MIT
#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/text/pipeline_tokenizer.h"
#include "core/text/token_model_json.h"
#include "core/text/tokenizer_loading.h"

#include <algorithm>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace studio {
namespace {

using Element = simdjson::dom::element;

/// tokenizer.json can hold a vocabulary of hundreds of thousands of entries, hence simdjson for the whole and
/// Json for the small blocks only.
class TokenizerJsonReader {
public:
    TokenizerJsonReader(const std::filesystem::path& file, std::string content)
        : m_place(concat("'", pathText(file), "'"))
        , m_content(std::move(content))
    {
        std::string_view text = m_content;
        if (text.starts_with("\xEF\xBB\xBF"))
            text.remove_prefix(3);
        if (const auto error = m_parser.parse(text).get(m_root)) {
            static_cast<void>(
                parseJson(text, m_place)); // says line and column, when it too finds the mistake
            throw Error(ErrorKind::Checkpoint,
                concat(m_place, " is not valid JSON: ", simdjson::error_message(error), "."));
        }
        if (!m_root.is_object())
            throw Error(ErrorKind::Checkpoint,
                concat(m_place, " must hold a JSON object with the tokeniser's blocks."));
    }

    [[nodiscard]] const std::string& content() const { return m_content; }
    [[nodiscard]] std::string placeOf(std::string_view key) const { return concat(m_place, ": ", key); }
    /// A block as Json; null when absent.
    [[nodiscard]] Json block(std::string_view key) const
    {
        Element element;
        return m_root[key].get(element) != simdjson::SUCCESS ? Json() : toJson(element);
    }
    [[nodiscard]] std::unique_ptr<TokenModel> model() const
    {
        Element element;
        if (m_root["model"].get(element) != simdjson::SUCCESS || !element.is_object())
            throw Error(
                ErrorKind::Checkpoint, concat(m_place, " has no \"model\" block; it is no tokeniser file."));
        Json small = Json::object();
        for (const auto field : simdjson::dom::object(element)) {
            if (field.key != "vocab" && field.key != "merges")
                small[std::string(field.key)] = toJson(field.value);
        }
        return createTokenModel(TokenizerBlock(small, placeOf("model")), element);
    }

private:
    [[nodiscard]] Json toJson(Element element) const { return parseJson(simdjson::minify(element), m_place); }

    std::string m_place;
    std::string m_content;
    simdjson::dom::parser m_parser;
    Element m_root;
};

/// Checks the block. Only its direction counts: how long an encoding may be, and what happens then, is said
/// by whoever encodes.
TruncationSide readTruncation(const Json& json, const std::string& place)
{
    if (json.is_null())
        return TruncationSide::Right;
    const TokenizerBlock block(json, place);
    const auto& length = block.member("max_length");
    const auto& stride = block.member("stride");
    for (const auto* count : {&length, &stride}) {
        if (!count->is_number_integer() || count->get<int64_t>() < 0)
            block.fail(concat("\"max_length\" and \"stride\" must be counts, but one is ", jsonLine(*count)));
    }
    const auto strategy = block.text("strategy");
    if (strategy != "LongestFirst" && strategy != "OnlyFirst" && strategy != "OnlySecond")
        block.fail(concat(
            "the strategy \"", strategy, "\" is not known; LongestFirst, OnlyFirst and OnlySecond are"));
    if (!json.contains("direction"))
        return TruncationSide::Right;
    const auto direction = block.text("direction");
    if (direction != "Left" && direction != "Right")
        block.fail(concat("the direction \"", direction, "\" is not known; Left and Right are"));
    return direction == "Left" ? TruncationSide::Left : TruncationSide::Right;
}

bool isOfType(const Json& block, const char* type)
{
    return block.is_object() && block.value("type", Json()) == type;
}

/// What transformers' classes take from tokenizer_config.json, whatever the file says.
void configureBlocks(Json& normalizer, Json& preTokenizer, Json& postProcessor, TokenizerFamily family,
    const TokenizerSettings& settings)
{
    if (family == TokenizerFamily::Bert && isOfType(normalizer, "BertNormalizer")) {
        normalizer["lowercase"] = settings.lowercase;
        normalizer["handle_chinese_chars"] = settings.tokenizeChineseChars;
        normalizer["strip_accents"] = settings.stripAccents ? Json(*settings.stripAccents) : Json();
    }
    const bool roberta = family == TokenizerFamily::Roberta;
    if (!roberta && family != TokenizerFamily::Gpt2 && family != TokenizerFamily::CodeGen)
        return;
    const bool prefix = settings.flag("add_prefix_space", false);
    if (isOfType(preTokenizer, "ByteLevel"))
        preTokenizer["add_prefix_space"] = prefix;
    if (roberta && isOfType(postProcessor, "RobertaProcessing")) {
        postProcessor["add_prefix_space"] = prefix;
        postProcessor["trim_offsets"] = settings.flag("trim_offsets", true);
    }
}

/// Adds what the files beside tokenizer.json name; what `added_tokens_decoder` declares overrules the file.
void addTokensOf(const TokenizerSettings& settings, TokenizerFamily family, const TokenModel& model,
    std::vector<AddedToken>& tokens)
{
    std::unordered_set<std::string_view> known;
    for (const auto& token : tokens)
        known.insert(token.content);
    std::vector<AddedToken> more;
    for (size_t i = 0; i < settings.added.size(); ++i) {
        const auto& token = settings.added[i];
        const bool assumed = std::find(settings.assumed.begin(), settings.assumed.end(), token.content)
            != settings.assumed.end();
        if (assumed && (family == TokenizerFamily::Unknown || !model.tokenToId(token.content)))
            continue; // a file of this kind may do without it
        if (i < settings.declaredCount || !known.contains(token.content))
            more.push_back(token);
    }
    tokens.insert(tokens.end(), more.begin(), more.end());
}

} // namespace

std::unique_ptr<TokenizerAlgorithm> loadTokenizerJson(
    const std::filesystem::path& file, TokenizerFamily family, const TokenizerSettings* settings)
{
    return readTokenizerJson(readFile(file), file, family, settings);
}

std::unique_ptr<TokenizerAlgorithm> readTokenizerJson(std::string content, const std::filesystem::path& file,
    TokenizerFamily family, const TokenizerSettings* settings)
{
    const TokenizerJsonReader reader(file, std::move(content));
    const auto version = reader.block("version");
    if (!version.is_null() && version != "1.0") {
        throw Error(ErrorKind::Checkpoint,
            concat(
                reader.placeOf("version"), " ", jsonLine(version), " is not known; \"1.0\" was expected."));
    }
    auto normalizer = reader.block("normalizer"), preTokenizer = reader.block("pre_tokenizer");
    auto postProcessor = reader.block("post_processor");
    if (settings)
        configureBlocks(normalizer, preTokenizer, postProcessor, family, *settings);
    PipelineParts parts;
    parts.normalizer = createNormalizer(TokenizerBlock(normalizer, reader.placeOf("normalizer")));
    parts.preTokenizer = createPreTokenizer(TokenizerBlock(preTokenizer, reader.placeOf("pre_tokenizer")));
    parts.model = reader.model();
    parts.postProcessor
        = createPostProcessor(TokenizerBlock(postProcessor, reader.placeOf("post_processor")));
    const auto decoder = reader.block("decoder");
    parts.decoder = createTokenDecoder(TokenizerBlock(decoder, reader.placeOf("decoder")));

    std::vector<AddedToken> tokens;
    const auto added = reader.block("added_tokens");
    if (!added.is_null() && !added.is_array())
        throw Error(ErrorKind::Checkpoint, concat(reader.placeOf("added_tokens"), " must be a list."));
    for (const auto& entry : added)
        tokens.push_back(readAddedToken(entry, reader.placeOf("added_tokens")));
    if (settings)
        addTokensOf(*settings, family, *parts.model, tokens);
    parts.added = AddedVocabulary(tokens, *parts.model, parts.normalizer.get());

    const auto padding = reader.block("padding");
    const auto truncation = readTruncation(reader.block("truncation"), reader.placeOf("truncation"));
    auto tokenizer = std::make_unique<PipelineTokenizer>(std::move(parts));
    tokenizer->facts.files = {file};
    tokenizer->facts.contentHash = sha256(concat("tokenizer.json ", static_cast<int>(family), "\n",
        reader.content(), settings ? settings->identity() : std::string()));
    tokenizer->facts.truncationSide = truncation;
    if (padding.is_object() && padding.contains("pad_token") && padding.at("pad_token").is_string())
        tokenizer->facts.padId = tokenizer->tokenToId(padding.at("pad_token").get<std::string>());
    return tokenizer;
}

} // namespace studio
