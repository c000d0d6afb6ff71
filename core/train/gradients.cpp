// SPDX-License-Identifier: MIT
// Reference: torch/nn/utils/clip_grad.py, torch/amp/grad_scaler.py.
#include "core/train/gradients.h"

#include "core/nn/cpu_kernels.h"
#include "core/nn/parallel.h"

#include <cmath>
#include <numeric>
#include <span>

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

namespace {

/// Σ x² of contiguous fp32 numbers on the CPU: the same whatever the number of threads.
double sumOfSquares(const std::vector<at::Tensor>& tensors)
{
    constexpr int64_t block = 1 << 16;
    std::vector<std::span<const float>> blocks;
    for (const auto& tensor : tensors) {
        const std::span numbers(tensor.const_data_ptr<float>(), static_cast<size_t>(tensor.numel()));
        for (size_t first = 0; first < numbers.size(); first += block)
            blocks.push_back(numbers.subspan(first, std::min<size_t>(block, numbers.size() - first)));
    }
    std::vector<double> sums(blocks.size());
    forEachPart(static_cast<int64_t>(blocks.size()), [&](int64_t, int64_t begin, int64_t end) {
        for (auto i = static_cast<size_t>(begin); i < static_cast<size_t>(end); ++i)
            sums[i] = cpuKernels().squares(blocks[i].data(), static_cast<int64_t>(blocks[i].size()));
    });
    return std::accumulate(sums.begin(), sums.end(), 0.0);
}

} // namespace

ClippedNorm clipGradients(std::vector<at::Tensor> gradients, double maximum)
{
    const at::NoGradGuard noGrad;
    if (gradients.empty())
        return {at::zeros({})};
    if (gradients.front().is_cpu()) {
        for (auto& gradient : gradients)
            gradient
                = gradient.is_sparse() ? gradient.coalesce().values().contiguous() : gradient.contiguous();
        const auto norm = static_cast<float>(std::sqrt(sumOfSquares(gradients)));
        const auto scale = static_cast<float>(maximum) / (norm + 1e-6F);
        return {at::full({}, norm), maximum > 0 && scale < 1 ? scale : 1};
    }
    const auto norm = at::linalg_vector_norm(at::stack(at::_foreach_norm(gradients, 2)), 2);
    if (maximum > 0) // without waiting for the device
        at::_foreach_mul_(
            gradients, at::clamp(at::reciprocal(norm.add(1e-6)).mul(maximum), std::nullopt, 1.0));
    return {norm};
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
