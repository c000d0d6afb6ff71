// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/concat.h"
#include "core/models/model.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/variable.h>

namespace studio {

struct TwoPasses {
    at::Tensor logits; ///< of the second pass
    std::vector<at::Tensor> gradients; ///< of both together, undefined where there is none
    int64_t checkpoints = 0; ///< in the graph of a pass
};

/// Two micro-batches of one step, with dropout.
inline TwoPasses twoPasses(ClassificationModel& model, const PackedBatch& batch, bool checkpointLayers)
{
    TwoPasses result;
    for (int64_t microBatch = 0; microBatch < 2; ++microBatch) {
        ForwardContext context{.training = true, .seed = 3, .step = 5, .microBatch = microBatch};
        context.checkpointLayers = checkpointLayers;
        const auto logits = model.forward(batch, context);
        std::set<torch::autograd::Node*> seen;
        std::vector<torch::autograd::Node*> open{logits.grad_fn().get()};
        while (!open.empty()) {
            auto* node = open.back();
            open.pop_back();
            if (!node || !seen.insert(node).second)
                continue;
            for (const auto& edge : node->next_edges())
                open.push_back(edge.function.get());
        }
        result.checkpoints = std::ranges::count_if(
            seen, [](auto* node) { return node->name().find("CheckpointFunction") != std::string::npos; });
        torch::autograd::backward({logits.square().sum()}, {});
        result.logits = logits.detach();
    }
    for (const auto& parameter : model.parameters()) {
        result.gradients.push_back(parameter.tensor.grad());
        parameter.tensor.mutable_grad().reset();
    }
    return result;
}

/// Empty where gradient checkpointing gives the same logits, bit for bit, and the same gradients within
/// `tolerance` of the largest (0: bit for bit), with all parameters trained and with the embeddings and the
/// first layer frozen; else what differs.
inline std::string checkpointingDifference(
    ClassificationModel& model, const PackedBatch& batch, double tolerance = 0)
{
    for (const bool frozen : {false, true}) {
        auto prefixes = model.embeddingsPrefixes();
        prefixes.push_back(model.layerPrefix(0));
        for (const auto& [name, tensor] : model.parameters())
            tensor.requires_grad_(!frozen
                || std::ranges::none_of(prefixes,
                    [&, &parameter = name](const auto& prefix) { return parameter.starts_with(prefix); }));
        const auto plain = twoPasses(model, batch, false), again = twoPasses(model, batch, true);
        if (plain.checkpoints != 0 || again.checkpoints < model.layerCount() - (frozen ? 1 : 0))
            return concat(again.checkpoints, " layers of ", model.layerCount(), " are checkpointed");
        if (!again.logits.equal(plain.logits))
            return "other logits";
        for (size_t i = 0; i < plain.gradients.size(); ++i) {
            const auto &one = plain.gradients[i], &other = again.gradients[i];
            const auto& name = model.parameters()[i].name;
            if (one.defined() != other.defined())
                return concat(name, other.defined() ? " has" : " lacks", " a gradient");
            if (!one.defined() || one.equal(other))
                continue;
            const auto largest = one.abs().max().item<double>(),
                       off = one.sub(other).abs().max().item<double>();
            if (!(off <= tolerance * largest))
                return concat(name, " is off by ", off, " of ", largest);
        }
    }
    return {};
}

} // namespace studio
