// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>

namespace studio {

/// a [M, K] · bᵀ with b [N, K], + bias [N] where defined: [M, N], not differentiable. On the CPU large
/// products go to oneDNN, which chooses its instructions by the processor's features; the BLAS that LibTorch
/// brings takes slower ones on processors of other makers (measured on AMD: AVX2 108 against 98 GFLOP/s a
/// core, AVX-512 220 against 98).
[[nodiscard]] at::Tensor multiplyTransposed(
    const at::Tensor& a, const at::Tensor& b, const at::Tensor& bias = {});

} // namespace studio
