// SPDX-License-Identifier: MIT
#include "core/nn/spare_rows.h"

#include <algorithm>

#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>

namespace studio {

namespace {

bool isPlain(const at::TensorOptions& options)
{
    return options.device().is_cpu() && options.dtype() == at::kFloat;
}

} // namespace

int64_t withSpareRows(int64_t rows)
{
    constexpr int64_t few = 64; // for which nothing is prepared
    if (rows <= few)
        return rows;
    const int64_t step = rows <= 1024 ? 8 : rows <= 4096 ? 32 : 128;
    return (rows + step - 1) / step * step;
}

at::Tensor emptyRows(int64_t rows, int64_t columns, const at::TensorOptions& options)
{
    const auto all = isPlain(options) ? withSpareRows(rows) : rows;
    auto tensor = at::empty({all, columns}, options);
    if (all > rows) {
        std::fill_n(tensor.mutable_data_ptr<float>() + rows * columns, (all - rows) * columns, 0.0F);
        shrinkTo(rows, tensor);
    }
    return tensor;
}

at::Tensor emptyRowsLike(const at::Tensor& x)
{
    return x.dim() == 2 ? emptyRows(x.size(0), x.size(1), x.options()) : at::empty_like(x);
}

at::Tensor spread(const at::Tensor& x)
{
    if (x.dim() != 2 || !isPlain(x.options()) || !x.is_contiguous() || x.storage_offset() != 0)
        return x;
    const auto rows = x.size(0), columns = x.size(1), all = withSpareRows(rows);
    if (all == rows || x.storage().nbytes() != static_cast<size_t>(all * columns) * sizeof(float))
        return x;
    auto whole = at::empty({0}, x.options());
    whole.set_(x.storage(), 0, {all, columns}, {columns, 1});
    return whole;
}

void shrinkTo(int64_t rows, const at::Tensor& y)
{
    y.unsafeGetTensorImpl()->set_sizes_contiguous({rows, y.size(1)});
}

} // namespace studio
