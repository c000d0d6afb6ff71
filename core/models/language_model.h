// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/json.h"
#include "core/nn/forward_context.h"
#include "core/nn/packed_batch.h"
#include "core/nn/parameters.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace studio {

/// A decoder with its language-model head: what comes next after each token.
class LanguageModel {
public:
    virtual ~LanguageModel() = default;
    /// Scores of every vocabulary entry as the next token, [T, V] in fp32.
    virtual at::Tensor logits(const PackedBatch& batch, ForwardContext& context) = 0;
    /// Natural logarithm of each token's probability given those before it in its text: [T] fp32 on the CPU,
    /// 0 for first tokens. Never holds the logits of all tokens at once.
    virtual at::Tensor logProbabilities(const PackedBatch& batch, ForwardContext& context) = 0;
    virtual const ParameterList& parameters() const = 0;
    virtual int64_t maxPositions() const = 0;
    virtual int64_t vocabularySize() const = 0;
};

struct LoadedLanguageModel {
    std::unique_ptr<LanguageModel> model;
    Json config;
    std::vector<std::string> warnings;
};

/// Loads a folder as a language model on `device`, fp32. Throws Error{Checkpoint} naming what is missing.
[[nodiscard]] LoadedLanguageModel loadLanguageModel(
    const std::filesystem::path& folder, const at::Device& device);

} // namespace studio
