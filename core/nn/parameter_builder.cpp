// SPDX-License-Identifier: MIT
#include "core/nn/parameter_builder.h"

#include "core/base/concat.h"
#include "core/nn/random.h"
#include "core/nn/tensor_memory.h"

#include <cmath>
#include <numbers>

#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>

namespace studio {

ParameterBuilder::ParameterBuilder(ParameterStore& store, std::string path)
    : m_store(&store)
    , m_path(std::move(path))
{
    reuseTensorMemory();
}

ParameterBuilder ParameterBuilder::operator/(std::string_view name) const
{
    return ParameterBuilder(*m_store, concat(m_path, name, '.'));
}

at::Tensor ParameterBuilder::add(
    std::string_view name, at::IntArrayRef sizes, Init init, int64_t zeroRow) const
{
    return registered(name, allocate(1, sizes), init, zeroRow);
}

at::Tensor ParameterBuilder::allocate(int64_t count, at::IntArrayRef sizes) const
{
    auto all = sizes.vec();
    all.front() *= count;
    return at::empty(all, at::TensorOptions(at::kFloat).device(m_store->device));
}

at::Tensor ParameterBuilder::addPart(
    std::string_view name, const at::Tensor& block, int64_t index, int64_t rows, Init init) const
{
    return addRows(name, block, index * rows, rows, init);
}

at::Tensor ParameterBuilder::addRows(
    std::string_view name, const at::Tensor& block, int64_t first, int64_t rows, Init init) const
{
    // variable_data: shares the memory without being a view for autograd, so each part is a leaf of its own
    return registered(name, block.narrow(0, first, rows).variable_data(), init);
}

at::Tensor ParameterBuilder::registered(
    std::string_view name, at::Tensor tensor, Init init, int64_t zeroRow) const
{
    tensor.requires_grad_(true);
    m_store->parameters.push_back({concat(m_path, name), tensor});
    m_store->inits.push_back(init);
    m_store->zeroRows.push_back(zeroRow);
    return tensor;
}

void initializeParameters(
    ParameterStore& store, std::string_view prefix, uint64_t seed, double standardDeviation)
{
    const at::NoGradGuard noGrad;
    for (size_t i = 0; i < store.parameters.size(); ++i) {
        auto& [name, tensor] = store.parameters[i];
        if (!name.starts_with(prefix))
            continue;
        if (store.inits[i] == Init::Normal) {
            const auto key = hashText(name, seed);
            auto values = at::empty(tensor.sizes(), at::TensorOptions(at::kFloat));
            auto* out = values.data_ptr<float>();
            for (int64_t k = 0; k < values.numel(); ++k) { // Box–Muller
                const double radius = std::sqrt(-2 * std::log(1 - unitNumber(mixBits(key, 2 * uint64_t(k)))));
                const double angle = 2 * std::numbers::pi * unitNumber(mixBits(key, 2 * uint64_t(k) + 1));
                out[k] = static_cast<float>(standardDeviation * radius * std::cos(angle));
            }
            tensor.copy_(values);
            if (store.zeroRows[i] >= 0)
                tensor[store.zeroRows[i]].zero_();
        } else {
            tensor.fill_(store.inits[i] == Init::Ones ? 1 : 0);
        }
    }
}

} // namespace studio
