// SPDX-License-Identifier: MIT
#include "core/nn/packed_batch.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/nn/device_copy.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include <ATen/ops/empty.h>

namespace studio {

namespace {

/// 0 to count − 1, sorted by what `key` says of each.
template <typename Key>
std::vector<int64_t> orderBy(size_t count, const Key& key)
{
    std::vector<int64_t> order(count);
    std::iota(order.begin(), order.end(), 0);
    std::ranges::stable_sort(order, {}, key);
    return order;
}

PackedBatch packInOrder(
    std::span<const SequenceView> sequences, std::vector<int64_t> order, const at::Device& device)
{
    PackedBatch batch;
    auto& layout = batch.layout;
    batch.order = std::move(order);
    layout.starts.reserve(sequences.size() + 1);
    layout.starts.push_back(0);
    for (const auto index : batch.order) {
        const auto& sequence = sequences[index];
        const auto length = static_cast<int64_t>(sequence.ids.size());
        if (length == 0)
            throw Error(ErrorKind::Internal, concat("Sequence ", index, " of the batch is empty."));
        if (!sequence.typeIds.empty() && sequence.typeIds.size() != sequence.ids.size())
            throw Error(ErrorKind::Internal,
                concat("Sequence ", index, " of the batch has ", length, " ids and ", sequence.typeIds.size(),
                    " type ids."));
        layout.starts.push_back(layout.tokens() + length);
        layout.maxLength = std::max(layout.maxLength, length);
    }

    // One block, so that one copy takes it to a GPU: ids, positions, types, starts.
    const auto tokens = layout.tokens();
    const std::vector<int64_t> sizes{tokens, tokens, tokens, layout.count() + 1};
    const auto host = at::empty(
        {3 * tokens + layout.count() + 1}, at::TensorOptions(at::kLong).pinned_memory(device.is_cuda()));
    const auto parts = host.split_with_sizes(sizes);
    std::ranges::copy(layout.starts, parts[3].data_ptr<int64_t>());
    for (int64_t i = 0; i < layout.count(); ++i) {
        const auto& sequence = sequences[batch.order[i]];
        const auto start = layout.starts[i];
        std::ranges::copy(sequence.ids, parts[0].data_ptr<int64_t>() + start);
        auto* positions = parts[1].data_ptr<int64_t>() + start;
        std::iota(positions, positions + layout.length(i), 0);
        auto* types = parts[2].data_ptr<int64_t>() + start;
        if (sequence.typeIds.empty())
            std::fill_n(types, layout.length(i), 0);
        else
            std::ranges::copy(sequence.typeIds, types);
    }
    const auto there = onDevice(host, device).split_with_sizes(sizes);
    batch.hostIds = parts[0];
    batch.inputIds = there[0];
    batch.positionIds = there[1];
    batch.tokenTypeIds = there[2];
    batch.firstTokens = there[3].narrow(0, 0, layout.count());
    if (device.is_cuda())
        layout.deviceStarts = there[3].to(at::kInt);
    return batch;
}

} // namespace

PackedBatch packBatch(std::span<const SequenceView> sequences, const at::Device& device)
{
    return packInOrder(sequences,
        orderBy(sequences.size(), [&](int64_t index) { return sequences[size_t(index)].ids.size(); }),
        device);
}

PairedBatch packPairs(
    std::span<const SequenceView> sources, std::span<const SequenceView> targets, const at::Device& device)
{
    if (sources.size() != targets.size())
        throw Error(ErrorKind::Internal,
            concat(sources.size(), " sources and ", targets.size(), " targets cannot be paired."));
    const auto order = orderBy(sources.size(), [&](int64_t index) {
        return std::pair(sources[size_t(index)].ids.size(), targets[size_t(index)].ids.size());
    });
    return {packInOrder(sources, order, device), packInOrder(targets, order, device)};
}

} // namespace studio
