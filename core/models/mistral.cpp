// SPDX-License-Identifier: MIT
// Reference:
// https://github.com/huggingface/transformers/blob/main/src/transformers/models/mistral/configuration_mistral.py
#include "core/models/families.h"
#include "core/models/llama_config.h"

namespace studio {

namespace {

DecoderPlan planMistral(const ConfigReader& reader)
{
    requireOff(reader, {"attention_bias", "mlp_bias"});
    auto config = readLlamaConfig(reader, {.keyValueHeads = 8, .maxPositions = 4096 * 32});
    // One window for all layers: layer types are left to families of other names.
    const auto window = readWindow(reader, 4096);
    const std::vector<bool> all(config.layers.size(), window.has_value());
    if (readSlidingLayers(reader, all.size(), [&](size_t) { return window.has_value(); }) != all)
        reader.fail("layer_types", "one kind for all layers, as sliding_window says");
    setWindows(reader, config, all, window);
    readFlatRope(reader, config);
    return planOf(config);
}

} // namespace

std::vector<ArchitectureFamily> mistralFamilies()
{
    return {decoderFamily<planMistral>({.modelType = "mistral",
        .displayName = "Mistral",
        .classifierName = "MistralForSequenceClassification",
        .basePrefix = "model.",
        .dropoutKeys = {"attention_dropout"},
        .create = nullptr,
        .currentName = currentLlamaName})};
}

} // namespace studio
