// SPDX-License-Identifier: MIT
#include "core/train/batches.h"

#include "core/nn/device_copy.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>

namespace studio {

TokenRows::TokenRows(const JobPart& part, std::span<const int64_t> positions)
{
    m_rows.reserve(positions.size());
    m_views.reserve(positions.size());
    for (const auto position : positions) {
        const auto& row = m_rows.emplace_back(part.tokensOf(position));
        m_views.push_back({row.ids(), row.typeIds()});
    }
}

Targets makeTargets(const JobPart& part, std::span<const int64_t> positions, const JobData& data)
{
    const auto count = static_cast<int64_t>(positions.size());
    if (data.problemType == ProblemType::SingleLabel) {
        auto targets = at::empty({count}, at::kLong);
        auto* values = targets.mutable_data_ptr<int64_t>();
        for (const auto position : positions)
            *values++ = part.label(position);
        return targets;
    }
    if (data.problemType == ProblemType::Regression) {
        auto targets = at::empty({count}, at::kFloat);
        auto* values = targets.mutable_data_ptr<float>();
        for (const auto position : positions)
            *values++ = static_cast<float>(part.target(position));
        return targets;
    }
    const auto labels = static_cast<int64_t>(data.choice.labels.size());
    auto targets = at::zeros({count, labels}, at::kFloat);
    auto* values = targets.mutable_data_ptr<float>();
    for (const auto position : positions) {
        for (const auto label : part.labels(position))
            values[label] = 1;
        values += labels;
    }
    return targets;
}

LabelledBatch makeBatch(
    const JobPart& part, std::span<const int64_t> positions, const JobData& data, const at::Device& device)
{
    LabelledBatch batch;
    batch.packed = packBatch(TokenRows(part, positions).views(), device);
    std::vector<int64_t> ordered;
    ordered.reserve(positions.size());
    for (const auto position : batch.packed.order)
        ordered.push_back(positions[static_cast<size_t>(position)]);
    batch.targets = onDevice(makeTargets(part, ordered, data), device);
    return batch;
}

} // namespace studio
