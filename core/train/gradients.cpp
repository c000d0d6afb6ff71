// SPDX-License-Identifier: MIT
// Reference: torch/nn/utils/clip_grad.py, torch/amp/grad_scaler.py.
#include "core/train/gradients.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/_amp_foreach_non_finite_check_and_unscale.h>
#include <ATen/ops/_foreach_mul.h>
#include <ATen/ops/_foreach_norm.h>
#include <ATen/ops/clamp.h>
#include <ATen/ops/full.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/reciprocal.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros.h>

namespace studio {

at::Tensor clipGradients(std::vector<at::Tensor> gradients, double maximum)
{
    const at::NoGradGuard noGrad;
    if (gradients.empty())
        return at::zeros({});
    const auto norm = at::linalg_vector_norm(at::stack(at::_foreach_norm(gradients, 2)), 2);
    if (maximum <= 0)
        return norm;
    const auto factor = at::clamp(at::reciprocal(norm.add(1e-6)).mul(maximum), std::nullopt, 1.0);
    if (norm.is_cuda()) // without waiting for the device
        at::_foreach_mul_(gradients, factor);
    else if (!(factor.item<float>() >= 1))
        at::_foreach_mul_(gradients, at::Scalar(factor.item<float>()));
    return norm;
}

at::Tensor GradientScaler::scaled(const at::Tensor& loss) const
{
    return m_enabled ? loss.mul(m_scale) : loss;
}

at::Tensor GradientScaler::unscale(const std::vector<at::Tensor>& gradients)
{
    if (gradients.empty())
        return at::zeros({});
    const at::NoGradGuard noGrad;
    const auto options = gradients.front().options();
    auto infinite = at::zeros({}, options);
    if (m_enabled)
        at::_amp_foreach_non_finite_check_and_unscale_(
            gradients, infinite, at::full({}, 1 / m_scale, options));
    return infinite;
}

void GradientScaler::update(bool allFinite)
{
    if (!m_enabled)
        return;
    constexpr int64_t growthInterval = 2000;
    if (!allFinite) {
        m_scale /= 2;
        m_finiteSteps = 0;
    } else if (++m_finiteSteps == growthInterval) {
        m_scale *= 2;
        m_finiteSteps = 0;
    }
}

void GradientScaler::restore(double scale, int64_t finiteSteps)
{
    m_scale = scale;
    m_finiteSteps = finiteSteps;
}

} // namespace studio
