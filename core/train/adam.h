// SPDX-License-Identifier: MIT
#pragma once

#include "core/nn/cpu_kernels.h"

#include <cstdint>
#include <span>
#include <vector>

#include <ATen/core/Tensor.h>

namespace studio {

/// What is known of the rows of a parameter with sparse gradients.
struct AdamRows {
    std::vector<uint8_t> moving; ///< whether a moment differs from zero; empty: not known yet
    std::vector<int32_t> places; ///< scratch: −1, or where the gradient holds the row
};

/// A parameter and its moments, contiguous fp32 on the CPU.
struct AdamTask {
    at::Tensor parameter, gradient, first, second; ///< the gradient dense, or sparse by rows
    AdamRule rule;
    AdamRows* rows = nullptr;
};

/// One update of all. Of a parameter with a sparse gradient, rows without gradient and moments are left out
/// where the update would not change them, so the result is that of a dense gradient, bit by bit, whatever
/// the number of threads.
void adamUpdate(std::span<const AdamTask> tasks);

} // namespace studio
