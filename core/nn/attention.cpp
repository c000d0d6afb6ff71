// SPDX-License-Identifier: MIT
#include "core/nn/attention.h"

#include "core/nn/device_copy.h"
#include "core/nn/parallel.h"
#include "core/nn/spare_rows.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include <ATen/TensorOperators.h>
#include <ATen/ops/_efficient_attention_forward.h>
#include <ATen/ops/_flash_attention_forward.h>
#include <ATen/ops/_fused_sdp_choice.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/index_select.h>
#include <ATen/ops/logical_not.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/native_dropout.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/scaled_dot_product_attention.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/tanh.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>
#include <torch/csrc/autograd/custom_function.h>

namespace studio {

namespace {

/// Floats of a kernel's widest register.
constexpr int64_t g_biasPadding = 16;

/// Sequences of equal numbers of queries and keys that lie side by side: a slice of the batch.
struct Bucket {
    int64_t count = 0, queries = 0, keys = 0;
};

/// Where each sequence's queries and keys begin, [B + 1] both.
struct Spans {
    const std::vector<int64_t>&queries, &keys;

    int64_t count() const { return int64_t(keys.size()) - 1; }
    static int64_t length(const std::vector<int64_t>& starts, int64_t index)
    {
        return starts[size_t(index) + 1] - starts[size_t(index)];
    }
    static int64_t longest(const std::vector<int64_t>& starts)
    {
        int64_t result = 0;
        for (size_t i = 1; i < starts.size(); ++i)
            result = std::max(result, starts[i] - starts[i - 1]);
        return result;
    }
    std::vector<Bucket> buckets() const
    {
        std::vector<Bucket> result;
        for (int64_t i = 0; i < count(); ++i) {
            const auto queryCount = length(queries, i), keyCount = length(keys, i);
            if (result.empty() || result.back().queries != queryCount || result.back().keys != keyCount)
                result.push_back({0, queryCount, keyCount});
            ++result.back().count;
        }
        return result;
    }
};

std::vector<int64_t> countedFromZero(int64_t count)
{
    std::vector<int64_t> starts(static_cast<size_t>(count) + 1);
    std::iota(starts.begin(), starts.end(), int64_t{0});
    return starts;
}

int64_t headSizeOf(const at::Tensor& keyValue, const AttentionRecipe& recipe, bool withQuery)
{
    return keyValue.size(1) / ((withQuery ? recipe.headCount : 0) + 2 * recipe.keyValueHeads());
}

double scaleOf(const AttentionRecipe& recipe, int64_t headSize)
{
    return recipe.scale.value_or(1 / std::sqrt(double(headSize)));
}

/// Rows of sequences of one length for LibTorch's dense attention: queries at positions [count, queries] of
/// `length` keys. Undefined: all are seen.
at::Tensor seenMask(const at::Tensor& positions, int64_t length, const AttentionRecipe& recipe)
{
    if (recipe.before < 0 && recipe.after < 0)
        return {};
    const auto keys = at::arange(length, positions.options());
    const auto distance = keys - positions.unsqueeze(-1); // [count, queries, length]
    auto seen = at::ones_like(distance, at::kBool);
    if (recipe.before >= 0)
        seen = seen & (distance >= -recipe.before);
    if (recipe.after >= 0)
        seen = seen & (distance <= recipe.after);
    return seen.unsqueeze(1); // [count, 1, queries, length]
}

/// What is added to the scores of queries at positions [count, queries] and `length` keys: [count, heads,
/// queries, length], minus infinity where `seen` (may be undefined) is false.
at::Tensor biasRows(
    const at::Tensor& distanceBias, const at::Tensor& positions, int64_t length, const at::Tensor& seen)
{
    const auto keys = at::arange(length, positions.options());
    const auto columns
        = keys - positions.unsqueeze(-1) + (distanceBias.size(1) - 1) / 2; // [count, queries, length]
    auto rows = at::index_select(distanceBias, 1, columns.flatten())
                    .view({distanceBias.size(0), columns.size(0), columns.size(1), length})
                    .transpose(0, 1);
    if (seen.defined())
        rows = rows.masked_fill(at::logical_not(seen), -std::numeric_limits<double>::infinity());
    return rows;
}

/// Scores with a soft cap, which LibTorch's own attention does not know.
at::Tensor cappedAttention(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value,
    const at::Tensor& mask, const AttentionRecipe& recipe, double scale, double dropoutProbability)
{
    auto scores = at::matmul(query, key.transpose(-1, -2)).to(at::kFloat) * scale;
    scores = at::tanh(scores / recipe.softCap) * recipe.softCap;
    if (mask.defined())
        scores = scores.masked_fill(at::logical_not(mask), -std::numeric_limits<double>::infinity());
    auto probabilities = at::softmax(scores, -1).to(value.scalar_type());
    if (dropoutProbability > 0)
        probabilities = std::get<0>(at::native_dropout(probabilities, dropoutProbability, true));
    return at::matmul(probabilities, value);
}

/// What attention over a packed batch needs to know beside its tensors.
struct PackedTask {
    Spans spans;
    const std::vector<int64_t>& positions; // of each sequence's only query; empty: queries count from 0
    const AttentionRecipe& recipe;
    at::Tensor distanceBias; // may be undefined
    double dropoutProbability;
    at::Tensor queryStarts = {}, keyStarts = {}; // the spans as int32 on a GPU
    bool sameSpans = false; // queries are the keys' tokens

    /// Whether every query sees all keys of its sequence.
    bool seesAll() const
    {
        if (recipe.before >= 0 || recipe.after > 0)
            return false;
        if (recipe.after < 0)
            return true;
        for (size_t i = 0; i < positions.size(); ++i) { // causal: the last one does
            if (positions[i] + 1 != Spans::length(spans.keys, int64_t(i)))
                return false;
        }
        return !positions.empty();
    }
};

/// query [Tq, heads, headSize]; key, value [Tk, keyValueHeads, headSize].
at::Tensor bucketedAttention(
    const at::Tensor& query, const at::Tensor& key, const at::Tensor& value, const PackedTask& task)
{
    const auto buckets = task.spans.buckets();
    std::vector<int64_t> queryRows, keyRows, counts;
    for (const auto& bucket : buckets) {
        queryRows.push_back(bucket.count * bucket.queries);
        keyRows.push_back(bucket.count * bucket.keys);
        counts.push_back(bucket.count);
    }
    // split, not narrow: its backward is one concatenation instead of a full-size gradient for each bucket
    const auto queries = query.split_with_sizes(queryRows);
    const auto keys = key.split_with_sizes(keyRows);
    const auto values = value.split_with_sizes(keyRows);
    const at::TensorOptions numbers(at::kLong);
    const auto places = task.positions.empty()
        ? std::vector<at::Tensor>()
        : onDevice(at::tensor(at::ArrayRef<int64_t>(task.positions), numbers), query.device())
              .split_with_sizes(counts);
    const auto& recipe = task.recipe;
    const auto group = recipe.headCount / recipe.keyValueHeads();
    const auto scale = scaleOf(recipe, query.size(-1));
    std::vector<at::Tensor> outputs;
    for (size_t i = 0; i < buckets.size(); ++i) {
        const auto dense = [&](const at::Tensor& rows, int64_t repeats) { // [count, heads, length, headSize]
            const auto heads = rows.unflatten(0, {buckets[i].count, -1}).transpose(1, 2);
            return repeats == 1 ? heads : heads.repeat_interleave(repeats, 1);
        };
        const auto place = places.empty()
            ? at::arange(buckets[i].queries, numbers.device(query.device())).unsqueeze(0)
            : places[i].unsqueeze(1);
        auto mask = seenMask(place, buckets[i].keys, recipe);
        const auto q = dense(queries[i], 1), k = dense(keys[i], group), v = dense(values[i], group);
        if (recipe.softCap == 0 && task.distanceBias.defined())
            mask = biasRows(task.distanceBias, place, buckets[i].keys, mask).to(q.scalar_type());
        const auto output = recipe.softCap != 0
            ? cappedAttention(q, k, v, mask, recipe, scale, task.dropoutProbability)
            : at::scaled_dot_product_attention(q, k, v, mask.defined() ? std::optional(mask) : std::nullopt,
                task.dropoutProbability, false, scale);
        outputs.push_back(output.transpose(1, 2).flatten(0, 1));
    }
    return outputs.size() == 1 ? outputs.front() : at::cat(outputs);
}

/// The head size rounded up to what the kernels of GPUs take.
at::Tensor paddedHeads(const at::Tensor& rows)
{
    constexpr int64_t multiple = 8;
    const auto rest = rows.size(-1) % multiple;
    return rest == 0 ? rows : at::constant_pad_nd(rows, {0, multiple - rest});
}

/// The variable-length kernels of LibTorch on CUDA; undefined where shapes, type or recipe do not allow them.
/// query [Tq, heads, headSize]; key, value [Tk, keyValueHeads, headSize].
at::Tensor unpaddedAttention(
    const at::Tensor& query, const at::Tensor& key, const at::Tensor& value, const PackedTask& task)
{
    const auto& recipe = task.recipe;
    const bool seesAll = task.seesAll(), causal = !seesAll && recipe.after == 0;
    if (recipe.softCap != 0 || task.distanceBias.defined() || !(seesAll || task.sameSpans))
        return {};
    const auto scale = scaleOf(recipe, query.size(-1));
    const auto q = paddedHeads(query), k = paddedHeads(key), v = paddedHeads(value);
    enum Backend : int64_t { Flash = 1, Efficient = 2 }; // values of at::SDPBackend
    const auto dense = q.transpose(0, 1).unsqueeze(0); // keys and values are like it in all that matters
    const auto backend
        = at::_fused_sdp_choice(dense, dense, dense, {}, task.dropoutProbability, causal, scale);
    const auto queryLength = Spans::longest(task.spans.queries), keyLength = Spans::longest(task.spans.keys);
    at::Tensor output; // [Tq, heads, padded head size]
    if (backend == Flash) {
        const auto limit = [&](int64_t tokens) {
            return seesAll || tokens < 0 ? std::nullopt : std::optional<int64_t>(tokens);
        };
        output = std::get<0>(at::_flash_attention_forward(q, k, v, task.queryStarts, task.keyStarts,
            queryLength, keyLength, task.dropoutProbability, causal, /*return_debug_mask=*/false, scale,
            limit(recipe.before), limit(recipe.after)));
    } else if (backend == Efficient && (seesAll || causal)) {
        const auto group = recipe.headCount / recipe.keyValueHeads();
        const auto heads = [&](const at::Tensor& rows) { // [1, Tk, heads, size]
            return (group == 1 ? rows : rows.repeat_interleave(group, 1)).unsqueeze(0);
        };
        const auto window = causal && recipe.before >= 0 ? std::optional(recipe.before + 1) : std::nullopt;
        output = std::get<0>(at::_efficient_attention_forward(q.unsqueeze(0), heads(k), heads(v), {},
                                 task.queryStarts, task.keyStarts, queryLength, keyLength,
                                 task.dropoutProbability, /*custom_mask_type: causal*/ causal ? 1 : 0,
                                 /*compute_log_sumexp=*/true, scale, {}, window))
                     .squeeze(0);
    }
    return output.defined() ? output.narrow(-1, 0, query.size(-1)) : output;
}

at::Tensor attention(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value,
    const PackedTask& task, const DropoutSite& site)
{
    if (site.active())
        seedGenerator(query, site);
    const auto output = query.is_cuda() ? unpaddedAttention(query, key, value, task) : at::Tensor();
    return output.defined() ? output : bucketedAttention(query, key, value, task);
}

/// `starts` as LibTorch's kernels take them; undefined on the CPU.
at::Tensor deviceStarts(const SequenceLayout& layout, const at::Tensor& like)
{
    if (!like.is_cuda() || layout.deviceStarts.defined())
        return layout.deviceStarts;
    return onDevice(at::tensor(at::ArrayRef<int64_t>(layout.starts), at::kInt), like.device());
}

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// The heads of a batch for the CPU kernels. query, key and value may be columns of one tensor.
struct HeadTasks {
    const at::Tensor& query; // [Tq, ≥ heads·headSize], the first columns used
    const at::Tensor& keyValue; // [Tk, ≥ 2·keyValueHeads·headSize], the last columns used
    Spans spans;
    const std::vector<int64_t>& positions; // of a sequence's only query; empty: queries count from 0
    const AttentionRecipe& recipe;
    int64_t headSize;
    DropoutMask mask;
    const at::Tensor& bias; // kernelBias() of the distances, may be undefined

    int64_t width() const { return recipe.headCount * headSize; }
    int64_t keyWidth() const { return recipe.keyValueHeads() * headSize; }
    int64_t group() const { return recipe.headCount / recipe.keyValueHeads(); }
    int64_t queryRow(int64_t sequence) const { return spans.queries[size_t(sequence)]; }
    /// Of a key head's column in a tensor shaped as keyValue.
    int64_t keyOffset(int64_t sequence, int64_t keyHead) const
    {
        return spans.keys[size_t(sequence)] * keyValue.size(1) + keyValue.size(1) - 2 * keyWidth()
            + keyHead * headSize;
    }
    /// Of distance 0 in a head's row of a tensor shaped as bias.
    int64_t biasOffset(int64_t index) const
    {
        return index * bias.size(1) + (bias.size(1) - g_biasPadding - 1) / 2;
    }

    AttentionHead head(int64_t sequence, int64_t index) const
    {
        const auto* key = keyValue.const_data_ptr<float>() + keyOffset(sequence, index / group());
        return {
            .query = query.const_data_ptr<float>() + queryRow(sequence) * query.size(1) + index * headSize,
            .key = key,
            .value = key + keyWidth(),
            .queryStride = query.size(1),
            .keyStride = keyValue.size(1),
            .queryCount = Spans::length(spans.queries, sequence),
            .keyCount = Spans::length(spans.keys, sequence),
            .headSize = headSize,
            .scoreScale = static_cast<float>(scaleOf(recipe, headSize)),
            .mask = mask,
            .maskRow = index * query.size(0) + queryRow(sequence),
            .firstQuery = positions.empty() ? 0 : positions[size_t(sequence)],
            .before = recipe.before,
            .after = recipe.after,
            .softCap = static_cast<float>(recipe.softCap),
            .distanceBias = bias.defined() ? bias.const_data_ptr<float>() + biasOffset(index) : nullptr};
    }

    int64_t tasks() const { return spans.count() * recipe.keyValueHeads(); }

    /// work(head, sequence, index, scratch, part) for every head of every sequence, in partCount(tasks())
    /// parts. Key heads are dealt out in turn, for lengths rise along the batch and ranges would be uneven;
    /// the query heads that share one follow each other on one thread.
    template <typename Work>
    void forEachHead(const Work& work) const
    {
        const auto longest = Spans::longest(spans.keys);
        const auto keyHeads = recipe.keyValueHeads();
        const auto parts = partCount(tasks());
        forEachPart(parts, [&](int64_t part, int64_t, int64_t) {
            const auto scratch
                = at::empty({attentionScratch(longest, headSize)}, at::TensorOptions(at::kFloat));
            for (auto task = part; task < tasks(); task += parts) {
                const auto sequence = task / keyHeads, keyHead = task % keyHeads;
                for (auto index = keyHead * group(); index < (keyHead + 1) * group(); ++index)
                    work(head(sequence, index), sequence, index, scratch.mutable_data_ptr<float>(), part);
            }
        });
    }
};

/// The recipe among an autograd node's saved data.
void saveRecipe(AutogradContext& context, const AttentionRecipe& recipe, int64_t headSize)
{
    context.saved_data["recipe"]
        = std::vector<int64_t>{recipe.headCount, recipe.keyValueHeads(), recipe.before, recipe.after};
    context.saved_data["scores"] = std::vector<double>{scaleOf(recipe, headSize), recipe.softCap};
}
AttentionRecipe savedRecipe(AutogradContext& context)
{
    const auto counts = context.saved_data["recipe"].toIntVector();
    const auto scores = context.saved_data["scores"].toDoubleVector();
    return {.headCount = counts[0],
        .keyValueHeadCount = counts[1],
        .before = counts[2],
        .after = counts[3],
        .scale = scores[0],
        .softCap = scores[1]};
}

/// Rows that the kernels may read beyond.
at::Tensor kernelBias(const std::optional<at::Tensor>& distanceBias)
{
    return distanceBias ? at::constant_pad_nd(distanceBias->detach(), {0, g_biasPadding}).contiguous()
                        : at::Tensor();
}

/// Attention by the CPU kernels; probabilities are made again in the backward pass from their log-sums.
/// `query` absent: it is the first columns of `packed`, and queries begin where keys do.
class AttentionFunction : public torch::autograd::Function<AttentionFunction> {
public:
    static at::Tensor forward(AutogradContext* context, const std::optional<at::Tensor>& separateQuery,
        const at::Tensor& packed, const std::optional<at::Tensor>& distanceBias, const Spans& spans,
        const std::vector<int64_t>& positions, const AttentionRecipe& recipe, const DropoutMask& mask)
    {
        const bool separate = separateQuery.has_value();
        const auto keyValue = packed.contiguous();
        const auto query = separate ? separateQuery->contiguous() : keyValue;
        const auto bias = kernelBias(distanceBias);
        const auto headSize = headSizeOf(keyValue, recipe, !separate);
        const HeadTasks tasks{query, keyValue, spans, positions, recipe, headSize, mask, bias};
        const auto width = tasks.width();
        auto output = emptyRows(query.size(0), width, query.options());
        auto logSums = at::empty({recipe.headCount, query.size(0)}, query.options());
        tasks.forEachHead(
            [&](const AttentionHead& head, int64_t sequence, int64_t index, float* scratch, int64_t) {
                const auto row = tasks.queryRow(sequence);
                cpuKernels().attentionForward(head,
                    {.output = output.mutable_data_ptr<float>() + row * width + index * headSize,
                        .outputStride = width,
                        .logSumExp = logSums.mutable_data_ptr<float>() + index * query.size(0) + row},
                    scratch);
            });
        context->save_for_backward({query, keyValue, logSums, bias});
        saveRecipe(*context, recipe, headSize);
        context->saved_data["queries"] = spans.queries;
        context->saved_data["keys"] = spans.keys;
        context->saved_data["positions"] = positions;
        context->saved_data["key"] = static_cast<int64_t>(mask.key);
        context->saved_data["threshold"] = static_cast<int64_t>(mask.threshold);
        context->saved_data["scale"] = static_cast<double>(mask.scale);
        context->saved_data["separate"] = separate;
        return output;
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients)
    {
        const auto saved = context->get_saved_variables();
        auto& data = context->saved_data;
        const auto &query = saved[0], &keyValue = saved[1], &logSums = saved[2], &bias = saved[3];
        const auto queryStarts = data["queries"].toIntVector(), keyStarts = data["keys"].toIntVector(),
                   positions = data["positions"].toIntVector();
        const auto recipe = savedRecipe(*context);
        const bool separate = data["separate"].toBool();
        const DropoutMask mask{.key = static_cast<uint64_t>(data["key"].toInt()),
            .threshold = static_cast<uint32_t>(data["threshold"].toInt()),
            .scale = static_cast<float>(data["scale"].toDouble())};
        const auto gradient = gradients[0].contiguous();
        const auto headSize = gradient.size(1) / recipe.headCount;
        const HeadTasks tasks{
            query, keyValue, {queryStarts, keyStarts}, positions, recipe, headSize, mask, bias};
        const bool seesAll = recipe.before < 0 && recipe.after < 0;
        auto packedGradient = emptyRowsLike(keyValue);
        if (!seesAll)
            packedGradient.zero_();
        auto queryGradient = separate ? emptyRowsLike(query) : packedGradient;
        // threads have sums of their own: sequences share the bias
        auto biasSums = bias.defined()
            ? at::zeros({partCount(tasks.tasks()), bias.size(0), bias.size(1)}, bias.options())
            : at::Tensor();
        tasks.forEachHead([&](const AttentionHead& head, int64_t sequence, int64_t index, float* scratch,
                              int64_t part) {
            const auto row = tasks.queryRow(sequence), column = index * headSize;
            auto* keyGradient
                = packedGradient.mutable_data_ptr<float>() + tasks.keyOffset(sequence, index / tasks.group());
            cpuKernels().attentionBackward(head,
                {.outputGradient = gradient.const_data_ptr<float>() + row * tasks.width() + column,
                    .logSumExp = logSums.const_data_ptr<float>() + index * query.size(0) + row,
                    .outputStride = tasks.width(),
                    .queryGradient = queryGradient.mutable_data_ptr<float>() + row * query.size(1) + column,
                    .keyGradient = keyGradient,
                    .valueGradient = keyGradient + tasks.keyWidth(),
                    .accumulate = !seesAll || index % tasks.group() > 0,
                    .biasGradient = bias.defined()
                        ? biasSums.mutable_data_ptr<float>() + part * bias.numel() + tasks.biasOffset(index)
                        : nullptr},
                scratch);
        });
        at::Tensor biasGradient;
        if (bias.defined())
            biasGradient = biasSums.sum(0).narrow(1, 0, bias.size(1) - g_biasPadding);
        return {separate ? queryGradient : at::Tensor(), packedGradient, biasGradient, {}, {}, {}, {}};
    }
};

bool fitsCpuKernels(const at::Tensor& packed)
{
    return packed.is_cpu() && packed.scalar_type() == at::kFloat;
}

std::optional<at::Tensor> optionalTensor(const at::Tensor& tensor)
{
    return tensor.defined() ? std::optional(tensor) : std::nullopt;
}

/// Queries apart from keys and values.
at::Tensor separateAttention(
    const at::Tensor& query, const at::Tensor& keyValue, const PackedTask& task, const DropoutSite& site)
{
    const auto& recipe = task.recipe;
    if (fitsCpuKernels(keyValue))
        return AttentionFunction::apply(std::optional<at::Tensor>(query), keyValue,
            optionalTensor(task.distanceBias), task.spans, task.positions, recipe, cpuMask(site));
    const auto heads = keyValue.unflatten(1, {-1, headSizeOf(keyValue, recipe, false)});
    const auto parts = heads.split_with_sizes({recipe.keyValueHeads(), recipe.keyValueHeads()}, 1);
    return attention(query.unflatten(1, {recipe.headCount, -1}), parts[0], parts[1], task, site).flatten(1);
}

} // namespace

at::Tensor packedSelfAttention(const at::Tensor& packed, const SequenceLayout& layout,
    const AttentionRecipe& recipe, const DropoutSite& site, const at::Tensor& distanceBias)
{
    const Spans spans{layout.starts, layout.starts};
    if (fitsCpuKernels(packed))
        return AttentionFunction::apply(std::optional<at::Tensor>(), packed, optionalTensor(distanceBias),
            spans, std::vector<int64_t>(), recipe, cpuMask(site));
    const auto heads
        = packed.unflatten(1, {-1, headSizeOf(packed, recipe, true)}); // [T, all heads, headSize]
    const auto parts
        = heads.split_with_sizes({recipe.headCount, recipe.keyValueHeads(), recipe.keyValueHeads()}, 1);
    const auto starts = deviceStarts(layout, packed);
    const std::vector<int64_t> fromZero;
    const PackedTask task{spans, fromZero, recipe, distanceBias, site.probability, starts, starts, true};
    return attention(parts[0], parts[1], parts[2], task, site).flatten(1);
}

at::Tensor packedSingleQueryAttention(const at::Tensor& query, const at::Tensor& keyValue,
    const SequenceLayout& layout, const std::vector<int64_t>& positions, const AttentionRecipe& recipe,
    const DropoutSite& site, const at::Tensor& distanceBias)
{
    const auto queryStarts = countedFromZero(layout.count());
    const auto onGpu = query.is_cuda()
        ? at::arange(layout.count() + 1, query.options().dtype(at::kInt).requires_grad(false))
        : at::Tensor();
    return separateAttention(query, keyValue,
        {{queryStarts, layout.starts}, positions, recipe, distanceBias, site.probability, onGpu,
            deviceStarts(layout, query)},
        site);
}

at::Tensor packedCrossAttention(const at::Tensor& query, const SequenceLayout& queries,
    const at::Tensor& keyValue, const SequenceLayout& keys, const AttentionRecipe& recipe,
    const DropoutSite& site)
{
    const std::vector<int64_t> fromZero;
    return separateAttention(query, keyValue,
        {{queries.starts, keys.starts}, fromZero, recipe, {}, site.probability, deviceStarts(queries, query),
            deviceStarts(keys, query)},
        site);
}

at::Tensor packedSelfAttention(
    const at::Tensor& packed, const SequenceLayout& layout, int64_t headCount, const DropoutSite& site)
{
    return packedSelfAttention(packed, layout, AttentionRecipe{.headCount = headCount}, site);
}

at::Tensor packedSingleQueryAttention(const at::Tensor& query, const at::Tensor& keyValue,
    const SequenceLayout& layout, int64_t headCount, const DropoutSite& site)
{
    return packedSingleQueryAttention(
        query, keyValue, layout, {}, AttentionRecipe{.headCount = headCount}, site);
}

} // namespace studio
