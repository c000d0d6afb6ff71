// SPDX-License-Identifier: MIT
// Reference:
// https://github.com/huggingface/transformers/blob/v5.0.0/src/transformers/models/albert/modeling_albert.py
#include "core/base/concat.h"
#include "core/models/bert.h"
#include "core/models/families.h"

namespace studio {

namespace {

constexpr EncoderLayerNames g_names{.projections = "attention",
    .query = "query",
    .key = "key",
    .value = "value",
    .attentionOutput = "attention.dense",
    .attentionNorm = "attention.LayerNorm",
    .intermediate = "ffn",
    .output = "ffn_output",
    .outputNorm = "full_layer_layer_norm"};

struct AlbertConfig : EncoderConfig {
    int64_t embeddingSize = 128; // embedding_size
    int64_t groupCount = 1; // num_hidden_groups
    int64_t innerCount = 1; // inner_group_num
    double classifierDropout = 0.1; // classifier_dropout_prob

    static AlbertConfig read(const ConfigReader& reader);
    /// Layers of one group share their weights.
    int64_t groupOf(int64_t layer) const
    {
        return static_cast<int64_t>(double(layer) / (double(layerCount) / double(groupCount)));
    }
};

AlbertConfig AlbertConfig::read(const ConfigReader& reader)
{
    AlbertConfig config{EncoderConfig::read(
        reader, {.activation = Activation::GeluTanh, .hiddenDropout = 0, .attentionDropout = 0})};
    config.embeddingSize = reader.integer("embedding_size", 1, int64_t(1) << 31, config.embeddingSize);
    config.groupCount = reader.integer("num_hidden_groups", 1, 10'000, config.groupCount);
    config.innerCount = reader.integer("inner_group_num", 1, 10'000, config.innerCount);
    if (config.groupCount * config.innerCount > 10'000)
        reader.fail("inner_group_num", "at most 10000 layers in all groups together");
    config.classifierDropout = reader.number("classifier_dropout_prob", 0, 1, config.classifierDropout);
    return config;
}

class AlbertClassifier : public ClassifierBase {
public:
    AlbertClassifier(const AlbertConfig& config, int64_t labelCount, const at::Device& device)
        : ClassifierBase(config.traits({.layersPrefix = "albert.encoder.albert_layer_groups.",
                             .embeddingsPrefix = "albert.embeddings.",
                             .headPrefixes = {"classifier."},
                             .poolerPrefixes = {"albert.pooler."}}),
            device)
        , m_config(config)
        , m_embeddings(embeddingsShape(config), ParameterBuilder(m_store, "albert.embeddings."))
    {
        const ParameterBuilder root(m_store), albert = root / "albert", encoder = albert / "encoder";
        m_projection = Linear::create(
            encoder / "embedding_hidden_mapping_in", config.embeddingSize, config.hiddenSize);
        auto shape = EncoderLayerShape::of(config);
        shape.outputDropout = 0; // the reference has none behind the feed-forward block
        for (int64_t group = 0; group < config.groupCount; ++group) {
            for (int64_t i = 0; i < config.innerCount; ++i)
                m_layers.emplace_back(shape,
                    encoder / "albert_layer_groups" / numberText(group) / "albert_layers" / numberText(i),
                    g_names);
        }
        m_head.emplace(root,
            HeadShape{.dense = "albert.pooler",
                .output = "classifier",
                .hiddenSize = config.hiddenSize,
                .labelCount = labelCount,
                .dropout = config.classifierDropout});
    }

    /// The group that layer `index` is computed with: others may share it.
    std::string layerPrefix(int64_t index) const override
    {
        return ClassifierBase::layerPrefix(m_config.groupOf(index));
    }

    at::Tensor forward(const PackedBatch& batch, ForwardContext& context) override
    {
        auto hidden = linear(m_embeddings.forward(batch, batch.positionIds, context), m_projection,
            context.computeType); // [T, H]
        const auto count = m_config.layerCount * m_config.innerCount;
        const auto layer = [&](int64_t i) -> const EncoderLayer& {
            return m_layers[size_t(
                m_config.groupOf(i / m_config.innerCount) * m_config.innerCount + i % m_config.innerCount)];
        };
        for (int64_t i = 0; i + 1 < count; ++i)
            hidden = layer(i).forward(hidden, batch, context);
        const auto first = layer(count - 1).forwardFirstTokens(hidden, batch, context); // [B, H]
        return m_head->forward(first, context); // [B, labels]
    }

private:
    static EmbeddingsShape embeddingsShape(const AlbertConfig& config)
    {
        auto shape = EmbeddingsShape::of(config);
        shape.size = config.embeddingSize;
        return shape;
    }

    AlbertConfig m_config;
    EncoderEmbeddings m_embeddings;
    Linear m_projection;
    std::vector<EncoderLayer> m_layers; ///< innerCount for each group
    std::optional<ClassificationHead> m_head;
};

std::unique_ptr<ClassificationModel> createAlbert(
    const ConfigReader& reader, int64_t labelCount, const at::Device& device)
{
    return std::make_unique<AlbertClassifier>(AlbertConfig::read(reader), labelCount, device);
}

} // namespace

std::vector<ArchitectureFamily> albertFamilies()
{
    return {{.modelType = "albert",
        .displayName = "ALBERT",
        .classifierName = "AlbertForSequenceClassification",
        .basePrefix = "albert.",
        .dropoutKeys = {"hidden_dropout_prob", "attention_probs_dropout_prob", "classifier_dropout_prob"},
        .create = createAlbert,
        .currentName = currentBertName}};
}

} // namespace studio
