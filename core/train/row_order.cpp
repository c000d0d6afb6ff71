// SPDX-License-Identifier: MIT
#include "core/train/row_order.h"

#include "core/data/split.h"

#include <algorithm>
#include <numeric>

namespace studio {

namespace {

/// transformers' LengthGroupedSampler: the permutation is cut into pieces of 50 batches, each sorted by
/// length, and the longest row of all comes first, so that a lack of memory shows at once.
void groupByLength(std::vector<int64_t>& order, int64_t batchSize, const std::vector<int32_t>& lengths)
{
    const auto length = [&](int64_t row) { return lengths[static_cast<size_t>(row)]; };
    const auto longerFirst = [&](int64_t left, int64_t right) { return length(left) > length(right); };
    const auto piece = std::min<int64_t>(
        batchSize * 50, std::max<int64_t>(static_cast<int64_t>(order.size()) / 4, batchSize));
    const auto count = static_cast<int64_t>(order.size());
    int64_t longest = 0;
    for (int64_t start = 0; start < count; start += piece) {
        std::stable_sort(order.begin() + start, order.begin() + std::min(start + piece, count), longerFirst);
        if (length(order[static_cast<size_t>(start)]) > length(order[static_cast<size_t>(longest)]))
            longest = start;
    }
    if (count > 0)
        std::swap(order.front(), order[static_cast<size_t>(longest)]);
}

} // namespace

std::vector<int64_t> epochRowOrder(
    const TrainingArguments& arguments, int64_t count, int64_t epoch, const std::vector<int32_t>& lengths)
{
    if (!arguments.shuffle) {
        std::vector<int64_t> order(static_cast<size_t>(count));
        std::iota(order.begin(), order.end(), int64_t{0});
        return order;
    }
    auto order = epochPermutation(count, static_cast<uint64_t>(arguments.seed), epoch);
    if (arguments.groupByLength)
        groupByLength(order, arguments.perDeviceTrainBatchSize, lengths);
    return order;
}

} // namespace studio
