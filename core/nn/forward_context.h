// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include <c10/core/ScalarType.h>

namespace studio {

/// Travels through one forward pass. Dropout masks come from a counter-based generator keyed by (seed, step,
/// micro-batch) and numbered by the order of the dropout sites, so they depend on neither thread count nor
/// anything drawn elsewhere.
struct ForwardContext {
    bool training = false;
    uint64_t seed = 0;
    int64_t step = 0;
    int64_t microBatch = 0;
    uint64_t nextDropoutSite = 0; ///< counted up by each site
    c10::ScalarType computeType
        = c10::ScalarType::Float; ///< of matrix multiplies and attention: Float, BFloat16, Half
    bool checkpointLayers = false; ///< keep a layer's input alone and compute it again in the backward pass
};

} // namespace studio
