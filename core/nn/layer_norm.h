// SPDX-License-Identifier: MIT
#pragma once

#include "core/nn/dropout.h"
#include "core/nn/parameter_builder.h"

#include <ATen/core/Tensor.h>

namespace studio {

/// Layer normalisation under the checkpoint names "weight" and "bias"; always fp32.
struct LayerNorm {
    at::Tensor weight, bias;
    double epsilon = 1e-12;
    [[nodiscard]] static LayerNorm create(const ParameterBuilder& builder, int64_t size, double epsilon);
};

/// x [T, H] → [T, H].
[[nodiscard]] at::Tensor layerNorm(const at::Tensor& x, const LayerNorm& norm);

/// norm(residual + dropout(x)), one pass on the CPU.
[[nodiscard]] at::Tensor residualLayerNorm(
    const at::Tensor& x, const at::Tensor& residual, const LayerNorm& norm, const DropoutSite& site);

} // namespace studio
