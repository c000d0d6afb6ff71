// SPDX-License-Identifier: MIT
#pragma once

#include "core/data/dataset.h"

#include <cstdint>
#include <vector>

namespace studio {

/// Shares of the data held out, each in [0, 1), their sum below 1.
struct SplitOptions {
    double validation = 0.1;
    double test = 0;
    uint64_t seed = 42;
};

/// Indices into a Dataset, each part ascending.
struct Split {
    std::vector<int64_t> train, validation, test;
};

/// Stratified by label (by quantile for regression, by label set for multi-label): each part gets its share
/// of each class, rounded by largest remainder so that the totals are the rounded shares of all rows; the
/// same seed gives the same split on every machine. Throws Error{Settings} for shares out of range,
/// Error{Data} when a part would be empty.
[[nodiscard]] Split stratifiedSplit(const Dataset& dataset, const SplitOptions& options);

/// Seeded uniform permutation of 0…count-1 for an epoch (Fisher–Yates over a counter-based generator; the
/// same everywhere).
[[nodiscard]] std::vector<int64_t> epochPermutation(int64_t count, uint64_t seed, int64_t epoch);

} // namespace studio
