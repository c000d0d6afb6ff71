// SPDX-License-Identifier: MIT
#include "core/nn/layer_norm.h"

#include "core/nn/parallel.h"
#include "core/nn/spare_rows.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/zeros.h>
#include <torch/csrc/autograd/custom_function.h>

namespace studio {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// y = norm(residual + dropout(x)); x may be undefined. Saves the normalised rows, not their sum.
class NormFunction : public torch::autograd::Function<NormFunction> {
public:
    static at::Tensor forward(AutogradContext* context, const std::optional<at::Tensor>& x,
        const at::Tensor& residual, const at::Tensor& weight, const at::Tensor& bias, double epsilon,
        const DropoutMask& mask)
    {
        const auto base = residual.contiguous();
        const auto added = x ? x->contiguous() : at::Tensor();
        const auto rows = base.size(0), columns = base.size(1);
        auto y = emptyRowsLike(base), normalized = at::empty_like(base);
        auto rstd = at::empty({rows}, base.options());
        forEachPart(rows, [&](int64_t, int64_t begin, int64_t end) {
            const auto offset = begin * columns;
            cpuKernels().normForward(added.defined() ? added.const_data_ptr<float>() + offset : nullptr,
                base.const_data_ptr<float>() + offset, weight.const_data_ptr<float>(),
                bias.const_data_ptr<float>(), static_cast<float>(epsilon),
                y.mutable_data_ptr<float>() + offset, normalized.mutable_data_ptr<float>() + offset,
                rstd.mutable_data_ptr<float>() + begin, begin, end - begin, columns, mask);
        });
        context->save_for_backward({normalized, rstd, weight});
        context->saved_data["hasX"] = added.defined();
        context->saved_data["key"] = static_cast<int64_t>(mask.key);
        context->saved_data["threshold"] = static_cast<int64_t>(mask.threshold);
        context->saved_data["scale"] = static_cast<double>(mask.scale);
        return y;
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients)
    {
        const auto saved = context->get_saved_variables();
        const auto &normalized = saved[0], &rstd = saved[1], &weight = saved[2];
        const DropoutMask mask{.key = static_cast<uint64_t>(context->saved_data["key"].toInt()),
            .threshold = static_cast<uint32_t>(context->saved_data["threshold"].toInt()),
            .scale = static_cast<float>(context->saved_data["scale"].toDouble())};
        const bool hasX = context->saved_data["hasX"].toBool();
        const auto gradient = gradients[0].contiguous();
        const auto rows = gradient.size(0), columns = gradient.size(1);
        auto residualGradient = emptyRowsLike(gradient);
        const bool masked = hasX && mask.scale != 0;
        auto xGradient = masked ? emptyRowsLike(gradient) : hasX ? residualGradient : at::Tensor();
        auto sums = at::zeros({partCount(rows), 2, columns}, gradient.options());
        forEachPart(rows, [&](int64_t part, int64_t begin, int64_t end) {
            const auto offset = begin * columns;
            auto* partSums = sums.mutable_data_ptr<float>() + part * 2 * columns;
            cpuKernels().normBackward(gradient.const_data_ptr<float>() + offset,
                normalized.const_data_ptr<float>() + offset, rstd.const_data_ptr<float>() + begin,
                weight.const_data_ptr<float>(), residualGradient.mutable_data_ptr<float>() + offset,
                masked ? xGradient.mutable_data_ptr<float>() + offset : nullptr, partSums, partSums + columns,
                begin, end - begin, columns, mask);
        });
        const auto parameterGradients = sums.sum(0).unbind(0);
        return {xGradient, residualGradient, parameterGradients[0].clone(), parameterGradients[1].clone(), {},
            {}};
    }
};

} // namespace

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
    if (x.is_cpu() && x.scalar_type() == at::kFloat)
        return NormFunction::apply(
            std::optional<at::Tensor>(), x, norm.weight, norm.bias, norm.epsilon, DropoutMask{});
    return at::layer_norm(x.to(at::kFloat), {norm.weight.size(0)}, norm.weight, norm.bias, norm.epsilon);
}

at::Tensor residualLayerNorm(
    const at::Tensor& x, const at::Tensor& residual, const LayerNorm& norm, const DropoutSite& site)
{
    if (x.is_cpu() && x.scalar_type() == at::kFloat && residual.scalar_type() == at::kFloat)
        return NormFunction::apply(
            std::optional<at::Tensor>(x), residual, norm.weight, norm.bias, norm.epsilon, cpuMask(site));
    return layerNorm(residual + dropout(x, site), norm);
}

} // namespace studio
