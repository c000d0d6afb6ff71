// SPDX-License-Identifier: MIT
#pragma once

#include "core/models/config_reader.h"
#include "core/models/decoder.h"
#include "core/nn/attention.h"
#include "core/nn/embedding.h"
#include "core/nn/gated_activation.h"
#include "core/nn/rms_norm.h"
#include "core/nn/rotary.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace studio {

/// Decoders of Llama's kind: RMS norms, rotary positions, gated feed-forward blocks. Each family reads its
/// config.json into this description; what differs between them are these values alone.
struct LlamaConfig {
    int64_t vocabularySize = 0; // vocab_size
    int64_t hiddenSize = 0; // hidden_size
    int64_t intermediateSize = 0; // intermediate_size
    int64_t headCount = 0; // num_attention_heads
    int64_t keyValueHeadCount = 0; // num_key_value_heads
    int64_t headSize = 0; // head_dim
    int64_t maxPositions = 0; // max_position_embeddings
    Activation activation = Activation::Silu; // hidden_act
    double normEpsilon = 1e-6; // rms_norm_eps
    double normOffset = 0; ///< Gemma: 1
    double initializerRange = 0.02;
    double embeddingScale = 1;
    std::optional<int64_t> paddingId; // pad_token_id
    bool tiedHead = false; // tie_word_embeddings

    Bias projectionBias = Bias::None; ///< of query, key and value
    Bias outputBias = Bias::None; ///< of the attention's output
    Bias feedForwardBias = Bias::None;
    bool headNorms = false; ///< each head of query and key is normalised
    bool fusedProjections = false; ///< qkv_proj and gate_up_proj
    bool outerNorms = false; ///< blocks are normalised before and after
    std::optional<double> scoreScale; ///< absent: 1/√head_dim
    double scoreSoftCap = 0; // attn_logit_softcapping
    double logitSoftCap = 0; // final_logit_softcapping
    double attentionDropout = 0; // attention_dropout
    double residualDropout = 0; // resid_pdrop
    bool bidirectional = false; // use_bidirectional_attention

    struct Layer {
        std::optional<int64_t> window = std::nullopt; ///< tokens that a token sees, itself included
        size_t rotary = 0; ///< which of `rotary`
    };
    std::vector<Layer> layers;
    std::vector<RotaryParameters> rotary;
};

/// One decoder layer.
class LlamaLayer {
public:
    LlamaLayer(const LlamaConfig& config, size_t index, const ParameterBuilder& builder);
    /// hidden [T, H] → [T, H], or [B, H] of the selected tokens alone.
    [[nodiscard]] at::Tensor forward(const at::Tensor& hidden, const PackedBatch& batch,
        const RotaryAngles& angles, ForwardContext& context, const SelectedTokens* selected) const;

private:
    [[nodiscard]] at::Tensor attendAll(const at::Tensor& x, const PackedBatch& batch,
        const RotaryAngles& angles, ForwardContext& context) const;
    [[nodiscard]] at::Tensor attendSelected(const at::Tensor& x, const PackedBatch& batch,
        const RotaryAngles& angles, ForwardContext& context, const SelectedTokens& selected) const;
    [[nodiscard]] at::Tensor normalizedHeads(
        const at::Tensor& packed, bool withQuery, bool withKeyValue) const;

    AttentionRecipe m_recipe;
    int64_t m_headSize;
    Activation m_activation;
    double m_attentionDropout, m_residualDropout;
    std::vector<Linear> m_projections; ///< query, key, value; or one of all three
    Linear m_output;
    RmsNorm m_queryNorm, m_keyNorm; ///< weight undefined: none
    std::vector<Linear> m_gateUp;
    Linear m_down;
    RmsNorm m_inputNorm, m_attentionNorm, m_feedForwardNorm, m_outputNorm;
    bool m_outerNorms;
};

/// LlamaModel and its relatives.
class LlamaBody : public DecoderBody {
public:
    LlamaBody(const LlamaConfig& config, const ParameterBuilder& builder);
    at::Tensor forward(
        const PackedBatch& batch, ForwardContext& context, const SelectedTokens* selected) const override;
    const Embedding& wordEmbedding() const override { return m_embedding; }

private:
    LlamaConfig m_config;
    Embedding m_embedding;
    std::vector<LlamaLayer> m_layers;
    RmsNorm m_norm;
};

[[nodiscard]] DecoderPlan planOf(const LlamaConfig& config);

} // namespace studio
