// SPDX-License-Identifier: MIT
// Reference: torch/utils/checkpoint.py. Parameters are found in the layer's own graph and become inputs of
// the function, so that their gradients take the usual way and add up in the usual order.
#include "core/nn/checkpointing.h"

#include <algorithm>
#include <memory>
#include <unordered_set>
#include <utility>

#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/autograd/functions/accumulate_grad.h>

namespace studio {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Node;
using torch::autograd::variable_list;

bool needsGradient(const at::Tensor& tensor)
{
    return tensor.defined() && tensor.requires_grad();
}

/// The same numbers as the beginning of a graph of their own.
at::Tensor cutOff(const at::Tensor& tensor)
{
    return tensor.detach().requires_grad_();
}

/// What the backward pass needs to compute a layer again.
struct Recomputation : torch::CustomClassHolder {
    LayerFunction layer;
    ForwardContext context; ///< as it was before the layer
    std::vector<at::Tensor> inputs; ///< undefined where `places` says so
    std::vector<size_t> places; ///< of inputs that need a gradient
    at::Tensor output; ///< until the function's forward pass has handed it out
};

/// Parameters that the output was computed from.
variable_list parametersOf(const at::Tensor& output, const variable_list& inputs)
{
    variable_list parameters;
    std::unordered_set<const Node*> seen;
    std::vector<Node*> open{output.grad_fn().get()};
    while (!open.empty()) {
        auto* node = open.back();
        open.pop_back();
        if (!node || !seen.insert(node).second)
            continue;
        if (const auto* leaf = dynamic_cast<torch::autograd::AccumulateGrad*>(node)) {
            const auto isLeaf
                = [&](const at::Tensor& input) { return input.defined() && input.is_same(leaf->variable); };
            if (std::ranges::none_of(inputs, isLeaf))
                parameters.push_back(leaf->variable);
            continue;
        }
        for (const auto& edge : node->next_edges())
            open.push_back(edge.function.get());
    }
    return parameters;
}

/// `variables`: inputs that need a gradient, in the order of `places`, then parameters.
class CheckpointFunction : public torch::autograd::Function<CheckpointFunction> {
public:
    static at::Tensor forward(
        AutogradContext* context, const c10::intrusive_ptr<Recomputation>& work, at::TensorList variables)
    {
        context->save_for_backward(variables.vec());
        context->saved_data["work"] = c10::IValue::make_capsule(work);
        return std::exchange(work->output, {});
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients)
    {
        const auto capsule = context->saved_data["work"].toCapsule();
        const auto& work = static_cast<const Recomputation&>(*capsule);
        const auto variables = context->get_saved_variables();
        auto inputs = work.inputs;
        auto wanted = variables;
        for (size_t i = 0; i < work.places.size(); ++i)
            inputs[work.places[i]] = wanted[i] = cutOff(variables[i]);
        auto again = work.context;
        const at::AutoGradMode enabled(true);
        const auto output = work.layer(inputs, again);
        auto found = torch::autograd::grad(
            {output}, wanted, {gradients[0]}, std::nullopt, /*create_graph=*/false, /*allow_unused=*/true);
        found.insert(found.begin(), at::Tensor()); // `work` has none
        return found;
    }
};

} // namespace

at::Tensor checkpointed(
    const LayerFunction& layer, const std::vector<at::Tensor>& inputs, ForwardContext& context)
{
    if (!context.training || !context.checkpointLayers || !at::GradMode::is_enabled())
        return layer(inputs, context);
    auto work = c10::make_intrusive<Recomputation>();
    work->layer = layer;
    work->context = context;
    work->inputs = inputs;
    variable_list variables;
    auto cut = inputs;
    for (size_t i = 0; i < inputs.size(); ++i) {
        if (!needsGradient(inputs[i]))
            continue;
        variables.push_back(inputs[i]);
        cut[i] = cutOff(inputs[i]);
        work->places.push_back(i);
        work->inputs[i] = at::Tensor();
    }
    {
        // With a graph, as without checkpointing: it takes the same kernels and tells the parameters. It ends
        // here, and with it what the layer has kept.
        const auto output = layer(cut, context);
        if (!output.requires_grad())
            return output;
        const auto parameters = parametersOf(output, cut);
        variables.insert(variables.end(), parameters.begin(), parameters.end());
        work->output = output.variable_data();
    }
    return CheckpointFunction::apply(work, at::TensorList(variables));
}

} // namespace studio
