// SPDX-License-Identifier: MIT
#include "core/models/encoder_parts.h"

#include "core/base/concat.h"
#include "core/nn/checkpointing.h"

#include <array>

#include <ATen/ops/index_select.h>

namespace studio {

namespace {

constexpr int64_t g_maxSize = int64_t(1) << 31;

} // namespace

void requirePlainEncoder(const ConfigReader& reader)
{
    if (reader.text("position_embedding_type", "absolute") != "absolute")
        reader.fail("position_embedding_type", "\"absolute\", the only kind supported");
    if (reader.boolean("is_decoder", false))
        reader.fail("is_decoder", "false: a decoder of this family cannot be used as a classifier here");
    if (reader.boolean("add_cross_attention", false))
        reader.fail("add_cross_attention", "false: there is nothing to attend to");
}

EncoderConfig EncoderConfig::read(const ConfigReader& reader, EncoderConfig defaults)
{
    auto config = defaults;
    config.vocabularySize = reader.integer("vocab_size", 1, g_maxSize);
    config.hiddenSize = reader.integer("hidden_size", 1, g_maxSize);
    config.layerCount = reader.integer("num_hidden_layers", 1, 10'000);
    config.headCount = reader.integer("num_attention_heads", 1, config.hiddenSize);
    if (config.hiddenSize % config.headCount != 0)
        reader.fail("num_attention_heads", concat("a divisor of hidden_size ", config.hiddenSize));
    config.intermediateSize = reader.integer("intermediate_size", 1, g_maxSize);
    config.maxPositions = reader.integer("max_position_embeddings", 1, g_maxSize);
    config.typeVocabularySize = reader.integer(
        "type_vocab_size", defaults.typeVocabularySize ? 1 : 0, g_maxSize, defaults.typeVocabularySize);
    config.paddingId = readPaddingId(reader, config.vocabularySize, defaults.paddingId);
    config.activation = readActivation(reader, "hidden_act", defaults.activation);
    config.layerNormEpsilon = reader.number("layer_norm_eps", 0, 1, defaults.layerNormEpsilon);
    config.hiddenDropout = reader.number("hidden_dropout_prob", 0, 1, defaults.hiddenDropout);
    config.attentionDropout = reader.number("attention_probs_dropout_prob", 0, 1, defaults.attentionDropout);
    config.initializerRange = reader.number("initializer_range", 0, 1e6, defaults.initializerRange);
    requirePlainEncoder(reader);
    return config;
}

ModelTraits EncoderConfig::traits(ModelTraits names) const
{
    names.layerCount = layerCount;
    names.hiddenSize = hiddenSize;
    names.headCount = headCount;
    names.vocabularySize = vocabularySize;
    names.maxPositions = maxPositions;
    names.keptPerToken = keptPerToken();
    names.initializerRange = initializerRange;
    return names;
}

EmbeddingsShape EmbeddingsShape::of(const EncoderConfig& config)
{
    return {.vocabularySize = config.vocabularySize,
        .size = config.hiddenSize,
        .positions = config.maxPositions,
        .tokenTypes = config.typeVocabularySize,
        .paddingRow = paddingRowOf(config.paddingId, config.vocabularySize),
        .epsilon = config.layerNormEpsilon,
        .dropout = config.hiddenDropout};
}

EncoderEmbeddings::EncoderEmbeddings(const EmbeddingsShape& shape, const ParameterBuilder& builder)
    : m_word(
        Embedding::create(builder / "word_embeddings", shape.vocabularySize, shape.size, shape.paddingRow))
    , m_position(Embedding::create(
          builder / "position_embeddings", shape.positions, shape.size, shape.paddingPosition))
    , m_dropout(shape.dropout)
{
    if (shape.tokenTypes > 0)
        m_tokenType = Embedding::create(builder / "token_type_embeddings", shape.tokenTypes, shape.size);
    m_norm = LayerNorm::create(builder / "LayerNorm", shape.size, shape.epsilon);
}

at::Tensor EncoderEmbeddings::forward(
    const PackedBatch& batch, const at::Tensor& positions, ForwardContext& context) const
{
    std::vector<EmbeddingLookup> lookups{{m_word, batch.inputIds}};
    if (m_tokenType)
        lookups.push_back({*m_tokenType, batch.tokenTypeIds});
    lookups.push_back({m_position, positions});
    return dropout(layerNorm(embeddingSum(lookups), m_norm), nextDropoutSite(m_dropout, context)); // [T, H]
}

EncoderLayerShape EncoderLayerShape::of(const EncoderConfig& config)
{
    return {.hiddenSize = config.hiddenSize,
        .headCount = config.headCount,
        .intermediateSize = config.intermediateSize,
        .activation = config.activation,
        .epsilon = config.layerNormEpsilon,
        .attentionDropout = config.attentionDropout,
        .attentionOutputDropout = config.hiddenDropout,
        .outputDropout = config.hiddenDropout};
}

EncoderLayerOutput::EncoderLayerOutput(
    const EncoderLayerShape& shape, const ParameterBuilder& builder, const EncoderLayerNames& names)
    : m_activation(shape.activation)
    , m_attentionDropout(shape.attentionOutputDropout)
    , m_dropout(shape.outputDropout)
    , m_attentionOutput(Linear::create(builder / names.attentionOutput, shape.hiddenSize, shape.hiddenSize))
    , m_attentionNorm(LayerNorm::create(builder / names.attentionNorm, shape.hiddenSize, shape.epsilon))
    , m_intermediate(Linear::create(builder / names.intermediate, shape.hiddenSize, shape.intermediateSize))
    , m_output(Linear::create(builder / names.output, shape.intermediateSize, shape.hiddenSize))
    , m_outputNorm(LayerNorm::create(builder / names.outputNorm, shape.hiddenSize, shape.epsilon))
{
}

at::Tensor EncoderLayerOutput::forward(
    const at::Tensor& attended, const at::Tensor& residual, ForwardContext& context) const
{
    const auto attentionSite = nextDropoutSite(m_attentionDropout, context);
    const auto attention = residualLayerNorm(
        linear(attended, m_attentionOutput, context.computeType), residual, m_attentionNorm, attentionSite);
    const auto inner = linearActivation(attention, m_intermediate, m_activation, context.computeType);
    return residualLayerNorm(linear(inner, m_output, context.computeType), attention, m_outputNorm,
        nextDropoutSite(m_dropout, context));
}

EncoderLayer::EncoderLayer(
    const EncoderLayerShape& shape, const ParameterBuilder& builder, const EncoderLayerNames& names)
    : m_headCount(shape.headCount)
    , m_attentionDropout(shape.attentionDropout)
    , m_queryKeyValue(Linear::createGroup(builder / names.projections,
          std::array{names.query, names.key, names.value}, shape.hiddenSize, shape.hiddenSize))
    , m_output(shape, builder, names)
{
}

at::Tensor EncoderLayer::forward(
    const at::Tensor& hidden, const PackedBatch& batch, ForwardContext& context) const
{
    return checkpointed(
        [this, batch](const auto& inputs, auto& again) { return computed(inputs[0], batch, again); },
        {hidden}, context);
}

at::Tensor EncoderLayer::forwardFirstTokens(
    const at::Tensor& hidden, const PackedBatch& batch, ForwardContext& context) const
{
    return checkpointed([this, batch](const auto& inputs,
                            auto& again) { return computedFirstTokens(inputs[0], batch, again); },
        {hidden}, context);
}

at::Tensor EncoderLayer::computed(
    const at::Tensor& hidden, const PackedBatch& batch, ForwardContext& context) const
{
    const auto packed = linear(hidden, m_queryKeyValue, context.computeType); // [T, 3·H]
    const auto probabilities = nextDropoutSite(m_attentionDropout, context);
    const auto attended = packedSelfAttention(packed, batch.layout, m_headCount, probabilities); // [T, H]
    return m_output.forward(attended, hidden, context);
}

at::Tensor EncoderLayer::computedFirstTokens(
    const at::Tensor& hidden, const PackedBatch& batch, ForwardContext& context) const
{
    const auto first = at::index_select(hidden, 0, batch.firstTokens); // [B, H]
    const auto query = linear(first, m_queryKeyValue.front(), context.computeType);
    const auto keyValue
        = linear(hidden, std::span(m_queryKeyValue).subspan(1), context.computeType); // [T, 2·H]
    const auto probabilities = nextDropoutSite(m_attentionDropout, context);
    const auto attended
        = packedSingleQueryAttention(query, keyValue, batch.layout, m_headCount, probabilities); // [B, H]
    return m_output.forward(attended, first, context);
}

at::Tensor encodeFirstTokens(const std::vector<EncoderLayer>& layers, at::Tensor hidden,
    const PackedBatch& batch, ForwardContext& context)
{
    for (size_t i = 0; i + 1 < layers.size(); ++i)
        hidden = layers[i].forward(hidden, batch, context);
    return layers.back().forwardFirstTokens(hidden, batch, context);
}

} // namespace studio
