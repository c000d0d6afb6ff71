// SPDX-License-Identifier: MIT
#pragma once

#include "core/nn/cpu_kernels.h"
#include "core/nn/forward_context.h"

#include <cstdint>

#include <ATen/core/Tensor.h>

namespace studio {

/// Key of the next dropout site of a forward pass, from (seed, step, micro-batch, site).
[[nodiscard]] uint64_t nextDropoutKey(ForwardContext& context);

/// What a dropout site does in this pass: inactive outside training and at probability 0.
struct DropoutSite {
    double probability = 0;
    uint64_t key = 0;
    [[nodiscard]] bool active() const { return probability > 0; }
};
[[nodiscard]] DropoutSite nextDropoutSite(double probability, ForwardContext& context);

/// x with each element zeroed with the site's probability and the others scaled by 1/(1 − p). Differentiable.
/// CPU: own counter-based masks, a function of (key, row, column) alone. CUDA: LibTorch's generator, seeded
/// with the key.
[[nodiscard]] at::Tensor dropout(const at::Tensor& x, const DropoutSite& site);

/// The site as the CPU kernels take it; scale 0 when inactive.
[[nodiscard]] DropoutMask cpuMask(const DropoutSite& site);

/// Seeds the default generator of a tensor's device with the site's key, for LibTorch's own kernels.
void seedGenerator(const at::Tensor& like, const DropoutSite& site);

} // namespace studio
