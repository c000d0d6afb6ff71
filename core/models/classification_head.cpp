// SPDX-License-Identifier: MIT
#include "core/models/classification_head.h"

namespace studio {

ClassificationHead::ClassificationHead(const ParameterBuilder& builder, int64_t hiddenSize,
    int64_t labelCount, Activation activation, double dropout)
    : m_dense(Linear::create(builder / "dense", hiddenSize, hiddenSize))
    , m_output(Linear::create(builder / "out_proj", hiddenSize, labelCount))
    , m_activation(activation)
    , m_dropout(dropout)
{
}

at::Tensor ClassificationHead::forward(const at::Tensor& features, ForwardContext& context) const
{
    const auto kept = dropout(features, nextDropoutSite(m_dropout, context));
    const auto inner = linearActivation(kept, m_dense, m_activation, context.computeType); // [B, H]
    const auto output = dropout(inner, nextDropoutSite(m_dropout, context));
    return linear(output, m_output, context.computeType).to(at::kFloat);
}

} // namespace studio
