// SPDX-License-Identifier: MIT
// Reference:
// https://github.com/huggingface/transformers/blob/v5.0.0/src/transformers/models/electra/modeling_electra.py
#include "core/base/concat.h"
#include "core/models/bert.h"
#include "core/models/families.h"

namespace studio {

namespace {

class ElectraClassifier : public ClassifierBase {
public:
    ElectraClassifier(const EncoderConfig& config, int64_t embeddingSize, double classifierDropout,
        int64_t labelCount, const at::Device& device)
        : ClassifierBase(config.traits({.layersPrefix = "electra.encoder.layer.",
                             .embeddingsPrefix = "electra.embeddings", // and embeddings_project
                             .outputPrefix = "classifier.out_proj.",
                             .headPrefixes = {"classifier."}}),
            device)
        , m_embeddings(
              embeddingsShape(config, embeddingSize), ParameterBuilder(m_store, "electra.embeddings."))
    {
        if (embeddingSize != config.hiddenSize)
            m_projection = Linear::create(
                ParameterBuilder(m_store, "electra.embeddings_project."), embeddingSize, config.hiddenSize);
        const ParameterBuilder layers(m_store, m_traits.layersPrefix);
        for (int64_t i = 0; i < config.layerCount; ++i)
            m_layers.emplace_back(EncoderLayerShape::of(config), layers / numberText(i));
        m_head.emplace(ParameterBuilder(m_store),
            HeadShape{.hiddenSize = config.hiddenSize,
                .labelCount = labelCount,
                .activation = Activation::Gelu, // whatever hidden_act says
                .inputDropout = classifierDropout,
                .dropout = classifierDropout});
    }

    at::Tensor forward(const PackedBatch& batch, ForwardContext& context) override
    {
        auto hidden = m_embeddings.forward(batch, batch.positionIds, context); // [T, E]
        if (m_projection)
            hidden = linear(hidden, *m_projection, context.computeType); // [T, H]
        return m_head->forward(encodeFirstTokens(m_layers, hidden, batch, context), context);
    }

private:
    static EmbeddingsShape embeddingsShape(const EncoderConfig& config, int64_t size)
    {
        auto shape = EmbeddingsShape::of(config);
        shape.size = size;
        return shape;
    }

    EncoderEmbeddings m_embeddings;
    std::optional<Linear> m_projection;
    std::vector<EncoderLayer> m_layers;
    std::optional<ClassificationHead> m_head;
};

std::unique_ptr<ClassificationModel> createElectra(
    const ConfigReader& reader, int64_t labelCount, const at::Device& device)
{
    const auto config = EncoderConfig::read(reader, {});
    return std::make_unique<ElectraClassifier>(config,
        reader.integer("embedding_size", 1, int64_t(1) << 31, 128),
        reader.numberOrNull("classifier_dropout", 0, 1, config.hiddenDropout), labelCount, device);
}

} // namespace

std::vector<ArchitectureFamily> electraFamilies()
{
    return {{.modelType = "electra",
        .displayName = "ELECTRA",
        .classifierName = "ElectraForSequenceClassification",
        .basePrefix = "electra.",
        .dropoutKeys = {"hidden_dropout_prob", "attention_probs_dropout_prob", "classifier_dropout"},
        .create = createElectra,
        .currentName = currentBertName}};
}

} // namespace studio
