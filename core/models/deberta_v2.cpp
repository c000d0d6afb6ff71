// SPDX-License-Identifier: MIT
// Reference:
// https://github.com/huggingface/transformers/blob/v5.0.0/src/transformers/models/deberta_v2/modeling_deberta_v2.py
// DeBERTa-v3 is the same model with other settings.
#include "core/base/concat.h"
#include "core/models/bert.h"
#include "core/models/families.h"
#include "core/nn/checkpointing.h"
#include "core/nn/disentangled_attention.h"
#include "core/nn/length_buckets.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/conv1d.h>
#include <ATen/ops/index_select.h>

namespace studio {

namespace {

constexpr int64_t g_maxSize = int64_t(1) << 31;
constexpr std::array<std::string_view, 3> g_projections{"query_proj", "key_proj", "value_proj"};

struct DebertaConfig : EncoderConfig {
    int64_t embeddingSize = 0; // embedding_size, absent: hidden_size
    bool positionBiasedInput = true; // position_biased_input
    bool relativeAttention = false; // relative_attention
    bool sharedKeys = false; // share_att_key
    bool contentToPosition = false, positionToContent = false; // pos_att_type
    RelativePositionRule positionRule = {}; // position_buckets, max_relative_positions
    bool normedPositions = false; // norm_rel_ebd
    int64_t convolutionKernel = 0; // conv_kernel_size
    int64_t convolutionGroups = 1; // conv_groups
    Activation convolutionActivation = Activation::Tanh; // conv_act
    Activation poolerActivation = Activation::Gelu; // pooler_hidden_act
    double poolerDropout = 0; // pooler_dropout
    double classifierDropout = 0; // cls_dropout, null: hidden_dropout_prob

    static DebertaConfig read(const ConfigReader& reader);

private:
    void readPositions(const ConfigReader& reader);
    void readConvolution(const ConfigReader& reader);
};

/// Parts of "p2c|c2p", or of the list ["p2c", "c2p"]; lower case.
std::vector<std::string> partsOf(const ConfigReader& reader, std::string_view key)
{
    std::vector<std::string> parts;
    const auto value = reader.json().find(key);
    if (value == reader.json().end() || value->is_null())
        return parts;
    if (value->is_array()) {
        for (const auto& part : *value) {
            if (!part.is_string())
                reader.fail(key, "a list of names");
            parts.push_back(part.get<std::string>());
        }
        return parts;
    }
    std::string part;
    for (const char c : reader.text(key) + "|") {
        if (c == '|')
            parts.push_back(std::exchange(part, {}));
        else if (c != ' ')
            part += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return parts;
}

bool holds(const std::vector<std::string>& parts, std::string_view part)
{
    return std::ranges::find(parts, part) != parts.end();
}

void DebertaConfig::readPositions(const ConfigReader& reader)
{
    positionBiasedInput = reader.boolean("position_biased_input", true);
    relativeAttention = reader.boolean("relative_attention", false);
    sharedKeys = reader.boolean("share_att_key", false);
    const auto kinds = partsOf(reader, "pos_att_type");
    contentToPosition = holds(kinds, "c2p");
    positionToContent = holds(kinds, "p2c");
    normedPositions = holds(partsOf(reader, "norm_rel_ebd"), "layer_norm");
    if (!relativeAttention)
        return;
    auto& rule = positionRule;
    rule.maxDistance = reader.integer("max_relative_positions", -g_maxSize, g_maxSize, -1);
    if (rule.maxDistance < 1)
        rule.maxDistance = maxPositions;
    rule.buckets = std::max<int64_t>(0, reader.integer("position_buckets", -g_maxSize, g_maxSize, -1));
    rule.span = rule.buckets > 0 ? rule.buckets : rule.maxDistance;
    const auto middle = rule.buckets / 2;
    if (rule.buckets > 0 && maxPositions - 1 > middle && (middle < 1 || rule.maxDistance - 1 <= middle))
        reader.fail("position_buckets",
            concat("at least 2 and less than 2 · (max_relative_positions − 1) = ", 2 * (rule.maxDistance - 1),
                ", so that far distances can share buckets"));
}

void DebertaConfig::readConvolution(const ConfigReader& reader)
{
    convolutionKernel = std::max<int64_t>(0, reader.integer("conv_kernel_size", -g_maxSize, 10'000, 0));
    if (convolutionKernel == 0)
        return;
    if (convolutionKernel % 2 == 0)
        reader.fail("conv_kernel_size", "an odd number, or 0 for no convolution");
    convolutionGroups = reader.integer("conv_groups", 1, hiddenSize, 1);
    if (hiddenSize % convolutionGroups != 0)
        reader.fail("conv_groups", concat("a divisor of hidden_size ", hiddenSize));
    convolutionActivation = readActivation(reader, "conv_act", Activation::Tanh);
}

DebertaConfig DebertaConfig::read(const ConfigReader& reader)
{
    DebertaConfig config;
    static_cast<EncoderConfig&>(config)
        = EncoderConfig::read(reader, {.typeVocabularySize = 0, .layerNormEpsilon = 1e-7});
    config.embeddingSize = reader.integer("embedding_size", 1, g_maxSize, config.hiddenSize);
    const auto headSize = config.hiddenSize / config.headCount;
    if (reader.integer("attention_head_size", 1, g_maxSize, headSize) != headSize)
        reader.fail("attention_head_size",
            concat("hidden_size / num_attention_heads = ", headSize, ", the only size supported"));
    if (reader.integer("pooler_hidden_size", 1, g_maxSize, config.hiddenSize) != config.hiddenSize)
        reader.fail("pooler_hidden_size", concat("hidden_size ", config.hiddenSize));
    config.readPositions(reader);
    config.readConvolution(reader);
    config.poolerActivation = readActivation(reader, "pooler_hidden_act", Activation::Gelu);
    config.poolerDropout = reader.number("pooler_dropout", 0, 1, 0);
    config.classifierDropout = reader.numberOrNull("cls_dropout", 0, 1, config.hiddenDropout);
    return config;
}

class DebertaEmbeddings {
public:
    DebertaEmbeddings(const DebertaConfig& config, const ParameterBuilder& builder)
        : m_word(Embedding::create(builder / "word_embeddings", config.vocabularySize, config.embeddingSize,
            paddingRowOf(config.paddingId, config.vocabularySize)))
        , m_dropout(config.hiddenDropout)
    {
        const auto size = config.embeddingSize;
        if (config.positionBiasedInput)
            m_position = Embedding::create(builder / "position_embeddings", config.maxPositions, size);
        if (config.typeVocabularySize > 0)
            m_tokenType
                = Embedding::create(builder / "token_type_embeddings", config.typeVocabularySize, size);
        if (size != config.hiddenSize)
            m_projection = Linear::create(builder / "embed_proj", size, config.hiddenSize, Bias::None);
        m_norm = LayerNorm::create(builder / "LayerNorm", config.hiddenSize, config.layerNormEpsilon);
    }

    at::Tensor forward(const PackedBatch& batch, ForwardContext& context) const
    {
        std::vector<EmbeddingLookup> lookups{{m_word, batch.inputIds}};
        if (m_position)
            lookups.push_back({*m_position, batch.positionIds});
        if (m_tokenType)
            lookups.push_back({*m_tokenType, batch.tokenTypeIds});
        auto sum = embeddingSum(lookups); // [T, E]
        if (m_projection)
            sum = linear(sum, *m_projection, context.computeType);
        return dropout(layerNorm(sum, m_norm), nextDropoutSite(m_dropout, context)); // [T, H]
    }

private:
    Embedding m_word;
    std::optional<Embedding> m_position, m_tokenType;
    std::optional<Linear> m_projection;
    LayerNorm m_norm;
    double m_dropout;
};

/// The table of relative positions and the rows of it that a batch needs.
struct RelativeTable {
    at::Tensor rows; // [rowCount, H]; undefined: no relative attention
    RelativePositions positions;
};

class DebertaLayer {
public:
    DebertaLayer(const DebertaConfig& config, const ParameterBuilder& builder)
        : m_config(config)
        , m_queryKeyValue(Linear::createGroup(
              builder / "attention" / "self", g_projections, config.hiddenSize, config.hiddenSize))
        , m_output(EncoderLayerShape::of(config), builder, {})
    {
        const auto self = builder / "attention" / "self";
        const auto size = config.hiddenSize;
        if (config.relativeAttention && !config.sharedKeys) {
            if (config.contentToPosition)
                m_positionKey = Linear::create(self / "pos_key_proj", size, size);
            if (config.positionToContent)
                m_positionQuery = Linear::create(self / "pos_query_proj", size, size);
        }
    }

    at::Tensor forward(const at::Tensor& hidden, const RelativeTable& table, const PackedBatch& batch,
        ForwardContext& context) const
    {
        const auto packed = linear(hidden, m_queryKeyValue, context.computeType); // [T, 3·H]
        const auto terms = 1 + int(m_config.contentToPosition) + int(m_config.positionToContent);
        const double scale = 1 / std::sqrt(double(m_config.hiddenSize) / double(m_config.headCount) * terms);
        if (!table.rows.defined()) {
            const AttentionRecipe recipe{.headCount = m_config.headCount, .scale = scale};
            return m_output.forward(packedSelfAttention(packed, batch.layout, recipe,
                                        nextDropoutSite(m_config.attentionDropout, context)),
                hidden, context);
        }
        const auto rows = dropout(table.rows, nextDropoutSite(m_config.hiddenDropout, context));
        const auto project = [&](bool wanted, const Linear& shared, const Linear& own) {
            return wanted ? linear(rows, m_config.sharedKeys ? shared : own, context.computeType)
                          : at::Tensor();
        };
        const auto positionKey
            = project(m_config.contentToPosition, m_queryKeyValue[1], m_positionKey); // [rowCount, H]
        const auto positionQuery = project(m_config.positionToContent, m_queryKeyValue[0], m_positionQuery);
        const auto attended
            = disentangledAttention(packed, positionKey, positionQuery, table.positions, batch.layout,
                m_config.headCount, scale, nextDropoutSite(m_config.attentionDropout, context)); // [T, H]
        return m_output.forward(attended, hidden, context);
    }

private:
    DebertaConfig m_config;
    std::vector<Linear> m_queryKeyValue;
    Linear m_positionKey, m_positionQuery;
    EncoderLayerOutput m_output;
};

/// Joins neighbouring tokens of the embeddings to the first layer's output.
class DebertaConvolution {
public:
    DebertaConvolution(const DebertaConfig& config, const ParameterBuilder& builder)
        : m_groups(config.convolutionGroups)
        , m_activation(config.convolutionActivation)
        , m_dropout(config.hiddenDropout)
    {
        const auto size = config.hiddenSize;
        const auto conv = builder / "conv";
        m_weight = conv.add("weight", {size, size / m_groups, config.convolutionKernel}, Init::Normal);
        m_bias = conv.add("bias", {size}, Init::Zeros);
        m_norm = LayerNorm::create(builder / "LayerNorm", size, config.layerNormEpsilon);
    }

    at::Tensor forward(const at::Tensor& embedded, const at::Tensor& residual, const PackedBatch& batch,
        ForwardContext& context) const
    {
        std::vector<at::Tensor> outputs;
        const auto buckets = lengthBuckets(batch.layout);
        const auto parts = bucketRows(embedded, buckets);
        for (size_t i = 0; i < buckets.size(); ++i) { // [count, H, L]
            const auto rows = parts[i].unflatten(0, {buckets[i].count, buckets[i].length}).transpose(1, 2);
            const auto mixed = at::conv1d(rows.contiguous(), m_weight, m_bias, 1,
                at::IntArrayRef((m_weight.size(2) - 1) / 2), 1, m_groups);
            outputs.push_back(mixed.transpose(1, 2).flatten(0, 1));
        }
        const auto mixed = outputs.size() == 1 ? outputs.front() : at::cat(outputs); // [T, H]
        const auto kept = dropout(mixed, nextDropoutSite(m_dropout, context));
        return layerNorm(residual + applyActivation(m_activation, kept), m_norm);
    }

private:
    int64_t m_groups;
    Activation m_activation;
    double m_dropout;
    at::Tensor m_weight, m_bias;
    LayerNorm m_norm;
};

class DebertaClassifier : public ClassifierBase {
public:
    DebertaClassifier(const DebertaConfig& config, int64_t labelCount, const at::Device& device)
        : ClassifierBase(config.traits({.layersPrefix = "deberta.encoder.layer.",
                             .embeddingsPrefix = "deberta.embeddings.",
                             .headPrefixes = {"classifier."},
                             .poolerPrefixes = {"pooler."}}),
            device)
        , m_config(config)
        , m_embeddings(config, ParameterBuilder(m_store, "deberta.embeddings."))
    {
        const ParameterBuilder root(m_store), encoder = root / "deberta" / "encoder";
        const auto size = config.hiddenSize;
        for (int64_t i = 0; i < config.layerCount; ++i)
            m_layers.emplace_back(config, encoder / "layer" / numberText(i));
        if (config.relativeAttention)
            m_positions
                = Embedding::create(encoder / "rel_embeddings", 2 * config.positionRule.span, size).weight;
        if (config.normedPositions)
            m_positionNorm = LayerNorm::create(encoder / "LayerNorm", size, config.layerNormEpsilon);
        if (config.convolutionKernel > 0)
            m_convolution.emplace(config, encoder / "conv");
        m_head.emplace(root,
            HeadShape{.dense = "pooler.dense",
                .output = "classifier",
                .hiddenSize = size,
                .labelCount = labelCount,
                .activation = config.poolerActivation,
                .inputDropout = config.poolerDropout,
                .dropout = config.classifierDropout});
    }

    /// Measured on the CPU: three for each layer, and nine more for the one at work, spread over eight.
    int64_t keptPerPair() const override { return m_config.relativeAttention ? 4 * headCount() : 0; }

    at::Tensor forward(const PackedBatch& batch, ForwardContext& context) override
    {
        const auto embedded = m_embeddings.forward(batch, context); // [T, H]
        const auto table = relativeTable(batch);
        const auto through = [&](const DebertaLayer& layer, const at::Tensor& input) {
            return checkpointed(
                [&layer, positions = table.positions, batch](const auto& inputs, auto& again) {
                    return layer.forward(inputs[0], {inputs[1], positions}, batch, again);
                },
                {input, table.rows}, context);
        };
        auto hidden = through(m_layers.front(), embedded);
        if (m_convolution)
            hidden = m_convolution->forward(embedded, hidden, batch, context);
        for (size_t i = 1; i < m_layers.size(); ++i)
            hidden = through(m_layers[i], hidden);
        return m_head->forward(at::index_select(hidden, 0, batch.firstTokens), context); // [B, labels]
    }

private:
    RelativeTable relativeTable(const PackedBatch& batch) const
    {
        if (!m_config.relativeAttention || (!m_config.contentToPosition && !m_config.positionToContent))
            return {}; // a table may be there, but nothing reads it
        RelativeTable table;
        table.positions
            = relativePositions(m_config.positionRule, batch.layout.maxLength, batch.inputIds.device());
        table.rows = m_positions.narrow(0, table.positions.firstRow, table.positions.rowCount);
        if (m_config.normedPositions)
            table.rows = layerNorm(table.rows, m_positionNorm);
        return table;
    }

    DebertaConfig m_config;
    DebertaEmbeddings m_embeddings;
    std::vector<DebertaLayer> m_layers;
    at::Tensor m_positions; // [2·span, H]
    LayerNorm m_positionNorm;
    std::optional<DebertaConvolution> m_convolution;
    std::optional<ClassificationHead> m_head;
};

std::unique_ptr<ClassificationModel> createDeberta(
    const ConfigReader& reader, int64_t labelCount, const at::Device& device)
{
    return std::make_unique<DebertaClassifier>(DebertaConfig::read(reader), labelCount, device);
}

} // namespace

std::vector<ArchitectureFamily> debertaV2Families()
{
    return {{.modelType = "deberta-v2",
        .displayName = "DeBERTa-v2",
        .classifierName = "DebertaV2ForSequenceClassification",
        .basePrefix = "deberta.",
        .dropoutKeys
        = {"hidden_dropout_prob", "attention_probs_dropout_prob", "pooler_dropout", "cls_dropout"},
        .create = createDeberta,
        .currentName = currentBertName}};
}

} // namespace studio
