// SPDX-License-Identifier: MIT
#pragma once

#include "core/nn/dropout.h"
#include "core/nn/linear.h"

#include <optional>
#include <string_view>

namespace studio {

/// Sizes, names and dropout of a head of two layers; a pooler counts as the first of them.
struct HeadShape {
    std::string_view dense = "classifier.dense", output = "classifier.out_proj";
    int64_t hiddenSize = 0, labelCount = 0;
    Activation activation = Activation::Tanh; ///< between the layers
    std::optional<double> inputDropout = std::nullopt; ///< before the first layer
    double dropout = 0; ///< before the second
};

/// Head of two layers.
class ClassificationHead {
public:
    ClassificationHead(const ParameterBuilder& root, const HeadShape& shape);
    /// Vectors of the sequences [B, H] → logits [B, labels] in fp32.
    [[nodiscard]] at::Tensor forward(const at::Tensor& features, ForwardContext& context) const;

private:
    Linear m_dense, m_output;
    Activation m_activation;
    std::optional<double> m_inputDropout;
    double m_dropout;
};

} // namespace studio
