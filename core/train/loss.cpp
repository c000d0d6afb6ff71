// SPDX-License-Identifier: MIT
#include "core/train/loss.h"

#include <ATen/core/Reduction.h>
#include <ATen/ops/binary_cross_entropy_with_logits.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/mse_loss.h>
#include <ATen/ops/tensor.h>

namespace studio {

Loss::Loss(Options options, const at::Device& device)
    : m_options(std::move(options))
{
    if (!m_options.classWeights.empty())
        m_weights = at::tensor(m_options.classWeights).to(device);
}

at::Tensor Loss::sum(const at::Tensor& logits, const Targets& targets) const
{
    switch (m_options.problemType) {
    case ProblemType::Regression:
        return at::mse_loss(logits.squeeze(-1), targets, at::Reduction::Sum);
    case ProblemType::MultiLabel:
        return at::binary_cross_entropy_with_logits(logits, targets, {}, {}, at::Reduction::Sum)
            .div(static_cast<double>(logits.size(1)));
    case ProblemType::Auto:
    case ProblemType::SingleLabel:
        break;
    }
    return at::cross_entropy_loss(logits, targets,
        m_weights.defined() ? std::optional(m_weights) : std::nullopt, at::Reduction::Sum,
        /*ignore_index=*/-100, m_options.labelSmoothing);
}

double Loss::weight(int32_t label) const
{
    return m_options.classWeights.empty() ? 1 : m_options.classWeights[static_cast<size_t>(label)];
}

at::Tensor Loss::perRow(const at::Tensor& logits, const Targets& targets, bool plain) const
{
    switch (m_options.problemType) {
    case ProblemType::Regression:
        return at::mse_loss(logits.squeeze(-1), targets, at::Reduction::None);
    case ProblemType::MultiLabel:
        return at::binary_cross_entropy_with_logits(logits, targets, {}, {}, at::Reduction::None).mean(1);
    case ProblemType::Auto:
    case ProblemType::SingleLabel:
        break;
    }
    if (plain || !m_weights.defined())
        return at::cross_entropy_loss(
            logits, targets, {}, at::Reduction::None, -100, plain ? 0.0 : m_options.labelSmoothing);
    return at::cross_entropy_loss(
        logits, targets, m_weights.to(logits.device()), at::Reduction::None, -100, m_options.labelSmoothing);
}

} // namespace studio
