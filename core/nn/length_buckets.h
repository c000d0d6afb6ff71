// SPDX-License-Identifier: MIT
#pragma once

#include "core/nn/packed_batch.h"

#include <cstdint>
#include <vector>

namespace studio {

/// Sequences of equal length lie side by side in a batch: `count` of them make one dense block.
struct LengthBucket {
    int64_t count = 0, length = 0;
    [[nodiscard]] int64_t rows() const { return count * length; }
};

[[nodiscard]] inline std::vector<LengthBucket> lengthBuckets(const SequenceLayout& layout)
{
    std::vector<LengthBucket> buckets;
    for (int64_t i = 0; i < layout.count(); ++i) {
        if (buckets.empty() || buckets.back().length != layout.length(i))
            buckets.push_back({0, layout.length(i)});
        ++buckets.back().count;
    }
    return buckets;
}

/// The blocks of packed rows [T, …], in the order of the buckets.
[[nodiscard]] inline std::vector<at::Tensor> bucketRows(
    const at::Tensor& packed, const std::vector<LengthBucket>& buckets)
{
    std::vector<int64_t> counts;
    for (const auto& bucket : buckets)
        counts.push_back(bucket.rows());
    return packed.split_with_sizes(counts); // its backward is one concatenation
}

} // namespace studio
