// SPDX-License-Identifier: MIT
// Reference:
// https://github.com/huggingface/transformers/blob/v5.0.0/src/transformers/models/roberta/modeling_roberta.py
// CamemBERT and XLM-RoBERTa are the same model under other names.
#include "core/base/concat.h"
#include "core/models/bert.h"
#include "core/models/families.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cumsum.h>
#include <ATen/ops/index_select.h>

namespace studio {

namespace {

/// Positions count the tokens that are not the padding token, from paddingId + 1 on; a padding token, also
/// one within a text, has position paddingId.
at::Tensor positionsPastPadding(const PackedBatch& batch, int64_t paddingId)
{
    const auto counted = batch.inputIds.ne(paddingId).to(at::kLong); // [T]
    const auto running = at::cumsum(counted, 0);
    const auto starts = at::arange(counted.size(0), counted.options()) - batch.positionIds;
    const auto before = at::index_select(running - counted, 0, starts);
    return (running - before) * counted + paddingId;
}

class RobertaClassifier : public ClassifierBase {
public:
    RobertaClassifier(
        const EncoderConfig& config, double classifierDropout, int64_t labelCount, const at::Device& device)
        : ClassifierBase(config.traits({.layersPrefix = "roberta.encoder.layer.",
                             .embeddingsPrefix = "roberta.embeddings.",
                             .outputPrefix = "classifier.out_proj.",
                             .headPrefixes = {"classifier."}}),
            device)
        , m_paddingId(config.paddingId.value())
        , m_embeddings(embeddingsShape(config), ParameterBuilder(m_store, "roberta.embeddings."))
    {
        m_traits.maxPositions -= m_paddingId + 1;
        const ParameterBuilder layers(m_store, m_traits.layersPrefix);
        for (int64_t i = 0; i < config.layerCount; ++i)
            m_layers.emplace_back(EncoderLayerShape::of(config), layers / numberText(i));
        m_head.emplace(ParameterBuilder(m_store),
            HeadShape{.hiddenSize = config.hiddenSize,
                .labelCount = labelCount,
                .inputDropout = classifierDropout,
                .dropout = classifierDropout});
    }

    at::Tensor forward(const PackedBatch& batch, ForwardContext& context) override
    {
        const auto positions = positionsPastPadding(batch, m_paddingId);
        const auto hidden = m_embeddings.forward(batch, positions, context); // [T, H]
        return m_head->forward(encodeFirstTokens(m_layers, hidden, batch, context), context);
    }

private:
    static EmbeddingsShape embeddingsShape(const EncoderConfig& config)
    {
        auto shape = EmbeddingsShape::of(config);
        shape.paddingPosition = shape.paddingRow;
        return shape;
    }

    int64_t m_paddingId;
    EncoderEmbeddings m_embeddings;
    std::vector<EncoderLayer> m_layers;
    std::optional<ClassificationHead> m_head;
};

std::unique_ptr<ClassificationModel> createRoberta(
    const ConfigReader& reader, int64_t labelCount, const at::Device& device)
{
    const auto config = EncoderConfig::read(reader, {.paddingId = 1});
    if (!config.paddingId || *config.paddingId < 0)
        reader.fail("pad_token_id", "a token id: positions are counted from it");
    if (config.maxPositions <= *config.paddingId + 1)
        reader.fail("max_position_embeddings",
            concat("more than pad_token_id + 1 = ", *config.paddingId + 1, ", where positions begin"));
    return std::make_unique<RobertaClassifier>(
        config, reader.numberOrNull("classifier_dropout", 0, 1, config.hiddenDropout), labelCount, device);
}

ArchitectureFamily robertaRow(
    std::string_view modelType, std::string_view displayName, std::string_view classifierName)
{
    return {.modelType = modelType,
        .displayName = displayName,
        .classifierName = classifierName,
        .basePrefix = "roberta.",
        .dropoutKeys = {"hidden_dropout_prob", "attention_probs_dropout_prob", "classifier_dropout"},
        .create = createRoberta,
        .currentName = currentBertName};
}

} // namespace

std::vector<ArchitectureFamily> robertaFamilies()
{
    return {robertaRow("roberta", "RoBERTa", "RobertaForSequenceClassification"),
        robertaRow("camembert", "CamemBERT", "CamembertForSequenceClassification"),
        robertaRow("xlm-roberta", "XLM-RoBERTa", "XLMRobertaForSequenceClassification")};
}

} // namespace studio
