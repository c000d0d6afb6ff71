// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include <ATen/core/Tensor.h>

namespace studio {

/// Norm of all gradients together; where `maximum` > 0 and the norm is larger, they are scaled down as
/// torch.nn.utils.clip_grad_norm_ does. Returns the norm before clipping, a scalar on the device.
at::Tensor clipGradients(std::vector<at::Tensor> gradients, double maximum);

/// Keeps fp16 gradients in range, as torch.amp.GradScaler: the loss is multiplied by a scale that grows while
/// all gradients are finite and halves when one is not. Switched off it does nothing.
class GradientScaler {
public:
    explicit GradientScaler(bool enabled)
        : m_enabled(enabled)
    {
    }
    [[nodiscard]] at::Tensor scaled(const at::Tensor& loss) const;
    /// Divides the gradients by the scale. Returns [] float on their device: 1 where one is not finite; 0
    /// when switched off.
    [[nodiscard]] at::Tensor unscale(const std::vector<at::Tensor>& gradients);
    /// Adjusts the scale to what `unscale` has found.
    void update(bool allFinite);
    [[nodiscard]] double scale() const { return m_scale; }
    [[nodiscard]] int64_t finiteSteps() const { return m_finiteSteps; }
    void restore(double scale, int64_t finiteSteps);

private:
    bool m_enabled;
    double m_scale = 65536;
    int64_t m_finiteSteps = 0; ///< since the scale last changed
};

} // namespace studio
