// SPDX-License-Identifier: MIT
// Reference:
// https://github.com/huggingface/transformers/blob/main/src/transformers/models/bart/modeling_bart.py
#include "core/models/bart_body.h"

#include "core/base/concat.h"
#include "core/nn/checkpointing.h"

#include <array>
#include <cmath>
#include <span>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/index_select.h>

namespace studio {

namespace {

constexpr std::array<std::string_view, 3> g_projections{"q_proj", "k_proj", "v_proj"};
constexpr int64_t g_positionOffset = 2; // of the learned tables
constexpr double g_normEpsilon = 1e-5;

/// Sines of falling frequencies in the first half of each row, cosines in the second: [count, size].
at::Tensor sinusoidTable(int64_t count, int64_t size)
{
    auto table = at::empty({count, size}, at::TensorOptions(at::kFloat));
    auto* row = table.data_ptr<float>();
    const auto sines = (size + 1) / 2;
    for (int64_t position = 0; position < count; ++position, row += size) {
        for (int64_t i = 0; i < size; ++i) {
            const auto pair = i < sines ? i : i - sines;
            const double angle = double(position) / std::pow(10'000, double(2 * pair) / double(size));
            row[i] = static_cast<float>(i < sines ? std::sin(angle) : std::cos(angle));
        }
    }
    return table;
}

/// BartEncoder or BartDecoder.
class BartStack {
public:
    BartStack(const BartConfig& config, bool decoder, const Embedding* shared, bool ownWord,
        const ParameterBuilder& builder)
        : m_dropout(config.dropout)
        , m_scale(config.scaledEmbedding ? std::sqrt(double(config.hiddenSize)) : 1)
        , m_offset(config.sinusoids ? 0 : g_positionOffset)
    {
        const auto& half = decoder ? config.decoder : config.encoder;
        const auto size = config.hiddenSize;
        m_word = shared && !ownWord
            ? *shared
            : Embedding::create(builder / "embed_tokens", half.vocabularySize, size, config.paddingIndex);
        m_position = Embedding::create(builder / "embed_positions", config.maxPositions + m_offset, size);
        if (config.sinusoids) {
            m_position.weight.requires_grad_(false);
            if (!m_position.weight.is_meta())
                m_position.weight.copy_(sinusoidTable(config.maxPositions, size));
        }
        for (int64_t i = 0; i < half.layerCount; ++i)
            m_layers.emplace_back(config, half, decoder, builder / "layers" / numberText(i));
        if (config.embeddingNorm)
            m_embeddingNorm = LayerNorm::create(builder / "layernorm_embedding", size, g_normEpsilon);
        if (config.finalNorm)
            m_finalNorm = LayerNorm::create(builder / "layer_norm", size, g_normEpsilon);
    }

    at::Tensor forward(const PackedBatch& batch, const at::Tensor& encoded, const SequenceLayout& source,
        ForwardContext& context, const SelectedTokens* selected) const
    {
        auto hidden = embedded(batch);
        if (m_embeddingNorm)
            hidden = layerNorm(hidden, *m_embeddingNorm);
        hidden = dropout(hidden, nextDropoutSite(m_dropout, context)); // [T, H]
        for (size_t i = 0; i < m_layers.size(); ++i) {
            const bool last = i + 1 == m_layers.size(); // computes what is asked for alone
            hidden = checkpointed(
                [&layer = m_layers[i], layout = batch.layout, source,
                    chosen = chosenTokens(last ? selected : nullptr)](const auto& inputs, auto& again) {
                    return layer.forward(
                        inputs[0], layout, inputs[1], source, again, chosen ? &*chosen : nullptr);
                },
                {hidden, encoded}, context);
        }
        return m_finalNorm ? layerNorm(hidden, *m_finalNorm) : hidden;
    }
    const Embedding& word() const { return m_word; }

private:
    at::Tensor embedded(const PackedBatch& batch) const
    {
        const auto positions = m_offset ? batch.positionIds + m_offset : batch.positionIds;
        if (m_scale != 1)
            return embedding({m_word, batch.inputIds}) * m_scale + embedding({m_position, positions});
        const std::array lookups{
            EmbeddingLookup{m_word, batch.inputIds}, EmbeddingLookup{m_position, positions}};
        return embeddingSum(lookups);
    }

    double m_dropout, m_scale;
    int64_t m_offset;
    Embedding m_word, m_position;
    std::vector<BartLayer> m_layers;
    std::optional<LayerNorm> m_embeddingNorm, m_finalNorm;
};

/// BartModel.
class BartBody : public EncoderDecoderBody {
public:
    BartBody(const BartConfig& config, const ParameterBuilder& builder)
    {
        if (config.sharedWord)
            m_shared = Embedding::create(
                builder / "shared", config.encoder.vocabularySize, config.hiddenSize, config.paddingIndex);
        const auto* shared = m_shared ? &*m_shared : nullptr;
        m_encoder.emplace(config, false, shared, config.ownEncoderWord, builder / "encoder");
        m_decoder.emplace(config, true, shared, config.ownDecoderWord, builder / "decoder");
    }

    at::Tensor encode(const PackedBatch& source, ForwardContext& context) const override
    {
        return m_encoder->forward(source, {}, {}, context, nullptr);
    }
    at::Tensor decode(const PackedBatch& target, const at::Tensor& encoded, const SequenceLayout& source,
        ForwardContext& context, const SelectedTokens* selected) const override
    {
        return m_decoder->forward(target, encoded, source, context, selected);
    }
    const at::Tensor& tiedWeight() const override
    {
        return m_shared ? m_shared->weight : m_decoder->word().weight;
    }

private:
    std::optional<Embedding> m_shared;
    std::optional<BartStack> m_encoder, m_decoder;
};

} // namespace

BartAttention::BartAttention(
    const BartConfig& config, const BartHalf& half, bool causal, const ParameterBuilder& builder)
    : m_recipe(
        causal ? AttentionRecipe::causal(half.headCount) : AttentionRecipe{.headCount = half.headCount})
    , m_dropout(config.attentionDropout)
    , m_projections(Linear::createGroup(builder, g_projections, config.hiddenSize, config.hiddenSize))
    , m_output(Linear::create(builder / "out_proj", config.hiddenSize, config.hiddenSize))
{
}

at::Tensor BartAttention::toSelf(const at::Tensor& hidden, const SequenceLayout& layout,
    const SelectedTokens* selected, ForwardContext& context) const
{
    const auto probabilities = nextDropoutSite(m_dropout, context);
    at::Tensor attended;
    if (selected) {
        const auto query
            = linear(at::index_select(hidden, 0, selected->rows), m_projections.front(), context.computeType);
        const auto keyValue
            = linear(hidden, std::span(m_projections).subspan(1), context.computeType); // [T, 2·H]
        attended = packedSingleQueryAttention(
            query, keyValue, layout, selected->positions, m_recipe, probabilities);
    } else {
        attended = packedSelfAttention(
            linear(hidden, m_projections, context.computeType), layout, m_recipe, probabilities);
    }
    return linear(attended, m_output, context.computeType);
}

at::Tensor BartAttention::toSource(const at::Tensor& hidden, const SequenceLayout& layout, bool single,
    const at::Tensor& encoded, const SequenceLayout& source, ForwardContext& context) const
{
    const auto probabilities = nextDropoutSite(m_dropout, context);
    const auto query = linear(hidden, m_projections.front(), context.computeType);
    const auto keyValue
        = linear(encoded, std::span(m_projections).subspan(1), context.computeType); // [Ts, 2·H]
    const auto attended = single
        ? packedSingleQueryAttention(query, keyValue, source, {}, m_recipe, probabilities)
        : packedCrossAttention(query, layout, keyValue, source, m_recipe, probabilities);
    return linear(attended, m_output, context.computeType);
}

BartLayer::BartLayer(
    const BartConfig& config, const BartHalf& half, bool decoder, const ParameterBuilder& builder)
    : m_normFirst(config.normFirst)
    , m_activation(config.activation)
    , m_dropout(config.dropout)
    , m_activationDropout(config.activationDropout)
    , m_attention(config, half, decoder, builder / "self_attn")
    , m_attentionNorm(LayerNorm::create(builder / "self_attn_layer_norm", config.hiddenSize, g_normEpsilon))
{
    if (decoder) {
        m_sourceAttention.emplace(config, half, false, builder / "encoder_attn");
        m_sourceNorm
            = LayerNorm::create(builder / "encoder_attn_layer_norm", config.hiddenSize, g_normEpsilon);
    }
    m_up = Linear::create(builder / "fc1", config.hiddenSize, half.innerSize);
    m_down = Linear::create(builder / "fc2", half.innerSize, config.hiddenSize);
    m_finalNorm = LayerNorm::create(builder / "final_layer_norm", config.hiddenSize, g_normEpsilon);
}

at::Tensor BartLayer::entered(const at::Tensor& hidden, const LayerNorm& norm) const
{
    return m_normFirst ? layerNorm(hidden, norm) : hidden;
}

at::Tensor BartLayer::left(const at::Tensor& output, const at::Tensor& residual, const LayerNorm& norm,
    ForwardContext& context) const
{
    const auto site = nextDropoutSite(m_dropout, context);
    return m_normFirst ? residual + dropout(output, site) : residualLayerNorm(output, residual, norm, site);
}

at::Tensor BartLayer::forward(const at::Tensor& hidden, const SequenceLayout& layout,
    const at::Tensor& encoded, const SequenceLayout& source, ForwardContext& context,
    const SelectedTokens* selected) const
{
    const auto attention = m_attention.toSelf(entered(hidden, m_attentionNorm), layout, selected, context);
    const auto residual = selected ? at::index_select(hidden, 0, selected->rows) : hidden;
    auto middle = left(attention, residual, m_attentionNorm, context);
    if (m_sourceAttention) {
        const auto looked = m_sourceAttention->toSource(
            entered(middle, m_sourceNorm), layout, selected != nullptr, encoded, source, context);
        middle = left(looked, middle, m_sourceNorm, context);
    }
    const auto inner
        = linearActivation(entered(middle, m_finalNorm), m_up, m_activation, context.computeType);
    const auto kept = dropout(inner, nextDropoutSite(m_activationDropout, context));
    return left(linear(kept, m_down, context.computeType), middle, m_finalNorm, context);
}

EncoderDecoderPlan planOf(const BartConfig& config)
{
    const auto hidden = config.hiddenSize;
    // input, query/key/value, attention output, two normalised sums with their outputs and the two wide rows
    // of the feed-forward block; the decoder again for its attention to the source
    const auto kept = config.encoder.layerCount * (9 * hidden + 2 * config.encoder.innerSize)
        + config.decoder.layerCount * (15 * hidden + 2 * config.decoder.innerSize);
    const auto layers = config.encoder.layerCount + config.decoder.layerCount;
    EncoderDecoderPlan plan;
    plan.traits = {.layerCount = layers,
        .hiddenSize = hidden,
        .headCount = config.encoder.headCount,
        .vocabularySize = config.encoder.vocabularySize,
        .maxPositions = config.maxPositions,
        .keptPerToken = kept / layers,
        .initializerRange = config.initializerRange,
        .layersPrefix = "model.encoder.layers.",
        .embeddingsPrefix = "model.shared.",
        .outputPrefix = "classification_head.out_proj.",
        .headPrefixes = {"classification_head."},
        .poolerPrefixes = {}};
    plan.encoderLayerCount = config.encoder.layerCount;
    plan.decoderLayersPrefix = "model.decoder.layers.";
    plan.embeddingsPrefixes = {plan.traits.embeddingsPrefix};
    for (const auto* half : {"encoder", "decoder"})
        for (const auto* part : {"embed_tokens", "embed_positions", "layernorm_embedding"})
            plan.embeddingsPrefixes.push_back(concat("model.", half, '.', part, '.'));
    plan.start = config.start;
    plan.endId = config.endId;
    plan.classifierDropout = config.classifierDropout;
    plan.targetVocabularySize = config.decoder.vocabularySize;
    plan.tiedHead = !config.ownHead;
    plan.headBias = true;
    if (config.sinusoids)
        plan.optionalParameters
            = {"model.encoder.embed_positions.weight", "model.decoder.embed_positions.weight"};
    plan.classifierBody = plan.languageModelBody = "model";
    plan.build = [config](const ParameterBuilder& body) -> std::unique_ptr<EncoderDecoderBody> {
        return std::make_unique<BartBody>(config, body);
    };
    return plan;
}

} // namespace studio
