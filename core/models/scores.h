// SPDX-License-Identifier: MIT
#pragma once

#include "core/models/predictor.h"

#include <cstdint>
#include <span>

namespace studio {

/// What tokeniser and positions allow.
[[nodiscard]] int32_t longestInput(const Tokenizer& tokenizer, int64_t maxPositions);
/// `requested` (0: longestInput) checked against the model; throws Error{Settings} naming both numbers.
[[nodiscard]] int32_t checkedMaxLength(int64_t requested, const Tokenizer& tokenizer, int64_t maxPositions);

/// The stated type, else as transformers infers it: one label is regression.
[[nodiscard]] ProblemType effectiveProblemType(ProblemType stated, size_t labelCount);

/// Softmax, sigmoids or the value itself, and the labels chosen.
[[nodiscard]] Prediction predictionFromLogits(std::span<const float> logits, ProblemType problemType);

} // namespace studio
