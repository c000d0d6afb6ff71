// SPDX-License-Identifier: MIT
#include "core/nn/activation.h"

#include <algorithm>
#include <array>
#include <numbers>
#include <utility>

#include <ATen/TensorOperators.h>
#include <ATen/ops/clamp.h>
#include <ATen/ops/erf.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/hardswish.h>
#include <ATen/ops/leaky_relu.h>
#include <ATen/ops/mish.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/silu.h>
#include <ATen/ops/softplus.h>
#include <ATen/ops/sqrt.h>
#include <ATen/ops/square.h>
#include <ATen/ops/tanh.h>

namespace studio {

namespace {

// https://github.com/huggingface/transformers/blob/main/src/transformers/activations.py, ACT2CLS
constexpr std::array<std::pair<std::string_view, Activation>, 22> g_names{{
    {"gelu", Activation::Gelu},
    {"gelu_python", Activation::Gelu},
    {"gelu_new", Activation::GeluTanh},
    {"gelu_pytorch_tanh", Activation::GeluTanh},
    {"gelu_python_tanh", Activation::GeluTanh},
    {"gelu_fast", Activation::GeluTanh},
    {"gelu_accurate", Activation::GeluTanh},
    {"gelu_10", Activation::ClippedGelu},
    {"quick_gelu", Activation::QuickGelu},
    {"relu", Activation::Relu},
    {"relu2", Activation::Relu2},
    {"relu6", Activation::Relu6},
    {"leaky_relu", Activation::LeakyRelu},
    {"silu", Activation::Silu},
    {"swish", Activation::Silu},
    {"mish", Activation::Mish},
    {"sigmoid", Activation::Sigmoid},
    {"tanh", Activation::Tanh},
    {"linear", Activation::Linear},
    {"hardswish", Activation::HardSwish},
    {"laplace", Activation::Laplace},
    {"sqrtsoftplus", Activation::SqrtSoftplus},
}};

} // namespace

std::optional<Activation> findActivation(std::string_view name)
{
    const auto row = std::ranges::find(g_names, name, &std::pair<std::string_view, Activation>::first);
    return row == g_names.end() ? std::nullopt : std::optional(row->second);
}

std::vector<std::string> activationNames()
{
    std::vector<std::string> names;
    for (const auto& [name, activation] : g_names)
        names.emplace_back(name);
    return names;
}

at::Tensor applyActivation(Activation activation, const at::Tensor& x)
{
    switch (activation) {
    case Activation::Gelu:
        return at::gelu(x);
    case Activation::GeluTanh:
        return at::gelu(x, "tanh");
    case Activation::QuickGelu:
        return x * at::sigmoid(x * 1.702);
    case Activation::ClippedGelu:
        return at::clamp(at::gelu(x), -10, 10);
    case Activation::Relu:
        return at::relu(x);
    case Activation::Relu2:
        return at::square(at::relu(x));
    case Activation::Relu6:
        return at::clamp(x, 0, 6);
    case Activation::LeakyRelu:
        return at::leaky_relu(x);
    case Activation::Silu:
        return at::silu(x);
    case Activation::Mish:
        return at::mish(x);
    case Activation::Sigmoid:
        return at::sigmoid(x);
    case Activation::Tanh:
        return at::tanh(x);
    case Activation::HardSwish:
        return at::hardswish(x);
    case Activation::Laplace: // mean and deviation as the reference rounds them
        return (at::erf((x - 0.707107) / (0.282095 * std::numbers::sqrt2)) + 1) * 0.5;
    case Activation::SqrtSoftplus:
        return at::sqrt(at::softplus(x));
    case Activation::Linear:
        break;
    }
    return x;
}

} // namespace studio
