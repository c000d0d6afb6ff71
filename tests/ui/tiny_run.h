// SPDX-License-Identifier: MIT
#pragma once

#include "core/train/arguments.h"

#include <filesystem>

namespace studio {

/// A checkpoint of a few thousand weights and a data file of `rows` rows below `folder`, and a job for them
/// that takes well under a second.
[[nodiscard]] TrainingArguments makeTinyJob(const std::filesystem::path& folder, int rows = 96);

/// A job of a model with one label and no problem type, as a reranker has it, on rows of the labels 0 and 1.
[[nodiscard]] TrainingArguments makeRerankerJob(const std::filesystem::path& folder);

/// A job of three labels on texts drawn at random. `learnable`: the first word decides the label; otherwise
/// the labels are drawn too.
[[nodiscard]] TrainingArguments makeRandomJob(
    const std::filesystem::path& folder, uint32_t seed, bool learnable);

} // namespace studio
