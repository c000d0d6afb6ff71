// SPDX-License-Identifier: MIT
#include "core/nn/gated_activation.h"

#include "core/nn/cpu_kernels.h"
#include "core/nn/parallel.h"
#include "core/nn/spare_rows.h"

#include <optional>

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <torch/csrc/autograd/custom_function.h>

namespace studio {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

std::optional<GatedActivation> kernelOf(Activation activation)
{
    switch (activation) {
    case Activation::Silu:
        return GatedActivation::Silu;
    case Activation::Gelu:
        return GatedActivation::Gelu;
    case Activation::GeluTanh:
        return GatedActivation::GeluTanh;
    default:
        return std::nullopt;
    }
}

class GatedFunction : public torch::autograd::Function<GatedFunction> {
public:
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x, GatedActivation activation)
    {
        const auto input = x.contiguous();
        const auto columns = input.size(1) / 2;
        auto y = emptyRows(input.size(0), columns, input.options());
        forEachPart(input.size(0), [&](int64_t, int64_t begin, int64_t end) {
            cpuKernels().gatedForward(input.const_data_ptr<float>() + begin * 2 * columns,
                y.mutable_data_ptr<float>() + begin * columns, end - begin, columns, activation);
        });
        context->save_for_backward({input});
        context->saved_data["activation"] = static_cast<int64_t>(activation);
        return y;
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients)
    {
        const auto saved = context->get_saved_variables();
        const auto& input = saved[0];
        const auto activation = static_cast<GatedActivation>(context->saved_data["activation"].toInt());
        const auto gradient = gradients[0].contiguous();
        const auto columns = gradient.size(1);
        auto result = emptyRowsLike(input);
        forEachPart(input.size(0), [&](int64_t, int64_t begin, int64_t end) {
            cpuKernels().gatedBackward(gradient.const_data_ptr<float>() + begin * columns,
                input.const_data_ptr<float>() + begin * 2 * columns,
                result.mutable_data_ptr<float>() + begin * 2 * columns, end - begin, columns, activation);
        });
        return {result, {}};
    }
};

} // namespace

at::Tensor gatedActivation(const at::Tensor& x, Activation activation)
{
    const auto kernel = kernelOf(activation);
    if (kernel && x.is_cpu() && x.scalar_type() == at::kFloat)
        return GatedFunction::apply(x, *kernel);
    const auto parts = x.chunk(2, -1);
    return applyActivation(activation, parts[0]) * parts[1];
}

} // namespace studio
