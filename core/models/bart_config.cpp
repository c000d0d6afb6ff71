// SPDX-License-Identifier: MIT
#include "core/base/concat.h"
#include "core/models/bart_body.h"

namespace studio {

namespace {

constexpr int64_t g_maxRows = int64_t(1) << 31, g_maxSize = int64_t(1) << 24;

BartHalf readHalf(const ConfigReader& reader, std::string_view name, int64_t hiddenSize)
{
    const bool encoder = name == "encoder"; // whose sizes are those of the common words
    const auto ownLayers = concat(name, "_layers"), ownHeads = concat(name, "_attention_heads"),
               inner = concat(name, "_ffn_dim"), drop = concat(name, "_layerdrop");
    const auto layers = encoder ? statedWord(reader, ownLayers, "num_hidden_layers") : ownLayers,
               heads = encoder ? statedWord(reader, ownHeads, "num_attention_heads") : ownHeads;
    BartHalf half;
    half.layerCount = reader.integer(layers, 1, 10'000);
    half.headCount = reader.integer(heads, 1, hiddenSize);
    if (hiddenSize % half.headCount != 0)
        reader.fail(heads, concat("a divisor of d_model ", hiddenSize));
    half.innerSize = reader.integer(inner, 1, g_maxSize);
    if (reader.numberOrNull(drop, 0, 1, 0) != 0)
        reader.fail(drop, "0: layers are never left out here");
    return half;
}

/// Keys of early checkpoints that say how the family is built: they must agree with it.
void requireStructure(const ConfigReader& reader, const BartConfig& config)
{
    const auto require = [&](std::string_view key, bool value) {
        if (reader.json().contains(key) && reader.boolean(key, value) != value)
            reader.fail(key, concat(value ? "true" : "false", ", as all models of this family have it"));
    };
    require("is_encoder_decoder", true);
    require("is_decoder", false);
    require("add_cross_attention", false);
    require("normalize_before", config.normFirst);
    require("normalize_embedding", config.embeddingNorm);
    require("add_final_layer_norm", config.finalNorm);
    require("static_position_embeddings", config.sinusoids);
    if (!config.sinusoids && reader.integer("extra_pos_embeddings", 0, g_maxRows, 2) != 2)
        reader.fail("extra_pos_embeddings", "2, the offset of this family's positions");
}

/// An id of the vocabulary, also where the key is absent.
int64_t readId(const ConfigReader& reader, std::string_view key, int64_t vocabularySize, int64_t absent)
{
    const auto id = reader.integer(key, 0, vocabularySize - 1, absent);
    if (id >= vocabularySize)
        reader.fail(key, concat("an id of the ", vocabularySize, " entries"));
    return id;
}

} // namespace

BartConfig readBartConfig(const ConfigReader& reader, const BartDefaults& defaults)
{
    BartConfig config;
    config.normFirst = defaults.normFirst;
    config.embeddingNorm = defaults.embeddingNorm;
    config.finalNorm = defaults.finalNorm;
    config.sinusoids = defaults.sinusoids;
    const auto vocabulary = reader.integer("vocab_size", 1, g_maxRows);
    config.hiddenSize = reader.integer(statedWord(reader, "d_model", "hidden_size"), 1, g_maxSize);
    config.encoder = readHalf(reader, "encoder", config.hiddenSize);
    config.decoder = readHalf(reader, "decoder", config.hiddenSize);
    config.encoder.vocabularySize = config.decoder.vocabularySize = vocabulary;
    config.maxPositions = reader.integer("max_position_embeddings", 1, g_maxRows);
    config.paddingIndex = readId(reader, "pad_token_id", vocabulary, defaults.paddingId);
    config.activation = readActivation(reader, "activation_function", Activation::Gelu);
    config.dropout = reader.number("dropout", 0, 1, 0.1);
    config.attentionDropout = reader.number("attention_dropout", 0, 1, 0);
    config.activationDropout = reader.number("activation_dropout", 0, 1, 0);
    config.classifierDropout = reader.number("classifier_dropout", 0, 1, 0);
    config.initializerRange = reader.number("init_std", 0, 1e6, 0.02);
    config.scaledEmbedding = reader.boolean("scale_embedding", false);
    config.tied = reader.boolean("tie_word_embeddings", true);
    const auto own = [&](const char* tensor) { return !config.tied || reader.isSeparate(tensor); };
    config.ownEncoderWord = own("encoder.embed_tokens.weight");
    config.ownDecoderWord = own("decoder.embed_tokens.weight");
    config.ownHead = own("lm_head.weight");
    config.start = {.paddingId = config.paddingIndex, .startId = 0, .lastToken = defaults.startIsLastToken};
    if (!config.start.lastToken)
        config.start.startId = readId(reader, "decoder_start_token_id", vocabulary, defaults.startId);
    config.endId = readEndId(reader, vocabulary, defaults.endId);
    requireStructure(reader, config);
    return config;
}

} // namespace studio
