// SPDX-License-Identifier: MIT
#pragma once

#include "core/nn/dropout.h"
#include "core/nn/packed_batch.h"

#include <cstdint>

#include <ATen/core/Tensor.h>

namespace studio {

/// Softmax attention within each sequence of a packed batch, all positions visible, scores scaled by
/// 1/√headSize; dropout acts on the probabilities. No score ever crosses a sequence's border and no mask is
/// built. Differentiable.

/// packed [T, 3·H]: query, key and value side by side. Returns [T, H].
[[nodiscard]] at::Tensor packedSelfAttention(
    const at::Tensor& packed, const SequenceLayout& layout, int64_t headCount, const DropoutSite& site);

/// One query for each sequence: query [B, H], keyValue [T, 2·H]. Returns [B, H].
[[nodiscard]] at::Tensor packedSingleQueryAttention(const at::Tensor& query, const at::Tensor& keyValue,
    const SequenceLayout& layout, int64_t headCount, const DropoutSite& site);

} // namespace studio
