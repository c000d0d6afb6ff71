// SPDX-License-Identifier: MIT
#include "core/models/batch_logits.h"

#include <algorithm>

#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty_like.h>

namespace studio {

at::Tensor batchLogits(ClassificationModel& model, std::span<const SequenceView> sequences,
    const at::Device& device, ForwardContext context)
{
    const at::NoGradGuard noGrad;
    const auto batch = packBatch(sequences, device);
    const auto found = model.forward(batch, context).to(at::kCPU, at::kFloat).contiguous();
    auto logits = at::empty_like(found);
    const auto labels = found.size(1);
    const auto* from = found.const_data_ptr<float>();
    for (const auto place : batch.order) {
        std::copy_n(from, labels, logits.mutable_data_ptr<float>() + place * labels);
        from += labels;
    }
    return logits;
}

} // namespace studio
