// SPDX-License-Identifier: MIT
#pragma once

#include "core/train/arguments.h"

#include <cstdint>
#include <vector>

namespace studio {

/// Positions 0…count-1 of the training rows in the order in which epoch `epoch` (from 0) visits them: the
/// file's with `shuffle` false, else a seeded uniform permutation; with group_by_length, batches of rows of
/// similar length in random order. `lengths` (tokens) are needed for the latter alone.
[[nodiscard]] std::vector<int64_t> epochRowOrder(const TrainingArguments& arguments, int64_t count,
    int64_t epoch, const std::vector<int32_t>& lengths = {});

} // namespace studio
