// SPDX-License-Identifier: MIT
// Reference:
// https://github.com/huggingface/transformers/blob/v5.0.0/src/transformers/models/modernbert/modeling_modernbert.py
#include "core/base/concat.h"
#include "core/models/classifier_base.h"
#include "core/models/encoder_parts.h"
#include "core/models/families.h"
#include "core/models/rope_config.h"
#include "core/nn/checkpointing.h"
#include "core/nn/gated_activation.h"
#include "core/nn/length_buckets.h"

#include <array>

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/index_select.h>
#include <ATen/ops/zeros.h>

namespace studio {

namespace {

constexpr int64_t g_maxSize = int64_t(1) << 31;
constexpr std::string_view g_global = "full_attention", g_local = "sliding_attention";

struct ModernBertConfig {
    int64_t vocabularySize = 0; // vocab_size
    int64_t hiddenSize = 0; // hidden_size
    int64_t headCount = 0; // num_attention_heads
    int64_t intermediateSize = 0; // intermediate_size
    int64_t maxPositions = 8192; // max_position_embeddings
    std::optional<int64_t> paddingId = 50283; // pad_token_id
    std::vector<bool> localLayers; // layer_types, or every layer but each global_attn_every_n_layers-th
    int64_t reach = 64; // local_attention / 2, or sliding_window: tokens seen on either side
    RotaryParameters globalRotary, localRotary; // rope_parameters, or the two rope_theta and rope_scaling
    Activation activation = Activation::Gelu; // hidden_activation
    Activation classifierActivation = Activation::Gelu; // classifier_activation
    double epsilon = 1e-5; // norm_eps
    bool normBias = false, attentionBias = false, mlpBias = false, classifierBias = false;
    double embeddingDropout = 0, attentionDropout = 0, mlpDropout = 0, classifierDropout = 0;
    bool meanPooling = false; // classifier_pooling
    double initializerRange = 0.02; // initializer_range

    static ModernBertConfig read(const ConfigReader& reader);
    int64_t headSize() const { return hiddenSize / headCount; }

private:
    void readLayers(const ConfigReader& reader);
    void readRotaries(const ConfigReader& reader);
};

bool stated(const ConfigReader& reader, std::string_view key)
{
    const auto found = reader.json().find(key);
    return found != reader.json().end() && !found->is_null();
}

void ModernBertConfig::readLayers(const ConfigReader& reader)
{
    const auto layers = reader.integer("num_hidden_layers", 1, 10'000);
    if (stated(reader, "layer_types")) {
        const auto& types = reader.json()["layer_types"];
        const auto expected
            = concat("a list of ", layers, " names, each \"", g_global, "\" or \"", g_local, '"');
        if (!types.is_array() || int64_t(types.size()) != layers)
            reader.fail("layer_types", expected);
        for (const auto& type : types) {
            const auto name = type.is_string() ? type.get<std::string>() : std::string();
            if (name != g_global && name != g_local)
                reader.fail("layer_types", expected);
            localLayers.push_back(name == g_local);
        }
    } else {
        const auto every = reader.integer("global_attn_every_n_layers", 1, g_maxSize, 3);
        for (int64_t i = 0; i < layers; ++i)
            localLayers.push_back(i % every != 0);
    }
    reach = reader.integer("local_attention", 0, g_maxSize, 128) / 2;
    if (stated(reader, "sliding_window"))
        reach = reader.integer("sliding_window", 0, g_maxSize);
}

void ModernBertConfig::readRotaries(const ConfigReader& reader)
{
    if (reader.integer("head_dim", 1, g_maxSize, headSize()) != headSize())
        reader.fail("head_dim",
            concat("hidden_size / num_attention_heads = ", headSize(), ", the only size supported"));
    const auto& config = reader.json();
    const auto block = [&](std::string_view type, std::string_view thetaKey, double theta) {
        Json values = {{"rope_type", "default"}};
        if (stated(reader, "rope_parameters")) {
            const auto& all = config["rope_parameters"];
            if (!all.is_object())
                reader.fail("rope_parameters", "an object or null");
            for (const auto& [name, inner] : all.items()) {
                if ((name != g_global && name != g_local) || !(inner.is_object() || inner.is_null()))
                    reader.fail("rope_parameters",
                        concat("a block for \"", g_global, "\" and one for \"", g_local, '"'));
            }
            if (const auto own = all.find(type); own != all.end() && own->is_object())
                values = *own;
        }
        if (stated(reader, "rope_scaling")) {
            if (!config["rope_scaling"].is_object())
                reader.fail("rope_scaling", "an object or null");
            values.update(config["rope_scaling"]);
        }
        if (const auto own = values.find("rope_theta"); own == values.end() || own->is_null())
            values["rope_theta"] = reader.numberOrNull(thetaKey, 1e-9, 1e12, theta);
        return readRotary(reader, concat("rope_parameters.", type), values,
            {.headSize = headSize(), .maxPositions = maxPositions, .nested = true});
    };
    globalRotary = block(g_global, "global_rope_theta", 160'000);
    localRotary = block(g_local, "local_rope_theta",
        config.contains("local_rope_theta") ? globalRotary.theta : 10'000); // null: as global
}

ModernBertConfig ModernBertConfig::read(const ConfigReader& reader)
{
    ModernBertConfig config;
    config.vocabularySize = reader.integer("vocab_size", 1, g_maxSize);
    config.hiddenSize = reader.integer("hidden_size", 1, g_maxSize);
    config.headCount = reader.integer("num_attention_heads", 1, config.hiddenSize);
    if (config.hiddenSize % config.headCount != 0)
        reader.fail("num_attention_heads", concat("a divisor of hidden_size ", config.hiddenSize));
    if (config.headSize() % 2 != 0)
        reader.fail("num_attention_heads", "heads of an even size: rotary positions turn pairs of numbers");
    config.intermediateSize = reader.integer("intermediate_size", 1, g_maxSize);
    config.maxPositions = reader.integer("max_position_embeddings", 1, g_maxSize, config.maxPositions);
    config.paddingId = readPaddingId(reader, config.vocabularySize, config.paddingId);
    config.readLayers(reader);
    config.readRotaries(reader);
    config.activation = readActivation(reader, "hidden_activation", Activation::Gelu);
    config.classifierActivation = readActivation(reader, "classifier_activation", Activation::Gelu);
    config.epsilon = reader.number("norm_eps", 0, 1, config.epsilon);
    config.normBias = reader.boolean("norm_bias", false);
    config.attentionBias = reader.boolean("attention_bias", false);
    config.mlpBias = reader.boolean("mlp_bias", false);
    config.classifierBias = reader.boolean("classifier_bias", false);
    config.embeddingDropout = reader.number("embedding_dropout", 0, 1, 0);
    config.attentionDropout = reader.number("attention_dropout", 0, 1, 0);
    config.mlpDropout = reader.number("mlp_dropout", 0, 1, 0);
    config.classifierDropout = reader.number("classifier_dropout", 0, 1, 0);
    const auto pooling = reader.text("classifier_pooling", "cls");
    if (pooling != "cls" && pooling != "mean")
        reader.fail("classifier_pooling", "\"cls\" or \"mean\"");
    config.meanPooling = pooling == "mean";
    config.initializerRange = reader.number("initializer_range", 0, 1e6, config.initializerRange);
    return config;
}

Linear makeLinear(const ParameterBuilder& builder, int64_t in, int64_t out, bool withBias)
{
    return Linear::create(builder, in, out, withBias ? Bias::Trained : Bias::None);
}

/// Without bias the weight alone is a parameter.
LayerNorm makeNorm(const ParameterBuilder& builder, const ModernBertConfig& config)
{
    if (config.normBias)
        return LayerNorm::create(builder, config.hiddenSize, config.epsilon);
    LayerNorm norm;
    norm.weight = builder.add("weight", {config.hiddenSize}, Init::Ones);
    norm.bias = at::zeros({config.hiddenSize}, norm.weight.options().requires_grad(false));
    norm.epsilon = config.epsilon;
    return norm;
}

class ModernBertLayer {
public:
    ModernBertLayer(const ModernBertConfig& config, size_t index, const ParameterBuilder& builder)
        : m_config(config)
        , m_local(config.localLayers[index])
    {
        const auto size = config.hiddenSize, inner = config.intermediateSize;
        if (index > 0) // the embeddings are normed already
            m_attentionNorm = makeNorm(builder / "attn_norm", config);
        const auto attention = builder / "attn", mlp = builder / "mlp";
        m_queryKeyValue = makeLinear(attention / "Wqkv", size, 3 * size, config.attentionBias);
        m_attentionOutput = makeLinear(attention / "Wo", size, size, config.attentionBias);
        m_mlpNorm = makeNorm(builder / "mlp_norm", config);
        m_input = makeLinear(mlp / "Wi", size, 2 * inner, config.mlpBias);
        m_output = makeLinear(mlp / "Wo", inner, size, config.mlpBias);
    }

    /// hidden [T, H] → [T, H], or [B, H] for first tokens alone.
    at::Tensor forward(const at::Tensor& hidden, const RotaryAngles& global, const RotaryAngles& local,
        const PackedBatch& batch, bool firstTokensAlone, ForwardContext& context) const
    {
        const auto normed = m_attentionNorm ? layerNorm(hidden, *m_attentionNorm) : hidden;
        const auto packed = applyRotary(linear(normed, m_queryKeyValue, context.computeType),
            m_local ? local : global, 2 * m_config.headCount, m_config.headSize()); // [T, 3·H]
        AttentionRecipe recipe{.headCount = m_config.headCount};
        if (m_local)
            recipe.before = recipe.after = m_config.reach;
        auto attended = packedSelfAttention(
            packed, batch.layout, recipe, nextDropoutSite(m_config.attentionDropout, context)); // [T, H]
        auto residual = hidden;
        if (firstTokensAlone) {
            attended = at::index_select(attended, 0, batch.firstTokens);
            residual = at::index_select(residual, 0, batch.firstTokens);
        }
        const auto attention = linear(attended, m_attentionOutput, context.computeType);
        residual = residual + dropout(attention, nextDropoutSite(m_config.attentionDropout, context));
        const auto inner
            = gatedActivation(linear(layerNorm(residual, m_mlpNorm), m_input, context.computeType),
                m_config.activation); // [T, intermediate]
        const auto kept = dropout(inner, nextDropoutSite(m_config.mlpDropout, context));
        return residual + linear(kept, m_output, context.computeType);
    }

private:
    ModernBertConfig m_config;
    bool m_local;
    std::optional<LayerNorm> m_attentionNorm;
    Linear m_queryKeyValue, m_attentionOutput;
    LayerNorm m_mlpNorm;
    Linear m_input, m_output;
};

/// Mean over each sequence: [T, H] → [B, H].
at::Tensor sequenceMeans(const at::Tensor& hidden, const SequenceLayout& layout)
{
    const auto buckets = lengthBuckets(layout);
    const auto parts = bucketRows(hidden, buckets);
    std::vector<at::Tensor> means;
    for (size_t i = 0; i < buckets.size(); ++i)
        means.push_back(parts[i].unflatten(0, {buckets[i].count, buckets[i].length}).mean(1));
    return at::cat(means);
}

class ModernBertClassifier : public ClassifierBase {
public:
    ModernBertClassifier(const ModernBertConfig& config, int64_t labelCount, const at::Device& device)
        : ClassifierBase({.layerCount = int64_t(config.localLayers.size()),
                             .hiddenSize = config.hiddenSize,
                             .headCount = config.headCount,
                             .vocabularySize = config.vocabularySize,
                             .maxPositions = config.maxPositions,
                             // two norms with their outputs, query/key/value, attention output; the gated
                             // block keeps its input, twice as wide, and the product
                             .keptPerToken = 8 * config.hiddenSize + 3 * config.intermediateSize,
                             .initializerRange = config.initializerRange,
                             .layersPrefix = "model.layers.",
                             .embeddingsPrefix = "model.embeddings.",
                             .headPrefixes = {"classifier."},
                             .poolerPrefixes = {"head."}},
            device)
        , m_config(config)
    {
        const ParameterBuilder root(m_store), model = root / "model";
        const auto size = config.hiddenSize;
        m_word = Embedding::create(model / "embeddings" / "tok_embeddings", config.vocabularySize, size,
            paddingRowOf(config.paddingId, config.vocabularySize));
        m_embeddingNorm = makeNorm(model / "embeddings" / "norm", config);
        for (size_t i = 0; i < config.localLayers.size(); ++i)
            m_layers.emplace_back(config, i, model / "layers" / numberText(i));
        m_finalNorm = makeNorm(model / "final_norm", config);
        m_headDense = makeLinear(root / "head" / "dense", size, size, config.classifierBias);
        m_headNorm = makeNorm(root / "head" / "norm", config);
        m_classifier = Linear::create(root / "classifier", size, labelCount);
    }

    at::Tensor forward(const PackedBatch& batch, ForwardContext& context) override
    {
        const auto global = rotaryAngles(m_config.globalRotary, batch);
        const auto local = rotaryAngles(m_config.localRotary, batch);
        auto hidden = dropout(layerNorm(embedding({m_word, batch.inputIds}), m_embeddingNorm),
            nextDropoutSite(m_config.embeddingDropout, context)); // [T, H]
        for (size_t i = 0; i < m_layers.size(); ++i) {
            const bool firstTokensAlone = i + 1 == m_layers.size() && !m_config.meanPooling;
            hidden = checkpointed(
                [&layer = m_layers[i], global, local, batch, firstTokensAlone](
                    const auto& inputs, auto& again) {
                    return layer.forward(inputs[0], global, local, batch, firstTokensAlone, again);
                },
                {hidden}, context);
        }
        hidden = layerNorm(hidden, m_finalNorm);
        const auto pooled = m_config.meanPooling ? sequenceMeans(hidden, batch.layout) : hidden; // [B, H]
        const auto inner = layerNorm(
            linearActivation(pooled, m_headDense, m_config.classifierActivation, context.computeType),
            m_headNorm);
        const auto kept = dropout(inner, nextDropoutSite(m_config.classifierDropout, context));
        return linear(kept, m_classifier, context.computeType).to(at::kFloat); // [B, labels]
    }

private:
    ModernBertConfig m_config;
    Embedding m_word;
    LayerNorm m_embeddingNorm;
    std::vector<ModernBertLayer> m_layers;
    LayerNorm m_finalNorm;
    Linear m_headDense;
    LayerNorm m_headNorm;
    Linear m_classifier;
};

std::unique_ptr<ClassificationModel> createModernBert(
    const ConfigReader& reader, int64_t labelCount, const at::Device& device)
{
    return std::make_unique<ModernBertClassifier>(ModernBertConfig::read(reader), labelCount, device);
}

} // namespace

std::vector<ArchitectureFamily> modernbertFamilies()
{
    return {{.modelType = "modernbert",
        .displayName = "ModernBERT",
        .classifierName = "ModernBertForSequenceClassification",
        .basePrefix = "model.",
        .dropoutKeys = {"embedding_dropout", "attention_dropout", "mlp_dropout", "classifier_dropout"},
        .create = createModernBert,
        .currentName = unchangedName}};
}

} // namespace studio
