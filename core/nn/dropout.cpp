// SPDX-License-Identifier: MIT
#include "core/nn/dropout.h"

#include "core/nn/random.h"

#include <mutex>

#include <ATen/Context.h>
#include <ATen/ops/native_dropout.h>

namespace studio {

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
    seedGenerator(x, site);
    return std::get<0>(at::native_dropout(x, site.probability, true));
}

} // namespace studio
