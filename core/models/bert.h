// SPDX-License-Identifier: MIT
#pragma once

#include "core/models/classifier_base.h"
#include "core/models/config_reader.h"
#include "core/nn/attention.h"
#include "core/nn/embedding.h"
#include "core/nn/layer_norm.h"
#include "core/nn/linear.h"

#include <string>
#include <vector>

namespace studio {

/// config.json of model_type "bert".
struct BertConfig {
    int64_t vocabularySize = 0; // vocab_size
    int64_t hiddenSize = 0; // hidden_size
    int64_t layerCount = 0; // num_hidden_layers
    int64_t headCount = 0; // num_attention_heads
    int64_t intermediateSize = 0; // intermediate_size
    int64_t maxPositions = 0; // max_position_embeddings
    int64_t typeVocabularySize = 2; // type_vocab_size
    int64_t paddingIndex = 0; // pad_token_id
    Activation activation = Activation::Gelu; // hidden_act
    double layerNormEpsilon = 1e-12; // layer_norm_eps
    double hiddenDropout = 0.1; // hidden_dropout_prob
    double attentionDropout = 0.1; // attention_probs_dropout_prob
    double classifierDropout = 0.1; // classifier_dropout, null: hidden_dropout_prob
    double initializerRange = 0.02; // initializer_range

    [[nodiscard]] static BertConfig read(const ConfigReader& reader);
};

/// Sum of word, token type and position embeddings, normalised.
class BertEmbeddings {
public:
    BertEmbeddings(const BertConfig& config, const ParameterBuilder& builder);
    [[nodiscard]] at::Tensor forward(const PackedBatch& batch, ForwardContext& context) const;

private:
    Embedding m_word, m_position, m_tokenType;
    LayerNorm m_norm;
    double m_dropout;
};

/// One encoder layer: self-attention and feed-forward block, each followed by dropout, residual and norm.
class BertLayer {
public:
    BertLayer(const BertConfig& config, const ParameterBuilder& builder);
    /// hidden [T, H] → [T, H].
    [[nodiscard]] at::Tensor forward(
        const at::Tensor& hidden, const PackedBatch& batch, ForwardContext& context) const;
    /// The same for each sequence's first token alone: [T, H] → [B, H].
    [[nodiscard]] at::Tensor forwardFirstTokens(
        const at::Tensor& hidden, const PackedBatch& batch, ForwardContext& context) const;

private:
    [[nodiscard]] at::Tensor feedForward(const at::Tensor& attended, const at::Tensor& residual,
        const DropoutSite& attentionSite, ForwardContext& context) const;

    int64_t m_headCount;
    Activation m_activation;
    double m_hiddenDropout, m_attentionDropout;
    std::vector<Linear> m_queryKeyValue;
    Linear m_attentionOutput;
    LayerNorm m_attentionNorm;
    Linear m_intermediate, m_output;
    LayerNorm m_outputNorm;
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
    BertConfig m_config;
    std::unique_ptr<BertEmbeddings> m_embeddings;
    std::vector<BertLayer> m_layers;
    Linear m_pooler, m_classifier;
};

} // namespace studio
