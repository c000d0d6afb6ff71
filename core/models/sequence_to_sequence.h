// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/json.h"
#include "core/models/classifier_base.h"
#include "core/nn/forward_context.h"
#include "core/nn/packed_batch.h"
#include "core/nn/parameters.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace studio {

/// An encoder–decoder with its language-model head: how likely a target is, given its source. The decoder
/// reads the target shifted right by one, after the token that its config names.
class SequenceToSequenceModel {
public:
    virtual ~SequenceToSequenceModel() = default;
    /// Scores of every entry of the target's vocabulary as each token of the targets, [T, V] in fp32.
    virtual at::Tensor logits(const PairedBatch& batch, ForwardContext& context) = 0;
    /// Natural logarithm of each target token's probability given the source and the tokens before it: [T]
    /// fp32 on the CPU. Never holds the logits of all tokens at once.
    virtual at::Tensor logProbabilities(const PairedBatch& batch, ForwardContext& context) = 0;
    virtual const ParameterList& parameters() const = 0;
    /// Whether a checkpoint may lack this parameter: it then keeps the values it was created with.
    virtual bool mayLack(const std::string& parameterName) const = 0;
    virtual const ModelTraits& traits() const = 0;
    virtual int64_t targetVocabularySize() const = 0;
};

struct LoadedSequenceToSequenceModel {
    std::unique_ptr<SequenceToSequenceModel> model;
    Json config;
    std::vector<std::string> warnings;
};

/// Loads a folder as a sequence-to-sequence model on `device`, fp32. Throws Error{Checkpoint} naming what is
/// missing.
[[nodiscard]] LoadedSequenceToSequenceModel loadSequenceToSequenceModel(
    const std::filesystem::path& folder, const at::Device& device);

} // namespace studio
