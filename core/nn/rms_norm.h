// SPDX-License-Identifier: MIT
#pragma once

#include "core/nn/parameter_builder.h"

#include <ATen/core/Tensor.h>

namespace studio {

/// Root mean square normalisation x / √(mean(x²) + ε) · (weight + offset) under the checkpoint name "weight";
/// always fp32.
struct RmsNorm {
    at::Tensor weight;
    double epsilon = 1e-6;
    double offset = 0; ///< Gemma: 1, its weights start at zero
    [[nodiscard]] static RmsNorm create(
        const ParameterBuilder& builder, int64_t size, double epsilon, double offset = 0);
};

/// Over the last dimension. Differentiable.
[[nodiscard]] at::Tensor rmsNorm(const at::Tensor& x, const RmsNorm& norm);

} // namespace studio
