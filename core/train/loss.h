// SPDX-License-Identifier: MIT
#pragma once

#include "core/data/dataset.h"

#include <vector>

#include <ATen/core/Tensor.h>

namespace studio {

/// Truth of some rows: [B] int64 class ids, [B, labels] float 0/1 (multi-label) or [B] float (regression).
using Targets = at::Tensor;

/// The loss of a task: cross-entropy (with label smoothing and class weights, as torch.nn.functional
/// .cross_entropy), BCE with logits averaged over the labels, or squared error.
class Loss {
public:
    struct Options {
        ProblemType problemType = ProblemType::SingleLabel;
        double labelSmoothing = 0;
        std::vector<float> classWeights = {}; ///< empty: none
    };
    Loss(Options options, const at::Device& device);

    /// Sum over the rows; divide by the sum of their `weight`s over the accumulation window. logits [B,
    /// labels].
    [[nodiscard]] at::Tensor sum(const at::Tensor& logits, const Targets& targets) const;
    /// What one row counts in the mean: its class weight, else 1. `label` is ignored without class weights.
    [[nodiscard]] double weight(int32_t label) const;
    /// Loss of each row [B]; `plain`: without smoothing and class weights.
    [[nodiscard]] at::Tensor perRow(const at::Tensor& logits, const Targets& targets, bool plain) const;

private:
    Options m_options;
    at::Tensor m_weights; ///< [labels], undefined without class weights
};

} // namespace studio
