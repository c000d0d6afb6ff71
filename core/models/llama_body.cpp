// SPDX-License-Identifier: MIT
// Reference:
// https://github.com/huggingface/transformers/blob/main/src/transformers/models/llama/modeling_llama.py
#include "core/models/llama_body.h"

#include "core/base/concat.h"
#include "core/models/rope_config.h"
#include "core/nn/checkpointing.h"

#include <algorithm>
#include <array>

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/index_select.h>

namespace studio {

namespace {

constexpr std::array<std::string_view, 3> g_projections{"q_proj", "k_proj", "v_proj"};
constexpr std::array<std::string_view, 2> g_gateUp{"gate_proj", "up_proj"};

AttentionRecipe recipeOf(const LlamaConfig& config, const LlamaConfig::Layer& layer)
{
    auto recipe = AttentionRecipe::causal(config.headCount, config.keyValueHeadCount, layer.window);
    if (config.bidirectional)
        recipe.after = recipe.before;
    recipe.scale = config.scoreScale;
    recipe.softCap = config.scoreSoftCap;
    return recipe;
}

/// What attention takes: norms of heads have made fp32 of halves on a GPU.
at::Tensor forAttention(const at::Tensor& heads, const ForwardContext& context)
{
    return heads.is_cpu() ? heads : heads.to(context.computeType);
}

} // namespace

LlamaLayer::LlamaLayer(const LlamaConfig& config, size_t index, const ParameterBuilder& builder)
    : m_recipe(recipeOf(config, config.layers[index]))
    , m_headSize(config.headSize)
    , m_activation(config.activation)
    , m_attentionDropout(config.attentionDropout)
    , m_residualDropout(config.residualDropout)
    , m_outerNorms(config.outerNorms)
{
    const auto hidden = config.hiddenSize, inner = config.intermediateSize;
    const auto queries = config.headCount * config.headSize,
               keys = config.keyValueHeadCount * config.headSize;
    const auto attention = builder / "self_attn", feedForward = builder / "mlp";
    const auto output
        = [&] { m_output = Linear::create(attention / "o_proj", queries, hidden, config.outputBias); };
    const auto down
        = [&] { m_down = Linear::create(feedForward / "down_proj", inner, hidden, config.feedForwardBias); };
    if (config.fusedProjections) { // in the order of the reference's modules
        output();
        m_projections
            = {Linear::create(attention / "qkv_proj", hidden, queries + 2 * keys, config.projectionBias)};
        m_gateUp = {Linear::create(feedForward / "gate_up_proj", hidden, 2 * inner, config.feedForwardBias)};
    } else {
        const std::array<int64_t, 3> widths{queries, keys, keys};
        const std::array<int64_t, 2> inners{inner, inner};
        m_projections = Linear::createGroup(attention, g_projections, hidden, widths, config.projectionBias);
        output();
        if (config.headNorms) {
            m_queryNorm = RmsNorm::create(
                attention / "q_norm", config.headSize, config.normEpsilon, config.normOffset);
            m_keyNorm = RmsNorm::create(
                attention / "k_norm", config.headSize, config.normEpsilon, config.normOffset);
        }
        m_gateUp = Linear::createGroup(feedForward, g_gateUp, hidden, inners, config.feedForwardBias);
    }
    down();
    const auto norm = [&](std::string_view name) {
        return RmsNorm::create(builder / name, hidden, config.normEpsilon, config.normOffset);
    };
    m_inputNorm = norm("input_layernorm");
    m_attentionNorm = norm("post_attention_layernorm");
    if (m_outerNorms) {
        m_feedForwardNorm = norm("pre_feedforward_layernorm");
        m_outputNorm = norm("post_feedforward_layernorm");
    }
}

/// packed: queries (where `withQuery`), keys and values (where `withKeyValue`) side by side.
at::Tensor LlamaLayer::normalizedHeads(const at::Tensor& packed, bool withQuery, bool withKeyValue) const
{
    if (!m_queryNorm.weight.defined())
        return packed;
    const auto queries = withQuery ? m_recipe.headCount * m_headSize : 0;
    const auto keys = withKeyValue ? m_recipe.keyValueHeads() * m_headSize : 0;
    const auto parts = packed.split_with_sizes({queries, keys, keys}, 1);
    const auto normalized = [&](const at::Tensor& heads, const RmsNorm& norm) {
        return rmsNorm(heads.unflatten(1, {-1, m_headSize}), norm).flatten(1);
    };
    if (!withKeyValue)
        return normalized(parts[0], m_queryNorm);
    const auto key = normalized(parts[1], m_keyNorm), value = parts[2].to(key.scalar_type());
    return withQuery ? at::cat({normalized(parts[0], m_queryNorm), key, value}, 1) : at::cat({key, value}, 1);
}

at::Tensor LlamaLayer::attendAll(
    const at::Tensor& x, const PackedBatch& batch, const RotaryAngles& angles, ForwardContext& context) const
{
    const auto packed = normalizedHeads(linear(x, m_projections, context.computeType), true, true);
    const auto turned
        = applyRotary(packed, angles, m_recipe.headCount + m_recipe.keyValueHeads(), m_headSize);
    return packedSelfAttention(
        forAttention(turned, context), batch.layout, m_recipe, nextDropoutSite(m_attentionDropout, context));
}

at::Tensor LlamaLayer::attendSelected(const at::Tensor& x, const PackedBatch& batch,
    const RotaryAngles& angles, ForwardContext& context, const SelectedTokens& selected) const
{
    at::Tensor query, keyValue;
    if (m_projections.size() == 1) {
        const auto queries = m_recipe.headCount * m_headSize;
        const auto packed = linear(x, m_projections, context.computeType);
        const auto parts = packed.split_with_sizes({queries, packed.size(1) - queries}, 1);
        query = at::index_select(parts[0], 0, selected.rows);
        keyValue = parts[1];
    } else {
        query = linear(at::index_select(x, 0, selected.rows), m_projections.front(), context.computeType);
        keyValue = linear(x, std::span(m_projections).subspan(1), context.computeType);
    }
    query = applyRotary(
        normalizedHeads(query, true, false), angles.rows(selected.rows), m_recipe.headCount, m_headSize);
    keyValue
        = applyRotary(normalizedHeads(keyValue, false, true), angles, m_recipe.keyValueHeads(), m_headSize);
    return packedSingleQueryAttention(forAttention(query, context), forAttention(keyValue, context),
        batch.layout, selected.positions, m_recipe, nextDropoutSite(m_attentionDropout, context));
}

at::Tensor LlamaLayer::forward(const at::Tensor& hidden, const PackedBatch& batch, const RotaryAngles& angles,
    ForwardContext& context, const SelectedTokens* selected) const
{
    const auto x = rmsNorm(hidden, m_inputNorm);
    const auto attended = selected ? attendSelected(x, batch, angles, context, *selected)
                                   : attendAll(x, batch, angles, context);
    auto attention = linear(attended, m_output, context.computeType);
    if (m_outerNorms)
        attention = rmsNorm(attention, m_attentionNorm);
    const auto residual = selected ? at::index_select(hidden, 0, selected->rows) : hidden;
    const auto middle = residual + dropout(attention, nextDropoutSite(m_residualDropout, context));

    const auto inner
        = gatedActivation(linear(rmsNorm(middle, m_outerNorms ? m_feedForwardNorm : m_attentionNorm),
                              m_gateUp, context.computeType),
            m_activation);
    auto output = linear(inner, m_down, context.computeType);
    if (m_outerNorms)
        output = rmsNorm(output, m_outputNorm);
    return middle + dropout(output, nextDropoutSite(m_residualDropout, context));
}

LlamaBody::LlamaBody(const LlamaConfig& config, const ParameterBuilder& builder)
    : m_config(config)
    , m_embedding(Embedding::create(builder / "embed_tokens", config.vocabularySize, config.hiddenSize,
          paddingRowOf(config.paddingId, config.vocabularySize)))
{
    for (size_t i = 0; i < config.layers.size(); ++i)
        m_layers.emplace_back(config, i, builder / "layers" / numberText(i));
    m_norm = RmsNorm::create(builder / "norm", config.hiddenSize, config.normEpsilon, config.normOffset);
}

at::Tensor LlamaBody::forward(
    const PackedBatch& batch, ForwardContext& context, const SelectedTokens* selected) const
{
    auto hidden = embedding({m_embedding, batch.inputIds}); // [T, H]
    if (m_config.embeddingScale != 1)
        hidden = hidden * m_config.embeddingScale;
    std::vector<RotaryAngles> angles;
    for (const auto& parameters : m_config.rotary)
        angles.push_back(rotaryAngles(parameters, batch));
    for (size_t i = 0; i < m_layers.size(); ++i) {
        const bool last = i + 1 == m_layers.size(); // computes what is asked for alone
        hidden = checkpointed(
            [&layer = m_layers[i], batch, angles = angles[m_config.layers[i].rotary],
                chosen = chosenTokens(last ? selected : nullptr)](const auto& inputs, auto& again) {
                return layer.forward(inputs[0], batch, angles, again, chosen ? &*chosen : nullptr);
            },
            {hidden}, context);
    }
    return rmsNorm(hidden, m_norm);
}

DecoderPlan planOf(const LlamaConfig& config)
{
    auto positions = config.maxPositions;
    for (const auto& rotary : config.rotary)
        positions = std::max(positions, stretchedPositions(rotary, config.maxPositions));
    const auto heads = config.headCount * config.headSize, keys = config.keyValueHeadCount * config.headSize;
    // inputs of both norms and what they give, query, key, value, the attention's output, the feed-forward
    // block's gate, factor and product; where outputs are normalised too, those; each again for head norms
    const auto kept = (config.outerNorms ? 6 : 4) * config.hiddenSize + 2 * heads + 2 * keys
        + (config.headNorms ? heads + keys : 0) + 3 * config.intermediateSize;
    return {.traits = {.layerCount = int64_t(config.layers.size()),
                .hiddenSize = config.hiddenSize,
                .headCount = config.headCount,
                .vocabularySize = config.vocabularySize,
                .maxPositions = positions,
                .keptPerToken = kept,
                .initializerRange = config.initializerRange,
                .layersPrefix = "model.layers.",
                .embeddingsPrefix = "model.embed_tokens.",
                .outputPrefix = "score.",
                .headPrefixes = {"score."},
                .poolerPrefixes = {}},
        .paddingId = config.paddingId,
        .tiedHead = config.tiedHead,
        .logitSoftCap = config.logitSoftCap,
        .bidirectional = config.bidirectional,
        .build = [config](const ParameterBuilder& root) -> std::unique_ptr<DecoderBody> {
            return std::make_unique<LlamaBody>(config, root / "model");
        }};
}

} // namespace studio
