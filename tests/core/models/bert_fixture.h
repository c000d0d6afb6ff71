// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/file.h"
#include "core/base/json.h"
#include "core/io/safetensors.h"
#include "core/models/model.h"

#include <cmath>
#include <string>
#include <vector>

#include <ATen/ops/empty.h>

/// The small BERT of tests/reference/bert_golden.py: same configuration, weights and inputs by the same
/// formulas.
namespace fixture {

inline const studio::Json& golden()
{
    static const auto values = studio::readJsonFile(STUDIO_SOURCE_DIR "/tests/core/models/golden/bert.json");
    return values;
}

inline studio::Json bertConfig()
{
    return studio::Json::parse(R"({
        "architectures": ["BertForSequenceClassification"], "model_type": "bert", "vocab_size": 61, "hidden_size": 24,
        "num_hidden_layers": 3, "num_attention_heads": 3, "intermediate_size": 40, "max_position_embeddings": 20,
        "type_vocab_size": 2, "initializer_range": 0.02, "hidden_dropout_prob": 0.0,
        "attention_probs_dropout_prob": 0.0, "hidden_act": "gelu", "layer_norm_eps": 1e-12,
        "id2label": {"0": "bad", "1": "fair", "2": "good"}, "label2id": {"bad": 0, "fair": 1, "good": 2}})");
}

using Tensors = std::vector<std::pair<std::string, at::Tensor>>;

inline std::vector<int64_t> shapeOf(const std::string& name, const studio::Json& config)
{
    const int64_t hidden = config["hidden_size"], inner = config["intermediate_size"];
    const auto has = [&](const char* part) { return name.find(part) != std::string::npos; };
    if (has("word_embeddings"))
        return {config["vocab_size"].get<int64_t>(), hidden};
    if (has("position_embeddings"))
        return {config["max_position_embeddings"].get<int64_t>(), hidden};
    if (has("token_type_embeddings"))
        return {config["type_vocab_size"].get<int64_t>(), hidden};
    const int64_t rows = has("classifier") ? int64_t(config["id2label"].size())
        : has("intermediate")              ? inner
                                           : hidden;
    if (has("LayerNorm") || has(".bias"))
        return {rows};
    return {rows, has("layer") && has(".output.dense") && !has("attention") ? inner : hidden};
}

inline Tensors formulaWeights(const studio::Json& config)
{
    Tensors tensors;
    int64_t number = 0;
    for (const auto& name : golden()["parameter_names"].get<std::vector<std::string>>()) {
        auto tensor = at::empty(shapeOf(name, config), at::TensorOptions(at::kFloat));
        for (int64_t i = 0; i < tensor.numel(); ++i) {
            double value = std::cos(double(i) * (1 + 0.1 * double(number % 7)) + double(number));
            if (name.ends_with("LayerNorm.weight"))
                value = 1 + 0.2 * value;
            else
                value *= name.ends_with("bias") ? 0.1 : 0.3;
            tensor.data_ptr<float>()[i] = static_cast<float>(value);
        }
        tensors.emplace_back(name, tensor);
        ++number;
    }
    return tensors;
}

inline void writeCheckpoint(
    const std::filesystem::path& folder, const studio::Json& config, const Tensors& tensors)
{
    std::filesystem::create_directories(folder);
    studio::writeFileAtomically(folder / "config.json", config.dump());
    studio::writeSafetensors(folder / "model.safetensors", tensors);
}

/// A WordPiece vocabulary of at most 61 entries.
inline void writeTokenizer(const std::filesystem::path& folder, int extraWords = 0)
{
    std::string vocabulary = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n";
    for (const auto* word : {"a", "good", "bad", "film", "very", "not", "the", "plot", "##s", "is", "."})
        vocabulary += std::string(word) + "\n";
    for (int i = 0; i < extraWords; ++i)
        vocabulary += "word" + std::to_string(i) + "\n";
    studio::writeFileAtomically(folder / "vocab.txt", vocabulary);
    studio::writeFileAtomically(folder / "tokenizer_config.json",
        R"({"do_lower_case": true, "model_max_length": 16, "tokenizer_class": "BertTokenizer"})");
}

constexpr int64_t lengths[]{7, 20, 1, 7, 12};
constexpr int64_t labels[]{2, 0, 1, 1, 0};

struct Sequence {
    std::vector<int32_t> ids;
    std::vector<uint8_t> typeIds;
};

inline Sequence sequence(int64_t index)
{
    Sequence result;
    for (int64_t k = 0; k < lengths[index]; ++k) {
        result.ids.push_back(int32_t((7 * index + 5 * k + 3) % 60 + 1));
        result.typeIds.push_back(index == 4 && k >= 5 ? 1 : 0);
    }
    return result;
}

inline studio::PackedBatch batchOf(const std::vector<int64_t>& indices)
{
    std::vector<Sequence> sequences;
    for (const auto index : indices)
        sequences.push_back(sequence(index));
    std::vector<studio::SequenceView> views;
    for (const auto& one : sequences)
        views.push_back({one.ids, one.typeIds});
    return studio::packBatch(views, at::kCPU);
}

} // namespace fixture
