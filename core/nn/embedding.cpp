// SPDX-License-Identifier: MIT
#include "core/nn/embedding.h"

#include "core/nn/cpu_kernels.h"
#include "core/nn/parallel.h"
#include "core/nn/spare_rows.h"

#include <algorithm>
#include <array>
#include <vector>

#include <ATen/TensorOperators.h>
#include <ATen/ops/_sparse_coo_tensor_unsafe.h>
#include <ATen/ops/embedding.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>
#include <torch/csrc/autograd/custom_function.h>

namespace studio {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

void requireIndices(const at::Tensor& indices, const at::Tensor& table)
{
    const auto* index = indices.const_data_ptr<int64_t>();
    for (int64_t i = 0; i < indices.numel(); ++i)
        TORCH_CHECK(index[i] >= 0 && index[i] < table.size(0), "index ", index[i],
            " is outside of an embedding of ", table.size(0), " rows");
}

/// Adds row t of the gradient to row places[t] of `result`; none where that is negative. Threads share the
/// columns, so every sum runs in the order of the tokens.
void addScattered(const at::Tensor& gradient, std::span<const int64_t> places, const at::Tensor& result)
{
    const auto columns = gradient.size(1);
    constexpr int64_t block = 16; // a cache line of floats
    forEachPart((columns + block - 1) / block, [&](int64_t, int64_t begin, int64_t end) {
        const auto first = begin * block, count = std::min(end * block, columns) - first;
        for (size_t t = 0; t < places.size(); ++t) {
            if (places[t] >= 0)
                cpuKernels().addRows(gradient.const_data_ptr<float>() + int64_t(t) * columns + first,
                    result.mutable_data_ptr<float>() + places[t] * columns + first, 1, count);
        }
    });
}

/// Of a small table dense; of a large one, of which a batch reads few rows, sparse and coalesced.
at::Tensor tableGradient(
    const at::Tensor& gradient, const at::Tensor& indices, const at::Tensor& table, int64_t paddingIndex)
{
    constexpr int64_t smallTable = 2048;
    const auto* index = indices.const_data_ptr<int64_t>();
    std::vector<int64_t> places(index, index + indices.numel());
    std::ranges::replace(places, paddingIndex, int64_t{-1});
    if (table.size(0) <= smallTable) {
        auto dense = at::zeros_like(table);
        addScattered(gradient, places, dense);
        return dense;
    }
    auto rows = places;
    std::ranges::sort(rows);
    const auto repeated = std::ranges::unique(rows);
    rows.erase(repeated.begin(), repeated.end());
    if (!rows.empty() && rows.front() < 0)
        rows.erase(rows.begin());
    for (auto& place : places) {
        if (place >= 0)
            place = std::ranges::lower_bound(rows, place) - rows.begin();
    }
    const auto count = static_cast<int64_t>(rows.size());
    auto values = at::zeros({count, gradient.size(1)}, gradient.options());
    addScattered(gradient, places, values);
    auto numbers = at::empty({1, count}, indices.options());
    std::ranges::copy(rows, numbers.mutable_data_ptr<int64_t>());
    return at::_sparse_coo_tensor_unsafe(
        numbers, values, table.sizes(), values.options().layout(at::kSparse), /*is_coalesced=*/true);
}

class EmbeddingSumFunction : public torch::autograd::Function<EmbeddingSumFunction> {
public:
    static at::Tensor forward(AutogradContext* context, at::TensorList tables, at::TensorList indices,
        const std::vector<int64_t>& paddingIndices)
    {
        const auto columns = tables[0].size(1);
        auto sum = emptyRows(indices[0].size(0), columns, tables[0].options());
        for (size_t k = 0; k < tables.size(); ++k)
            requireIndices(indices[k], tables[k]);
        forEachPart(sum.size(0), [&](int64_t, int64_t begin, int64_t end) {
            for (int64_t t = begin; t < end; ++t) {
                auto* out = sum.mutable_data_ptr<float>() + t * columns;
                std::fill_n(out, columns, 0.0F);
                for (size_t k = 0; k < tables.size(); ++k)
                    cpuKernels().addRows(
                        tables[k].const_data_ptr<float>() + indices[k].const_data_ptr<int64_t>()[t] * columns,
                        out, 1, columns);
            }
        });
        variable_list saved(tables.begin(), tables.end());
        saved.insert(saved.end(), indices.begin(), indices.end());
        context->save_for_backward(saved);
        context->saved_data["padding"] = paddingIndices;
        return sum;
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients)
    {
        const auto saved = context->get_saved_variables();
        const auto padding = context->saved_data["padding"].toIntVector();
        const auto gradient = gradients[0].contiguous();
        const auto count = padding.size();
        variable_list result(2 * count + 1);
        for (size_t k = 0; k < count; ++k) {
            if (context->needs_input_grad(k))
                result[k] = tableGradient(gradient, saved[count + k], saved[k], padding[k]);
        }
        return result;
    }
};

} // namespace

Embedding Embedding::create(
    const ParameterBuilder& builder, int64_t count, int64_t size, int64_t paddingIndex)
{
    Embedding embedding;
    embedding.weight = builder.add("weight", {count, size}, Init::Normal, paddingIndex);
    embedding.paddingIndex = paddingIndex;
    return embedding;
}

at::Tensor embeddingSum(std::span<const EmbeddingLookup> lookups)
{
    if (lookups.front().indices.is_cpu()) {
        std::vector<at::Tensor> tables, indices;
        std::vector<int64_t> padding;
        for (const auto& lookup : lookups) {
            tables.push_back(lookup.table.weight);
            indices.push_back(lookup.indices);
            padding.push_back(lookup.table.paddingIndex);
        }
        return EmbeddingSumFunction::apply(at::TensorList(tables), at::TensorList(indices), padding);
    }
    at::Tensor sum;
    for (const auto& lookup : lookups) {
        const auto rows = at::embedding(lookup.table.weight, lookup.indices, lookup.table.paddingIndex);
        sum = sum.defined() ? sum + rows : rows;
    }
    return sum;
}

at::Tensor embedding(const EmbeddingLookup& lookup)
{
    return embeddingSum(std::span(&lookup, 1));
}

at::Tensor embeddingSum(
    const EmbeddingLookup& first, const EmbeddingLookup& second, const EmbeddingLookup& third)
{
    const std::array lookups{first, second, third};
    return embeddingSum(lookups);
}

} // namespace studio
