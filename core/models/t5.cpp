// SPDX-License-Identifier: MIT
// Reference: https://github.com/huggingface/transformers/blob/main/src/transformers/models/t5/modeling_t5.py
// Versions 1.0 and 1.1 (also flan-t5) differ by their config alone.
#include "core/base/concat.h"
#include "core/models/checkpoint_info.h"
#include "core/models/encoder_decoder.h"
#include "core/models/families.h"
#include "core/models/llama_config.h"
#include "core/nn/attention.h"
#include "core/nn/checkpointing.h"
#include "core/nn/device_copy.h"
#include "core/nn/gated_activation.h"
#include "core/nn/rms_norm.h"

#include <array>
#include <cmath>
#include <span>

#include <ATen/TensorOperators.h>
#include <ATen/ops/abs.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/clamp.h>
#include <ATen/ops/clamp_max.h>
#include <ATen/ops/index_select.h>
#include <ATen/ops/log.h>
#include <ATen/ops/neg.h>
#include <ATen/ops/where.h>

namespace studio {

namespace {

constexpr int64_t g_maxRows = int64_t(1) << 31, g_maxSize = int64_t(1) << 24, g_maxHeads = int64_t(1) << 16;
constexpr std::array<std::string_view, 3> g_projections{"q", "k", "v"};
constexpr std::array<std::string_view, 2> g_gateUp{"wi_0", "wi_1"};

/// config.json of model_type "t5".
struct T5Config {
    int64_t vocabularySize = 0; // vocab_size
    int64_t hiddenSize = 0; // d_model
    int64_t headSize = 0; // d_kv
    int64_t innerSize = 0; // d_ff
    int64_t headCount = 0; // num_heads
    int64_t encoderLayers = 0; // num_layers
    int64_t decoderLayers = 0; // num_decoder_layers, absent: num_layers
    int64_t buckets = 32; // relative_attention_num_buckets
    int64_t maxDistance = 128; // relative_attention_max_distance
    Activation activation = Activation::Relu; // feed_forward_proj, dense_act_fn
    bool gated = false; // feed_forward_proj, is_gated_act
    double dropout = 0.1; // dropout_rate
    double classifierDropout = 0; // classifier_dropout
    double normEpsilon = 1e-6; // layer_norm_epsilon
    double initializerFactor = 1; // initializer_factor
    bool scaledHead = true; // scale_decoder_outputs, else tie_word_embeddings
    bool ownEncoderWord = false, ownDecoderWord = false, ownHead = false; // by the checkpoint's tensors
    DecoderStart start = {};
    std::optional<int64_t> endId = std::nullopt; // eos_token_id

    static T5Config read(const ConfigReader& reader);
    int64_t attentionSize() const { return headCount * headSize; }

private:
    void readFeedForward(const ConfigReader& reader);
    void readPositions(const ConfigReader& reader);
};

/// "relu", "gated-gelu", "gated-silu".
void T5Config::readFeedForward(const ConfigReader& reader)
{
    const auto name = reader.text("feed_forward_proj", "relu");
    const auto dash = name.find('-');
    gated = dash != std::string::npos;
    auto function = gated ? name.substr(dash + 1) : name;
    if (name == "gated-gelu")
        function = "gelu_new";
    const auto found = findActivation(function);
    if (!found || (gated && name.substr(0, dash) != "gated"))
        reader.fail("feed_forward_proj", "an activation such as \"relu\", or \"gated-\" and an activation");
    activation = readActivation(reader, "dense_act_fn", *found);
    gated = reader.boolean("is_gated_act", gated);
}

void T5Config::readPositions(const ConfigReader& reader)
{
    buckets = reader.integer("relative_attention_num_buckets", 4, g_maxRows, 32);
    maxDistance = reader.integer("relative_attention_max_distance", 1, g_maxRows, 128);
    if (maxDistance <= buckets / 2)
        reader.fail("relative_attention_max_distance",
            concat("more than relative_attention_num_buckets / 2 = ", buckets / 2,
                ", so that far distances can share buckets"));
}

T5Config T5Config::read(const ConfigReader& reader)
{
    T5Config config;
    config.vocabularySize = reader.integer("vocab_size", 1, g_maxRows);
    config.hiddenSize = reader.integer(statedWord(reader, "d_model", "hidden_size"), 1, g_maxSize);
    config.headSize = reader.integer(statedWord(reader, "d_kv", "head_dim"), 1, g_maxHeads);
    config.innerSize = reader.integer("d_ff", 1, g_maxSize);
    config.headCount = reader.integer(statedWord(reader, "num_heads", "num_attention_heads"), 1, g_maxHeads);
    const auto layers = statedWord(reader, "num_layers", "num_hidden_layers");
    config.encoderLayers = reader.integer(layers, 1, 10'000);
    config.decoderLayers = optionalInteger(reader, "num_decoder_layers", 1, 10'000, std::nullopt)
                               .value_or(layers == "num_layers"
                                       ? config.encoderLayers
                                       : reader.integer("num_layers", 1, 10'000, 6)); // not by the other word
    config.readPositions(reader);
    config.readFeedForward(reader);
    config.dropout = reader.number("dropout_rate", 0, 1, 0.1);
    config.classifierDropout = reader.number("classifier_dropout", 0, 1, 0);
    config.normEpsilon = reader.number("layer_norm_epsilon", 0, 1, 1e-6);
    config.initializerFactor = reader.number("initializer_factor", 0, 1e6, 1);
    const bool tied = reader.boolean("tie_word_embeddings", true);
    config.scaledHead = reader.boolean("scale_decoder_outputs", tied);
    config.ownEncoderWord = reader.isSeparate("encoder.embed_tokens.weight");
    config.ownDecoderWord = reader.isSeparate("decoder.embed_tokens.weight");
    config.ownHead = reader.isSeparate("lm_head.weight");
    if (!readPaddingId(reader, config.vocabularySize, 0))
        reader.fail("pad_token_id", "an id: the decoder's input is made with it");
    config.start.startId = reader.integer("decoder_start_token_id", 0, config.vocabularySize - 1);
    config.endId = readEndId(reader, config.vocabularySize, 1);
    if (!reader.boolean("is_encoder_decoder", true))
        reader.fail("is_encoder_decoder", "true: an encoder alone cannot be used here");
    if (reader.boolean("is_decoder", false))
        reader.fail("is_decoder", "false: a decoder alone cannot be used here");
    return config;
}

/// Buckets of the distances key − query from 1 − length to length − 1, in single precision as the reference
/// computes them: [2·length − 1] int64.
at::Tensor distanceBuckets(const T5Config& config, bool bidirectional, int64_t length)
{
    const auto distances = at::arange(1 - length, length, at::TensorOptions(at::kLong));
    const auto count = bidirectional ? config.buckets / 2 : config.buckets;
    const auto magnitude = bidirectional ? at::abs(distances) : at::clamp(at::neg(distances), 0);
    const auto exact = count / 2;
    const double range = std::log(double(config.maxDistance) / double(exact));
    const auto steps = at::log(at::clamp(magnitude, 1).to(at::kFloat) / double(exact)) / range;
    const auto far = at::clamp_max((steps * double(count - exact)).to(at::kLong) + exact, count - 1);
    auto buckets = at::where(magnitude.lt(exact), magnitude, far);
    if (bidirectional)
        buckets = buckets + distances.gt(0).to(at::kLong) * count;
    return buckets;
}

class T5Attention {
public:
    T5Attention(const T5Config& config, bool causal, const ParameterBuilder& builder)
        : m_dropout(config.dropout)
    {
        m_recipe = causal ? AttentionRecipe::causal(config.headCount)
                          : AttentionRecipe{.headCount = config.headCount};
        m_recipe.scale = 1; // scores are not scaled
        const auto width = config.attentionSize();
        const std::array widths{width, width, width};
        m_projections = Linear::createGroup(builder, g_projections, config.hiddenSize, widths, Bias::None);
        m_output = Linear::create(builder / "o", width, config.hiddenSize, Bias::None);
    }

    /// Each text's tokens among themselves; the selected ones alone where given.
    at::Tensor toSelf(const at::Tensor& x, const SequenceLayout& layout, const at::Tensor& distanceBias,
        ForwardContext& context, const SelectedTokens* selected) const
    {
        const auto probabilities = nextDropoutSite(m_dropout, context);
        at::Tensor attended;
        if (selected) {
            const auto query
                = linear(at::index_select(x, 0, selected->rows), m_projections.front(), context.computeType);
            const auto keyValue = linear(x, std::span(m_projections).subspan(1), context.computeType);
            attended = packedSingleQueryAttention(
                query, keyValue, layout, selected->positions, m_recipe, probabilities, distanceBias);
        } else {
            attended = packedSelfAttention(
                linear(x, m_projections, context.computeType), layout, m_recipe, probabilities, distanceBias);
        }
        return linear(attended, m_output, context.computeType);
    }

    /// x [Tq, H] to the states of the sources; with one row a text where `single`.
    at::Tensor toSource(const at::Tensor& x, const SequenceLayout& layout, bool single,
        const at::Tensor& encoded, const SequenceLayout& source, ForwardContext& context) const
    {
        const auto probabilities = nextDropoutSite(m_dropout, context);
        const auto query = linear(x, m_projections.front(), context.computeType);
        const auto keyValue = linear(encoded, std::span(m_projections).subspan(1), context.computeType);
        const auto attended = single
            ? packedSingleQueryAttention(query, keyValue, source, {}, m_recipe, probabilities)
            : packedCrossAttention(query, layout, keyValue, source, m_recipe, probabilities);
        return linear(attended, m_output, context.computeType);
    }

private:
    AttentionRecipe m_recipe;
    double m_dropout;
    std::vector<Linear> m_projections;
    Linear m_output;
};

class T5FeedForward {
public:
    T5FeedForward(const T5Config& config, const ParameterBuilder& builder)
        : m_activation(config.activation)
        , m_dropout(config.dropout)
        , m_gated(config.gated)
    {
        const std::array widths{config.innerSize, config.innerSize};
        if (m_gated)
            m_inputs = Linear::createGroup(builder, g_gateUp, config.hiddenSize, widths, Bias::None);
        else
            m_inputs = {Linear::create(builder / "wi", config.hiddenSize, config.innerSize, Bias::None)};
        m_output = Linear::create(builder / "wo", config.innerSize, config.hiddenSize, Bias::None);
    }

    at::Tensor forward(const at::Tensor& x, ForwardContext& context) const
    {
        const auto inner = m_gated ? gatedActivation(linear(x, m_inputs, context.computeType), m_activation)
                                   : linearActivation(x, m_inputs.front(), m_activation, context.computeType);
        return linear(dropout(inner, nextDropoutSite(m_dropout, context)), m_output, context.computeType);
    }

private:
    Activation m_activation;
    double m_dropout;
    bool m_gated;
    std::vector<Linear> m_inputs;
    Linear m_output;
};

/// T5Block: attention, in the decoder attention to the source, and the feed-forward block, each with its norm
/// before it.
class T5Layer {
public:
    T5Layer(const T5Config& config, bool decoder, bool first, const ParameterBuilder& builder)
        : m_dropout(config.dropout)
        , m_attention(config, decoder, builder / "0" / "SelfAttention")
    {
        const auto norm = [&](std::string_view part) {
            return RmsNorm::create(builder / part / "layer_norm", config.hiddenSize, config.normEpsilon);
        };
        if (first)
            m_distances = Embedding::create(builder / "0" / "SelfAttention" / "relative_attention_bias",
                config.buckets, config.headCount);
        m_attentionNorm = norm("0");
        if (decoder) {
            m_sourceAttention.emplace(config, false, builder / "1" / "EncDecAttention");
            m_sourceNorm = norm("1");
        }
        const auto* last = decoder ? "2" : "1";
        m_feedForward.emplace(config, builder / last / "DenseReluDense");
        m_feedForwardNorm = norm(last);
    }

    /// hidden [T, H] → [T, H], or [B, H] of the selected tokens alone. `encoded` undefined: an encoder.
    at::Tensor forward(const at::Tensor& hidden, const SequenceLayout& layout, const at::Tensor& distanceBias,
        const at::Tensor& encoded, const SequenceLayout& source, ForwardContext& context,
        const SelectedTokens* selected) const
    {
        const auto join = [&](const at::Tensor& residual, const at::Tensor& output) {
            return residual + dropout(output, nextDropoutSite(m_dropout, context));
        };
        const auto attention
            = m_attention.toSelf(rmsNorm(hidden, m_attentionNorm), layout, distanceBias, context, selected);
        auto middle = join(selected ? at::index_select(hidden, 0, selected->rows) : hidden, attention);
        if (m_sourceAttention)
            middle = join(middle,
                m_sourceAttention->toSource(
                    rmsNorm(middle, m_sourceNorm), layout, selected != nullptr, encoded, source, context));
        return join(middle, m_feedForward->forward(rmsNorm(middle, m_feedForwardNorm), context));
    }
    /// The first layer's table [buckets, heads], which all layers use.
    const at::Tensor& distances() const { return m_distances.weight; }

private:
    double m_dropout;
    T5Attention m_attention;
    Embedding m_distances;
    RmsNorm m_attentionNorm;
    std::optional<T5Attention> m_sourceAttention;
    RmsNorm m_sourceNorm;
    std::optional<T5FeedForward> m_feedForward;
    RmsNorm m_feedForwardNorm;
};

class T5Stack {
public:
    T5Stack(const T5Config& config, bool decoder, const Embedding& shared, const ParameterBuilder& builder)
        : m_config(config)
        , m_decoder(decoder)
        , m_word(shared)
    {
        if (decoder ? config.ownDecoderWord : config.ownEncoderWord)
            m_word = Embedding::create(builder / "embed_tokens", config.vocabularySize, config.hiddenSize);
        const auto count = decoder ? config.decoderLayers : config.encoderLayers;
        for (int64_t i = 0; i < count; ++i)
            m_layers.emplace_back(config, decoder, i == 0, builder / "block" / numberText(i) / "layer");
        m_norm = RmsNorm::create(builder / "final_layer_norm", config.hiddenSize, config.normEpsilon);
    }

    at::Tensor forward(const PackedBatch& batch, const at::Tensor& encoded, const SequenceLayout& source,
        ForwardContext& context, const SelectedTokens* selected) const
    {
        const auto& table = m_layers.front().distances();
        const auto buckets
            = onDevice(distanceBuckets(m_config, !m_decoder, batch.layout.maxLength), table.device());
        const auto distanceBias = at::index_select(table, 0, buckets).t(); // [heads, 2·maxLength − 1]
        auto hidden
            = dropout(embedding({m_word, batch.inputIds}), nextDropoutSite(m_config.dropout, context));
        for (size_t i = 0; i < m_layers.size(); ++i) {
            const bool last = i + 1 == m_layers.size(); // computes what is asked for alone
            hidden = checkpointed(
                [&layer = m_layers[i], layout = batch.layout, source,
                    chosen = chosenTokens(last ? selected : nullptr)](const auto& inputs, auto& again) {
                    return layer.forward(
                        inputs[0], layout, inputs[1], inputs[2], source, again, chosen ? &*chosen : nullptr);
                },
                {hidden, distanceBias, encoded}, context);
        }
        return dropout(rmsNorm(hidden, m_norm), nextDropoutSite(m_config.dropout, context));
    }

private:
    T5Config m_config;
    bool m_decoder;
    Embedding m_word;
    std::vector<T5Layer> m_layers;
    RmsNorm m_norm;
};

/// T5Model.
class T5Body : public EncoderDecoderBody {
public:
    T5Body(const T5Config& config, const ParameterBuilder& builder)
        : m_shared(Embedding::create(builder / "shared", config.vocabularySize, config.hiddenSize))
        , m_encoder(config, false, m_shared, builder / "encoder")
        , m_decoder(config, true, m_shared, builder / "decoder")
    {
    }

    at::Tensor encode(const PackedBatch& source, ForwardContext& context) const override
    {
        return m_encoder.forward(source, {}, {}, context, nullptr);
    }
    at::Tensor decode(const PackedBatch& target, const at::Tensor& encoded, const SequenceLayout& source,
        ForwardContext& context, const SelectedTokens* selected) const override
    {
        return m_decoder.forward(target, encoded, source, context, selected);
    }
    const at::Tensor& tiedWeight() const override { return m_shared.weight; }

private:
    Embedding m_shared;
    T5Stack m_encoder, m_decoder;
};

/// Standard deviation of a fresh parameter, as T5 draws them.
double deviationOf(const T5Config& config, const std::string& name)
{
    double fan = double(config.hiddenSize);
    if (name.ends_with("shared.weight") || name.ends_with("embed_tokens.weight"))
        fan = 1;
    else if (name.ends_with(".q.weight"))
        fan = double(config.hiddenSize) * double(config.headSize);
    else if (name.ends_with(".o.weight"))
        fan = double(config.attentionSize());
    else if (name.ends_with(".wo.weight"))
        fan = double(config.innerSize);
    return config.initializerFactor / std::sqrt(fan);
}

/// Numbers kept for the backward pass by one layer for each token.
int64_t keptBy(const T5Config& config, bool decoder)
{
    // each norm's input and output, query, key, value, the attention's output; what the activation takes and
    // gives, with a gate both factors and their product
    const auto attention = 2 * config.hiddenSize + 4 * config.attentionSize();
    return (decoder ? 2 : 1) * attention + 2 * config.hiddenSize + (config.gated ? 3 : 2) * config.innerSize;
}

EncoderDecoderPlan planT5(const ConfigReader& reader)
{
    const auto config = T5Config::read(reader);
    const auto layers = config.encoderLayers + config.decoderLayers;
    EncoderDecoderPlan plan;
    plan.traits = {.layerCount = layers,
        .hiddenSize = config.hiddenSize,
        .headCount = config.headCount,
        .vocabularySize = config.vocabularySize,
        .maxPositions = anyLength, // relative
        .keptPerToken
        = (config.encoderLayers * keptBy(config, false) + config.decoderLayers * keptBy(config, true))
            / layers,
        .initializerRange = config.initializerFactor / std::sqrt(double(config.hiddenSize)),
        .layersPrefix = "transformer.encoder.block.",
        .embeddingsPrefix = "transformer.shared.",
        .outputPrefix = "classification_head.out_proj.",
        .headPrefixes = {"classification_head."},
        .poolerPrefixes = {}};
    plan.encoderLayerCount = config.encoderLayers;
    plan.decoderLayersPrefix = "transformer.decoder.block.";
    plan.embeddingsPrefixes = {plan.traits.embeddingsPrefix, "transformer.encoder.embed_tokens.",
        "transformer.decoder.embed_tokens."};
    plan.start = config.start;
    plan.endId = config.endId;
    plan.classifierDropout = config.classifierDropout;
    plan.targetVocabularySize = config.vocabularySize;
    plan.tiedHead = !config.ownHead;
    plan.headScale = config.scaledHead ? 1 / std::sqrt(double(config.hiddenSize)) : 1;
    plan.deviation = [config](const std::string& name) { return deviationOf(config, name); };
    plan.classifierBody = "transformer";
    plan.build = [config](const ParameterBuilder& body) -> std::unique_ptr<EncoderDecoderBody> {
        return std::make_unique<T5Body>(config, body);
    };
    return plan;
}

/// Names below T5Model; a table that nothing ever read is ignored.
std::string currentT5Name(const std::string& name)
{
    constexpr std::string_view prefix = "transformer.";
    auto bare = name.starts_with(prefix) ? name.substr(prefix.size()) : name;
    if (bare == "decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight")
        return {};
    return bare;
}

} // namespace

std::vector<ArchitectureFamily> t5Families()
{
    return {encoderDecoderFamily<planT5>({.modelType = "t5",
        .displayName = "T5",
        .classifierName = "T5ForSequenceClassification",
        .basePrefix = "transformer.",
        .dropoutKeys = {"dropout_rate", "classifier_dropout"},
        .create = nullptr,
        .currentName = currentT5Name})};
}

} // namespace studio
