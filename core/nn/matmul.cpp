// SPDX-License-Identifier: MIT
#include "core/nn/matmul.h"

#include "core/nn/cpu_kernels.h"
#include "core/nn/parallel.h"
#include "core/nn/spare_rows.h"

#include <optional>
#include <string_view>

#include <ATen/Context.h>
#include <ATen/core/List.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/linear.h>

namespace studio {

namespace {

/// Below this number of multiplications oneDNN's preparation for a new shape (0.5 ms) would outweigh its
/// speed.
constexpr int64_t g_smallProduct = 24'000'000;

using OneDnnLinear = at::Tensor(const at::Tensor&, const at::Tensor&, const std::optional<at::Tensor>&,
    std::string_view, c10::List<std::optional<at::Scalar>>, std::optional<std::string_view>);

/// Up to here a product of contiguous fp32 rows is left to our own kernel, which reads the weight once and
/// repacks nothing: the time of a short text is the time of reading the weights.
constexpr int64_t g_fewRows = 64;

at::Tensor multiplyFewRows(const at::Tensor& a, const at::Tensor& b, const at::Tensor& bias)
{
    const auto rows = a.size(0), inner = a.size(1), columns = b.size(0);
    auto y = at::empty({rows, columns}, a.options());
    constexpr int64_t block = 16;
    forEachPart((columns + block - 1) / block, [&](int64_t, int64_t begin, int64_t end) {
        cpuKernels().linearRows(a.const_data_ptr<float>(), b.const_data_ptr<float>(),
            bias.defined() ? bias.const_data_ptr<float>() : nullptr, y.mutable_data_ptr<float>(), rows, inner,
            columns, begin * block, std::min(end * block, columns));
    });
    return y;
}

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
    if (a.is_cpu() && a.scalar_type() == at::kFloat && a.size(0) <= g_fewRows && a.is_contiguous()
        && b.is_contiguous() && (!bias.defined() || bias.is_contiguous()))
        return multiplyFewRows(a, b, bias);
    const auto optionalBias = bias.defined() ? std::optional(bias) : std::nullopt;
    const bool large = a.size(0) * a.size(1) * b.size(0) >= g_smallProduct;
    const auto* oneDnn = a.is_cpu() && large ? oneDnnLinear() : nullptr;
    if (!oneDnn)
        return at::linear(a, b, optionalBias);
    auto y = oneDnn->call(spread(a), b, optionalBias, "none", c10::List<std::optional<at::Scalar>>(), "");
    if (y.size(0) != a.size(0))
        shrinkTo(a.size(0), y);
    return y;
}

} // namespace studio
