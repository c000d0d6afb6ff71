// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include <ATen/core/Tensor.h>

namespace studio {

/// Norm of all gradients together before clipping, [] float on their device, and what clipping multiplies
/// them by: on a CPU the optimizer does so while it reads them, on a GPU they are scaled already and this
/// is 1.
struct ClippedNorm {
    at::Tensor norm;
    float scale = 1;
};
/// As torch.nn.utils.clip_grad_norm_; `maximum` 0: no clipping. Gradients may be sparse on the CPU.
[[nodiscard]] ClippedNorm clipGradients(std::vector<at::Tensor> gradients, double maximum);

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
