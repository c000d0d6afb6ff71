// SPDX-License-Identifier: MIT
#include "core/nn/embedding.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/embedding.h>

namespace studio {

Embedding Embedding::create(
    const ParameterBuilder& builder, int64_t count, int64_t size, int64_t paddingIndex)
{
    Embedding embedding;
    embedding.weight = builder.add("weight", {count, size}, Init::Normal);
    embedding.paddingIndex = paddingIndex;
    return embedding;
}

at::Tensor embeddingSum(
    const EmbeddingLookup& first, const EmbeddingLookup& second, const EmbeddingLookup& third)
{
    const auto look = [](const EmbeddingLookup& lookup) {
        return at::embedding(lookup.table.weight, lookup.indices, lookup.table.paddingIndex);
    };
    return look(first) + look(second) + look(third);
}

} // namespace studio
