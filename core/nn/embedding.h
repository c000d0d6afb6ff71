// SPDX-License-Identifier: MIT
#pragma once

#include "core/nn/parameter_builder.h"

#include <cstdint>
#include <span>

#include <ATen/core/Tensor.h>

namespace studio {

/// Table of vectors under the checkpoint name "weight" [count, size].
struct Embedding {
    at::Tensor weight;
    int64_t paddingIndex = -1; ///< this row gets no gradient, as torch.nn.Embedding(padding_idx); -1: none
    [[nodiscard]] static Embedding create(
        const ParameterBuilder& builder, int64_t count, int64_t size, int64_t paddingIndex = -1);
};

/// One table and the rows to take of it, [T] int64.
struct EmbeddingLookup {
    const Embedding& table;
    const at::Tensor& indices;
};

/// Sum of look-ups, added in this order: [T, H].
[[nodiscard]] at::Tensor embeddingSum(std::span<const EmbeddingLookup> lookups);
[[nodiscard]] at::Tensor embedding(const EmbeddingLookup& lookup);
/// Sum of three look-ups, added in this order: [T, H].
[[nodiscard]] at::Tensor embeddingSum(
    const EmbeddingLookup& first, const EmbeddingLookup& second, const EmbeddingLookup& third);

} // namespace studio
