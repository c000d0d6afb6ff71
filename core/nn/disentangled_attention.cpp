// SPDX-License-Identifier: MIT
// Reference:
// https://github.com/huggingface/transformers/blob/v5.0.0/src/transformers/models/deberta_v2/modeling_deberta_v2.py
#include "core/nn/disentangled_attention.h"

#include "core/nn/device_copy.h"
#include "core/nn/length_buckets.h"
#include "core/nn/random.h"

#include <cmath>

#include <ATen/TensorOperators.h>
#include <ATen/ops/abs.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/bmm.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/ceil.h>
#include <ATen/ops/clamp.h>
#include <ATen/ops/flip.h>
#include <ATen/ops/index_select.h>
#include <ATen/ops/log.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/scalar_tensor.h>
#include <ATen/ops/sign.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/where.h>

namespace studio {

namespace {

/// Distances [n] int64 → buckets [n] int64, in single precision as the reference computes them.
at::Tensor logBuckets(const at::Tensor& distances, const RelativePositionRule& rule)
{
    const auto middle = rule.buckets / 2;
    const auto magnitude = at::abs(distances);
    const auto farthest = at::scalar_tensor(double(rule.maxDistance - 1) / double(middle), at::kFloat);
    const auto steps = at::log(at::clamp(magnitude, 1).to(at::kFloat) / double(middle)) / at::log(farthest);
    const auto far = at::ceil(steps * double(middle - 1)) + double(middle);
    return at::where(magnitude.le(middle), distances, (far * at::sign(distances)).to(at::kLong));
}

/// x [heads, count, L, 2·L − 1] → [heads, count, L, L] with element (r, s) from column s − r + L − 1.
at::Tensor diagonals(const at::Tensor& x)
{
    const auto length = x.size(2);
    if (length == 1)
        return x;
    return x.flatten(2)
        .narrow(2, length - 1, length * (2 * length - 2))
        .unflatten(2, {length, 2 * length - 2})
        .narrow(3, 0, length);
}

/// rows [heads, count·L, size] times the positions [2·L − 1] of the table [rowCount, H], aligned by pair.
at::Tensor positionScores(
    const at::Tensor& rows, const at::Tensor& table, const at::Tensor& positions, const LengthBucket& bucket)
{
    const auto chosen
        = at::index_select(table, 0, positions).unflatten(1, {rows.size(0), -1}); // [2·L − 1, heads, size]
    return diagonals(at::bmm(rows, chosen.permute({1, 2, 0})).unflatten(1, {bucket.count, bucket.length}));
}

} // namespace

RelativePositions relativePositions(
    const RelativePositionRule& rule, int64_t maxLength, const at::Device& device)
{
    auto distances = at::arange(1 - maxLength, maxLength, at::TensorOptions(at::kLong));
    if (rule.buckets > 0 && maxLength - 1 > rule.buckets / 2)
        distances = logBuckets(distances, rule);
    auto rows = at::clamp(distances + rule.span, 0, 2 * rule.span - 1);
    RelativePositions positions;
    const auto* values = rows.const_data_ptr<int64_t>(); // never falling
    positions.firstRow = values[0];
    positions.rowCount = values[rows.numel() - 1] - values[0] + 1;
    rows = onDevice(rows - positions.firstRow, device);
    positions.ascending = rows;
    positions.descending = at::flip(rows, {0});
    return positions;
}

at::Tensor disentangledAttention(const at::Tensor& packed, const at::Tensor& positionKey,
    const at::Tensor& positionQuery, const RelativePositions& positions, const SequenceLayout& layout,
    int64_t headCount, double scale, const DropoutSite& site)
{
    const auto buckets = lengthBuckets(layout);
    const auto longest = (positions.ascending.size(0) + 1) / 2;
    const auto scaledPositions = positionQuery.defined() ? positionQuery * scale : positionQuery;
    std::vector<at::Tensor> outputs;
    const auto parts = bucketRows(packed, buckets);
    for (size_t i = 0; i < buckets.size(); ++i) {
        const auto& bucket = buckets[i];
        const auto heads = parts[i]
                               .view({bucket.rows(), 3, headCount, -1})
                               .permute({1, 2, 0, 3})
                               .contiguous()
                               .unbind(0); // three of [heads, count·L, size]
        const auto dense = [&](const at::Tensor& rows) { // [heads, count, L, size]
            return rows.unflatten(1, {bucket.count, bucket.length});
        };
        const auto here = [&](const at::Tensor& all) { // the distances of this length
            return all.narrow(0, longest - bucket.length, 2 * bucket.length - 1);
        };
        // One factor of each product is scaled before it: fp16 does not hold what large ones would make.
        const auto query = heads[0] * scale;
        auto scores = at::matmul(dense(query), dense(heads[1]).transpose(2, 3)); // [heads, count, L, L]
        if (positionKey.defined())
            scores = scores + positionScores(query, positionKey, here(positions.descending), bucket);
        if (positionQuery.defined())
            scores = scores
                + positionScores(heads[1], scaledPositions, here(positions.ascending), bucket)
                      .transpose(2, 3);
        const auto probabilities = at::softmax(scores, 3, at::kFloat);
        const DropoutSite ofBucket{.probability = site.probability, .key = mixBits(site.key, i)};
        const auto attended
            = at::matmul(dropout(probabilities, ofBucket).to(packed.scalar_type()), dense(heads[2]));
        outputs.push_back(attended.permute({1, 2, 0, 3}).flatten(2).flatten(0, 1)); // [count·L, H]
    }
    return outputs.size() == 1 ? outputs.front() : at::cat(outputs);
}

} // namespace studio
