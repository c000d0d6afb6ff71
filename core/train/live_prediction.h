// SPDX-License-Identifier: MIT
#pragma once

#include "core/models/model.h"
#include "core/models/predictor.h"
#include "core/text/tokenizer.h"

#include <span>
#include <vector>

namespace studio {

/// Classifies texts with a model in evaluation mode and fp32. Draws no random numbers and leaves gradients as
/// they are.
[[nodiscard]] std::vector<Prediction> predictTexts(ClassificationModel& model, const Tokenizer& tokenizer,
    int32_t maxLength, ProblemType problemType, std::span<const TextInput> inputs, const at::Device& device);

} // namespace studio
