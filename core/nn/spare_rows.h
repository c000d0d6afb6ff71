// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>

namespace studio {

// oneDNN prepares code for each number of rows that it meets, which takes as long as multiplying some hundred
// rows (0.65 ms), and packed batches bring another number each time. So activations have a few spare rows,
// and multiplies see numbers of rows that come again. All this is for fp32 on the CPU; elsewhere there are no
// spare rows.

/// The number of rows that multiplies see of `rows`.
[[nodiscard]] int64_t withSpareRows(int64_t rows);
/// Uninitialised [rows, columns]; the spare rows behind are zeros.
[[nodiscard]] at::Tensor emptyRows(int64_t rows, int64_t columns, const at::TensorOptions& options);
/// The same in the shape of x, whatever that is.
[[nodiscard]] at::Tensor emptyRowsLike(const at::Tensor& x);
/// x with its spare rows, whose numbers are finite, as a tensor of its own on the same memory; x itself
/// where it has none or needs none.
[[nodiscard]] at::Tensor spread(const at::Tensor& x);
/// The first rows of y, which are then all that anyone sees of it.
void shrinkTo(int64_t rows, const at::Tensor& y);

} // namespace studio
