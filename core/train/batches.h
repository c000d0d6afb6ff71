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

/// The tokens of some rows. `positions`: of rows within the part, in any order.
class TokenRows {
public:
    TokenRows(const JobPart& part, std::span<const int64_t> positions);
    TokenRows(const TokenRows&) = delete;
    TokenRows& operator=(const TokenRows&) = delete;
    /// In the order of the positions; valid as long as this.
    [[nodiscard]] const std::vector<SequenceView>& views() const { return m_views; }

private:
    std::vector<TokenRow> m_rows;
    std::vector<SequenceView> m_views;
};

[[nodiscard]] LabelledBatch makeBatch(
    const JobPart& part, std::span<const int64_t> positions, const JobData& data, const at::Device& device);
/// Targets of rows in the order given, on the CPU.
[[nodiscard]] Targets makeTargets(
    const JobPart& part, std::span<const int64_t> positions, const JobData& data);

} // namespace studio
