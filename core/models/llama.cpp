// SPDX-License-Identifier: MIT
// Reference:
// https://github.com/huggingface/transformers/blob/main/src/transformers/models/llama/configuration_llama.py
#include "core/models/families.h"
#include "core/models/llama_config.h"

namespace studio {

namespace {

DecoderPlan planLlama(const ConfigReader& reader)
{
    auto config = readLlamaConfig(reader, {});
    config.projectionBias = config.outputBias
        = reader.boolean("attention_bias", false) ? Bias::Trained : Bias::None;
    config.feedForwardBias = reader.boolean("mlp_bias", false) ? Bias::Trained : Bias::None;
    if (readSlidingLayers(reader, config.layers.size(), [](size_t) { return false; })
        != std::vector<bool>(config.layers.size()))
        reader.fail("layer_types", "\"full_attention\" for each layer");
    readFlatRope(reader, config);
    return planOf(config);
}

} // namespace

std::vector<ArchitectureFamily> llamaFamilies()
{
    return {decoderFamily<planLlama>({.modelType = "llama",
        .displayName = "Llama",
        .classifierName = "LlamaForSequenceClassification",
        .basePrefix = "model.",
        .dropoutKeys = {"attention_dropout"},
        .create = nullptr,
        .currentName = currentLlamaName})};
}

} // namespace studio
