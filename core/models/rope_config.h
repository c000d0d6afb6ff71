// SPDX-License-Identifier: MIT
#pragma once

#include "core/models/config_reader.h"
#include "core/nn/rotary.h"

#include <cstdint>
#include <optional>
#include <string>

namespace studio {

/// What a family knows about its rotary positions beside the block of config.json.
struct RopeSetting {
    int64_t headSize = 0;
    int64_t maxPositions = 0; ///< max_position_embeddings
    bool partial = false; ///< partial_rotary_factor shortens the plain kind too (phi3)
    /// Wins over the block's original_max_position_embeddings.
    std::optional<int64_t> originalPositions = std::nullopt;
    bool nested = false; ///< the block belongs to one layer type
};

/// One block of config.json for all layers, in the new spelling (`rope_parameters`) or the old one
/// (`rope_scaling`, `rope_theta`, `partial_rotary_factor` beside it).
[[nodiscard]] Json flatRopeBlock(const ConfigReader& reader, double defaultTheta);

/// Throws Error{Checkpoint} naming the key inside `block` (of the name `key` in config.json).
[[nodiscard]] RotaryParameters readRotary(
    const ConfigReader& reader, const std::string& key, const Json& block, const RopeSetting& setting);

/// Positions that a model with these rotary positions is meant for: max_position_embeddings, or more where
/// the kind stretches them.
[[nodiscard]] int64_t stretchedPositions(const RotaryParameters& parameters, int64_t maxPositions);

} // namespace studio
