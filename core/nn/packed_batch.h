// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include <ATen/core/Tensor.h>

namespace studio {

/// Where each sequence sits in a packed batch. Sequences are ordered by length inside the batch (stable), so
/// that those of equal length lie side by side and an attention bucket is a slice, never a gather.
struct SequenceLayout {
    std::vector<int64_t> starts; ///< [B + 1], ascending, last = T
    int64_t maxLength = 0;
    at::Tensor deviceStarts = {}; ///< `starts` as int32 on a GPU, for its kernels; undefined on the CPU
    [[nodiscard]] int64_t count() const { return static_cast<int64_t>(starts.size()) - 1; }
    [[nodiscard]] int64_t length(int64_t index) const { return starts[index + 1] - starts[index]; }
    [[nodiscard]] int64_t tokens() const { return starts.back(); }
};

/// B sequences laid end to end, no padding. Tensors are int64 on the device of the model.
struct PackedBatch {
    at::Tensor inputIds; // [T]
    at::Tensor hostIds; // [T], the ids where the host can read them
    at::Tensor positionIds; // [T], from 0 within each sequence
    at::Tensor tokenTypeIds; // [T]
    at::Tensor firstTokens; // [B], index of each sequence's first token
    SequenceLayout layout;
    std::vector<int64_t> order; ///< order[i]: position in the caller's list of the i-th sequence of the batch
};

/// One sequence to pack: ids and type ids of equal length.
struct SequenceView {
    std::span<const int32_t> ids;
    std::span<const uint8_t> typeIds; ///< may be empty: all zero
};

/// How many sequences from `begin` on one forward pass takes where memory is to suffice for `rows` of the
/// longest: as many as have no more tokens than those together. `length(i)` falls as i rises; at least one.
template <typename Length>
[[nodiscard]] int64_t rowsWithin(int64_t rows, int64_t begin, int64_t end, const Length& length)
{
    int64_t budget = 0, count = 0;
    for (int64_t i = 0; i < std::min(rows, end); ++i)
        budget += length(i);
    while (begin + count < end && (count == 0 || length(begin + count) <= budget))
        budget -= length(begin + count++);
    return count;
}

/// Packs sequences on the CPU, then moves to `device`.
[[nodiscard]] PackedBatch packBatch(std::span<const SequenceView> sequences, const at::Device& device);

/// Sources and their targets: sequence i of one belongs to sequence i of the other. They are ordered by the
/// length of the source, then of the target.
struct PairedBatch {
    PackedBatch source, target;
};
[[nodiscard]] PairedBatch packPairs(
    std::span<const SequenceView> sources, std::span<const SequenceView> targets, const at::Device& device);

} // namespace studio
