// SPDX-License-Identifier: MIT
#pragma once

#include "core/models/classification_head.h"
#include "core/models/encoder_parts.h"

#include <string>
#include <vector>

namespace studio {

/// config.json of model_type "bert".
struct BertConfig : EncoderConfig {
    double classifierDropout = 0.1; // classifier_dropout, null: hidden_dropout_prob

    [[nodiscard]] static BertConfig read(const ConfigReader& reader);
};

/// Names of early checkpoints of this kind: gamma and beta for a norm's weight and bias, buffers of
/// positions.
[[nodiscard]] std::string currentBertName(const std::string& name);

/// BertForSequenceClassification on packed batches.
class BertClassifier : public ClassifierBase {
public:
    BertClassifier(const BertConfig& config, int64_t labelCount, const at::Device& device);
    at::Tensor forward(const PackedBatch& batch, ForwardContext& context) override;

private:
    EncoderEmbeddings m_embeddings;
    std::vector<EncoderLayer> m_layers;
    std::optional<ClassificationHead> m_head;
};

} // namespace studio
