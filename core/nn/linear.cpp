// SPDX-License-Identifier: MIT
#include "core/nn/linear.h"

#include "core/nn/cpu_kernels.h"
#include "core/nn/matmul.h"
#include "core/nn/parallel.h"
#include "core/nn/spare_rows.h"

#include <numeric>

#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>
#include <torch/csrc/autograd/custom_function.h>

namespace studio {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// Parameters of `createGroup` as one tensor without a copy; a copy where they do not lie side by side.
at::Tensor joined(at::TensorList parts)
{
    if (parts.size() == 1)
        return parts.front().detach();
    bool adjacent = true;
    auto sizes = parts.front().sizes().vec();
    sizes.front() = 0;
    const auto* next = parts.front().const_data_ptr<float>();
    for (const auto& part : parts) {
        adjacent = adjacent && part.is_contiguous() && part.const_data_ptr<float>() == next
            && part.storage().is_alias_of(parts.front().storage());
        next = part.const_data_ptr<float>() + part.numel();
        sizes.front() += part.size(0);
    }
    if (!adjacent)
        return at::cat(parts).detach();
    auto whole = at::empty({0}, parts.front().options());
    std::vector<int64_t> strides(sizes.size(), 1);
    for (size_t i = sizes.size() - 1; i > 0; --i)
        strides[i - 1] = strides[i] * sizes[i];
    whole.set_(parts.front().storage(), parts.front().storage_offset(), sizes, strides);
    return whole;
}

/// Gradient rows handed out to the layers they belong to.
variable_list splitRows(const at::Tensor& gradient, at::IntArrayRef rows)
{
    return gradient.defined() ? gradient.split_with_sizes(rows) : variable_list(rows.size());
}

/// fp32.
at::Tensor columnSums(const at::Tensor& x)
{
    if (!x.is_cpu())
        return x.sum(at::IntArrayRef(0), /*keepdim=*/false, at::kFloat);
    const auto rows = x.size(0), columns = x.size(1);
    auto sums = at::zeros({partCount(rows), columns}, x.options());
    forEachPart(rows, [&](int64_t part, int64_t begin, int64_t end) {
        cpuKernels().addRows(x.const_data_ptr<float>() + begin * columns,
            sums.mutable_data_ptr<float>() + part * columns, end - begin, columns);
    });
    return sums.size(0) == 1 ? sums[0] : sums.sum(0);
}

/// The transpose of x [rows, columns] with zeros up to a width of `width`; on the CPU contiguous, several
/// times as fast as by LibTorch's copy.
at::Tensor transposed(const at::Tensor& x, int64_t width)
{
    const auto rows = x.size(0), columns = x.size(1);
    if (!x.is_cpu() || x.scalar_type() != at::kFloat || !x.is_contiguous()) {
        TORCH_CHECK(width == rows, "only fp32 rows of the CPU have spare ones");
        return x.t();
    }
    auto y = at::empty({columns, width}, x.options());
    constexpr int64_t block = 16;
    forEachPart((columns + block - 1) / block, [&](int64_t, int64_t begin, int64_t end) {
        cpuKernels().transpose(x.const_data_ptr<float>(), y.mutable_data_ptr<float>(), rows, columns, width,
            begin * block, std::min(end * block, columns));
    });
    return y;
}

struct LinearGradients {
    at::Tensor x, weight;
};

/// fp32 on the CPU; on a GPU activations and their gradients stay in the type of the multiplication.
at::Tensor activationOf(const at::Tensor& product)
{
    return product.is_cpu() ? product.to(at::kFloat) : product;
}

/// Of y = x·weightᵀ, for a gradient in the type of x and weight. The weight's is fp32.
LinearGradients linearGradients(
    const at::Tensor& gradient, const at::Tensor& x, const at::Tensor& weight, bool needX, bool needWeight)
{
    LinearGradients result;
    if (needX)
        result.x = activationOf(multiplyTransposed(gradient, weight.t()));
    if (needWeight) {
        const auto all = gradient.is_contiguous() ? spread(x) : x;
        result.weight = multiplyTransposed(transposed(gradient, all.size(0)), all.t()).to(at::kFloat);
    }
    return result;
}

std::vector<int64_t> rowCounts(at::TensorList parts)
{
    std::vector<int64_t> rows;
    for (const auto& part : parts)
        rows.push_back(part.size(0));
    return rows;
}

/// Linear layers of one input: one matrix multiply each way whatever their number. Master weights are fp32,
/// and so are their gradients.
class LinearFunction : public torch::autograd::Function<LinearFunction> {
public:
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x, at::TensorList weights,
        at::TensorList biases, c10::ScalarType computeType)
    {
        const auto input = x.to(computeType).contiguous();
        const auto weight = joined(weights).to(computeType);
        context->save_for_backward({input, weight});
        context->saved_data["rows"] = rowCounts(weights);
        context->saved_data["biased"] = !biases.empty();
        const auto bias = biases.empty() ? at::Tensor() : joined(biases).to(computeType);
        return activationOf(multiplyTransposed(input, weight, bias));
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients)
    {
        const auto saved = context->get_saved_variables();
        const auto rows = context->saved_data["rows"].toIntVector();
        const auto count = rows.size();
        const auto needs = [&](size_t first) { return context->needs_input_grad({{first, first + count}}); };
        const auto gradient = gradients[0].contiguous();
        const auto parts = linearGradients(
            gradient.to(saved[0].scalar_type()), saved[0], saved[1], context->needs_input_grad(0), needs(1));
        variable_list result{parts.x};
        for (auto& part : splitRows(parts.weight, rows))
            result.push_back(part);
        if (context->saved_data["biased"].toBool()) {
            for (auto& part : splitRows(needs(1 + count) ? columnSums(gradient) : at::Tensor(), rows))
                result.push_back(part);
        }
        result.emplace_back();
        return result;
    }
};

/// gelu(x·weightᵀ + bias): keeps the derivative, not the sum.
class LinearGeluFunction : public torch::autograd::Function<LinearGeluFunction> {
public:
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& weight,
        const at::Tensor& bias, Activation activation, c10::ScalarType computeType, bool training)
    {
        const auto input = x.to(computeType).contiguous();
        const auto multiplied = weight.detach().to(computeType);
        auto sum = multiplyTransposed(input, multiplied, bias.detach().to(computeType)).to(at::kFloat);
        auto y = emptyRowsLike(sum);
        const auto kernel = activation == Activation::Gelu ? cpuKernels().gelu : cpuKernels().geluTanh;
        forEachPart(sum.numel(), [&](int64_t, int64_t begin, int64_t end) {
            kernel(sum.mutable_data_ptr<float>() + begin, y.mutable_data_ptr<float>() + begin, end - begin,
                training);
        });
        if (training)
            context->save_for_backward({input, multiplied, sum});
        return y;
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients)
    {
        const auto saved = context->get_saved_variables();
        const auto& derivative = saved[2];
        const auto gradient = gradients[0].contiguous();
        const auto rows = gradient.size(0), columns = gradient.size(1);
        auto inner = emptyRowsLike(gradient);
        auto sums = at::zeros({partCount(rows), columns}, gradient.options());
        forEachPart(rows, [&](int64_t part, int64_t begin, int64_t end) {
            const auto offset = begin * columns;
            cpuKernels().multiply(gradient.const_data_ptr<float>() + offset,
                derivative.const_data_ptr<float>() + offset, inner.mutable_data_ptr<float>() + offset,
                sums.mutable_data_ptr<float>() + part * columns, end - begin, columns);
        });
        const auto parts = linearGradients(inner.to(saved[0].scalar_type()), saved[0], saved[1],
            context->needs_input_grad(0), context->needs_input_grad(1));
        return {parts.x, parts.weight, context->needs_input_grad(2) ? sums.sum(0) : at::Tensor(), {}, {}, {}};
    }
};

} // namespace

Linear Linear::create(const ParameterBuilder& builder, int64_t in, int64_t out, Bias bias)
{
    Linear layer;
    layer.weight = builder.add("weight", {out, in}, Init::Normal);
    if (bias == Bias::Trained)
        layer.bias = builder.add("bias", {out}, Init::Zeros);
    return layer;
}

Linear Linear::createInputMajor(const ParameterBuilder& builder, int64_t in, int64_t out)
{
    Linear layer;
    layer.weight = builder.add("weight", {in, out}, Init::Normal);
    layer.bias = builder.add("bias", {out}, Init::Zeros);
    layer.inputMajor = true;
    return layer;
}

std::vector<Linear> Linear::createGroup(
    const ParameterBuilder& builder, std::span<const std::string_view> names, int64_t in, int64_t out)
{
    return createGroup(builder, names, in, std::vector<int64_t>(names.size(), out), Bias::Trained);
}

std::vector<Linear> Linear::createGroup(const ParameterBuilder& builder,
    std::span<const std::string_view> names, int64_t in, std::span<const int64_t> outs, Bias bias)
{
    const auto rows = std::accumulate(outs.begin(), outs.end(), int64_t{0});
    const auto weights = builder.allocate(1, {rows, in});
    const auto biases = bias == Bias::Trained ? builder.allocate(1, {rows}) : at::Tensor();
    std::vector<Linear> layers;
    int64_t first = 0;
    for (size_t i = 0; i < names.size(); ++i) {
        const auto scope = builder / names[i];
        Linear layer;
        layer.weight = scope.addRows("weight", weights, first, outs[i], Init::Normal);
        if (bias == Bias::Trained)
            layer.bias = scope.addRows("bias", biases, first, outs[i], Init::Zeros);
        layers.push_back(layer);
        first += outs[i];
    }
    return layers;
}

at::Tensor linear(const at::Tensor& x, std::span<const Linear> layers, c10::ScalarType computeType)
{
    std::vector<at::Tensor> weights, biases;
    for (const auto& layer : layers) {
        weights.push_back(layer.inputMajor ? layer.weight.t() : layer.weight);
        if (layer.bias.defined())
            biases.push_back(layer.bias);
    }
    return LinearFunction::apply(x, at::TensorList(weights), at::TensorList(biases), computeType);
}

at::Tensor linear(const at::Tensor& x, const Linear& layer, c10::ScalarType computeType)
{
    return linear(x, std::span(&layer, 1), computeType);
}

at::Tensor linearActivation(
    const at::Tensor& x, const Linear& layer, Activation activation, c10::ScalarType computeType)
{
    if (!x.is_cpu() || !layer.bias.defined()
        || (activation != Activation::Gelu && activation != Activation::GeluTanh))
        return applyActivation(activation, linear(x, layer, computeType));
    const bool training = at::GradMode::is_enabled()
        && (x.requires_grad() || layer.weight.requires_grad() || layer.bias.requires_grad());
    const auto weight = layer.inputMajor ? layer.weight.t() : layer.weight;
    return LinearGeluFunction::apply(x, weight, layer.bias, activation, computeType, training);
}

} // namespace studio
