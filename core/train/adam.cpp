// SPDX-License-Identifier: MIT
// Reference: torch/optim/adam.py, torch/optim/adamw.py.
#include "core/train/adam.h"

#include "core/nn/parallel.h"

#include <algorithm>

namespace studio {

namespace {

constexpr int64_t blockSize = 1 << 14; ///< numbers that a thread takes at once

/// Rows or, of a dense gradient, numbers [begin, end) of a task.
struct Block {
    const AdamTask* task;
    const float* gradient; ///< the sparse gradient's values or the dense gradient
    int64_t begin, end;
};

int64_t rowSize(const AdamTask& task)
{
    return task.parameter.numel() / std::max<int64_t>(1, task.parameter.size(0));
}

void findMovingRows(const AdamTask& task)
{
    const auto count = task.parameter.size(0), size = rowSize(task);
    task.rows->places.assign(static_cast<size_t>(count), -1);
    auto& moving = task.rows->moving;
    moving.resize(static_cast<size_t>(count));
    const auto *first = task.first.const_data_ptr<float>(), *second = task.second.const_data_ptr<float>();
    const auto isZero = [](float value) { return value == 0; };
    forEachPart(count, [&](int64_t, int64_t begin, int64_t end) {
        for (auto row = begin; row < end; ++row)
            moving[static_cast<size_t>(row)]
                = !std::all_of(first + row * size, first + (row + 1) * size, isZero)
                || !std::all_of(second + row * size, second + (row + 1) * size, isZero);
    });
}

/// places[row] = where the gradient holds it, or −1 again.
void setPlaces(const AdamTask& task, const at::Tensor& indices, bool known)
{
    const auto* row = indices.const_data_ptr<int64_t>();
    for (int64_t i = 0; i < indices.numel(); ++i)
        task.rows->places[static_cast<size_t>(row[i])] = known ? static_cast<int32_t>(i) : -1;
}

void updateRows(const Block& block)
{
    const auto& task = *block.task;
    const auto size = rowSize(task);
    auto *parameter = task.parameter.mutable_data_ptr<float>(), *first = task.first.mutable_data_ptr<float>(),
         *second = task.second.mutable_data_ptr<float>();
    const bool all = task.rule.penalty != 0 || task.rule.kept != 1;
    for (auto row = block.begin; row < block.end; ++row) {
        auto& moving = task.rows->moving[static_cast<size_t>(row)];
        const auto place = task.rows->places[static_cast<size_t>(row)];
        if (place < 0 && !moving && !all)
            continue;
        if (place >= 0)
            moving = 1;
        cpuKernels().adam(parameter + row * size, place < 0 ? nullptr : block.gradient + place * size,
            first + row * size, second + row * size, size, task.rule);
    }
}

void updateNumbers(const Block& block)
{
    const auto& task = *block.task;
    cpuKernels().adam(task.parameter.mutable_data_ptr<float>() + block.begin, block.gradient + block.begin,
        task.first.mutable_data_ptr<float>() + block.begin,
        task.second.mutable_data_ptr<float>() + block.begin, block.end - block.begin, task.rule);
}

} // namespace

void adamUpdate(std::span<const AdamTask> tasks)
{
    std::vector<Block> blocks;
    std::vector<at::Tensor> kept; // what the blocks point into
    for (const auto& task : tasks) {
        const bool sparse = task.gradient.is_sparse();
        const auto gradient = sparse ? task.gradient.coalesce() : task.gradient;
        const auto& values
            = kept.emplace_back(sparse ? gradient.values().contiguous() : gradient.contiguous());
        if (sparse) {
            if (task.rows->moving.empty())
                findMovingRows(task);
            setPlaces(task, gradient.indices(), true);
        }
        const auto count = sparse ? task.parameter.size(0) : task.parameter.numel();
        const auto step
            = sparse ? std::max<int64_t>(1, blockSize / std::max<int64_t>(1, rowSize(task))) : blockSize;
        for (int64_t begin = 0; begin < count; begin += step)
            blocks.push_back({&task, values.const_data_ptr<float>(), begin, std::min(begin + step, count)});
    }
    // In turn, not in ranges: the rows in use are not spread evenly over an embedding.
    const auto count = static_cast<int64_t>(blocks.size()), threads = partCount(count);
    forEachPart(threads, [&](int64_t part, int64_t, int64_t) {
        for (auto i = part; i < count; i += threads) {
            const auto& block = blocks[static_cast<size_t>(i)];
            block.task->gradient.is_sparse() ? updateRows(block) : updateNumbers(block);
        }
    });
    for (const auto& task : tasks) {
        if (task.gradient.is_sparse())
            setPlaces(task, task.gradient.coalesce().indices(), false);
    }
}

} // namespace studio
