// SPDX-License-Identifier: MIT
#pragma once

#include "core/nn/parameters.h"
#include "core/train/adam.h"
#include "core/train/arguments.h"

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <ATen/core/Tensor.h>

namespace studio {

/// Whether weight decay acts on a parameter: transformers' rule (not on norms and names that hold bias).
[[nodiscard]] bool takesWeightDecay(const std::string& parameterName);

/// AdamW, Adam or SGD with momentum over the parameters that require a gradient: LibTorch's fused kernels,
/// but Adam and AdamW on the CPU by our own, for which gradients of embeddings may be sparse: the same
/// numbers.
class Optimizer {
public:
    /// `isHead` tells the parameters that follow classifier_learning_rate.
    Optimizer(const TrainingArguments& arguments, const ParameterList& parameters,
        const std::function<bool(const std::string&)>& isHead);

    /// Gradients that exist, for clipping; sparse ones become coalesced.
    [[nodiscard]] std::vector<at::Tensor> gradients() const;
    /// One step with peak learning rates scaled by `factor` and gradients by `gradientScale` (on a GPU 1);
    /// none where `skip` ([] float on the parameters' device) holds 1, for which nobody waits on a GPU.
    void step(double factor, const at::Tensor& skip, float gradientScale = 1);
    /// From the next step on, for all but a head with a rate of its own.
    void setLearningRate(double rate);
    void clearGradients();
    [[nodiscard]] int64_t parameterCount() const; ///< trainable values

    /// State by name, in the order of the parameters: "exp_avg.NAME", …, "step".
    [[nodiscard]] std::vector<std::pair<std::string, at::Tensor>> state() const;
    /// Takes tensors by name; throws Error{Checkpoint} where `tensor` lacks one or its shape differs.
    void restore(const std::function<at::Tensor(const std::string&)>& tensor);

private:
    struct Entry {
        std::string name;
        at::Tensor parameter, first, second; ///< momentum of SGD is `first`
        AdamRows rows = {};
    };
    struct Group {
        double learningRate = 0, weightDecay = 0;
        bool ownRate = false; ///< classifier_learning_rate
        std::vector<Entry> entries;
    };
    void stepGroup(Group& group, double factor, const at::Tensor& skip, float gradientScale);
    void stepAdam(double factor, float gradientScale);

    TrainingArguments m_arguments;
    std::vector<Group> m_groups;
    std::vector<std::string> m_order; ///< names as the model lists them
    at::Tensor m_steps; ///< [] float, steps done: shared by all parameters
};

} // namespace studio
