// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/task.h"
#include "core/models/predictor.h"

#include <cstdint>
#include <filesystem>

namespace studio {

/// What classifying a file did.
struct ClassifiedFile {
    std::filesystem::path target;
    int64_t rows = 0;
};

/// Classifies every row of a data file (plain lines, or the text columns that suggestMapping() finds) and
/// writes a CSV: row, text, text_pair, label, score, one column of scores a label. Cancelled: nothing is
/// written. Issues torch operations: inference thread only. Throws Error.
[[nodiscard]] ClassifiedFile classifyFile(const std::filesystem::path& model,
    const std::filesystem::path& source, const std::filesystem::path& target, const PredictorOptions& options,
    const TaskControl& control);

} // namespace studio
