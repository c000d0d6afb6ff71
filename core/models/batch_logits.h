// SPDX-License-Identifier: MIT
#pragma once

#include "core/models/model.h"

#include <span>

namespace studio {

/// Logits [B, labels] in the order of `sequences`, fp32 on the CPU, without gradients. `context` is that of a
/// model that is not in training.
[[nodiscard]] at::Tensor batchLogits(ClassificationModel& model, std::span<const SequenceView> sequences,
    const at::Device& device, ForwardContext context = {});

} // namespace studio
