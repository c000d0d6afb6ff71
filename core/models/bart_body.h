// SPDX-License-Identifier: MIT
#pragma once

#include "core/models/encoder_decoder.h"
#include "core/nn/attention.h"
#include "core/nn/layer_norm.h"

#include <optional>
#include <vector>

namespace studio {

/// What one half of BART and its kin consists of.
struct BartHalf {
    int64_t vocabularySize = 0;
    int64_t layerCount = 0; // encoder_layers, decoder_layers
    int64_t headCount = 0; // encoder_attention_heads, decoder_attention_heads
    int64_t innerSize = 0; // encoder_ffn_dim, decoder_ffn_dim
};

/// config.json of BART, mBART and Marian, and how they differ.
struct BartConfig {
    BartHalf encoder, decoder;
    int64_t maxPositions = 0; // max_position_embeddings
    int64_t hiddenSize = 0; // d_model
    int64_t paddingIndex = 0; // pad_token_id
    Activation activation = Activation::Gelu; // activation_function
    double dropout = 0.1, attentionDropout = 0, activationDropout = 0, classifierDropout = 0;
    double initializerRange = 0.02; // init_std
    bool scaledEmbedding = false; // scale_embedding
    bool tied = true; // tie_word_embeddings
    bool ownEncoderWord = false, ownDecoderWord = false, ownHead = false; // by the checkpoint's tensors

    bool normFirst = false; ///< mBART: a block's norm stands before it
    bool embeddingNorm = true; ///< not Marian
    bool finalNorm = false; ///< mBART: each half ends with a norm
    bool sinusoids = false; ///< Marian: positions by formula, without offset
    bool sharedWord = true; ///< Marian's share_encoder_decoder_embeddings
    DecoderStart start = {};
    std::optional<int64_t> endId = std::nullopt;
};

/// What a family expects of the keys that all three have.
struct BartDefaults {
    bool normFirst = false, embeddingNorm = true, finalNorm = false, sinusoids = false;
    bool startIsLastToken = false;
    int64_t paddingId = 1, startId = 2, endId = 2; ///< where the keys are absent
};

[[nodiscard]] BartConfig readBartConfig(const ConfigReader& reader, const BartDefaults& defaults);
[[nodiscard]] EncoderDecoderPlan planOf(const BartConfig& config);

/// Attention of queries to themselves or to other states.
class BartAttention {
public:
    BartAttention(
        const BartConfig& config, const BartHalf& half, bool causal, const ParameterBuilder& builder);
    /// Each text's tokens among themselves; the selected ones alone where given.
    [[nodiscard]] at::Tensor toSelf(const at::Tensor& hidden, const SequenceLayout& layout,
        const SelectedTokens* selected, ForwardContext& context) const;
    /// hidden [Tq, H] to the states of the sources; with one row a text where `single`.
    [[nodiscard]] at::Tensor toSource(const at::Tensor& hidden, const SequenceLayout& layout, bool single,
        const at::Tensor& encoded, const SequenceLayout& source, ForwardContext& context) const;

private:
    AttentionRecipe m_recipe;
    double m_dropout;
    std::vector<Linear> m_projections; // query, key, value
    Linear m_output;
};

/// A layer of either half: attention, in the decoder attention to the source, and the feed-forward block.
class BartLayer {
public:
    BartLayer(const BartConfig& config, const BartHalf& half, bool decoder, const ParameterBuilder& builder);
    /// hidden [T, H] → [T, H], or [B, H] of the selected tokens alone. `encoded` undefined: an encoder.
    [[nodiscard]] at::Tensor forward(const at::Tensor& hidden, const SequenceLayout& layout,
        const at::Tensor& encoded, const SequenceLayout& source, ForwardContext& context,
        const SelectedTokens* selected) const;

private:
    [[nodiscard]] at::Tensor entered(const at::Tensor& hidden, const LayerNorm& norm) const;
    [[nodiscard]] at::Tensor left(const at::Tensor& output, const at::Tensor& residual, const LayerNorm& norm,
        ForwardContext& context) const;

    bool m_normFirst;
    Activation m_activation;
    double m_dropout, m_activationDropout;
    BartAttention m_attention;
    LayerNorm m_attentionNorm;
    std::optional<BartAttention> m_sourceAttention;
    LayerNorm m_sourceNorm;
    Linear m_up, m_down;
    LayerNorm m_finalNorm;
};

} // namespace studio
