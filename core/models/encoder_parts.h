// SPDX-License-Identifier: MIT
#pragma once

#include "core/models/classifier_base.h"
#include "core/models/config_reader.h"
#include "core/nn/attention.h"
#include "core/nn/embedding.h"
#include "core/nn/layer_norm.h"
#include "core/nn/linear.h"

#include <optional>
#include <string_view>
#include <vector>

namespace studio {

/// The keys of config.json that BERT and its kin share. Values in place are the defaults of absent keys.
struct EncoderConfig {
    int64_t vocabularySize = 0; // vocab_size
    int64_t hiddenSize = 0; // hidden_size
    int64_t layerCount = 0; // num_hidden_layers
    int64_t headCount = 0; // num_attention_heads
    int64_t intermediateSize = 0; // intermediate_size
    int64_t maxPositions = 0; // max_position_embeddings
    int64_t typeVocabularySize = 2; // type_vocab_size
    std::optional<int64_t> paddingId = 0; // pad_token_id
    Activation activation = Activation::Gelu; // hidden_act
    double layerNormEpsilon = 1e-12; // layer_norm_eps
    double hiddenDropout = 0.1; // hidden_dropout_prob
    double attentionDropout = 0.1; // attention_probs_dropout_prob
    double initializerRange = 0.02; // initializer_range

    [[nodiscard]] static EncoderConfig read(const ConfigReader& reader, EncoderConfig defaults);
    /// Numbers kept for the backward pass: input, query/key/value, attention output, two normalised sums with
    /// their outputs, and the two wide rows of the feed-forward block.
    [[nodiscard]] int64_t keptPerToken() const { return 9 * hiddenSize + 2 * intermediateSize; }
    /// The sizes beside the family's names.
    [[nodiscard]] ModelTraits traits(ModelTraits names) const;
};

/// Throws where the config asks for relative positions, a decoder or cross attention.
void requirePlainEncoder(const ConfigReader& reader);

/// Sizes of the sum of embeddings.
struct EmbeddingsShape {
    int64_t vocabularySize = 0, size = 0, positions = 0;
    int64_t tokenTypes = 0; ///< 0: no token types
    int64_t paddingRow = -1, paddingPosition = -1; ///< rows without gradient
    double epsilon = 1e-12, dropout = 0;
    [[nodiscard]] static EmbeddingsShape of(const EncoderConfig& config);
};

/// Sum of word, token type and position embeddings, normalised.
class EncoderEmbeddings {
public:
    EncoderEmbeddings(const EmbeddingsShape& shape, const ParameterBuilder& builder);
    /// positions [T]: rows of the table of positions.
    [[nodiscard]] at::Tensor forward(
        const PackedBatch& batch, const at::Tensor& positions, ForwardContext& context) const;

private:
    Embedding m_word, m_position;
    std::optional<Embedding> m_tokenType;
    LayerNorm m_norm;
    double m_dropout;
};

struct EncoderLayerShape {
    int64_t hiddenSize = 0, headCount = 0, intermediateSize = 0;
    Activation activation = Activation::Gelu;
    double epsilon = 1e-12;
    double attentionDropout = 0; ///< of the probabilities
    double attentionOutputDropout = 0, outputDropout = 0; ///< of the two blocks, before their residuals
    [[nodiscard]] static EncoderLayerShape of(const EncoderConfig& config);
};

/// Names of a layer's parts below the layer; the defaults are BERT's.
struct EncoderLayerNames {
    std::string_view projections = "attention.self";
    std::string_view query = "query", key = "key", value = "value";
    std::string_view attentionOutput = "attention.output.dense";
    std::string_view attentionNorm = "attention.output.LayerNorm";
    std::string_view intermediate = "intermediate.dense", output = "output.dense";
    std::string_view outputNorm = "output.LayerNorm";
};

/// What follows attention in a layer: its output layer and the feed-forward block, each followed by dropout,
/// residual and norm.
class EncoderLayerOutput {
public:
    EncoderLayerOutput(
        const EncoderLayerShape& shape, const ParameterBuilder& builder, const EncoderLayerNames& names);
    /// From attention's output and the layer's input, row by row: [T, H].
    [[nodiscard]] at::Tensor forward(
        const at::Tensor& attended, const at::Tensor& residual, ForwardContext& context) const;

private:
    Activation m_activation;
    double m_attentionDropout, m_dropout;
    Linear m_attentionOutput;
    LayerNorm m_attentionNorm;
    Linear m_intermediate, m_output;
    LayerNorm m_outputNorm;
};

/// One encoder layer: self-attention and feed-forward block.
class EncoderLayer {
public:
    EncoderLayer(
        const EncoderLayerShape& shape, const ParameterBuilder& builder, const EncoderLayerNames& names = {});
    /// hidden [T, H] → [T, H].
    [[nodiscard]] at::Tensor forward(
        const at::Tensor& hidden, const PackedBatch& batch, ForwardContext& context) const;
    /// The same for each sequence's first token alone: [T, H] → [B, H].
    [[nodiscard]] at::Tensor forwardFirstTokens(
        const at::Tensor& hidden, const PackedBatch& batch, ForwardContext& context) const;

private:
    [[nodiscard]] at::Tensor computed(
        const at::Tensor& hidden, const PackedBatch& batch, ForwardContext& context) const;
    [[nodiscard]] at::Tensor computedFirstTokens(
        const at::Tensor& hidden, const PackedBatch& batch, ForwardContext& context) const;

    int64_t m_headCount;
    double m_attentionDropout;
    std::vector<Linear> m_queryKeyValue;
    EncoderLayerOutput m_output;
};

/// All layers in turn; heads read first tokens alone, so the last layer computes no others: [T, H] → [B, H].
[[nodiscard]] at::Tensor encodeFirstTokens(const std::vector<EncoderLayer>& layers, at::Tensor hidden,
    const PackedBatch& batch, ForwardContext& context);

} // namespace studio
