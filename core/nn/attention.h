// SPDX-License-Identifier: MIT
#pragma once

#include "core/nn/dropout.h"
#include "core/nn/packed_batch.h"

#include <cstdint>
#include <optional>

#include <ATen/core/Tensor.h>

namespace studio {

/// How the heads are laid out, what a query sees and how scores are made.
struct AttentionRecipe {
    int64_t headCount = 1;
    int64_t keyValueHeadCount = 0; ///< divides headCount, groups of query heads share one; 0: headCount
    /// Keys that a query sees before and after its own position; −1: all. Causal: after 0; a causal sliding
    /// window w (keys j with i − w < j ≤ i): before w − 1; a symmetric one (|i − j| ≤ w): both w.
    int64_t before = -1, after = -1;
    std::optional<double> scale = std::nullopt; ///< of the scores; absent: 1/√headSize
    double softCap = 0; ///< scores become cap·tanh(score / cap); 0: none

    [[nodiscard]] int64_t keyValueHeads() const { return keyValueHeadCount ? keyValueHeadCount : headCount; }
    [[nodiscard]] static AttentionRecipe causal(
        int64_t headCount, int64_t keyValueHeadCount = 0, std::optional<int64_t> window = std::nullopt)
    {
        return {.headCount = headCount,
            .keyValueHeadCount = keyValueHeadCount,
            .before = window ? *window - 1 : -1,
            .after = 0};
    }
};

// Softmax attention within each sequence of a packed batch; dropout acts on the probabilities. No score ever
// crosses a sequence's border. On the CPU no mask and no matrix of scores is kept: memory grows with the
// tokens. Differentiable.

/// packed [T, (heads + 2·keyValueHeads)·headSize]: queries, keys and values side by side, heads in order.
/// Returns [T, heads·headSize]. distanceBias [heads, 2·reach − 1], reach at least the longest sequence: each
/// head's column key − query + reach − 1 is added to the scaled score; undefined: nothing. Not with a soft
/// cap.
[[nodiscard]] at::Tensor packedSelfAttention(const at::Tensor& packed, const SequenceLayout& layout,
    const AttentionRecipe& recipe, const DropoutSite& site, const at::Tensor& distanceBias = {});

/// One query for each sequence, standing at `positions` [B] within it (empty: at 0): query [B,
/// heads·headSize], keyValue [T, 2·keyValueHeads·headSize]. Returns [B, heads·headSize].
[[nodiscard]] at::Tensor packedSingleQueryAttention(const at::Tensor& query, const at::Tensor& keyValue,
    const SequenceLayout& layout, const std::vector<int64_t>& positions, const AttentionRecipe& recipe,
    const DropoutSite& site, const at::Tensor& distanceBias = {});

/// Every query sees all keys of the sequence with the same number: query [Tq, heads·headSize] laid out as
/// `queries`, keyValue [Tk, 2·keyValueHeads·headSize] laid out as `keys`; the recipe's before and after are
/// −1. Returns [Tq, heads·headSize].
[[nodiscard]] at::Tensor packedCrossAttention(const at::Tensor& query, const SequenceLayout& queries,
    const at::Tensor& keyValue, const SequenceLayout& keys, const AttentionRecipe& recipe,
    const DropoutSite& site);

/// All positions visible, scores scaled by 1/√headSize: packed [T, 3·H]. Returns [T, H].
[[nodiscard]] at::Tensor packedSelfAttention(
    const at::Tensor& packed, const SequenceLayout& layout, int64_t headCount, const DropoutSite& site);
/// The same for one query for each sequence: query [B, H], keyValue [T, 2·H]. Returns [B, H].
[[nodiscard]] at::Tensor packedSingleQueryAttention(const at::Tensor& query, const at::Tensor& keyValue,
    const SequenceLayout& layout, int64_t headCount, const DropoutSite& site);

} // namespace studio
