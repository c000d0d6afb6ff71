// SPDX-License-Identifier: MIT
// Reference:
// https://github.com/huggingface/transformers/blob/main/src/transformers/models/qwen2/configuration_qwen2.py
// https://github.com/huggingface/transformers/blob/main/src/transformers/models/qwen3/configuration_qwen3.py
#include "core/models/families.h"
#include "core/models/llama_config.h"

namespace studio {

namespace {

/// Layers from max_window_layers on have a window where use_sliding_window is on.
void readQwenWindows(const ConfigReader& reader, LlamaConfig& config)
{
    const auto window = reader.boolean("use_sliding_window", false) ? readWindow(reader, 4096) : std::nullopt;
    const auto first = optionalInteger(reader, "max_window_layers", 0, int64_t(1) << 31, 28).value_or(0);
    const auto sliding = readSlidingLayers(
        reader, config.layers.size(), [&](size_t layer) { return window && int64_t(layer) >= first; });
    setWindows(reader, config, sliding, window);
}

DecoderPlan planQwen2(const ConfigReader& reader)
{
    requireOff(reader, {"mlp_bias", "use_mrope"});
    auto config = readLlamaConfig(reader, {.keyValueHeads = 32, .maxPositions = 32'768});
    config.projectionBias = Bias::Trained;
    readQwenWindows(reader, config);
    readFlatRope(reader, config);
    return planOf(config);
}

DecoderPlan planQwen3(const ConfigReader& reader)
{
    requireOff(reader, {"mlp_bias"});
    auto config = readLlamaConfig(reader, {.keyValueHeads = 32, .headSize = 128, .maxPositions = 32'768});
    config.projectionBias = config.outputBias
        = reader.boolean("attention_bias", false) ? Bias::Trained : Bias::None;
    config.headNorms = true;
    readQwenWindows(reader, config);
    readFlatRope(reader, config);
    return planOf(config);
}

} // namespace

std::vector<ArchitectureFamily> qwenFamilies()
{
    return {decoderFamily<planQwen2>({.modelType = "qwen2",
                .displayName = "Qwen2",
                .classifierName = "Qwen2ForSequenceClassification",
                .basePrefix = "model.",
                .dropoutKeys = {"attention_dropout"},
                .create = nullptr,
                .currentName = currentLlamaName}),
        decoderFamily<planQwen3>({.modelType = "qwen3",
            .displayName = "Qwen3",
            .classifierName = "Qwen3ForSequenceClassification",
            .basePrefix = "model.",
            .dropoutKeys = {"attention_dropout"},
            .create = nullptr,
            .currentName = currentLlamaName})};
}

} // namespace studio
