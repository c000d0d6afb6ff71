// SPDX-License-Identifier: MIT
// Reference of the heads: GenericForSequenceClassification in
// https://github.com/huggingface/transformers/blob/main/src/transformers/modeling_layers.py
#include "core/models/decoder.h"

#include "core/nn/device_copy.h"

#include <algorithm>

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/gather.h>
#include <ATen/ops/logsumexp.h>
#include <ATen/ops/tanh.h>
#include <ATen/ops/zeros.h>

namespace studio {

namespace {

/// Numbers of logits that are held at once.
constexpr int64_t g_logitNumbers = int64_t(1) << 24;

} // namespace

SelectedTokens selectLastTokens(const PackedBatch& batch, std::optional<int64_t> paddingId)
{
    const auto& layout = batch.layout;
    SelectedTokens selected;
    auto rows = at::empty({layout.count()}, at::TensorOptions(at::kLong));
    for (int64_t i = 0; i < layout.count(); ++i) {
        const auto* id = batch.hostIds.const_data_ptr<int64_t>() + layout.starts[size_t(i)];
        auto position = layout.length(i) - 1;
        while (paddingId && position > 0 && id[position] == *paddingId)
            --position;
        selected.positions.push_back(position);
        rows.data_ptr<int64_t>()[i] = layout.starts[size_t(i)] + position;
    }
    selected.rows = onDevice(rows, batch.inputIds.device());
    return selected;
}

DecoderClassifier::DecoderClassifier(const DecoderPlan& plan, int64_t labelCount, const at::Device& device)
    : ClassifierBase(plan.traits, device)
    , m_paddingId(plan.paddingId)
{
    const ParameterBuilder root(m_store);
    m_body = plan.build(root);
    m_score = Linear::create(root / "score", plan.traits.hiddenSize, labelCount, Bias::None);
}

at::Tensor DecoderClassifier::forward(const PackedBatch& batch, ForwardContext& context)
{
    const auto selected = selectLastTokens(batch, m_paddingId);
    const auto states = m_body->forward(batch, context, &selected); // [B, H]
    return linear(states, m_score, context.computeType).to(at::kFloat);
}

DecoderLanguageModel::DecoderLanguageModel(const DecoderPlan& plan, const at::Device& device)
    : m_traits(plan.traits)
    , m_logitSoftCap(plan.logitSoftCap)
    , m_store{.device = device, .parameters = {}, .inits = {}, .zeroRows = {}}
{
    const ParameterBuilder root(m_store);
    m_body = plan.build(root);
    if (plan.tiedHead)
        m_head.weight = m_body->wordEmbedding().weight;
    else
        m_head = Linear::create(
            root / "lm_head", plan.traits.hiddenSize, plan.traits.vocabularySize, Bias::None);
}

at::Tensor DecoderLanguageModel::scores(const at::Tensor& states, ForwardContext& context) const
{
    auto scores = linear(states, m_head, context.computeType).to(at::kFloat);
    if (m_logitSoftCap != 0)
        scores = at::tanh(scores / m_logitSoftCap) * m_logitSoftCap;
    return scores;
}

at::Tensor DecoderLanguageModel::logits(const PackedBatch& batch, ForwardContext& context)
{
    return scores(m_body->forward(batch, context, nullptr), context);
}

at::Tensor DecoderLanguageModel::logProbabilities(const PackedBatch& batch, ForwardContext& context)
{
    const auto states = m_body->forward(batch, context, nullptr);
    const auto tokens = batch.layout.tokens();
    auto result = at::zeros({tokens}, at::TensorOptions(at::kFloat));
    const auto rows = std::max<int64_t>(1, g_logitNumbers / m_traits.vocabularySize);
    for (int64_t first = 0; first + 1 < tokens; first += rows) {
        const auto count = std::min(rows, tokens - 1 - first);
        const auto next = batch.inputIds.narrow(0, first + 1, count).unsqueeze(1);
        const auto logits = scores(states.narrow(0, first, count), context);
        const auto value = at::gather(logits, 1, next).squeeze(1) - at::logsumexp(logits, 1);
        result.narrow(0, first + 1, count).copy_(value);
    }
    for (int64_t i = 0; i < batch.layout.count(); ++i)
        result.data_ptr<float>()[batch.layout.starts[size_t(i)]] = 0;
    return result;
}

} // namespace studio
