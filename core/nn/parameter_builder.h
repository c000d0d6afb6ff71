// SPDX-License-Identifier: MIT
#pragma once

#include "core/nn/parameters.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <ATen/core/Tensor.h>

namespace studio {

/// How a fresh parameter starts.
enum class Init { Normal, Zeros, Ones };

/// Where a model's parameters are collected while it is built.
struct ParameterStore {
    at::Device device = at::kCPU; ///< kMeta: shapes without memory, for inspection
    ParameterList parameters;
    std::vector<Init> inits; ///< one per parameter
    std::vector<int64_t> zeroRows; ///< one per parameter: the row that starts as zeros, -1: none
};

/// A handle into a store whose path is the checkpoint name: `builder / "attention" / "self"` registers what
/// it adds below "….attention.self.".
class ParameterBuilder {
public:
    explicit ParameterBuilder(ParameterStore& store, std::string path = {});
    [[nodiscard]] ParameterBuilder operator/(std::string_view name) const;

    /// A new uninitialised fp32 parameter.
    at::Tensor add(std::string_view name, at::IntArrayRef sizes, Init init, int64_t zeroRow = -1) const;
    /// Memory of several equally shaped parameters side by side: [count * sizes[0], …]. Hand each part to
    /// `addPart`.
    [[nodiscard]] at::Tensor allocate(int64_t count, at::IntArrayRef sizes) const;
    /// Rows [index * rows, (index + 1) * rows) of a block as a parameter of its own.
    at::Tensor addPart(
        std::string_view name, const at::Tensor& block, int64_t index, int64_t rows, Init init) const;

    /// Rows [first, first + rows) of a block as a parameter of its own.
    at::Tensor addRows(
        std::string_view name, const at::Tensor& block, int64_t first, int64_t rows, Init init) const;

private:
    at::Tensor registered(std::string_view name, at::Tensor tensor, Init init, int64_t zeroRow = -1) const;

    ParameterStore* m_store;
    std::string m_path;
};

/// Fills every parameter whose name starts with `prefix`: normal(0, standardDeviation) from a generator
/// seeded by (seed, name), zeros or ones. Independent of the order of calls and of the device.
void initializeParameters(
    ParameterStore& store, std::string_view prefix, uint64_t seed, double standardDeviation);

} // namespace studio
