// SPDX-License-Identifier: MIT
// Reference: torch.optim (AdamW, Adam, SGD with fused=True), transformers Trainer.create_optimizer.
#include "core/train/optimizer.h"

#include "core/base/concat.h"
#include "core/base/error.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <ATen/core/grad_mode.h>
#include <ATen/ops/_foreach_mul.h>
#include <ATen/ops/_fused_adam.h>
#include <ATen/ops/_fused_adamw.h>
#include <ATen/ops/_fused_sgd.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>

namespace studio {

namespace {

/// `text` holds `part` as a whole name between dots, or after `_` where `underscore`.
bool holdsName(const std::string& text, const std::string& part)
{
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
        const auto end = at + part.size();
        const bool startsName = at == 0 || text[at - 1] == '.' || text[at - 1] == '_';
        if (startsName && (end == text.size() || text[end] == '.'))
            return true;
    }
    return false;
}

} // namespace

bool takesWeightDecay(const std::string& parameterName)
{
    auto name = parameterName;
    std::transform(name.begin(), name.end(), name.begin(),
        [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    const auto holds = [&](const char* part) { return name.find(part) != std::string::npos; };
    return !holds("bias") && !holds("layernorm") && !holds("rmsnorm") && !holdsName(name, "norm")
        && !holds(".ln_"); // GPT-2's layer norms, which the reference knows by their type
}

Optimizer::Optimizer(const TrainingArguments& arguments, const ParameterList& parameters,
    const std::function<bool(const std::string&)>& isHead)
    : m_arguments(arguments)
{
    std::map<std::pair<bool, bool>, Group> groups;
    for (const auto& [name, tensor] : parameters) {
        if (!tensor.requires_grad())
            continue;
        if (!m_steps.defined())
            m_steps = at::zeros({}, tensor.options().requires_grad(false));
        const bool head = isHead(name) && arguments.classifierLearningRate;
        const bool decay = takesWeightDecay(name);
        auto& group = groups[{head, decay}];
        group.learningRate = head ? *arguments.classifierLearningRate : arguments.learningRate;
        group.ownRate = head;
        group.weightDecay = decay ? arguments.weightDecay : 0;
        group.entries.push_back({.name = name, .parameter = tensor, .first = {}, .second = {}});
        m_order.push_back(name);
    }
    const at::NoGradGuard noGrad;
    for (auto& [key, group] : groups) {
        for (auto& entry : group.entries) {
            if (arguments.optim != "sgd") {
                entry.first = at::zeros_like(entry.parameter, entry.parameter.options().requires_grad(false));
                entry.second = at::zeros_like(entry.first);
            } else if (arguments.momentum > 0) {
                entry.first = at::zeros_like(entry.parameter, entry.parameter.options().requires_grad(false));
            }
        }
        m_groups.push_back(std::move(group));
    }
}

std::vector<at::Tensor> Optimizer::gradients() const
{
    std::vector<at::Tensor> gradients;
    for (const auto& group : m_groups) {
        for (const auto& entry : group.entries) {
            auto& gradient = entry.parameter.mutable_grad();
            if (!gradient.defined())
                continue;
            if (gradient.is_sparse())
                gradient = gradient.coalesce(); // once, for clipping and for the step
            gradients.push_back(gradient);
        }
    }
    return gradients;
}

/// On the CPU.
void Optimizer::stepAdam(double factor, float gradientScale)
{
    const auto steps = m_steps.item<double>();
    const bool coupled = m_arguments.optim == "adam";
    std::vector<AdamTask> tasks;
    for (auto& group : m_groups) {
        const double learningRate = group.learningRate * factor, decay = group.weightDecay;
        const AdamRule rule{.gradientScale = gradientScale,
            .kept = static_cast<float>(coupled ? 1 : 1 - learningRate * decay),
            .penalty = static_cast<float>(coupled ? decay : 0),
            .newFirst = static_cast<float>(1 - m_arguments.adamBeta1),
            .beta2 = static_cast<float>(m_arguments.adamBeta2),
            .newSecond = static_cast<float>(1 - m_arguments.adamBeta2),
            .epsilon = static_cast<float>(m_arguments.adamEpsilon),
            .stepSize = static_cast<float>(learningRate / (1 - std::pow(m_arguments.adamBeta1, steps))),
            .rootCorrection = static_cast<float>(std::sqrt(1 - std::pow(m_arguments.adamBeta2, steps)))};
        for (auto& entry : group.entries) {
            if (entry.parameter.grad().defined())
                tasks.push_back({.parameter = entry.parameter,
                    .gradient = entry.parameter.grad(),
                    .first = entry.first,
                    .second = entry.second,
                    .rule = rule,
                    .rows = &entry.rows});
        }
    }
    adamUpdate(tasks);
}

void Optimizer::stepGroup(Group& group, double factor, const at::Tensor& skip, float gradientScale)
{
    std::vector<at::Tensor> parameters, gradients, first, second, steps;
    for (auto& entry : group.entries) {
        if (!entry.parameter.grad().defined())
            continue;
        parameters.push_back(entry.parameter);
        const auto& gradient = entry.parameter.grad();
        gradients.push_back(gradient.is_sparse() ? gradient.to_dense() : gradient);
        steps.push_back(m_steps);
        if (entry.first.defined())
            first.push_back(entry.first);
        if (entry.second.defined())
            second.push_back(entry.second);
    }
    if (parameters.empty())
        return;
    if (gradientScale != 1)
        at::_foreach_mul_(gradients, at::Scalar(gradientScale));
    const double learningRate = group.learningRate * factor;
    if (m_arguments.optim == "sgd")
        at::_fused_sgd_(parameters, gradients, first, group.weightDecay, m_arguments.momentum, learningRate,
            /*dampening=*/0, /*nesterov=*/false, /*maximize=*/false,
            /*is_first_step=*/false, // a buffer of zeros makes no difference
            {}, skip);
    else if (m_arguments.optim == "adam")
        at::_fused_adam_(parameters, gradients, first, second, {}, steps, learningRate, m_arguments.adamBeta1,
            m_arguments.adamBeta2, group.weightDecay, m_arguments.adamEpsilon, /*amsgrad=*/false,
            /*maximize=*/false, {}, skip);
    else
        at::_fused_adamw_(parameters, gradients, first, second, {}, steps, learningRate,
            m_arguments.adamBeta1, m_arguments.adamBeta2, group.weightDecay, m_arguments.adamEpsilon,
            /*amsgrad=*/false,
            /*maximize=*/false, {}, skip);
}

void Optimizer::step(double factor, const at::Tensor& skip, float gradientScale)
{
    const at::NoGradGuard noGrad;
    if (!m_steps.defined() || (m_steps.is_cpu() && skip.item<float>() != 0))
        return;
    m_steps.add_(1); // the kernels want the number of the step that they make
    if (m_steps.is_cpu() && m_arguments.optim != "sgd") {
        stepAdam(factor, gradientScale);
        return;
    }
    for (auto& group : m_groups)
        stepGroup(group, factor, skip, gradientScale);
    m_steps.sub_(skip);
}

void Optimizer::setLearningRate(double rate)
{
    for (auto& group : m_groups) {
        if (!group.ownRate)
            group.learningRate = rate;
    }
}

void Optimizer::clearGradients()
{
    for (auto& group : m_groups) {
        for (auto& entry : group.entries)
            entry.parameter.mutable_grad().reset();
    }
}

int64_t Optimizer::parameterCount() const
{
    int64_t count = 0;
    for (const auto& group : m_groups) {
        for (const auto& entry : group.entries)
            count += entry.parameter.numel();
    }
    return count;
}

std::vector<std::pair<std::string, at::Tensor>> Optimizer::state() const
{
    std::map<std::string, const Entry*> byName;
    for (const auto& group : m_groups) {
        for (const auto& entry : group.entries)
            byName[entry.name] = &entry;
    }
    std::vector<std::pair<std::string, at::Tensor>> tensors;
    const bool sgd = m_arguments.optim == "sgd";
    for (const auto& name : m_order) {
        const auto& entry = *byName.at(name);
        if (entry.first.defined())
            tensors.emplace_back(concat(sgd ? "momentum_buffer." : "exp_avg.", name), entry.first.cpu());
        if (entry.second.defined())
            tensors.emplace_back(concat("exp_avg_sq.", name), entry.second.cpu());
    }
    tensors.emplace_back("step", m_steps.cpu());
    return tensors;
}

void Optimizer::restore(const std::function<at::Tensor(const std::string&)>& tensor)
{
    const at::NoGradGuard noGrad;
    const auto take = [&](at::Tensor& target, const std::string& name) {
        const auto source = tensor(name);
        if (source.sizes() != target.sizes())
            throw Error(ErrorKind::Checkpoint,
                concat("The optimizer state '", name,
                    "' has another shape than the model's parameter; the "
                    "checkpoint belongs to another model."));
        target.copy_(source);
    };
    const bool sgd = m_arguments.optim == "sgd";
    for (auto& group : m_groups) {
        for (auto& entry : group.entries) {
            if (entry.first.defined())
                take(entry.first, concat(sgd ? "momentum_buffer." : "exp_avg.", entry.name));
            if (entry.second.defined())
                take(entry.second, concat("exp_avg_sq.", entry.name));
            entry.rows = {};
        }
    }
    take(m_steps, "step");
}

} // namespace studio
