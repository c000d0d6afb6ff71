// SPDX-License-Identifier: MIT
// Reference:
// https://github.com/huggingface/transformers/blob/main/src/transformers/modeling_rope_utils.py
#include "core/nn/rotary.h"

#include "core/nn/cpu_kernels.h"
#include "core/nn/device_copy.h"
#include "core/nn/parallel.h"
#include "core/nn/spare_rows.h"

#include <cmath>
#include <numbers>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/clamp.h>
#include <ATen/ops/cos.h>
#include <ATen/ops/index_select.h>
#include <ATen/ops/logical_and.h>
#include <ATen/ops/pow.h>
#include <ATen/ops/reciprocal.h>
#include <ATen/ops/sin.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/where.h>
#include <torch/csrc/autograd/custom_function.h>

namespace studio {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// 0, 2, 4, … over the size: the exponents of the base.
at::Tensor exponents(const RotaryParameters& parameters)
{
    return at::arange(0, parameters.size, 2, at::TensorOptions(at::kFloat)) / double(parameters.size);
}

at::Tensor plainFrequencies(const RotaryParameters& parameters, double base)
{
    return at::reciprocal(at::pow(at::Scalar(base), exponents(parameters)));
}

at::Tensor llama3Frequencies(const RotaryParameters& parameters)
{
    const auto plain = plainFrequencies(parameters, parameters.theta);
    const auto length = double(parameters.originalPositions);
    const double low = parameters.lowFrequencyFactor, high = parameters.highFrequencyFactor;
    const auto wavelength = at::reciprocal(plain) * (2 * std::numbers::pi);
    const auto scaled = at::where(wavelength > length / low, plain / parameters.factor, plain);
    const auto smooth = (at::reciprocal(wavelength) * length - low) / (high - low);
    const auto blended = (1 - smooth) * scaled / parameters.factor + smooth * scaled;
    const auto between = at::logical_and(wavelength >= length / high, wavelength <= length / low);
    return at::where(between, blended, scaled);
}

at::Tensor yarnFrequencies(const RotaryParameters& parameters)
{
    const auto size = double(parameters.size);
    const auto dimensionOf = [&](double rotations) {
        return size * std::log(double(parameters.originalPositions) / (rotations * 2 * std::numbers::pi))
            / (2 * std::log(parameters.theta));
    };
    double low = dimensionOf(parameters.betaFast), high = dimensionOf(parameters.betaSlow);
    if (parameters.truncate) {
        low = std::floor(low);
        high = std::ceil(high);
    }
    low = std::max(low, 0.0);
    high = std::min(high, size - 1);
    if (low == high)
        high += 0.001;
    const auto powers = at::pow(at::Scalar(parameters.theta), exponents(parameters));
    const auto plain = at::reciprocal(powers), scaled = at::reciprocal(powers * parameters.factor);
    const auto ramp = at::clamp(
        (at::arange(parameters.half(), at::TensorOptions(at::kFloat)) - low) / (high - low), 0, 1);
    const auto kept = 1 - ramp;
    return scaled * (1 - kept) + plain * kept;
}

at::Tensor longRopeFrequencies(const RotaryParameters& parameters, int64_t length)
{
    const auto& factors
        = length > parameters.originalPositions ? parameters.longFactors : parameters.shortFactors;
    const auto scale = at::tensor(at::ArrayRef<double>(factors), at::TensorOptions(at::kFloat));
    return at::reciprocal(scale * at::pow(at::Scalar(parameters.theta), exponents(parameters)));
}

/// A longer text than the model was made for: the reference computes its base in single precision.
double dynamicBase(const RotaryParameters& parameters, int64_t length)
{
    const auto size = double(parameters.size), limit = double(parameters.originalPositions);
    const double factor = parameters.factor, power = size / (size - 2);
    if (length <= parameters.originalPositions)
        return parameters.theta * std::pow(factor * limit / limit - (factor - 1), power);
    const float stretch = float(factor) * float(length) / float(limit) - float(factor - 1);
    return float(parameters.theta) * std::pow(stretch, float(power));
}

at::Tensor rotated(const at::Tensor& packed, const at::Tensor& cosine, const at::Tensor& sine, int64_t heads,
    int64_t headSize, float direction)
{
    const auto input = packed.contiguous();
    auto output = emptyRowsLike(input);
    const auto stride = input.size(1), half = cosine.size(1);
    forEachPart(input.size(0), [&](int64_t, int64_t begin, int64_t end) {
        cpuKernels().rotate(input.const_data_ptr<float>() + begin * stride,
            cosine.const_data_ptr<float>() + begin * half, sine.const_data_ptr<float>() + begin * half,
            output.mutable_data_ptr<float>() + begin * stride, end - begin, stride, heads, headSize, half,
            direction);
    });
    return output;
}

/// The gradient is turned back.
class RotaryFunction : public torch::autograd::Function<RotaryFunction> {
public:
    static at::Tensor forward(AutogradContext* context, const at::Tensor& packed, const at::Tensor& cosine,
        const at::Tensor& sine, int64_t heads, int64_t headSize)
    {
        context->save_for_backward({cosine, sine});
        context->saved_data["heads"] = heads;
        context->saved_data["headSize"] = headSize;
        return rotated(packed, cosine, sine, heads, headSize, 1);
    }
    static variable_list backward(AutogradContext* context, const variable_list& gradients)
    {
        const auto saved = context->get_saved_variables();
        return {rotated(gradients[0], saved[0], saved[1], context->saved_data["heads"].toInt(),
                    context->saved_data["headSize"].toInt(), -1),
            {}, {}, {}, {}};
    }
};

} // namespace

at::Tensor rotaryFrequencies(const RotaryParameters& parameters, int64_t length)
{
    const at::NoGradGuard noGrad;
    switch (parameters.kind) {
    case RotaryKind::Default:
        break;
    case RotaryKind::Linear:
        return plainFrequencies(parameters, parameters.theta) / parameters.factor;
    case RotaryKind::Dynamic:
        return plainFrequencies(parameters, dynamicBase(parameters, length));
    case RotaryKind::Llama3:
        return llama3Frequencies(parameters);
    case RotaryKind::Yarn:
        return yarnFrequencies(parameters);
    case RotaryKind::LongRope:
        return longRopeFrequencies(parameters, length);
    }
    return plainFrequencies(parameters, parameters.theta);
}

RotaryAngles RotaryAngles::rows(const at::Tensor& indices) const
{
    return {at::index_select(cosine, 0, indices), at::index_select(sine, 0, indices)};
}

RotaryAngles rotaryAngles(const RotaryParameters& parameters, const PackedBatch& batch)
{
    const at::NoGradGuard noGrad;
    const auto& layout = batch.layout;
    const bool byLength = parameters.kind == RotaryKind::Dynamic || parameters.kind == RotaryKind::LongRope;
    // Lengths rise along the batch: sequences of one set of frequencies lie side by side.
    const auto setOf = [&](int64_t sequence) {
        const auto length = layout.length(sequence), limit = parameters.originalPositions;
        return !byLength || length <= limit ? 0 : parameters.kind == RotaryKind::Dynamic ? length : 1;
    };
    const auto positions = batch.positionIds.to(at::kFloat);
    std::vector<at::Tensor> angles;
    for (int64_t i = 0; i < layout.count();) {
        const auto first = i;
        while (i < layout.count() && setOf(i) == setOf(first))
            ++i;
        const auto begin = layout.starts[size_t(first)], end = layout.starts[size_t(i)];
        const auto frequencies
            = onDevice(rotaryFrequencies(parameters, layout.length(i - 1)), batch.positionIds.device());
        angles.push_back(positions.narrow(0, begin, end - begin).unsqueeze(1) * frequencies);
    }
    const auto all = angles.size() == 1 ? angles.front() : at::cat(angles); // [T, half]
    auto cosine = at::cos(all), sine = at::sin(all);
    if (parameters.attentionFactor != 1) {
        cosine.mul_(parameters.attentionFactor);
        sine.mul_(parameters.attentionFactor);
    }
    return {cosine, sine};
}

at::Tensor applyRotary(const at::Tensor& packed, const RotaryAngles& angles, int64_t heads, int64_t headSize)
{
    if (packed.is_cpu() && packed.scalar_type() == at::kFloat)
        return RotaryFunction::apply(packed, angles.cosine, angles.sine, heads, headSize);
    const auto half = angles.cosine.size(1), used = heads * headSize;
    const auto parts = packed.split_with_sizes({used, packed.size(1) - used}, 1);
    const auto pieces
        = parts[0].unflatten(1, {heads, headSize}).split_with_sizes({half, half, headSize - 2 * half}, -1);
    const auto cosine = angles.cosine.unsqueeze(1), sine = angles.sine.unsqueeze(1); // [T, 1, half]
    // In fp32, for halves cannot tell the angles of distant positions apart.
    const auto turned = at::cat(
        {pieces[0] * cosine - pieces[1] * sine, pieces[1] * cosine + pieces[0] * sine, pieces[2]}, -1);
    return at::cat({turned.flatten(1).to(packed.scalar_type()), parts[1]}, 1);
}

} // namespace studio
