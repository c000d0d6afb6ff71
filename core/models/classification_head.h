// SPDX-License-Identifier: MIT
#pragma once

#include "core/nn/dropout.h"
#include "core/nn/linear.h"

namespace studio {

/// Head of two layers under the names "dense" and "out_proj", with dropout before each of them.
class ClassificationHead {
public:
    ClassificationHead(const ParameterBuilder& builder, int64_t hiddenSize, int64_t labelCount,
        Activation activation, double dropout);
    /// Vectors of the sequences [B, H] → logits [B, labels] in fp32.
    [[nodiscard]] at::Tensor forward(const at::Tensor& features, ForwardContext& context) const;

private:
    Linear m_dense, m_output;
    Activation m_activation;
    double m_dropout;
};

} // namespace studio
