// SPDX-License-Identifier: MIT
#pragma once

#include "core/models/llama_body.h"
#include "core/models/registry.h"
#include "core/models/rope_config.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace studio {

/// What a family's configuration class takes where config.json says nothing.
struct LlamaDefaults {
    std::optional<int64_t> keyValueHeads = std::nullopt; ///< absent: as many as heads
    std::optional<int64_t> headSize = std::nullopt; ///< absent: hidden_size / num_attention_heads
    std::optional<int64_t> paddingId = std::nullopt;
    int64_t maxPositions = 2048;
    double normEpsilon = 1e-6;
    bool tiedHead = false;
    std::string_view activationKey = "hidden_act", activation = "silu";
};

/// The keys that all families of this kind share; one layer description for each layer, without windows and
/// rotary positions.
[[nodiscard]] LlamaConfig readLlamaConfig(const ConfigReader& reader, const LlamaDefaults& defaults);

/// One rotary kind for all layers, from a flat block in either spelling.
void readFlatRope(const ConfigReader& reader, LlamaConfig& config, bool partial = false,
    std::optional<int64_t> originalPositions = std::nullopt);

/// `sliding_window`, null: none.
[[nodiscard]] std::optional<int64_t> readWindow(
    const ConfigReader& reader, std::optional<int64_t> absent = std::nullopt);
/// Which layers have a window: `layer_types`, or `fallback` by the layer's number.
[[nodiscard]] std::vector<bool> readSlidingLayers(
    const ConfigReader& reader, size_t layerCount, const std::function<bool(size_t)>& fallback);
/// Gives the window to these layers; throws where there are such layers and no window.
void setWindows(const ConfigReader& reader, LlamaConfig& config, const std::vector<bool>& sliding,
    std::optional<int64_t> window);

/// Throws where one of these switches is on: they change the mathematics and the family has no such thing.
void requireOff(const ConfigReader& reader, std::initializer_list<std::string_view> keys);
/// Throws where attention is not causal or weights are quantised.
void requirePlainDecoder(const ConfigReader& reader);

/// Buffers of old checkpoints: ignored.
[[nodiscard]] std::string currentLlamaName(const std::string& name);

} // namespace studio
