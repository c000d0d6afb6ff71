// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <ATen/core/Tensor.h>

namespace studio {

/// Activation functions under the names of config.json's `hidden_act`. The four tanh approximations of GELU
/// are one function; "gelu" is the exact one.
enum class Activation {
    Gelu,
    GeluTanh, ///< gelu_new, gelu_pytorch_tanh, gelu_fast, gelu_accurate, gelu_python_tanh
    QuickGelu,
    ClippedGelu, ///< gelu_10
    Relu,
    Relu2,
    Relu6,
    LeakyRelu,
    Silu,
    Mish,
    Sigmoid,
    Tanh,
    Linear,
    HardSwish,
    Laplace,
    SqrtSoftplus,
};

/// nullopt: no such activation.
[[nodiscard]] std::optional<Activation> findActivation(std::string_view name);
/// All names, for messages.
[[nodiscard]] std::vector<std::string> activationNames();

/// Element by element, differentiable.
[[nodiscard]] at::Tensor applyActivation(Activation activation, const at::Tensor& x);

} // namespace studio
