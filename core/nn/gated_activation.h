// SPDX-License-Identifier: MIT
#pragma once

#include "core/nn/activation.h"

#include <ATen/core/Tensor.h>

namespace studio {

/// activation(gate) · factor for x [T, 2·I], gate and factor side by side: [T, I]. Differentiable; one pass
/// on the CPU for SiLU and the GELUs.
[[nodiscard]] at::Tensor gatedActivation(const at::Tensor& x, Activation activation);

} // namespace studio
