// SPDX-License-Identifier: MIT
#include "core/train/batch_plan.h"

#include "core/train/row_order.h"
#include "core/train/schedule.h"

#include <algorithm>
#include <cmath>

namespace studio {

BatchPlan::BatchPlan(const TrainingArguments& arguments, int64_t rows, std::vector<int32_t> lengths)
    : m_arguments(arguments)
    , m_rows(rows)
    , m_lengths(std::move(lengths))
    , m_alike(arguments.maxTokensPerBatch == 0 || !arguments.shuffle)
{
}

BatchPlan::Order BatchPlan::makeOrder(int64_t epoch) const
{
    Order order{epoch, epochRowOrder(m_arguments, m_rows, epoch, m_lengths), {0}};
    if (m_arguments.maxTokensPerBatch == 0) {
        for (auto start = m_arguments.perDeviceTrainBatchSize; start < m_rows;
             start += m_arguments.perDeviceTrainBatchSize)
            order.starts.push_back(start);
    } else {
        int64_t tokens = 0;
        for (int64_t i = 0; i < m_rows; ++i) {
            const auto length = m_lengths[static_cast<size_t>(order.rows[static_cast<size_t>(i)])];
            if (i > order.starts.back() && tokens + length > m_arguments.maxTokensPerBatch) {
                order.starts.push_back(i);
                tokens = 0;
            }
            tokens += length;
        }
    }
    order.starts.push_back(m_rows);
    return order;
}

void BatchPlan::planUpTo(int64_t epoch) const
{
    while (static_cast<int64_t>(m_batches.size()) <= epoch) {
        const auto next = static_cast<int64_t>(m_batches.size());
        const auto batches = m_arguments.maxTokensPerBatch == 0
            ? batchesInEpoch(m_arguments, m_rows)
            : static_cast<int64_t>(makeOrder(next).starts.size()) - 1;
        m_batches.push_back(std::max<int64_t>(batches, 1));
        m_stepsBefore.push_back(m_stepsBefore.back()
            + (m_batches.back() + m_arguments.gradientAccumulationSteps - 1)
                / m_arguments.gradientAccumulationSteps);
    }
}

int64_t BatchPlan::batchesIn(int64_t epoch) const
{
    const auto known = m_alike ? 0 : epoch;
    planUpTo(known);
    return m_batches[static_cast<size_t>(known)];
}

int64_t BatchPlan::stepsIn(int64_t epoch) const
{
    const auto known = m_alike ? 0 : epoch;
    planUpTo(known);
    return m_stepsBefore[static_cast<size_t>(known) + 1] - m_stepsBefore[static_cast<size_t>(known)];
}

std::pair<int64_t, int64_t> BatchPlan::placeAfter(int64_t done) const
{
    if (m_alike)
        return {done / stepsIn(0), done % stepsIn(0)};
    while (m_stepsBefore.back() <= done)
        planUpTo(static_cast<int64_t>(m_batches.size()));
    const auto next = std::ranges::upper_bound(m_stepsBefore, done);
    return {next - m_stepsBefore.begin() - 1, done - *(next - 1)};
}

BatchPlan::Window BatchPlan::windowOf(int64_t step) const
{
    const auto [epoch, before] = placeAfter(step - 1);
    const auto first = before * m_arguments.gradientAccumulationSteps;
    return {epoch, first, std::min(first + m_arguments.gradientAccumulationSteps, batchesIn(epoch))};
}

std::span<const int64_t> BatchPlan::rowsOf(int64_t epoch, int64_t batch) const
{
    if (m_order.epoch != epoch)
        m_order = makeOrder(epoch);
    const auto index = static_cast<size_t>(batch);
    const auto begin = m_order.starts[index], end = m_order.starts[index + 1];
    return std::span<const int64_t>(m_order.rows)
        .subspan(static_cast<size_t>(begin), static_cast<size_t>(end - begin));
}

double BatchPlan::epochAfter(int64_t step) const
{
    const auto [epoch, steps] = placeAfter(step);
    const auto all = batchesIn(epoch);
    const auto batches = std::min(steps * m_arguments.gradientAccumulationSteps, all);
    return static_cast<double>(epoch) + static_cast<double>(batches) / static_cast<double>(all);
}

bool BatchPlan::endsEpoch(int64_t step) const
{
    return placeAfter(step).second == 0;
}

int64_t BatchPlan::totalSteps(const TrainingArguments& arguments) const
{
    if (arguments.maxSteps > 0)
        return arguments.maxSteps;
    if (m_alike)
        return static_cast<int64_t>(
            std::ceil(arguments.numTrainEpochs * static_cast<double>(stepsIn(0)))); // as transformers
    const double whole = std::floor(arguments.numTrainEpochs), rest = arguments.numTrainEpochs - whole;
    const auto epochs = static_cast<int64_t>(whole);
    int64_t steps = 0;
    if (epochs > 0) {
        planUpTo(epochs - 1);
        steps = m_stepsBefore[static_cast<size_t>(epochs)];
    }
    if (rest > 0)
        steps += static_cast<int64_t>(std::ceil(rest * static_cast<double>(stepsIn(epochs))));
    return steps;
}

} // namespace studio
