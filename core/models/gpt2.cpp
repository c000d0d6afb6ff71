// SPDX-License-Identifier: MIT
// Reference:
// https://github.com/huggingface/transformers/blob/main/src/transformers/models/gpt2/modeling_gpt2.py
#include "core/base/concat.h"
#include "core/models/decoder.h"
#include "core/models/families.h"
#include "core/models/llama_config.h"
#include "core/nn/checkpointing.h"
#include "core/nn/layer_norm.h"

#include <array>
#include <cmath>

#include <ATen/TensorOperators.h>
#include <ATen/ops/index_select.h>

namespace studio {

namespace {

constexpr int64_t g_maxRows = int64_t(1) << 31, g_maxSize = int64_t(1) << 24;

/// config.json of model_type "gpt2".
struct Gpt2Config {
    int64_t vocabularySize = 0; // vocab_size
    int64_t maxPositions = 0; // n_positions
    int64_t hiddenSize = 0; // n_embd
    int64_t layerCount = 0; // n_layer
    int64_t headCount = 0; // n_head
    int64_t innerSize = 0; // n_inner, null: 4·n_embd
    Activation activation = Activation::GeluTanh; // activation_function
    double embeddingDropout = 0.1, attentionDropout = 0.1, residualDropout = 0.1; // embd_, attn_, resid_pdrop
    double normEpsilon = 1e-5; // layer_norm_epsilon
    bool scaleScores = true; // scale_attn_weights
    bool scaleByLayer = false; // scale_attn_by_inverse_layer_idx

    [[nodiscard]] double scoreScale(int64_t layer) const
    {
        const double scale = scaleScores ? 1 / std::sqrt(double(hiddenSize / headCount)) : 1;
        return scaleByLayer ? scale / double(layer + 1) : scale;
    }
};

class Gpt2Layer {
public:
    Gpt2Layer(const Gpt2Config& config, int64_t index, const ParameterBuilder& builder)
        : m_recipe(AttentionRecipe::causal(config.headCount))
        , m_activation(config.activation)
        , m_attentionDropout(config.attentionDropout)
        , m_residualDropout(config.residualDropout)
        , m_attentionNorm(LayerNorm::create(builder / "ln_1", config.hiddenSize, config.normEpsilon))
        , m_queryKeyValue(
              Linear::createInputMajor(builder / "attn" / "c_attn", config.hiddenSize, 3 * config.hiddenSize))
        , m_output(
              Linear::createInputMajor(builder / "attn" / "c_proj", config.hiddenSize, config.hiddenSize))
        , m_feedForwardNorm(LayerNorm::create(builder / "ln_2", config.hiddenSize, config.normEpsilon))
        , m_up(Linear::createInputMajor(builder / "mlp" / "c_fc", config.hiddenSize, config.innerSize))
        , m_down(Linear::createInputMajor(builder / "mlp" / "c_proj", config.innerSize, config.hiddenSize))
    {
        m_recipe.scale = config.scoreScale(index);
    }

    /// hidden [T, H] → [T, H], or [B, H] of the selected tokens alone.
    [[nodiscard]] at::Tensor forward(const at::Tensor& hidden, const PackedBatch& batch,
        ForwardContext& context, const SelectedTokens* selected) const
    {
        const auto packed
            = linear(layerNorm(hidden, m_attentionNorm), m_queryKeyValue, context.computeType); // [T, 3·H]
        const auto probabilities = nextDropoutSite(m_attentionDropout, context);
        at::Tensor attended, residual = hidden;
        if (selected) {
            const auto width = hidden.size(1);
            const auto parts = packed.split_with_sizes({width, 2 * width}, 1);
            attended = packedSingleQueryAttention(at::index_select(parts[0], 0, selected->rows), parts[1],
                batch.layout, selected->positions, m_recipe, probabilities);
            residual = at::index_select(hidden, 0, selected->rows);
        } else {
            attended = packedSelfAttention(packed, batch.layout, m_recipe, probabilities);
        }
        const auto attention = linear(attended, m_output, context.computeType);
        const auto middle = residual + dropout(attention, nextDropoutSite(m_residualDropout, context));
        const auto inner
            = linearActivation(layerNorm(middle, m_feedForwardNorm), m_up, m_activation, context.computeType);
        const auto output = linear(inner, m_down, context.computeType);
        return middle + dropout(output, nextDropoutSite(m_residualDropout, context));
    }

private:
    AttentionRecipe m_recipe;
    Activation m_activation;
    double m_attentionDropout, m_residualDropout;
    LayerNorm m_attentionNorm;
    Linear m_queryKeyValue, m_output;
    LayerNorm m_feedForwardNorm;
    Linear m_up, m_down;
};

/// GPT2Model.
class Gpt2Body : public DecoderBody {
public:
    Gpt2Body(const Gpt2Config& config, const ParameterBuilder& builder)
        : m_dropout(config.embeddingDropout)
        , m_word(Embedding::create(builder / "wte", config.vocabularySize, config.hiddenSize))
        , m_position(Embedding::create(builder / "wpe", config.maxPositions, config.hiddenSize))
    {
        for (int64_t i = 0; i < config.layerCount; ++i)
            m_layers.emplace_back(config, i, builder / "h" / numberText(i));
        m_norm = LayerNorm::create(builder / "ln_f", config.hiddenSize, config.normEpsilon);
    }

    at::Tensor forward(
        const PackedBatch& batch, ForwardContext& context, const SelectedTokens* selected) const override
    {
        const std::array lookups{
            EmbeddingLookup{m_word, batch.inputIds}, EmbeddingLookup{m_position, batch.positionIds}};
        auto hidden = dropout(embeddingSum(lookups), nextDropoutSite(m_dropout, context)); // [T, H]
        for (size_t i = 0; i < m_layers.size(); ++i) {
            const bool last = i + 1 == m_layers.size(); // computes what is asked for alone
            hidden = checkpointed(
                [&layer = m_layers[i], batch, chosen = chosenTokens(last ? selected : nullptr)](
                    const auto& inputs, auto& again) {
                    return layer.forward(inputs[0], batch, again, chosen ? &*chosen : nullptr);
                },
                {hidden}, context);
        }
        return layerNorm(hidden, m_norm);
    }
    const Embedding& wordEmbedding() const override { return m_word; }

private:
    double m_dropout;
    Embedding m_word, m_position;
    std::vector<Gpt2Layer> m_layers;
    LayerNorm m_norm;
};

DecoderPlan planGpt2(const ConfigReader& reader)
{
    requirePlainDecoder(reader);
    const auto size = [&](std::string_view own, std::string_view common, int64_t maximum) {
        return reader.integer(statedWord(reader, own, common), 1, maximum);
    };
    Gpt2Config config;
    config.vocabularySize = reader.integer("vocab_size", 1, g_maxRows);
    config.maxPositions = size("n_positions", "max_position_embeddings", g_maxRows);
    config.hiddenSize = size("n_embd", "hidden_size", g_maxSize);
    config.layerCount = size("n_layer", "num_hidden_layers", 10'000);
    config.headCount = size("n_head", "num_attention_heads", g_maxSize);
    if (config.hiddenSize % config.headCount != 0)
        reader.fail(statedWord(reader, "n_head", "num_attention_heads"),
            concat("a divisor of n_embd ", config.hiddenSize));
    config.innerSize
        = optionalInteger(reader, "n_inner", 1, g_maxSize, std::nullopt).value_or(4 * config.hiddenSize);
    config.activation = readActivation(reader, "activation_function", Activation::GeluTanh);
    config.embeddingDropout = reader.number("embd_pdrop", 0, 1, 0.1);
    config.attentionDropout = reader.number("attn_pdrop", 0, 1, 0.1);
    config.residualDropout = reader.number("resid_pdrop", 0, 1, 0.1);
    config.normEpsilon = reader.number("layer_norm_epsilon", 0, 1, 1e-5);
    config.scaleScores = reader.boolean("scale_attn_weights", true);
    config.scaleByLayer = reader.boolean("scale_attn_by_inverse_layer_idx", false);
    // Read before the plan begins: GCC 12 destroys a half-built aggregate wrongly when a refusal leaves it.
    const auto initializerRange = reader.number("initializer_range", 0, 1e6, 0.02);
    const auto paddingId = readPaddingId(reader, config.vocabularySize, std::nullopt);
    const auto tiedHead = reader.boolean("tie_word_embeddings", true);
    return {.traits = {.layerCount = config.layerCount,
                .hiddenSize = config.hiddenSize,
                .headCount = config.headCount,
                .vocabularySize = config.vocabularySize,
                .maxPositions = config.maxPositions,
                // both norms and what they give, query, key, value, the attention's output, and the two wide
                // rows of the feed-forward block
                .keptPerToken = 8 * config.hiddenSize + 2 * config.innerSize,
                .initializerRange = initializerRange,
                .layersPrefix = "transformer.h.",
                .embeddingsPrefix = "transformer.w", // wte and wpe
                .outputPrefix = "score.",
                .headPrefixes = {"score."},
                .poolerPrefixes = {}},
        .paddingId = paddingId,
        .tiedHead = tiedHead,
        .build = [config](const ParameterBuilder& root) -> std::unique_ptr<DecoderBody> {
            return std::make_unique<Gpt2Body>(config, root / "transformer");
        }};
}

/// Masks that old checkpoints carry are ignored.
std::string currentGpt2Name(const std::string& name)
{
    return name.ends_with(".attn.bias") || name.ends_with(".attn.masked_bias") ? std::string() : name;
}

} // namespace

std::vector<ArchitectureFamily> gpt2Families()
{
    return {decoderFamily<planGpt2>({.modelType = "gpt2",
        .displayName = "GPT-2",
        .classifierName = "GPT2ForSequenceClassification",
        .basePrefix = "transformer.",
        .dropoutKeys = {"embd_pdrop", "attn_pdrop", "resid_pdrop"},
        .create = nullptr,
        .currentName = currentGpt2Name})};
}

} // namespace studio
