// SPDX-License-Identifier: MIT
#include "core/nn/attention.h"

#include <vector>

#include <ATen/ops/_efficient_attention_forward.h>
#include <ATen/ops/_flash_attention_forward.h>
#include <ATen/ops/_fused_sdp_choice.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/scaled_dot_product_attention.h>
#include <ATen/ops/tensor.h>

namespace studio {

namespace {

/// Runs of sequences of equal length: they lie side by side, so a run is a slice of the batch.
struct Bucket {
    int64_t count = 0, length = 0;
};

std::vector<Bucket> bucketsOf(const SequenceLayout& layout)
{
    std::vector<Bucket> buckets;
    for (int64_t i = 0; i < layout.count(); ++i) {
        if (buckets.empty() || buckets.back().length != layout.length(i))
            buckets.push_back({0, layout.length(i)});
        ++buckets.back().count;
    }
    return buckets;
}

/// query [Tq, heads, headSize] with `queryLength` rows a sequence (0: as many as keys); key, value [T, heads,
/// headSize].
at::Tensor bucketedAttention(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value,
    const SequenceLayout& layout, int64_t queryLength, double dropoutProbability)
{
    const auto buckets = bucketsOf(layout);
    std::vector<int64_t> queryRows, keyRows;
    for (const auto& bucket : buckets) {
        queryRows.push_back(bucket.count * (queryLength ? queryLength : bucket.length));
        keyRows.push_back(bucket.count * bucket.length);
    }
    // split, not narrow: its backward is one concatenation instead of a full-size gradient for each bucket
    const auto queries = query.split_with_sizes(queryRows);
    const auto keys = key.split_with_sizes(keyRows);
    const auto values = value.split_with_sizes(keyRows);
    std::vector<at::Tensor> outputs;
    for (size_t i = 0; i < buckets.size(); ++i) {
        const auto dense = [&](const at::Tensor& rows) { // [count, heads, length, headSize]
            return rows.unflatten(0, {buckets[i].count, -1}).transpose(1, 2);
        };
        outputs.push_back(at::scaled_dot_product_attention(
            dense(queries[i]), dense(keys[i]), dense(values[i]), {}, dropoutProbability)
                              .transpose(1, 2)
                              .flatten(0, 1));
    }
    return outputs.size() == 1 ? outputs.front() : at::cat(outputs);
}

/// The variable-length kernels of LibTorch on CUDA where shapes and dtype allow, else buckets.
at::Tensor attention(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value,
    const SequenceLayout& layout, bool singleQuery, const DropoutSite& site)
{
    if (site.active())
        seedGenerator(query, site);
    enum Backend : int64_t { Flash = 1, Efficient = 2 }; // values of at::SDPBackend
    const auto dense = [](const at::Tensor& rows) { return rows.transpose(0, 1).unsqueeze(0); };
    const auto backend = query.is_cuda()
        ? at::_fused_sdp_choice(dense(query), dense(key), dense(value), {}, site.probability)
        : 0;
    if (backend != Flash && backend != Efficient)
        return bucketedAttention(query, key, value, layout, singleQuery ? 1 : 0, site.probability);

    const at::TensorOptions options(at::kInt);
    const auto keyStarts
        = at::tensor(at::ArrayRef<int64_t>(layout.starts), options).to(query.device()); // [B + 1]
    const auto queryStarts
        = singleQuery ? at::arange(layout.count() + 1, options).to(query.device()) : keyStarts;
    const auto queryLength = singleQuery ? 1 : layout.maxLength;
    if (backend == Flash)
        return std::get<0>(at::_flash_attention_forward(query, key, value, queryStarts, keyStarts,
            queryLength, layout.maxLength, site.probability, false, false));
    return std::get<0>(
        at::_efficient_attention_forward(query.unsqueeze(0), key.unsqueeze(0), value.unsqueeze(0), {},
            queryStarts, keyStarts, queryLength, layout.maxLength, site.probability, 0, true))
        .squeeze(0);
}

} // namespace

at::Tensor packedSelfAttention(
    const at::Tensor& packed, const SequenceLayout& layout, int64_t headCount, const DropoutSite& site)
{
    const auto parts = packed.view({packed.size(0), 3, headCount, -1}).unbind(1); // [T, heads, headSize]
    return attention(parts[0], parts[1], parts[2], layout, false, site).flatten(1);
}

at::Tensor packedSingleQueryAttention(const at::Tensor& query, const at::Tensor& keyValue,
    const SequenceLayout& layout, int64_t headCount, const DropoutSite& site)
{
    const auto parts = keyValue.view({keyValue.size(0), 2, headCount, -1}).unbind(1); // [T, heads, headSize]
    return attention(query.view({query.size(0), headCount, -1}), parts[0], parts[1], layout, true, site)
        .flatten(1);
}

} // namespace studio
