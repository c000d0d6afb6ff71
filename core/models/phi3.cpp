// SPDX-License-Identifier: MIT
// Reference:
// https://github.com/huggingface/transformers/blob/main/src/transformers/models/phi3/modeling_phi3.py
#include "core/models/families.h"
#include "core/models/llama_config.h"

namespace studio {

namespace {

DecoderPlan planPhi3(const ConfigReader& reader)
{
    requireOff(reader, {"attention_bias", "mlp_bias"});
    auto config = readLlamaConfig(reader, {.paddingId = 32'000, .maxPositions = 4096, .normEpsilon = 1e-5});
    config.fusedProjections = true;
    config.residualDropout = reader.number("resid_pdrop", 0, 1, 0);
    const auto window = readWindow(reader);
    const std::vector<bool> all(config.layers.size(), window.has_value());
    if (readSlidingLayers(reader, all.size(), [&](size_t) { return window.has_value(); }) != all)
        reader.fail("layer_types", "one kind for all layers, as sliding_window says");
    setWindows(reader, config, all, window);

    auto block = flatRopeBlock(reader, 10'000);
    const auto type = block.contains("rope_type") ? "rope_type" : "type";
    if (block.contains(type) && (block[type] == "su" || block[type] == "yarn"))
        block[type] = "longrope"; // as old releases called it
    const auto key = reader.json().contains("rope_parameters") ? "rope_parameters" : "rope_scaling";
    config.rotary = {readRotary(reader, key, block,
        {.headSize = config.headSize,
            .maxPositions = config.maxPositions,
            .partial = true,
            .originalPositions
            = reader.integer("original_max_position_embeddings", 1, int64_t(1) << 40, 4096)})};
    const auto kind = config.rotary.front().kind;
    if (kind != RotaryKind::Default && kind != RotaryKind::LongRope)
        reader.fail(key, "the rope_type \"default\" or \"longrope\" for this family");
    return planOf(config);
}

} // namespace

std::vector<ArchitectureFamily> phi3Families()
{
    return {decoderFamily<planPhi3>({.modelType = "phi3",
        .displayName = "Phi-3",
        .classifierName = "Phi3ForSequenceClassification",
        .basePrefix = "model.",
        .dropoutKeys = {"attention_dropout", "resid_pdrop"},
        .create = nullptr,
        .currentName = currentLlamaName})};
}

} // namespace studio
