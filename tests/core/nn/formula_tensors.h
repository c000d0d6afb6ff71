// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cos.h>

namespace studio {

/// Numbers that look like noise and are the same everywhere.
inline at::Tensor formula(at::IntArrayRef sizes, double frequency, bool gradient = false)
{
    const at::NoGradGuard noGrad;
    int64_t count = 1;
    for (const auto size : sizes)
        count *= size;
    auto values = at::cos(at::arange(count, at::TensorOptions(at::kDouble)).mul(frequency).add(frequency));
    return values.to(at::kFloat).reshape(sizes).contiguous().requires_grad_(gradient);
}

/// ‖a − b‖ / ‖b‖.
inline double distance(const at::Tensor& a, const at::Tensor& b)
{
    return (a.to(at::kDouble) - b.to(at::kDouble)).norm().item<double>()
        / (1e-12 + b.to(at::kDouble).norm().item<double>());
}

} // namespace studio
