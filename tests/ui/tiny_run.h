// SPDX-License-Identifier: MIT
#pragma once

#include "core/train/arguments.h"

#include <filesystem>

namespace studio {

/// A checkpoint of a few thousand weights and a data file of `rows` rows below `folder`, and a job for them
/// that takes well under a second.
[[nodiscard]] TrainingArguments makeTinyJob(const std::filesystem::path& folder, int rows = 96);

} // namespace studio
