// SPDX-License-Identifier: MIT
// Reference:
// https://github.com/huggingface/transformers/blob/main/src/transformers/models/gemma/configuration_gemma.py
// https://github.com/huggingface/transformers/blob/main/src/transformers/models/gemma2/configuration_gemma2.py
// https://github.com/huggingface/transformers/blob/main/src/transformers/models/gemma3/configuration_gemma3.py
#include "core/base/concat.h"
#include "core/models/families.h"
#include "core/models/llama_config.h"

#include <cmath>

namespace studio {

namespace {

/// What all three generations share: norms of 1 + weight, embeddings scaled by √hidden_size in fp32.
LlamaConfig readGemmaConfig(const ConfigReader& reader, LlamaDefaults defaults)
{
    requireOff(reader, {"mlp_bias"});
    defaults.headSize = 256;
    defaults.paddingId = 0;
    defaults.maxPositions = 8192;
    defaults.tiedHead = true;
    defaults.activation = "gelu_pytorch_tanh";
    auto config = readLlamaConfig(reader, defaults);
    config.normOffset = 1;
    config.embeddingScale = static_cast<float>(std::sqrt(double(config.hiddenSize)));
    config.projectionBias = config.outputBias
        = reader.boolean("attention_bias", false) ? Bias::Trained : Bias::None;
    return config;
}

bool isBidirectional(const ConfigReader& reader)
{
    const auto key = "use_bidirectional_attention";
    const auto found = reader.json().find(key);
    return found != reader.json().end() && !found->is_null() && reader.boolean(key, false);
}

DecoderPlan planGemma(const ConfigReader& reader)
{
    requireOff(reader, {"use_bidirectional_attention"});
    auto config = readGemmaConfig(reader, {.keyValueHeads = 16});
    // the first releases say "gelu" and mean its approximation; other names of the exact function mean it
    if (reader.text("hidden_act", "") == "gelu")
        config.activation = Activation::GeluTanh;
    readFlatRope(reader, config);
    return planOf(config);
}

/// Norms around both blocks, a chosen scale of the scores and a cap on the head's logits.
LlamaConfig readLaterGemmaConfig(const ConfigReader& reader, std::optional<double> logitSoftCap)
{
    auto config = readGemmaConfig(reader, {.keyValueHeads = 4, .activationKey = "hidden_activation"});
    config.outerNorms = true;
    config.scoreScale = 1 / std::sqrt(reader.number("query_pre_attn_scalar", 1e-9, 1e9, 256));
    config.logitSoftCap = reader.json().contains("final_logit_softcapping")
        ? reader.numberOrNull("final_logit_softcapping", 1e-9, 1e9, 0)
        : logitSoftCap.value_or(0);
    return config;
}

DecoderPlan planGemma2(const ConfigReader& reader)
{
    requireOff(reader, {"use_bidirectional_attention"});
    auto config = readLaterGemmaConfig(reader, 30);
    config.scoreSoftCap = reader.json().contains("attn_logit_softcapping")
        ? reader.numberOrNull("attn_logit_softcapping", 1e-9, 1e9, 0)
        : 50;
    setWindows(reader, config,
        readSlidingLayers(reader, config.layers.size(), [](size_t layer) { return layer % 2 == 0; }),
        readWindow(reader, 4096));
    readFlatRope(reader, config);
    return planOf(config);
}

/// rope_parameters of one layer type; in the old spelling rope_scaling and rope_theta are those of the full
/// layers and rope_local_base_freq the sliding ones'.
Json gemma3RopeBlock(const ConfigReader& reader, bool sliding)
{
    const auto& config = reader.json();
    const auto stated = [](const Json& object, std::string_view key) {
        const auto found = object.find(key);
        return found != object.end() && !found->is_null();
    };
    const auto type = sliding ? "sliding_attention" : "full_attention";
    Json block = Json::object();
    if (stated(config, "rope_parameters")) {
        if (!config["rope_parameters"].is_object())
            reader.fail("rope_parameters", "an object or null");
        if (stated(config["rope_parameters"], type))
            block = config["rope_parameters"][type];
    }
    if (!block.is_object())
        reader.fail("rope_parameters", concat("an object below '", type, "'"));
    if (!sliding && stated(config, "rope_scaling")) {
        if (!config["rope_scaling"].is_object())
            reader.fail("rope_scaling", "an object or null");
        block.update(config["rope_scaling"]);
    }
    const auto thetaKey = sliding ? "rope_local_base_freq" : "rope_theta";
    if (!block.contains("rope_theta"))
        block["rope_theta"] = stated(config, thetaKey) ? config[thetaKey] : Json(sliding ? 1e4 : 1e6);
    return block;
}

DecoderPlan planGemma3(const ConfigReader& reader)
{
    auto config = readLaterGemmaConfig(reader, std::nullopt);
    // attn_logit_softcapping is in the config of this generation, but the reference does not compute it.
    config.headNorms = true;
    config.bidirectional = isBidirectional(reader);
    const auto period = size_t(optionalInteger(reader, "sliding_window_pattern", 1, 10'000, 6).value_or(6));
    const auto sliding = readSlidingLayers(
        reader, config.layers.size(), [&](size_t layer) { return (layer + 1) % period != 0; });
    // both sides share it; 0: each token sees itself alone
    auto window = config.bidirectional ? optionalInteger(reader, "sliding_window", 0, int64_t(1) << 40, 4096)
                                       : readWindow(reader, 4096);
    if (window && config.bidirectional)
        window = *window / 2 + 1;
    setWindows(reader, config, sliding, window);
    for (const bool local : {false, true}) {
        const auto block = gemma3RopeBlock(reader, local);
        config.rotary.push_back(readRotary(reader, "rope_parameters", block,
            {.headSize = config.headSize, .maxPositions = config.maxPositions, .nested = true}));
    }
    for (size_t i = 0; i < sliding.size(); ++i)
        config.layers[i].rotary = sliding[i] ? 1 : 0;
    return planOf(config);
}

} // namespace

std::vector<ArchitectureFamily> gemmaFamilies()
{
    return {decoderFamily<planGemma>({.modelType = "gemma",
                .displayName = "Gemma",
                .classifierName = "GemmaForSequenceClassification",
                .basePrefix = "model.",
                .dropoutKeys = {"attention_dropout"},
                .create = nullptr,
                .currentName = currentLlamaName}),
        decoderFamily<planGemma2>({.modelType = "gemma2",
            .displayName = "Gemma 2",
            .classifierName = "Gemma2ForSequenceClassification",
            .basePrefix = "model.",
            .dropoutKeys = {"attention_dropout"},
            .create = nullptr,
            .currentName = currentLlamaName}),
        decoderFamily<planGemma3>({.modelType = "gemma3_text",
            .displayName = "Gemma 3",
            .classifierName = "Gemma3TextForSequenceClassification",
            .basePrefix = "model.",
            .dropoutKeys = {"attention_dropout"},
            .create = nullptr,
            .currentName = currentLlamaName})};
}

} // namespace studio
