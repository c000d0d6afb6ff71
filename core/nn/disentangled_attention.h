// SPDX-License-Identifier: MIT
#pragma once

#include "core/nn/dropout.h"
#include "core/nn/packed_batch.h"

#include <cstdint>

#include <ATen/core/Tensor.h>

namespace studio {

/// How distances between tokens become rows of a table of 2·span relative positions.
struct RelativePositionRule {
    int64_t span = 0;
    int64_t buckets = 0; ///< 0: a row for each distance; else far distances share rows logarithmically
    int64_t maxDistance = 0; ///< where the buckets end
};

/// The rows that one batch needs, counted from `firstRow`.
struct RelativePositions {
    int64_t firstRow = 0, rowCount = 0;
    at::Tensor ascending, descending; ///< [2·maxLength − 1], row of query − key from its lowest / highest
};
[[nodiscard]] RelativePositions relativePositions(
    const RelativePositionRule& rule, int64_t maxLength, const at::Device& device);

/// DeBERTa's attention. packed [T, 3·H]: query, key, value. A score is query·key + query·positionKey(query −
/// key) + key·positionQuery(query − key), times `scale`; positionKey and positionQuery [rowCount, H], either
/// may be undefined. Within each sequence, all positions visible. Returns [T, H]. Differentiable.
[[nodiscard]] at::Tensor disentangledAttention(const at::Tensor& packed, const at::Tensor& positionKey,
    const at::Tensor& positionQuery, const RelativePositions& positions, const SequenceLayout& layout,
    int64_t headCount, double scale, const DropoutSite& site);

} // namespace studio
