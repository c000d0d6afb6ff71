// SPDX-License-Identifier: MIT
#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/text/tokenizer_loading.h"

#include <algorithm>
#include <array>
#include <utility>

namespace studio {
namespace {

using Family = TokenizerFamily;
using Named = std::pair<std::string_view, Family>;

constexpr std::array byClass{Named{"BertTokenizer", Family::Bert}, Named{"DistilBertTokenizer", Family::Bert},
    Named{"ElectraTokenizer", Family::Bert}, Named{"MobileBertTokenizer", Family::Bert},
    Named{"GPT2Tokenizer", Family::Gpt2}, Named{"CodeGenTokenizer", Family::CodeGen},
    Named{"RobertaTokenizer", Family::Roberta}, Named{"BartTokenizer", Family::Roberta},
    Named{"LongformerTokenizer", Family::Roberta}, Named{"LEDTokenizer", Family::Roberta},
    Named{"MvpTokenizer", Family::Roberta}, Named{"Qwen2Tokenizer", Family::Qwen2},
    Named{"T5Tokenizer", Family::T5}, Named{"MT5Tokenizer", Family::T5},
    Named{"XLMRobertaTokenizer", Family::XlmRoberta}, Named{"CamembertTokenizer", Family::Camembert},
    Named{"AlbertTokenizer", Family::Albert}, Named{"MBartTokenizer", Family::MBart},
    Named{"MBart50Tokenizer", Family::MBart50}, Named{"DebertaV2Tokenizer", Family::DebertaV2},
    Named{"LlamaTokenizer", Family::Llama}, Named{"GemmaTokenizer", Family::Gemma},
    Named{"MarianTokenizer", Family::Marian}};

constexpr std::array byModelType{Named{"bert", Family::Bert}, Named{"distilbert", Family::Bert},
    Named{"electra", Family::Bert}, Named{"mobilebert", Family::Bert}, Named{"nomic_bert", Family::Bert},
    Named{"gpt2", Family::Gpt2}, Named{"gpt_neo", Family::Gpt2}, Named{"gptj", Family::Gpt2},
    Named{"opt", Family::Gpt2}, Named{"phi", Family::Gpt2}, Named{"starcoder2", Family::Gpt2},
    Named{"codegen", Family::CodeGen}, Named{"roberta", Family::Roberta},
    Named{"roberta-prelayernorm", Family::Roberta}, Named{"bart", Family::Roberta},
    Named{"longformer", Family::Roberta}, Named{"led", Family::Roberta}, Named{"mvp", Family::Roberta},
    Named{"data2vec-text", Family::Roberta}, Named{"ibert", Family::Roberta}, Named{"qwen2", Family::Qwen2},
    Named{"qwen2_moe", Family::Qwen2}, Named{"qwen3", Family::Qwen2}, Named{"qwen3_moe", Family::Qwen2},
    Named{"t5", Family::T5}, Named{"mt5", Family::T5}, Named{"switch_transformers", Family::T5},
    Named{"xlm-roberta", Family::XlmRoberta}, Named{"xlm-roberta-xl", Family::XlmRoberta},
    Named{"xmod", Family::XlmRoberta}, Named{"gte", Family::XlmRoberta},
    Named{"camembert", Family::Camembert}, Named{"albert", Family::Albert}, Named{"mbart", Family::MBart},
    Named{"deberta-v2", Family::DebertaV2}, Named{"gemma", Family::Gemma}, Named{"gemma2", Family::Gemma},
    Named{"gemma3", Family::Gemma}, Named{"gemma3_text", Family::Gemma}, Named{"marian", Family::Marian},
    Named{"llama", Family::PlainPieces}, Named{"mistral", Family::PlainPieces},
    Named{"mixtral", Family::PlainPieces}, Named{"phi3", Family::PlainPieces}};

template <typename Table>
Family lookUp(const Table& table, std::string_view name)
{
    if (name.ends_with("Fast"))
        name.remove_suffix(4);
    for (const auto& [known, family] : table) {
        if (known == name)
            return family;
    }
    return Family::Unknown;
}

Json readObject(const std::filesystem::path& file)
{
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored))
        return Json::object();
    auto json = readJsonFile(file);
    if (!json.is_object()) {
        throw Error(ErrorKind::Checkpoint,
            concat("'", pathText(file), "' must hold a JSON object, but holds ", json.type_name(), "."));
    }
    return json;
}

std::string textOf(const Json& json, const char* key)
{
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

SpecialTokenDefaults framed(const char* bos, const char* eos, const char* mask, bool maskLeftStrip)
{
    return {.bos = specialToken(bos),
        .eos = specialToken(eos),
        .unknown = specialToken("<unk>"),
        .sep = specialToken(eos),
        .pad = specialToken("<pad>"),
        .cls = specialToken(bos),
        .mask = specialToken(mask, maskLeftStrip)};
}

/// Empty where the files name none.
std::string classOf(const std::filesystem::path& folder)
{
    auto name = textOf(readObject(folder / "tokenizer_config.json"), "tokenizer_class");
    return name.empty() ? textOf(readObject(folder / "config.json"), "tokenizer_class") : name;
}

} // namespace

TokenizerFamily tokenizerFamily(const std::filesystem::path& folder)
{
    const auto tokenizerConfig = readObject(folder / "tokenizer_config.json");
    const auto config = readObject(folder / "config.json");
    for (const auto& name : {textOf(tokenizerConfig, "tokenizer_class"), textOf(config, "tokenizer_class")}) {
        if (const auto family = lookUp(byClass, name); family != Family::Unknown)
            return family;
    }
    return lookUp(byModelType, textOf(config, "model_type"));
}

void requireKnownTokenizerClass(const std::filesystem::path& folder)
{
    // Classes that leave all to the files, and those that are BERT's under another name.
    constexpr std::array<std::string_view, 18> plain = {"PreTrainedTokenizer", "PreTrainedTokenizerFast",
        "TokenizersBackend", "PythonBackend", "SentencePieceBackend", "AutoTokenizer", "ConvBertTokenizer",
        "SqueezeBertTokenizer", "RetriBertTokenizer", "FunnelTokenizer", "LayoutLMTokenizer",
        "LxmertTokenizer", "DPRQuestionEncoderTokenizer", "DPRContextEncoderTokenizer", "DPRReaderTokenizer",
        "RealmTokenizer", "SplinterTokenizer", "NezhaTokenizer"};
    const auto name = classOf(folder);
    auto bare = std::string_view(name);
    if (bare.ends_with("Fast") && bare != "PreTrainedTokenizerFast")
        bare.remove_suffix(4);
    if (bare.empty() || lookUp(byClass, bare) != Family::Unknown
        || std::ranges::find(plain, bare) != plain.end())
        return;
    throw Error(ErrorKind::Checkpoint,
        concat("The tokeniser of '", pathText(folder), "' is a ", name,
            ", which is not known here, and no tokenizer.json describes it. Where transformers has a fast "
            "tokeniser of that kind, save it there and put its tokenizer.json into the folder."));
}

bool classGivesTypeIds(const std::filesystem::path& folder)
{
    const auto name = classOf(folder);
    const auto family = tokenizerFamily(folder);
    if (name.empty() && family == Family::Unknown) // a tokenizer.json alone is all that such a class is
        return !std::filesystem::exists(folder / "tokenizer.json");
    return name != "PreTrainedTokenizerFast" && name != "TokenizersBackend" && family != Family::Albert;
}

TokenizerFamily tokenizerJsonFamily(const std::filesystem::path& folder)
{
    const auto tokenizerConfig = readObject(folder / "tokenizer_config.json");
    if (tokenizerConfig.empty())
        return Family::Unknown;
    const auto config = readObject(folder / "config.json");
    for (const auto& name : {textOf(tokenizerConfig, "tokenizer_class"), textOf(config, "tokenizer_class")}) {
        if (!name.empty())
            return lookUp(byClass, name);
    }
    return lookUp(byModelType, textOf(config, "model_type"));
}

SpecialTokenDefaults specialTokensOf(TokenizerFamily family)
{
    switch (family) {
    case Family::Unknown:
    case Family::Bert:
        return bertSpecialTokens();
    case Family::Gpt2:
    case Family::CodeGen:
        return {.bos = specialToken("<|endoftext|>"),
            .eos = specialToken("<|endoftext|>"),
            .unknown = specialToken("<|endoftext|>")};
    case Family::Qwen2:
        return {.eos = specialToken("<|endoftext|>"),
            .unknown = specialToken("<|endoftext|>"),
            .pad = specialToken("<|endoftext|>")};
    case Family::Roberta:
    case Family::XlmRoberta:
        return framed("<s>", "</s>", "<mask>", false);
    case Family::Camembert:
    case Family::MBart:
    case Family::MBart50:
        return framed("<s>", "</s>", "<mask>", true);
    case Family::Albert:
        return framed("[CLS]", "[SEP]", "[MASK]", false);
    case Family::DebertaV2: {
        auto tokens = framed("[CLS]", "[SEP]", "[MASK]", false);
        tokens.unknown = specialToken("[UNK]");
        tokens.pad = specialToken("[PAD]");
        return tokens;
    }
    case Family::T5:
    case Family::Marian:
        return {.eos = specialToken("</s>"), .unknown = specialToken("<unk>"), .pad = specialToken("<pad>")};
    case Family::Llama:
    case Family::PlainPieces:
        return {.bos = specialToken("<s>"), .eos = specialToken("</s>"), .unknown = specialToken("<unk>")};
    case Family::Gemma: {
        auto tokens = framed("<bos>", "<eos>", "<mask>", false);
        tokens.sep.reset();
        tokens.cls.reset();
        return tokens;
    }
    }
    return {};
}

Json templateBlock(const std::vector<std::string>& single, const std::vector<std::string>& pair,
    const std::function<int32_t(const std::string&)>& idOf)
{
    Json tokens = Json::object();
    const auto pieces = [&](const std::vector<std::string>& parts) {
        Json list = Json::array();
        for (const auto& part : parts) {
            const auto colon = part.rfind(':');
            const auto name = part.substr(0, colon);
            const int type = part[colon + 1] - '0';
            if (name == "$A" || name == "$B") {
                list.push_back({{"Sequence", {{"id", name.substr(1)}, {"type_id", type}}}});
                continue;
            }
            list.push_back({{"SpecialToken", {{"id", name}, {"type_id", type}}}});
            tokens[name]
                = {{"id", name}, {"ids", Json::array({idOf(name)})}, {"tokens", Json::array({name})}};
        }
        return list;
    };
    auto first = pieces(single), second = pieces(pair);
    return {{"type", "TemplateProcessing"}, {"single", std::move(first)}, {"pair", std::move(second)},
        {"special_tokens", std::move(tokens)}};
}

Json bosEosTemplate(const TokenizerSettings& settings, const std::function<int32_t(const std::string&)>& idOf)
{
    const bool bos = settings.flag("add_bos_token", false) && !settings.bos.empty();
    const bool eos = settings.flag("add_eos_token", false) && !settings.eos.empty();
    std::vector<std::string> single, pair;
    for (const char* sequence : {"$A:0", "$B:1"}) {
        const char* type = sequence[1] == 'A' ? ":0" : ":1";
        if (bos)
            pair.push_back(settings.bos + type);
        pair.emplace_back(sequence);
        if (eos)
            pair.push_back(settings.eos + type);
        if (single.empty())
            single = pair;
    }
    return templateBlock(single, pair, idOf);
}

std::unique_ptr<PipelineTokenizer> buildPipeline(PipelineBlocks blocks,
    const std::function<Json(const std::function<int32_t(const std::string&)>&)>& postProcessor,
    const std::string& place)
{
    PipelineParts parts;
    parts.normalizer = createNormalizer(TokenizerBlock(blocks.normalizer, place));
    parts.preTokenizer = createPreTokenizer(TokenizerBlock(blocks.preTokenizer, place));
    parts.decoder = createTokenDecoder(TokenizerBlock(blocks.decoder, place));
    parts.model = std::move(blocks.model);
    parts.added = AddedVocabulary(blocks.added, *parts.model, parts.normalizer.get());
    const auto idOf = [&](const std::string& token) {
        const auto added = parts.added.tokenToId(token);
        const auto id = added ? added : parts.model->tokenToId(token);
        if (!id) {
            throw Error(ErrorKind::Checkpoint,
                concat(place, ": the vocabulary has no \"", token,
                    "\", which every text needs; it belongs to another kind of tokeniser or is damaged."));
        }
        return *id;
    };
    const Json block = postProcessor(idOf);
    parts.postProcessor = createPostProcessor(TokenizerBlock(block, place));
    return std::make_unique<PipelineTokenizer>(std::move(parts));
}

} // namespace studio
