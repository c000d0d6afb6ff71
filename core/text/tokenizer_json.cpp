// SPDX-License-Identifier: MIT
#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/text/pipeline_tokenizer.h"
#include "core/text/tokenizer_loading.h"
#include "core/text/wordpiece.h"

#include <simdjson.h>
#include <string_view>
#include <utility>

namespace studio {
namespace {

using Element = simdjson::dom::element;

/// tokenizer.json can hold a vocabulary of hundreds of thousands of entries, hence simdjson for the whole and
/// Json for the small blocks only.
class TokenizerJsonReader {
public:
    explicit TokenizerJsonReader(const std::filesystem::path& file)
        : m_place(concat("'", pathText(file), "'"))
        , m_content(readFile(file))
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
        const TokenizerBlock block(small, placeOf("model"));
        const auto type = small.contains("type") ? block.type() : std::string("WordPiece");
        if (type == "WordPiece")
            return wordPiece(block, element);
        block.failUnknown("model", {"WordPiece"});
    }

private:
    [[nodiscard]] Json toJson(Element element) const { return parseJson(simdjson::minify(element), m_place); }

    [[nodiscard]] std::unique_ptr<TokenModel> wordPiece(const TokenizerBlock& block, Element element) const
    {
        WordPieceOptions options;
        options.unknownToken = block.text("unk_token");
        options.continuingPrefix = block.text("continuing_subword_prefix");
        const auto& maxChars = block.member("max_input_chars_per_word");
        if (!maxChars.is_number_integer() || maxChars.get<int64_t>() < 0)
            block.fail(concat("\"max_input_chars_per_word\" must be a count, but is ", jsonLine(maxChars)));
        options.maxCharsPerWord = maxChars.get<int64_t>();

        simdjson::dom::object vocabulary;
        if (element["vocab"].get(vocabulary) != simdjson::SUCCESS)
            block.fail("\"vocab\" must be an object of pieces and their ids");
        std::vector<std::pair<std::string, int32_t>> pieces;
        pieces.reserve(vocabulary.size());
        for (const auto field : vocabulary) {
            int64_t id = 0;
            if (field.value.get(id) != simdjson::SUCCESS || id < 0 || id > INT32_MAX)
                block.fail(concat("the id of the piece \"", field.key, "\" must be a number from 0, but is ",
                    std::string(simdjson::minify(field.value))));
            pieces.emplace_back(std::string(field.key), static_cast<int32_t>(id));
        }
        return std::make_unique<WordPiece>(std::move(pieces), options, block.place());
    }

    std::string m_place;
    std::string m_content;
    simdjson::dom::parser m_parser;
    Element m_root;
};

} // namespace

std::unique_ptr<TokenizerAlgorithm> loadTokenizerJson(const std::filesystem::path& file)
{
    const TokenizerJsonReader reader(file);
    const auto version = reader.block("version");
    if (!version.is_null() && version != "1.0") {
        throw Error(ErrorKind::Checkpoint,
            concat(
                reader.placeOf("version"), " ", jsonLine(version), " is not known; \"1.0\" was expected."));
    }
    PipelineParts parts;
    const auto normalizer = reader.block("normalizer");
    parts.normalizer = createNormalizer(TokenizerBlock(normalizer, reader.placeOf("normalizer")));
    const auto preTokenizer = reader.block("pre_tokenizer");
    parts.preTokenizer = createPreTokenizer(TokenizerBlock(preTokenizer, reader.placeOf("pre_tokenizer")));
    parts.model = reader.model();
    const auto postProcessor = reader.block("post_processor");
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
    parts.added = AddedVocabulary(tokens, *parts.model, parts.normalizer.get());

    const auto padding = reader.block("padding");
    auto tokenizer = std::make_unique<PipelineTokenizer>(std::move(parts));
    tokenizer->facts.files = {file};
    tokenizer->facts.contentHash = sha256(concat("tokenizer.json\n", reader.content()));
    if (padding.is_object() && padding.contains("pad_token") && padding.at("pad_token").is_string())
        tokenizer->facts.padId = tokenizer->tokenToId(padding.at("pad_token").get<std::string>());
    return tokenizer;
}

} // namespace studio
