// SPDX-License-Identifier: MIT
#pragma once

#include "core/nn/forward_context.h"

#include <functional>
#include <vector>

#include <ATen/core/Tensor.h>

namespace studio {

/// A layer as a function of what earlier layers have made. The backward pass may call it again: it holds by
/// value whatever might not live until then, and draws random numbers through the context alone.
using LayerFunction
    = std::function<at::Tensor(const std::vector<at::Tensor>& inputs, ForwardContext& context)>;

/// layer(inputs, context). Where the context asks for gradient checkpointing, the inputs alone are kept for
/// the backward pass, which computes the layer again with the same dropout masks; output and gradients stay
/// the same. Every input that is no parameter but needs a gradient stands in `inputs`; undefined ones may.
[[nodiscard]] at::Tensor checkpointed(
    const LayerFunction& layer, const std::vector<at::Tensor>& inputs, ForwardContext& context);

} // namespace studio
