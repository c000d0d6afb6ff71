// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/file.h"
#include "core/base/json.h"
#include "core/io/safetensors.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include <ATen/ops/empty.h>

namespace studio {

/// The tiny BERT of tests/reference/trainer_parity.py: 2 layers, 32 wide, 40 words, weights by formula.
inline constexpr int tinyWords = 40;

inline std::string tinyWord(int number)
{
    return (number < 10 ? "w0" : "w") + std::to_string(number);
}

inline std::vector<std::pair<std::string, std::vector<int64_t>>> tinyTensors(int64_t labels)
{
    std::vector<std::pair<std::string, std::vector<int64_t>>> tensors
        = {{"bert.embeddings.LayerNorm.bias", {32}}, {"bert.embeddings.LayerNorm.weight", {32}},
            {"bert.embeddings.position_embeddings.weight", {32, 32}},
            {"bert.embeddings.token_type_embeddings.weight", {2, 32}},
            {"bert.embeddings.word_embeddings.weight", {5 + tinyWords, 32}}, {"bert.pooler.dense.bias", {32}},
            {"bert.pooler.dense.weight", {32, 32}}, {"classifier.bias", {labels}},
            {"classifier.weight", {labels, 32}}};
    for (const auto* layer : {"bert.encoder.layer.0.", "bert.encoder.layer.1."}) {
        for (const auto* name : {"query", "key", "value"}) {
            tensors.push_back({std::string(layer) + "attention.self." + name + ".weight", {32, 32}});
            tensors.push_back({std::string(layer) + "attention.self." + name + ".bias", {32}});
        }
        tensors.push_back({std::string(layer) + "attention.output.dense.weight", {32, 32}});
        tensors.push_back({std::string(layer) + "attention.output.dense.bias", {32}});
        tensors.push_back({std::string(layer) + "intermediate.dense.weight", {64, 32}});
        tensors.push_back({std::string(layer) + "intermediate.dense.bias", {64}});
        tensors.push_back({std::string(layer) + "output.dense.weight", {32, 64}});
        tensors.push_back({std::string(layer) + "output.dense.bias", {32}});
        for (const auto* norm : {"attention.output.LayerNorm.", "output.LayerNorm."}) {
            tensors.push_back({std::string(layer) + norm + "weight", {32}});
            tensors.push_back({std::string(layer) + norm + "bias", {32}});
        }
    }
    std::ranges::sort(tensors);
    return tensors;
}

struct TinyModelOptions {
    std::vector<std::string> labels = {"0", "1", "2"};
    std::string problemType = {};
    double dropout = 0;
    bool head = true;
};

/// Writes the checkpoint folder.
inline void writeTinyModel(const std::filesystem::path& folder, const TinyModelOptions& options = {})
{
    std::filesystem::create_directories(folder);
    std::string vocabulary = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n";
    for (int word = 0; word < tinyWords; ++word)
        vocabulary += tinyWord(word) + '\n';
    writeFileAtomically(folder / "vocab.txt", vocabulary);
    Json config = {{"model_type", "bert"}, {"architectures", {"BertForSequenceClassification"}},
        {"vocab_size", 5 + tinyWords}, {"hidden_size", 32}, {"num_hidden_layers", 2},
        {"num_attention_heads", 4}, {"intermediate_size", 64}, {"hidden_act", "gelu"},
        {"max_position_embeddings", 32}, {"type_vocab_size", 2}, {"hidden_dropout_prob", options.dropout},
        {"attention_probs_dropout_prob", options.dropout}, {"initializer_range", 0.02},
        {"layer_norm_eps", 1e-12}, {"pad_token_id", 0}};
    for (size_t id = 0; id < options.labels.size(); ++id) {
        config["id2label"][std::to_string(id)] = options.labels[id];
        config["label2id"][options.labels[id]] = id;
    }
    if (!options.problemType.empty())
        config["problem_type"] = options.problemType;
    writeFileAtomically(folder / "config.json", config.dump(2));

    std::vector<std::pair<std::string, at::Tensor>> tensors;
    const auto names = tinyTensors(static_cast<int64_t>(options.labels.size()));
    for (size_t k = 0; k < names.size(); ++k) {
        if (!options.head && names[k].first.starts_with("classifier"))
            continue;
        auto tensor = at::empty(names[k].second, at::kFloat);
        const double centre = names[k].first.ends_with("LayerNorm.weight") ? 1 : 0;
        for (int64_t i = 0; i < tensor.numel(); ++i)
            tensor.mutable_data_ptr<float>()[i] = static_cast<float>(
                centre + 0.08 * std::cos(0.37 * static_cast<double>(i) + 1.3 * static_cast<double>(k)));
        tensors.emplace_back(names[k].first, tensor);
    }
    writeSafetensors(folder / "model.safetensors", tensors);
}

} // namespace studio
