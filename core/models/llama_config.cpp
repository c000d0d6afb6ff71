// SPDX-License-Identifier: MIT
#include "core/models/llama_config.h"

#include "core/base/concat.h"

#include <cmath>

namespace studio {

namespace {

// Far above every model, and small enough that no product of two overflows.
constexpr int64_t g_maxRows = int64_t(1) << 31, g_maxSize = int64_t(1) << 24, g_maxHeads = int64_t(1) << 16;

bool stated(const ConfigReader& reader, std::string_view key)
{
    const auto found = reader.json().find(key);
    return found != reader.json().end() && !found->is_null();
}

} // namespace

void requireOff(const ConfigReader& reader, std::initializer_list<std::string_view> keys)
{
    for (const auto key : keys) {
        if (stated(reader, key) && reader.boolean(key, false))
            reader.fail(key, "false: this family has no such thing here");
    }
}

void requirePlainDecoder(const ConfigReader& reader)
{
    if (stated(reader, "is_causal") && !reader.boolean("is_causal", true))
        reader.fail("is_causal", "true: decoders are computed with causal attention alone");
    requireOff(reader, {"add_cross_attention"});
}

LlamaConfig readLlamaConfig(const ConfigReader& reader, const LlamaDefaults& defaults)
{
    requirePlainDecoder(reader);
    LlamaConfig config;
    config.vocabularySize = reader.integer("vocab_size", 1, g_maxRows);
    config.hiddenSize = reader.integer("hidden_size", 1, g_maxSize);
    config.intermediateSize = reader.integer("intermediate_size", 1, g_maxSize);
    config.headCount = reader.integer("num_attention_heads", 1, g_maxHeads);
    config.keyValueHeadCount
        = optionalInteger(reader, "num_key_value_heads", 1, g_maxHeads, defaults.keyValueHeads)
              .value_or(config.headCount);
    if (config.headCount % config.keyValueHeadCount != 0)
        reader.fail("num_key_value_heads", concat("a divisor of num_attention_heads ", config.headCount));
    const auto headSize = optionalInteger(reader, "head_dim", 1, g_maxHeads, defaults.headSize);
    if (!headSize && config.hiddenSize % config.headCount != 0)
        reader.fail("num_attention_heads", concat("a divisor of hidden_size ", config.hiddenSize));
    config.headSize = headSize.value_or(config.hiddenSize / config.headCount);
    config.maxPositions
        = reader.integer("max_position_embeddings", 1, int64_t(1) << 40, defaults.maxPositions);
    config.activation = readActivation(reader, defaults.activationKey, *findActivation(defaults.activation));
    config.normEpsilon = reader.number("rms_norm_eps", 0, 1, defaults.normEpsilon);
    config.initializerRange = reader.number("initializer_range", 0, 1e6, 0.02);
    config.paddingId = readPaddingId(reader, config.vocabularySize, defaults.paddingId);
    config.tiedHead = reader.boolean("tie_word_embeddings", defaults.tiedHead);
    config.attentionDropout = reader.numberOrNull("attention_dropout", 0, 1, 0);
    config.layers.resize(size_t(reader.integer("num_hidden_layers", 1, 10'000)));
    return config;
}

void readFlatRope(
    const ConfigReader& reader, LlamaConfig& config, bool partial, std::optional<int64_t> originalPositions)
{
    if (stated(reader, "original_max_position_embeddings"))
        originalPositions = reader.integer("original_max_position_embeddings", 1, int64_t(1) << 40);
    const auto key = stated(reader, "rope_scaling") ? "rope_scaling" : "rope_parameters";
    config.rotary = {readRotary(reader, key, flatRopeBlock(reader, 10'000),
        {.headSize = config.headSize,
            .maxPositions = config.maxPositions,
            .partial = partial,
            .originalPositions = originalPositions})};
}

std::optional<int64_t> readWindow(const ConfigReader& reader, std::optional<int64_t> absent)
{
    return optionalInteger(reader, "sliding_window", 1, int64_t(1) << 40, absent);
}

std::vector<bool> readSlidingLayers(
    const ConfigReader& reader, size_t layerCount, const std::function<bool(size_t)>& fallback)
{
    std::vector<bool> sliding(layerCount);
    if (!stated(reader, "layer_types")) {
        for (size_t i = 0; i < layerCount; ++i)
            sliding[i] = fallback(i);
        return sliding;
    }
    const auto& types = reader.json()["layer_types"];
    if (!types.is_array() || types.size() != layerCount)
        reader.fail("layer_types", concat("a list of ", layerCount, " names, one for each layer"));
    for (size_t i = 0; i < layerCount; ++i) {
        if (types[i] != "full_attention" && types[i] != "sliding_attention")
            reader.fail("layer_types", "\"full_attention\" or \"sliding_attention\" for each layer");
        sliding[i] = types[i] == "sliding_attention";
    }
    return sliding;
}

void setWindows(const ConfigReader& reader, LlamaConfig& config, const std::vector<bool>& sliding,
    std::optional<int64_t> window)
{
    for (size_t i = 0; i < sliding.size(); ++i) {
        if (sliding[i] && !window)
            reader.fail("sliding_window", "a number of tokens, for some layers have sliding attention");
        if (sliding[i])
            config.layers[i].window = window;
    }
}

std::string currentLlamaName(const std::string& name)
{
    return name.ends_with("rotary_emb.inv_freq") ? std::string() : name;
}

} // namespace studio
