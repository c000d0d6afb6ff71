// SPDX-License-Identifier: MIT
#include "core/models/classification_head.h"

namespace studio {

ClassificationHead::ClassificationHead(const ParameterBuilder& root, const HeadShape& shape)
    : m_dense(Linear::create(root / shape.dense, shape.hiddenSize, shape.hiddenSize))
    , m_output(Linear::create(root / shape.output, shape.hiddenSize, shape.labelCount))
    , m_activation(shape.activation)
    , m_inputDropout(shape.inputDropout)
    , m_dropout(shape.dropout)
{
}

at::Tensor ClassificationHead::forward(const at::Tensor& features, ForwardContext& context) const
{
    const auto kept
        = m_inputDropout ? dropout(features, nextDropoutSite(*m_inputDropout, context)) : features;
    const auto inner = linearActivation(kept, m_dense, m_activation, context.computeType); // [B, H]
    const auto output = dropout(inner, nextDropoutSite(m_dropout, context));
    return linear(output, m_output, context.computeType).to(at::kFloat);
}

} // namespace studio
