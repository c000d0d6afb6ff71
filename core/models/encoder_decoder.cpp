// SPDX-License-Identifier: MIT
// Reference of the heads: BartForSequenceClassification and BartForConditionalGeneration in
// https://github.com/huggingface/transformers/blob/main/src/transformers/models/bart/modeling_bart.py
#include "core/models/encoder_decoder.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/nn/device_copy.h"

#include <algorithm>
#include <span>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/gather.h>
#include <ATen/ops/logsumexp.h>

namespace studio {

namespace {

/// Numbers of logits that are held at once.
constexpr int64_t g_logitNumbers = int64_t(1) << 24;

ParameterBuilder below(const ParameterBuilder& root, std::string_view name)
{
    return name.empty() ? root : root / name;
}

/// mBART's start: its last token that is no padding, by their number.
int64_t lastOf(std::span<const int64_t> ids, int64_t paddingId)
{
    const auto kept = int64_t(ids.size()) - std::ranges::count(ids, paddingId);
    if (kept == 0)
        throw Error(ErrorKind::Data,
            concat("A text holds padding tokens (id ", paddingId,
                ") alone, but the decoder begins with its last other token; leave such texts out."));
    return ids[size_t(kept) - 1];
}

/// The batch as the decoder reads it: every text begins with the start token and loses its last token.
PackedBatch shiftedRight(const PackedBatch& batch, const DecoderStart& start)
{
    auto shifted = at::empty({batch.layout.tokens()}, at::TensorOptions(at::kLong));
    for (int64_t i = 0; i < batch.layout.count(); ++i) {
        const auto first = batch.layout.starts[size_t(i)], length = batch.layout.length(i);
        const std::span text(batch.hostIds.const_data_ptr<int64_t>() + first, size_t(length));
        auto* to = shifted.data_ptr<int64_t>() + first;
        to[0] = start.lastToken ? lastOf(text, start.paddingId) : start.startId;
        std::ranges::copy(text.first(text.size() - 1), to + 1);
    }
    auto result = batch;
    result.hostIds = shifted;
    result.inputIds = onDevice(shifted, batch.inputIds.device());
    return result;
}

/// The last `endId` of each text. The reference refuses a batch whose texts hold different numbers of them;
/// one by one it takes the last one, too.
SelectedTokens selectLastEnds(const PackedBatch& batch, int64_t endId)
{
    const auto& layout = batch.layout;
    SelectedTokens selected;
    auto rows = at::empty({layout.count()}, at::TensorOptions(at::kLong));
    for (int64_t i = 0; i < layout.count(); ++i) {
        const std::span text(
            batch.hostIds.const_data_ptr<int64_t>() + layout.starts[size_t(i)], size_t(layout.length(i)));
        const auto position
            = int64_t(text.size()) - 1 - (std::find(text.rbegin(), text.rend(), endId) - text.rbegin());
        if (position < 0)
            throw Error(ErrorKind::Data,
                concat("A text holds no end-of-sequence token (id ", endId,
                    "), at which the classifier reads the state; take tokeniser files that add it."));
        selected.positions.push_back(position);
        rows.data_ptr<int64_t>()[i] = layout.starts[size_t(i)] + position;
    }
    selected.rows = onDevice(rows, batch.inputIds.device());
    return selected;
}

} // namespace

std::optional<int64_t> readEndId(const ConfigReader& reader, int64_t vocabularySize, int64_t absent)
{
    const auto found = reader.json().find("eos_token_id");
    if (found != reader.json().end() && (found->is_null() || found->is_array()))
        return std::nullopt;
    const auto id = reader.integer("eos_token_id", 0, vocabularySize - 1, absent);
    if (id >= vocabularySize)
        reader.fail("eos_token_id", concat("an id of the ", vocabularySize, " entries"));
    return id;
}

EncoderDecoderClassifier::EncoderDecoderClassifier(
    EncoderDecoderPlan plan, int64_t labelCount, const at::Device& device)
    : ClassifierBase(plan.traits, device)
    , m_plan(std::move(plan))
    , m_endId(m_plan.endId.value())
{
    const ParameterBuilder root(m_store);
    m_body = m_plan.build(below(root, m_plan.classifierBody));
    m_head.emplace(root,
        HeadShape{.dense = "classification_head.dense",
            .output = "classification_head.out_proj",
            .hiddenSize = m_traits.hiddenSize,
            .labelCount = labelCount,
            .inputDropout = m_plan.classifierDropout,
            .dropout = m_plan.classifierDropout});
}

at::Tensor EncoderDecoderClassifier::forward(const PackedBatch& batch, ForwardContext& context)
{
    const auto selected = selectLastEnds(batch, m_endId);
    const auto encoded = m_body->encode(batch, context); // [T, H]
    const auto states = m_body->decode(
        shiftedRight(batch, m_plan.start), encoded, batch.layout, context, &selected); // [B, H]
    return m_head->forward(states, context);
}

std::string EncoderDecoderClassifier::layerPrefix(int64_t index) const
{
    return index < m_plan.encoderLayerCount
        ? ClassifierBase::layerPrefix(index)
        : concat(m_plan.decoderLayersPrefix, index - m_plan.encoderLayerCount, '.');
}

void EncoderDecoderClassifier::initialize(const std::string& prefix, uint64_t seed)
{
    for (const auto& parameter : m_store.parameters) {
        if (parameter.name.starts_with(prefix))
            initializeParameters(m_store, parameter.name, seed,
                m_plan.deviation ? m_plan.deviation(parameter.name) : m_traits.initializerRange);
    }
}

EncoderDecoderLanguageModel::EncoderDecoderLanguageModel(EncoderDecoderPlan plan, const at::Device& device)
    : m_plan(std::move(plan))
    , m_store{.device = device, .parameters = {}, .inits = {}, .zeroRows = {}}
{
    const ParameterBuilder root(m_store);
    m_body = m_plan.build(below(root, m_plan.languageModelBody));
    if (m_plan.tiedHead)
        m_head.weight = m_body->tiedWeight();
    else
        m_head = Linear::create(
            root / "lm_head", m_plan.traits.hiddenSize, m_plan.targetVocabularySize, Bias::None);
    if (m_plan.headBias) {
        m_headBias = root.add("final_logits_bias", {1, m_plan.targetVocabularySize}, Init::Zeros);
        m_plan.optionalParameters.emplace_back("final_logits_bias");
        if (device != at::kMeta)
            initializeParameters(m_store, "final_logits_bias", 0, 0);
    }
}

bool EncoderDecoderLanguageModel::mayLack(const std::string& parameterName) const
{
    return std::ranges::find(m_plan.optionalParameters, parameterName) != m_plan.optionalParameters.end();
}

at::Tensor EncoderDecoderLanguageModel::states(const PairedBatch& batch, ForwardContext& context) const
{
    const auto encoded = m_body->encode(batch.source, context); // [Ts, H]
    return m_body->decode(
        shiftedRight(batch.target, m_plan.start), encoded, batch.source.layout, context, nullptr); // [Tt, H]
}

at::Tensor EncoderDecoderLanguageModel::scores(const at::Tensor& states, ForwardContext& context) const
{
    const auto scaled = m_plan.headScale == 1 ? states : states * m_plan.headScale;
    const auto scores = linear(scaled, m_head, context.computeType).to(at::kFloat);
    return m_headBias.defined() ? scores + m_headBias : scores;
}

at::Tensor EncoderDecoderLanguageModel::logits(const PairedBatch& batch, ForwardContext& context)
{
    return scores(states(batch, context), context);
}

at::Tensor EncoderDecoderLanguageModel::logProbabilities(const PairedBatch& batch, ForwardContext& context)
{
    const auto hidden = states(batch, context);
    const auto tokens = batch.target.layout.tokens();
    auto result = at::empty({tokens}, at::TensorOptions(at::kFloat));
    const auto rows = std::max<int64_t>(1, g_logitNumbers / m_plan.targetVocabularySize);
    for (int64_t first = 0; first < tokens; first += rows) {
        const auto count = std::min(rows, tokens - first);
        const auto wanted = batch.target.inputIds.narrow(0, first, count).unsqueeze(1);
        const auto logits = scores(hidden.narrow(0, first, count), context);
        result.narrow(0, first, count)
            .copy_(at::gather(logits, 1, wanted).squeeze(1) - at::logsumexp(logits, 1));
    }
    return result;
}

} // namespace studio
