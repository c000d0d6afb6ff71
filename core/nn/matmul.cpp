// SPDX-License-Identifier: MIT
#include "core/nn/matmul.h"

#include <optional>
#include <string_view>

#include <ATen/Context.h>
#include <ATen/core/List.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/ops/linear.h>

namespace studio {

namespace {

/// Below this number of multiplications oneDNN's preparation for a new shape (0.5 ms) would outweigh its
/// speed.
constexpr int64_t g_smallProduct = 24'000'000;

using OneDnnLinear = at::Tensor(const at::Tensor&, const at::Tensor&, const std::optional<at::Tensor>&,
    std::string_view, c10::List<std::optional<at::Scalar>>, std::optional<std::string_view>);

/// LibTorch's operator around oneDNN's matrix multiply; absent in builds without it.
const c10::TypedOperatorHandle<OneDnnLinear>* oneDnnLinear()
{
    static const auto handle = []() -> std::optional<c10::TypedOperatorHandle<OneDnnLinear>> {
        const auto schema = c10::Dispatcher::singleton().findSchema({"mkldnn::_linear_pointwise", ""});
        if (!at::globalContext().hasMKLDNN() || !schema
            || !schema->hasKernelForDispatchKey(c10::DispatchKey::CPU))
            return std::nullopt;
        return schema->typed<OneDnnLinear>();
    }();
    return handle ? &*handle : nullptr;
}

} // namespace

at::Tensor multiplyTransposed(const at::Tensor& a, const at::Tensor& b, const at::Tensor& bias)
{
    const auto optionalBias = bias.defined() ? std::optional(bias) : std::nullopt;
    const bool large = a.size(0) * a.size(1) * b.size(0) >= g_smallProduct;
    const auto* oneDnn = a.is_cpu() && large ? oneDnnLinear() : nullptr;
    if (!oneDnn)
        return at::linear(a, b, optionalBias);
    return oneDnn->call(a, b, optionalBias, "none", c10::List<std::optional<at::Scalar>>(), "");
}

} // namespace studio
