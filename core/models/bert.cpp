// SPDX-License-Identifier: MIT
// Reference:
// https://github.com/huggingface/transformers/blob/v5.0.0/src/transformers/models/bert/modeling_bert.py
#include "core/models/bert.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/models/families.h"

#include <algorithm>
#include <array>

#include <ATen/ops/index_select.h>
#include <ATen/ops/tanh.h>

namespace studio {

namespace {

constexpr int64_t g_maxSize = int64_t(1) << 31;
constexpr std::array<std::string_view, 3> g_projections{"query", "key", "value"};

} // namespace

BertConfig BertConfig::read(const ConfigReader& reader)
{
    BertConfig config;
    config.vocabularySize = reader.integer("vocab_size", 1, g_maxSize);
    config.hiddenSize = reader.integer("hidden_size", 1, g_maxSize);
    config.layerCount = reader.integer("num_hidden_layers", 1, 10'000);
    config.headCount = reader.integer("num_attention_heads", 1, config.hiddenSize);
    if (config.hiddenSize % config.headCount != 0)
        reader.fail("num_attention_heads", concat("a divisor of hidden_size ", config.hiddenSize));
    config.intermediateSize = reader.integer("intermediate_size", 1, g_maxSize);
    config.maxPositions = reader.integer("max_position_embeddings", 1, g_maxSize);
    config.typeVocabularySize = reader.integer("type_vocab_size", 1, g_maxSize, 2);
    const auto padding = reader.json().find("pad_token_id");
    config.paddingIndex = padding != reader.json().end() && padding->is_null()
        ? -1
        : reader.integer("pad_token_id", -1, config.vocabularySize - 1, 0);
    const auto activation = findActivation(reader.text("hidden_act", "gelu"));
    if (!activation) {
        std::string names;
        for (const auto& name : activationNames())
            names += concat(names.empty() ? "" : ", ", name);
        reader.fail("hidden_act", concat("one of ", names));
    }
    config.activation = *activation;
    config.layerNormEpsilon = reader.number("layer_norm_eps", 0, 1, 1e-12);
    config.hiddenDropout = reader.number("hidden_dropout_prob", 0, 1, 0.1);
    config.attentionDropout = reader.number("attention_probs_dropout_prob", 0, 1, 0.1);
    config.classifierDropout = reader.numberOrNull("classifier_dropout", 0, 1, config.hiddenDropout);
    config.initializerRange = reader.number("initializer_range", 0, 1e6, 0.02);
    if (reader.text("position_embedding_type", "absolute") != "absolute")
        reader.fail("position_embedding_type", "\"absolute\", the only kind supported");
    if (reader.boolean("is_decoder", false))
        reader.fail("is_decoder", "false: a BERT decoder cannot be used as a classifier here");
    return config;
}

BertEmbeddings::BertEmbeddings(const BertConfig& config, const ParameterBuilder& builder)
    : m_word(Embedding::create(
        builder / "word_embeddings", config.vocabularySize, config.hiddenSize, config.paddingIndex))
    , m_position(Embedding::create(builder / "position_embeddings", config.maxPositions, config.hiddenSize))
    , m_tokenType(
          Embedding::create(builder / "token_type_embeddings", config.typeVocabularySize, config.hiddenSize))
    , m_norm(LayerNorm::create(builder / "LayerNorm", config.hiddenSize, config.layerNormEpsilon))
    , m_dropout(config.hiddenDropout)
{
}

at::Tensor BertEmbeddings::forward(const PackedBatch& batch, ForwardContext& context) const
{
    const auto sum = embeddingSum({m_word, batch.inputIds}, {m_tokenType, batch.tokenTypeIds},
        {m_position, batch.positionIds}); // [T, H]
    return dropout(layerNorm(sum, m_norm), nextDropoutSite(m_dropout, context));
}

BertLayer::BertLayer(const BertConfig& config, const ParameterBuilder& builder)
    : m_headCount(config.headCount)
    , m_activation(config.activation)
    , m_hiddenDropout(config.hiddenDropout)
    , m_attentionDropout(config.attentionDropout)
    , m_queryKeyValue(Linear::createGroup(
          builder / "attention" / "self", g_projections, config.hiddenSize, config.hiddenSize))
    , m_attentionOutput(
          Linear::create(builder / "attention" / "output" / "dense", config.hiddenSize, config.hiddenSize))
    , m_attentionNorm(LayerNorm::create(
          builder / "attention" / "output" / "LayerNorm", config.hiddenSize, config.layerNormEpsilon))
    , m_intermediate(
          Linear::create(builder / "intermediate" / "dense", config.hiddenSize, config.intermediateSize))
    , m_output(Linear::create(builder / "output" / "dense", config.intermediateSize, config.hiddenSize))
    , m_outputNorm(
          LayerNorm::create(builder / "output" / "LayerNorm", config.hiddenSize, config.layerNormEpsilon))
{
}

at::Tensor BertLayer::forward(
    const at::Tensor& hidden, const PackedBatch& batch, ForwardContext& context) const
{
    const auto packed = linear(hidden, m_queryKeyValue, context.computeType); // [T, 3·H]
    const auto probabilities = nextDropoutSite(m_attentionDropout, context);
    const auto attended = packedSelfAttention(packed, batch.layout, m_headCount, probabilities); // [T, H]
    return feedForward(attended, hidden, nextDropoutSite(m_hiddenDropout, context), context);
}

at::Tensor BertLayer::forwardFirstTokens(
    const at::Tensor& hidden, const PackedBatch& batch, ForwardContext& context) const
{
    const auto first = at::index_select(hidden, 0, batch.firstTokens); // [B, H]
    const auto query = linear(first, m_queryKeyValue.front(), context.computeType);
    const auto keyValue
        = linear(hidden, std::span(m_queryKeyValue).subspan(1), context.computeType); // [T, 2·H]
    const auto probabilities = nextDropoutSite(m_attentionDropout, context);
    const auto attended
        = packedSingleQueryAttention(query, keyValue, batch.layout, m_headCount, probabilities); // [B, H]
    return feedForward(attended, first, nextDropoutSite(m_hiddenDropout, context), context);
}

at::Tensor BertLayer::feedForward(const at::Tensor& attended, const at::Tensor& residual,
    const DropoutSite& attentionSite, ForwardContext& context) const
{
    const auto attention = residualLayerNorm(
        linear(attended, m_attentionOutput, context.computeType), residual, m_attentionNorm, attentionSite);
    const auto inner = linearActivation(attention, m_intermediate, m_activation, context.computeType);
    return residualLayerNorm(linear(inner, m_output, context.computeType), attention, m_outputNorm,
        nextDropoutSite(m_hiddenDropout, context));
}

BertClassifier::BertClassifier(const BertConfig& config, int64_t labelCount, const at::Device& device)
    : ClassifierBase({.layerCount = config.layerCount,
                         .hiddenSize = config.hiddenSize,
                         .headCount = config.headCount,
                         .vocabularySize = config.vocabularySize,
                         .maxPositions = config.maxPositions,
                         // input, query/key/value, attention output, two normalised sums with their outputs,
                         // and the two wide rows of the feed-forward block
                         .keptPerToken = 9 * config.hiddenSize + 2 * config.intermediateSize,
                         .initializerRange = config.initializerRange,
                         .layersPrefix = "bert.encoder.layer.",
                         .embeddingsPrefix = "bert.embeddings.",
                         .headPrefixes = {"classifier."},
                         .poolerPrefixes = {"bert.pooler."}},
        device)
    , m_config(config)
{
    const ParameterBuilder root(m_store);
    const auto bert = root / "bert";
    m_embeddings = std::make_unique<BertEmbeddings>(config, bert / "embeddings");
    for (int64_t i = 0; i < config.layerCount; ++i)
        m_layers.emplace_back(config, bert / "encoder" / "layer" / numberText(i));
    m_pooler = Linear::create(bert / "pooler" / "dense", config.hiddenSize, config.hiddenSize);
    m_classifier = Linear::create(root / "classifier", config.hiddenSize, labelCount);
}

at::Tensor BertClassifier::forward(const PackedBatch& batch, ForwardContext& context)
{
    auto hidden = m_embeddings->forward(batch, context); // [T, H]
    for (size_t i = 0; i + 1 < m_layers.size(); ++i)
        hidden = m_layers[i].forward(hidden, batch, context);
    // The head reads first tokens alone, so the last layer computes no others.
    const auto first = m_layers.back().forwardFirstTokens(hidden, batch, context); // [B, H]
    const auto pooled = at::tanh(linear(first, m_pooler, context.computeType));
    const auto kept = dropout(pooled, nextDropoutSite(m_config.classifierDropout, context));
    return linear(kept, m_classifier, context.computeType).to(at::kFloat); // [B, labels]
}

namespace {

std::unique_ptr<ClassificationModel> createBert(
    const ConfigReader& reader, int64_t labelCount, const at::Device& device)
{
    return std::make_unique<BertClassifier>(BertConfig::read(reader), labelCount, device);
}

} // namespace

std::string currentBertName(const std::string& name)
{
    if (name.ends_with("embeddings.position_ids") || name.ends_with("embeddings.token_type_ids"))
        return {};
    for (const auto& [old, current] :
        {std::pair<std::string_view, std::string_view>{".gamma", ".weight"}, {".beta", ".bias"}}) {
        if (name.ends_with(old))
            return name.substr(0, name.size() - old.size()) + std::string(current);
    }
    return name;
}

std::vector<ArchitectureFamily> bertFamilies()
{
    return {{.modelType = "bert",
        .displayName = "BERT",
        .classifierName = "BertForSequenceClassification",
        .basePrefix = "bert.",
        .dropoutKeys = {"hidden_dropout_prob", "attention_probs_dropout_prob", "classifier_dropout"},
        .create = createBert,
        .currentName = currentBertName}};
}

} // namespace studio
