// SPDX-License-Identifier: MIT
#pragma once

#include "core/nn/packed_batch.h"
#include "core/train/job_data.h"
#include "core/train/loss.h"

#include <span>

namespace studio {

/// Some rows of a part, packed, with their targets in the order of the sequences.
struct LabelledBatch {
    PackedBatch packed;
    Targets targets;
    [[nodiscard]] int64_t rows() const { return packed.layout.count(); }
    [[nodiscard]] int64_t tokens() const { return packed.layout.tokens(); }
};

/// `positions`: of rows within the part, in any order.
[[nodiscard]] PackedBatch packRows(
    const JobPart& part, std::span<const int64_t> positions, const at::Device& device);
[[nodiscard]] LabelledBatch makeBatch(
    const JobPart& part, std::span<const int64_t> positions, const JobData& data, const at::Device& device);
/// Targets of rows in the order given, on the CPU.
[[nodiscard]] Targets makeTargets(
    const JobPart& part, std::span<const int64_t> positions, const JobData& data);

} // namespace studio
