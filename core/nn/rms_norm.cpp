// SPDX-License-Identifier: MIT
#include "core/nn/rms_norm.h"

#include "core/nn/cpu_kernels.h"
#include "core/nn/parallel.h"
#include "core/nn/spare_rows.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/rms_norm.h>
#include <ATen/ops/zeros.h>
#include <torch/csrc/autograd/custom_function.h>

namespace studio {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

class RmsNormFunction : public torch::autograd::Function<RmsNormFunction> {
public:
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& weight,
        double epsilon, double offset)
    {
        const auto input = x.contiguous();
        const auto columns = input.size(-1), rows = input.numel() / columns;
        auto y = emptyRowsLike(input);
        auto rstd = at::empty({rows}, input.options());
        forEachPart(rows, [&](int64_t, int64_t begin, int64_t end) {
            cpuKernels().rmsForward(input.const_data_ptr<float>() + begin * columns,
                weight.const_data_ptr<float>(), static_cast<float>(offset), static_cast<float>(epsilon),
                y.mutable_data_ptr<float>() + begin * columns, rstd.mutable_data_ptr<float>() + begin,
                end - begin, columns);
        });
        context->save_for_backward({input, rstd, weight});
        context->saved_data["offset"] = offset;
        return y;
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients)
    {
        const auto saved = context->get_saved_variables();
        const auto &input = saved[0], &rstd = saved[1], &weight = saved[2];
        const auto offset = static_cast<float>(context->saved_data["offset"].toDouble());
        const auto gradient = gradients[0].contiguous();
        const auto rows = rstd.size(0), columns = weight.size(0);
        auto xGradient = emptyRowsLike(input);
        auto sums = at::zeros({partCount(rows), columns}, weight.options());
        forEachPart(rows, [&](int64_t part, int64_t begin, int64_t end) {
            cpuKernels().rmsBackward(gradient.const_data_ptr<float>() + begin * columns,
                input.const_data_ptr<float>() + begin * columns, rstd.const_data_ptr<float>() + begin,
                weight.const_data_ptr<float>(), offset, xGradient.mutable_data_ptr<float>() + begin * columns,
                sums.mutable_data_ptr<float>() + part * columns, end - begin, columns);
        });
        return {xGradient, sums.sum(0), {}, {}};
    }
};

} // namespace

RmsNorm RmsNorm::create(const ParameterBuilder& builder, int64_t size, double epsilon, double offset)
{
    RmsNorm norm;
    norm.weight = builder.add("weight", {size}, offset == 0 ? Init::Ones : Init::Zeros);
    norm.epsilon = epsilon;
    norm.offset = offset;
    return norm;
}

at::Tensor rmsNorm(const at::Tensor& x, const RmsNorm& norm)
{
    if (x.is_cpu() && x.scalar_type() == at::kFloat)
        return RmsNormFunction::apply(x, norm.weight, norm.epsilon, norm.offset);
    const auto weight = norm.offset == 0 ? norm.weight : norm.weight + norm.offset;
    return at::rms_norm(x.to(at::kFloat), {weight.size(0)}, weight, norm.epsilon);
}

} // namespace studio
