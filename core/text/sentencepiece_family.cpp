// SPDX-License-Identifier: MIT
#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/text/sentencepiece_model.h"
#include "core/text/tokenizer_loading.h"

#include <algorithm>
#include <array>
#include <utility>

namespace studio {
namespace {

using Family = TokenizerFamily;
using IdOf = std::function<int32_t(const std::string&)>;

constexpr std::array mbartLanguages{"ar_AR", "cs_CZ", "de_DE", "en_XX", "es_XX", "et_EE", "fi_FI", "fr_XX",
    "gu_IN", "hi_IN", "it_IT", "ja_XX", "kk_KZ", "ko_KR", "lt_LT", "lv_LV", "my_MM", "ne_NP", "nl_XX",
    "ro_RO", "ru_RU", "si_LK", "tr_TR", "vi_VN", "zh_CN", "af_ZA", "az_AZ", "bn_IN", "fa_IR", "he_IL",
    "hr_HR", "id_ID", "ka_GE", "km_KH", "mk_MK", "ml_IN", "mn_MN", "mr_IN", "pl_PL", "ps_AF", "pt_XX",
    "sv_SE", "sw_KE", "ta_IN", "te_IN", "th_TH", "tl_XX", "uk_UA", "ur_PK", "xh_ZA", "gl_ES", "sl_SI"};
constexpr size_t mbartLanguageCount = 25; // the first ones; mBART-50 knows all

int32_t extraIds(const TokenizerSettings& settings)
{
    const auto found = settings.config.find("extra_ids");
    if (found == settings.config.end() || found->is_null())
        return 100;
    if (!found->is_number_integer() || found->get<int64_t>() < 0 || found->get<int64_t>() > 100'000) {
        throw Error(ErrorKind::Checkpoint,
            concat("tokenizer_config.json: \"extra_ids\" must be a count up to 100000, but is ",
                jsonLine(*found), "."));
    }
    return found->get<int32_t>();
}

std::vector<std::string> languagesOf(Family family)
{
    const auto count = family == Family::MBart ? mbartLanguageCount : mbartLanguages.size();
    return {mbartLanguages.begin(), mbartLanguages.begin() + static_cast<std::ptrdiff_t>(count)};
}

SentencePieceNumbering numberingOf(Family family, const TokenizerSettings& settings)
{
    SentencePieceNumbering numbering;
    numbering.plain = false;
    switch (family) {
    case Family::XlmRoberta:
    case Family::MBart:
    case Family::MBart50:
        // Where fairseq put its own four before the pieces, of which the file has three.
        numbering.before = {settings.bos, settings.pad, settings.eos, settings.unknown};
        if (family == Family::MBart50)
            numbering.before.front() = settings.cls;
        numbering.skippedPieces = 3;
        numbering.unknownId = 3;
        if (family != Family::XlmRoberta)
            numbering.after = languagesOf(family);
        numbering.after.push_back(settings.mask);
        break;
    case Family::Camembert:
        numbering.before = {"<s>NOTUSED", settings.pad, "</s>NOTUSED", settings.unknown, "<unk>NOTUSED"};
        numbering.skippedPieces = 1;
        numbering.unknownId = 3;
        numbering.after = {settings.mask};
        break;
    case Family::T5:
        for (int32_t i = extraIds(settings) - 1; i >= 0; --i)
            numbering.after.push_back(concat("<extra_id_", i, ">"));
        break;
    case Family::Llama:
        numbering.prefixOnlyAtStart = !settings.flag("legacy", false);
        numbering.neverPrefix = !settings.flag("add_prefix_space", true);
        break;
    default:
        break;
    }
    return numbering;
}

Json normalizerOf(Family family, const TokenizerSettings& settings)
{
    Json parts = Json::array();
    if (family == Family::Albert) {
        for (const char* quotes : {"``", "''"})
            parts.push_back({{"type", "Replace"}, {"pattern", {{"String", quotes}}}, {"content", "\""}});
        if (!settings.flag("keep_accents", false)) {
            parts.push_back({{"type", "NFKD"}});
            parts.push_back({{"type", "StripAccents"}});
        }
    }
    if (settings.flag("do_lower_case", family == Family::Albert)
        && (family == Family::Albert || family == Family::DebertaV2))
        parts.push_back({{"type", "Lowercase"}});
    return parts.empty() ? Json() : Json{{"type", "Sequence"}, {"normalizers", std::move(parts)}};
}

Json decoderOf(Family family, const TokenizerSettings& settings)
{
    if (family != Family::Llama && family != Family::Gemma && family != Family::PlainPieces)
        return {
            {"type", "Metaspace"}, {"replacement", "\u2581"}, {"prepend_scheme", "always"}, {"split", true}};
    Json parts = Json::array({{{"type", "Replace"}, {"pattern", {{"String", "\u2581"}}}, {"content", " "}},
        {{"type", "ByteFallback"}}, {{"type", "Fuse"}}});
    if (family != Family::Gemma && settings.flag("add_prefix_space", true))
        parts.push_back({{"type", "Strip"}, {"content", " "}, {"start", 1}, {"stop", 0}});
    return {{"type", "Sequence"}, {"decoders", std::move(parts)}};
}

Json postProcessorOf(Family family, const TokenizerSettings& settings, TextRole role, const IdOf& idOf)
{
    const auto bos = settings.bos + ":0", eos = settings.eos + ":0";
    switch (family) {
    case Family::T5:
        return templateBlock({"$A:0", eos}, {"$A:0", eos, "$B:0", eos}, idOf);
    case Family::XlmRoberta:
    case Family::Camembert:
        return templateBlock({bos, "$A:0", eos}, {bos, "$A:0", eos, eos, "$B:0", eos}, idOf);
    case Family::Albert:
    case Family::DebertaV2: {
        const auto cls = settings.cls + ":0", sep = settings.sep + ":0", lastSep = settings.sep + ":1";
        return templateBlock({cls, "$A:0", sep}, {cls, "$A:0", sep, "$B:1", lastSep}, idOf);
    }
    case Family::MBart:
    case Family::MBart50: {
        const auto source = settings.text("src_lang", "en_XX");
        const auto language = (role == TextRole::Source ? source : settings.text("tgt_lang", source)) + ":0";
        if (family == Family::MBart)
            return templateBlock({"$A:0", eos, language}, {"$A:0", "$B:0", eos, language}, idOf);
        return templateBlock({language, "$A:0", eos}, {language, "$A:0", "$B:0", eos}, idOf);
    }
    default:
        return bosEosTemplate(settings, idOf);
    }
}

/// The tokens that are found in a text as they stand.
std::vector<AddedToken> addedTokensOf(
    Family family, const TokenizerSettings& settings, const SentencePieceModel& model)
{
    std::vector<AddedToken> tokens;
    for (const auto& piece : model.controlPieces()) {
        if (model.tokenToId(piece))
            tokens.push_back(specialToken(piece));
    }
    const auto isNamed = [&](const std::string& content) {
        return std::any_of(settings.config.begin(), settings.config.end(), [&](const Json& value) {
            return value == content || (value.is_object() && value.value("content", Json()) == content);
        });
    };
    for (const auto& token : settings.added) {
        // A file that nobody describes has only the tokens that it holds.
        if (family == Family::PlainPieces && !model.tokenToId(token.content) && !isNamed(token.content))
            continue;
        tokens.push_back(token);
    }
    if (family == Family::T5) {
        for (int32_t i = extraIds(settings) - 1; i >= 0; --i)
            tokens.push_back(specialToken(concat("<extra_id_", i, ">")));
    }
    if (family == Family::MBart || family == Family::MBart50) {
        for (const auto& language : languagesOf(family))
            tokens.push_back(specialToken(language));
    }
    return tokens;
}

} // namespace

std::unique_ptr<TokenizerAlgorithm> loadSentencePiece(const std::filesystem::path& file)
{
    const auto content = readFile(file);
    auto model = std::make_unique<SentencePieceModel>(
        content, SentencePieceNumbering{}, concat("'", pathText(file), "'"));
    const auto padId = model->padId();
    PipelineParts parts;
    parts.decoder = createSentencePieceDecoder(*model);
    parts.model = std::move(model);
    const Json nothing;
    parts.postProcessor = createPostProcessor(TokenizerBlock(nothing, pathText(file)));
    for (auto& piece : parts.postProcessor.pair)
        piece.typeId = 0;
    auto tokenizer = std::make_unique<PipelineTokenizer>(std::move(parts));
    tokenizer->facts.files = {file};
    tokenizer->facts.contentHash = sha256(concat("sentencepiece\n", content));
    tokenizer->facts.padId = padId;
    return tokenizer;
}

std::unique_ptr<TokenizerAlgorithm> loadSentencePiece(const std::filesystem::path& file,
    TokenizerFamily family, const TokenizerSettings& settings, TextRole role)
{
    const auto place = concat("'", pathText(file), "'");
    const auto content = readFile(file);
    auto model = std::make_unique<SentencePieceModel>(content, numberingOf(family, settings), place);
    PipelineBlocks blocks;
    blocks.normalizer = normalizerOf(family, settings);
    if (family == Family::DebertaV2 && settings.flag("split_by_punct", false))
        blocks.preTokenizer = {{"type", "Punctuation"}, {"behavior", "Isolated"}};
    blocks.decoder = decoderOf(family, settings);
    blocks.added = addedTokensOf(family, settings, *model);
    blocks.model = std::move(model);
    auto tokenizer = buildPipeline(
        std::move(blocks), [&](const IdOf& idOf) { return postProcessorOf(family, settings, role, idOf); },
        place);
    tokenizer->facts.files = {file};
    tokenizer->facts.contentHash = sha256(concat("sentencepiece family ", static_cast<int>(family), " ",
        static_cast<int>(role), "\n", content, "\n", settings.identity()));
    if (!settings.pad.empty())
        tokenizer->facts.padId = tokenizer->tokenToId(settings.pad);
    return tokenizer;
}

} // namespace studio
