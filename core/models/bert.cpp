// SPDX-License-Identifier: MIT
// Reference:
// https://github.com/huggingface/transformers/blob/v5.0.0/src/transformers/models/bert/modeling_bert.py
#include "core/models/bert.h"

#include "core/base/concat.h"
#include "core/models/families.h"

namespace studio {

BertConfig BertConfig::read(const ConfigReader& reader)
{
    BertConfig config{EncoderConfig::read(reader, {}), 0};
    config.classifierDropout = reader.numberOrNull("classifier_dropout", 0, 1, config.hiddenDropout);
    return config;
}

BertClassifier::BertClassifier(const BertConfig& config, int64_t labelCount, const at::Device& device)
    : ClassifierBase(config.traits({.layersPrefix = "bert.encoder.layer.",
                         .embeddingsPrefix = "bert.embeddings.",
                         .headPrefixes = {"classifier."},
                         .poolerPrefixes = {"bert.pooler."}}),
        device)
    , m_embeddings(EmbeddingsShape::of(config), ParameterBuilder(m_store, "bert.embeddings."))
{
    const ParameterBuilder root(m_store);
    const auto bert = root / "bert";
    for (int64_t i = 0; i < config.layerCount; ++i)
        m_layers.emplace_back(EncoderLayerShape::of(config), bert / "encoder" / "layer" / numberText(i));
    m_head.emplace(root,
        HeadShape{.dense = "bert.pooler.dense",
            .output = "classifier",
            .hiddenSize = config.hiddenSize,
            .labelCount = labelCount,
            .dropout = config.classifierDropout});
}

at::Tensor BertClassifier::forward(const PackedBatch& batch, ForwardContext& context)
{
    const auto hidden = m_embeddings.forward(batch, batch.positionIds, context); // [T, H]
    return m_head->forward(encodeFirstTokens(m_layers, hidden, batch, context), context); // [B, labels]
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
