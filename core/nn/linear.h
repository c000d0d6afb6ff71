// SPDX-License-Identifier: MIT
#pragma once

#include "core/nn/activation.h"
#include "core/nn/parameter_builder.h"

#include <span>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

namespace studio {

enum class Bias { None, Trained };

/// y = x·weightᵀ + bias under the checkpoint names "weight" [out, in] and "bias" [out].
struct Linear {
    at::Tensor weight, bias; ///< bias undefined: none
    bool inputMajor = false; ///< the weight is [in, out] in the checkpoint and here
    [[nodiscard]] static Linear create(
        const ParameterBuilder& builder, int64_t in, int64_t out, Bias bias = Bias::Trained);
    /// GPT-2's Conv1D: weight [in, out].
    [[nodiscard]] static Linear createInputMajor(const ParameterBuilder& builder, int64_t in, int64_t out);
    /// Layers of one input whose weights lie side by side in memory, so that they run as one matrix multiply.
    [[nodiscard]] static std::vector<Linear> createGroup(
        const ParameterBuilder& builder, std::span<const std::string_view> names, int64_t in, int64_t out);
    /// The same with an output size each; all with bias or none.
    [[nodiscard]] static std::vector<Linear> createGroup(const ParameterBuilder& builder,
        std::span<const std::string_view> names, int64_t in, std::span<const int64_t> outs, Bias bias);
};

/// Outputs of the layers side by side: x [T, in] → [T, Σ out]. Multiplies in `computeType`. The result is
/// fp32 on the CPU, `computeType` on CUDA.
[[nodiscard]] at::Tensor linear(
    const at::Tensor& x, std::span<const Linear> layers, c10::ScalarType computeType);
[[nodiscard]] at::Tensor linear(const at::Tensor& x, const Linear& layer, c10::ScalarType computeType);

/// activation(linear(x)): on the CPU bias, activation and its derivative are made in one pass.
[[nodiscard]] at::Tensor linearActivation(
    const at::Tensor& x, const Linear& layer, Activation activation, c10::ScalarType computeType);

} // namespace studio
