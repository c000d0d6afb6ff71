// SPDX-License-Identifier: MIT
#include "core/nn/dropout.h"

#include "core/nn/parallel.h"
#include "core/nn/random.h"
#include "core/nn/spare_rows.h"

#include <cmath>
#include <limits>
#include <mutex>

#include <ATen/Context.h>
#include <ATen/ops/native_dropout.h>
#include <torch/csrc/autograd/custom_function.h>

namespace studio {

namespace {

at::Tensor maskedRows(const at::Tensor& x, const DropoutMask& mask)
{
    const auto input = x.contiguous();
    auto result = emptyRowsLike(input);
    const auto columns = input.size(-1), rows = input.numel() / std::max<int64_t>(1, columns);
    forEachPart(rows, [&](int64_t, int64_t begin, int64_t end) {
        cpuKernels().dropout(input.const_data_ptr<float>() + begin * columns,
            result.mutable_data_ptr<float>() + begin * columns, begin, end - begin, columns, mask);
    });
    return result;
}

/// The backward pass makes the same mask again.
class MaskFunction : public torch::autograd::Function<MaskFunction> {
public:
    static at::Tensor forward(
        torch::autograd::AutogradContext* context, const at::Tensor& x, const DropoutMask& mask)
    {
        context->saved_data["key"] = static_cast<int64_t>(mask.key);
        context->saved_data["threshold"] = static_cast<int64_t>(mask.threshold);
        context->saved_data["scale"] = static_cast<double>(mask.scale);
        return maskedRows(x, mask);
    }
    static torch::autograd::variable_list backward(
        torch::autograd::AutogradContext* context, const torch::autograd::variable_list& gradients)
    {
        const DropoutMask mask{.key = static_cast<uint64_t>(context->saved_data["key"].toInt()),
            .threshold = static_cast<uint32_t>(context->saved_data["threshold"].toInt()),
            .scale = static_cast<float>(context->saved_data["scale"].toDouble())};
        return {maskedRows(gradients[0], mask), {}};
    }
};

} // namespace

DropoutMask cpuMask(const DropoutSite& site)
{
    if (!site.active())
        return {};
    const double threshold = std::min(std::round(site.probability * 0x1p32), 0x1p32 - 1);
    return {.key = site.key,
        .threshold = static_cast<uint32_t>(threshold),
        // p = 1 keeps nothing (but one element in 2^32): scale by 0 there
        .scale = site.probability < 1 ? static_cast<float>(1 / (1 - site.probability))
                                      : std::numeric_limits<float>::min()};
}

uint64_t nextDropoutKey(ForwardContext& context)
{
    const auto batchKey
        = mixBits(mixBits(context.seed, uint64_t(context.step)), uint64_t(context.microBatch));
    return mixBits(batchKey, context.nextDropoutSite++);
}

DropoutSite nextDropoutSite(double probability, ForwardContext& context)
{
    const auto key = nextDropoutKey(context);
    return {.probability = context.training ? probability : 0, .key = key};
}

void seedGenerator(const at::Tensor& like, const DropoutSite& site)
{
    auto generator = at::globalContext().defaultGenerator(like.device());
    const std::scoped_lock lock(generator.mutex());
    generator.set_current_seed(site.key);
}

at::Tensor dropout(const at::Tensor& x, const DropoutSite& site)
{
    if (!site.active())
        return x;
    if (x.is_cpu() && x.scalar_type() == at::kFloat)
        return MaskFunction::apply(x, cpuMask(site));
    seedGenerator(x, site);
    return std::get<0>(at::native_dropout(x, site.probability, true));
}

} // namespace studio
