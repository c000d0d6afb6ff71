// SPDX-License-Identifier: MIT
#include "core/nn/linear.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/linear.h>

namespace studio {

Linear Linear::create(const ParameterBuilder& builder, int64_t in, int64_t out)
{
    Linear layer;
    layer.weight = builder.add("weight", {out, in}, Init::Normal);
    layer.bias = builder.add("bias", {out}, Init::Zeros);
    return layer;
}

std::vector<Linear> Linear::createGroup(
    const ParameterBuilder& builder, std::span<const std::string_view> names, int64_t in, int64_t out)
{
    const auto count = static_cast<int64_t>(names.size());
    const auto weights = builder.allocate(count, {out, in});
    const auto biases = builder.allocate(count, {out});
    std::vector<Linear> layers;
    for (int64_t i = 0; i < count; ++i) {
        const auto scope = builder / names[i];
        Linear layer;
        layer.weight = scope.addPart("weight", weights, i, out, Init::Normal);
        layer.bias = scope.addPart("bias", biases, i, out, Init::Zeros);
        layers.push_back(layer);
    }
    return layers;
}

at::Tensor linear(const at::Tensor& x, std::span<const Linear> layers, c10::ScalarType computeType)
{
    std::vector<at::Tensor> weights, biases;
    for (const auto& layer : layers) {
        weights.push_back(layer.weight);
        biases.push_back(layer.bias);
    }
    const auto joined = [&](std::vector<at::Tensor>& parts) {
        return (parts.size() == 1 ? parts.front() : at::cat(parts)).to(computeType);
    };
    auto y = at::linear(x.to(computeType), joined(weights), joined(biases));
    return x.is_cpu() ? y.to(at::kFloat) : y;
}

at::Tensor linear(const at::Tensor& x, const Linear& layer, c10::ScalarType computeType)
{
    return linear(x, std::span(&layer, 1), computeType);
}

at::Tensor linearActivation(
    const at::Tensor& x, const Linear& layer, Activation activation, c10::ScalarType computeType)
{
    return applyActivation(activation, linear(x, layer, computeType));
}

} // namespace studio
