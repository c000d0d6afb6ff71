// SPDX-License-Identifier: MIT
// Reference:
// https://github.com/huggingface/transformers/blob/v5.0.0/src/transformers/models/distilbert/modeling_distilbert.py
#include "core/base/concat.h"
#include "core/models/bert.h"
#include "core/models/families.h"

namespace studio {

namespace {

constexpr double g_epsilon = 1e-12;
constexpr EncoderLayerNames g_names{.projections = "attention",
    .query = "q_lin",
    .key = "k_lin",
    .value = "v_lin",
    .attentionOutput = "attention.out_lin",
    .attentionNorm = "sa_layer_norm",
    .intermediate = "ffn.lin1",
    .output = "ffn.lin2",
    .outputNorm = "output_layer_norm"};

struct DistilBertConfig {
    int64_t vocabularySize = 0; // vocab_size
    int64_t maxPositions = 512; // max_position_embeddings
    int64_t layerCount = 0; // n_layers
    std::optional<int64_t> paddingId = 0; // pad_token_id
    EncoderLayerShape layer = {}; // dim, n_heads, hidden_dim, activation, dropout, attention_dropout
    double classifierDropout = 0.2; // seq_classif_dropout
    double initializerRange = 0.02; // initializer_range

    static DistilBertConfig read(const ConfigReader& reader);
};

DistilBertConfig DistilBertConfig::read(const ConfigReader& reader)
{
    constexpr int64_t maxSize = int64_t(1) << 31;
    requirePlainEncoder(reader);
    DistilBertConfig config;
    config.vocabularySize = reader.integer("vocab_size", 1, maxSize);
    config.maxPositions = reader.integer("max_position_embeddings", 1, maxSize, config.maxPositions);
    config.layerCount = reader.integer(statedWord(reader, "n_layers", "num_hidden_layers"), 1, 10'000);
    config.paddingId = readPaddingId(reader, config.vocabularySize, config.paddingId);
    auto& layer = config.layer;
    layer.hiddenSize = reader.integer(statedWord(reader, "dim", "hidden_size"), 1, maxSize);
    const auto heads = statedWord(reader, "n_heads", "num_attention_heads");
    layer.headCount = reader.integer(heads, 1, layer.hiddenSize);
    if (layer.hiddenSize % layer.headCount != 0)
        reader.fail(heads, concat("a divisor of dim ", layer.hiddenSize));
    layer.intermediateSize = reader.integer("hidden_dim", 1, maxSize);
    layer.activation = readActivation(reader, "activation", Activation::Gelu);
    layer.epsilon = g_epsilon;
    layer.attentionDropout = reader.number("attention_dropout", 0, 1, 0.1);
    layer.outputDropout = reader.number("dropout", 0, 1, 0.1); // none follows the attention's output
    config.classifierDropout = reader.number("seq_classif_dropout", 0, 1, config.classifierDropout);
    config.initializerRange = reader.number("initializer_range", 0, 1e6, config.initializerRange);
    return config;
}

class DistilBertClassifier : public ClassifierBase {
public:
    DistilBertClassifier(const DistilBertConfig& config, int64_t labelCount, const at::Device& device)
        : ClassifierBase({.layerCount = config.layerCount,
                             .hiddenSize = config.layer.hiddenSize,
                             .headCount = config.layer.headCount,
                             .vocabularySize = config.vocabularySize,
                             .maxPositions = config.maxPositions,
                             .keptPerToken = 9 * config.layer.hiddenSize + 2 * config.layer.intermediateSize,
                             .initializerRange = config.initializerRange,
                             .layersPrefix = "distilbert.transformer.layer.",
                             .embeddingsPrefix = "distilbert.embeddings.",
                             .headPrefixes = {"pre_classifier.", "classifier."},
                             .poolerPrefixes = {}},
            device)
        , m_embeddings({.vocabularySize = config.vocabularySize,
                           .size = config.layer.hiddenSize,
                           .positions = config.maxPositions,
                           .paddingRow = paddingRowOf(config.paddingId, config.vocabularySize),
                           .epsilon = g_epsilon,
                           .dropout = config.layer.outputDropout},
              ParameterBuilder(m_store, "distilbert.embeddings."))
    {
        const ParameterBuilder layers(m_store, m_traits.layersPrefix), root(m_store);
        for (int64_t i = 0; i < config.layerCount; ++i)
            m_layers.emplace_back(config.layer, layers / numberText(i), g_names);
        m_head.emplace(root,
            HeadShape{.dense = "pre_classifier",
                .output = "classifier",
                .hiddenSize = config.layer.hiddenSize,
                .labelCount = labelCount,
                .activation = Activation::Relu,
                .dropout = config.classifierDropout});
    }

    at::Tensor forward(const PackedBatch& batch, ForwardContext& context) override
    {
        const auto hidden = m_embeddings.forward(batch, batch.positionIds, context); // [T, H]
        return m_head->forward(encodeFirstTokens(m_layers, hidden, batch, context), context); // [B, labels]
    }

private:
    EncoderEmbeddings m_embeddings;
    std::vector<EncoderLayer> m_layers;
    std::optional<ClassificationHead> m_head;
};

std::unique_ptr<ClassificationModel> createDistilBert(
    const ConfigReader& reader, int64_t labelCount, const at::Device& device)
{
    return std::make_unique<DistilBertClassifier>(DistilBertConfig::read(reader), labelCount, device);
}

} // namespace

std::vector<ArchitectureFamily> distilbertFamilies()
{
    return {{.modelType = "distilbert",
        .displayName = "DistilBERT",
        .classifierName = "DistilBertForSequenceClassification",
        .basePrefix = "distilbert.",
        .dropoutKeys = {"dropout", "attention_dropout", "seq_classif_dropout"},
        .create = createDistilBert,
        .currentName = currentBertName}};
}

} // namespace studio
