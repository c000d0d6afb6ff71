// SPDX-License-Identifier: MIT
#include "core/nn/layer_norm.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/layer_norm.h>

namespace studio {

LayerNorm LayerNorm::create(const ParameterBuilder& builder, int64_t size, double epsilon)
{
    LayerNorm norm;
    norm.weight = builder.add("weight", {size}, Init::Ones);
    norm.bias = builder.add("bias", {size}, Init::Zeros);
    norm.epsilon = epsilon;
    return norm;
}

at::Tensor layerNorm(const at::Tensor& x, const LayerNorm& norm)
{
    return at::layer_norm(x.to(at::kFloat), {norm.weight.size(0)}, norm.weight, norm.bias, norm.epsilon);
}

at::Tensor residualLayerNorm(
    const at::Tensor& x, const at::Tensor& residual, const LayerNorm& norm, const DropoutSite& site)
{
    return layerNorm(residual + dropout(x, site), norm);
}

} // namespace studio
