// SPDX-License-Identifier: MIT
#include "core/nn/attention.h"

#include "core/nn/parallel.h"

#include <cmath>
#include <vector>

#include <ATen/ops/_efficient_attention_forward.h>
#include <ATen/ops/_flash_attention_forward.h>
#include <ATen/ops/_fused_sdp_choice.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/scaled_dot_product_attention.h>
#include <ATen/ops/tensor.h>
#include <torch/csrc/autograd/custom_function.h>

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

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// The heads of a batch for the CPU kernels. query, key and value may be columns of one tensor.
struct HeadTasks {
    const at::Tensor& query; // [Tq, ≥ H], H columns used
    const at::Tensor& keyValue; // [T, ≥ 2·H], the last 2·H columns used
    const std::vector<int64_t>& starts;
    int64_t headCount, width; // width = H
    bool singleQuery;
    DropoutMask mask;

    int64_t sequences() const { return int64_t(starts.size()) - 1; }
    int64_t headSize() const { return width / headCount; }
    int64_t queryRow(int64_t sequence) const { return singleQuery ? sequence : starts[sequence]; }
    int64_t keyColumn() const { return keyValue.size(1) - 2 * width; }

    AttentionHead head(int64_t sequence, int64_t index) const
    {
        const auto keyCount = starts[sequence + 1] - starts[sequence];
        const auto* key = keyValue.const_data_ptr<float>() + starts[sequence] * keyValue.size(1) + keyColumn()
            + index * headSize();
        return {
            .query = query.const_data_ptr<float>() + queryRow(sequence) * query.size(1) + index * headSize(),
            .key = key,
            .value = key + width,
            .queryStride = query.size(1),
            .keyStride = keyValue.size(1),
            .queryCount = singleQuery ? 1 : keyCount,
            .keyCount = keyCount,
            .headSize = headSize(),
            .scoreScale = static_cast<float>(1 / std::sqrt(double(headSize()))),
            .mask = mask,
            .maskRow = index * query.size(0) + queryRow(sequence)};
    }

    /// work(head, sequence, index, scratch) for every head of every sequence, dealt out in turn: lengths rise
    /// along the batch, so ranges would be uneven.
    template <typename Work>
    void forEachHead(const Work& work) const
    {
        int64_t longest = 0;
        for (int64_t i = 0; i < sequences(); ++i)
            longest = std::max(longest, starts[i + 1] - starts[i]);
        const auto tasks = sequences() * headCount;
        const auto parts = partCount(tasks);
        forEachPart(parts, [&](int64_t part, int64_t, int64_t) {
            const auto scratch
                = at::empty({attentionScratch(longest, headSize())}, at::TensorOptions(at::kFloat));
            for (auto task = part; task < tasks; task += parts) {
                const auto sequence = task / headCount, index = task % headCount;
                work(head(sequence, index), sequence, index, scratch.mutable_data_ptr<float>());
            }
        });
    }
};

/// Attention by the CPU kernels; probabilities are made again in the backward pass from their log-sums.
/// `query` absent: it is the first third of `packed`.
class AttentionFunction : public torch::autograd::Function<AttentionFunction> {
public:
    static at::Tensor forward(AutogradContext* context, const std::optional<at::Tensor>& separateQuery,
        const at::Tensor& packed, const std::vector<int64_t>& starts, int64_t headCount,
        const DropoutMask& mask)
    {
        const auto keyValue = packed.contiguous();
        const auto query = separateQuery ? separateQuery->contiguous() : keyValue;
        const auto width = separateQuery ? query.size(1) : keyValue.size(1) / 3;
        const HeadTasks tasks{query, keyValue, starts, headCount, width, separateQuery.has_value(), mask};
        auto output = at::empty({query.size(0), width}, query.options());
        auto logSums = at::empty({headCount, query.size(0)}, query.options());
        tasks.forEachHead([&](const AttentionHead& head, int64_t sequence, int64_t index, float* scratch) {
            const auto row = tasks.queryRow(sequence);
            cpuKernels().attentionForward(head,
                {.output = output.mutable_data_ptr<float>() + row * width + index * tasks.headSize(),
                    .outputStride = width,
                    .logSumExp = logSums.mutable_data_ptr<float>() + index * query.size(0) + row},
                scratch);
        });
        context->save_for_backward({query, keyValue, logSums});
        context->saved_data["starts"] = starts;
        context->saved_data["heads"] = headCount;
        context->saved_data["key"] = static_cast<int64_t>(mask.key);
        context->saved_data["threshold"] = static_cast<int64_t>(mask.threshold);
        context->saved_data["scale"] = static_cast<double>(mask.scale);
        context->saved_data["single"] = separateQuery.has_value();
        return output;
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients)
    {
        const auto saved = context->get_saved_variables();
        auto& data = context->saved_data;
        const auto &query = saved[0], &keyValue = saved[1], &logSums = saved[2];
        const auto starts = data["starts"].toIntVector();
        const bool single = data["single"].toBool();
        const DropoutMask mask{.key = static_cast<uint64_t>(data["key"].toInt()),
            .threshold = static_cast<uint32_t>(data["threshold"].toInt()),
            .scale = static_cast<float>(data["scale"].toDouble())};
        const auto gradient = gradients[0].contiguous();
        const HeadTasks tasks{query, keyValue, starts, data["heads"].toInt(), gradient.size(1), single, mask};
        auto packedGradient = at::empty_like(keyValue);
        auto queryGradient = single ? at::empty_like(query) : packedGradient;
        tasks.forEachHead([&](const AttentionHead& head, int64_t sequence, int64_t index, float* scratch) {
            const auto row = tasks.queryRow(sequence), column = index * tasks.headSize();
            auto* keyGradient = packedGradient.mutable_data_ptr<float>()
                + starts[size_t(sequence)] * keyValue.size(1) + tasks.keyColumn() + column;
            cpuKernels().attentionBackward(head,
                {.outputGradient = gradient.const_data_ptr<float>() + row * tasks.width + column,
                    .logSumExp = logSums.const_data_ptr<float>() + index * query.size(0) + row,
                    .outputStride = tasks.width,
                    .queryGradient = queryGradient.mutable_data_ptr<float>() + row * query.size(1) + column,
                    .keyGradient = keyGradient,
                    .valueGradient = keyGradient + tasks.width},
                scratch);
        });
        return {single ? queryGradient : at::Tensor(), packedGradient, {}, {}, {}};
    }
};

bool fitsCpuKernels(const at::Tensor& packed)
{
    return packed.is_cpu() && packed.scalar_type() == at::kFloat;
}

} // namespace

at::Tensor packedSelfAttention(
    const at::Tensor& packed, const SequenceLayout& layout, int64_t headCount, const DropoutSite& site)
{
    if (fitsCpuKernels(packed))
        return AttentionFunction::apply(
            std::optional<at::Tensor>(), packed, layout.starts, headCount, cpuMask(site));
    const auto parts = packed.view({packed.size(0), 3, headCount, -1}).unbind(1); // [T, heads, headSize]
    return attention(parts[0], parts[1], parts[2], layout, false, site).flatten(1);
}

at::Tensor packedSingleQueryAttention(const at::Tensor& query, const at::Tensor& keyValue,
    const SequenceLayout& layout, int64_t headCount, const DropoutSite& site)
{
    if (fitsCpuKernels(keyValue))
        return AttentionFunction::apply(
            std::optional<at::Tensor>(query), keyValue, layout.starts, headCount, cpuMask(site));
    const auto parts = keyValue.view({keyValue.size(0), 2, headCount, -1}).unbind(1); // [T, heads, headSize]
    return attention(query.view({query.size(0), headCount, -1}), parts[0], parts[1], layout, true, site)
        .flatten(1);
}

} // namespace studio
