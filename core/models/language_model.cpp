// SPDX-License-Identifier: MIT
#include "core/models/language_model.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/models/language_checkpoint.h"
#include "core/nn/torch_errors.h"

#include <algorithm>
#include <iterator>

namespace studio {

namespace {

/// Whether the file holds a head of its own that differs from the word embedding: then it is not tied,
/// whatever config.json says.
bool hasOwnHead(const CheckpointTensors& tensors, const TensorMatch& match, const ParameterList& parameters)
{
    const auto& entries = tensors.entries();
    const auto head = entries.find("lm_head.weight");
    const auto embedding = match.sources.find(parameters.front().name);
    if (head == entries.end() || embedding == match.sources.end()
        || head->second.shape != entries.at(embedding->second).shape)
        return false;
    return !tensors.tensor("lm_head.weight").equal(tensors.tensor(embedding->second));
}

} // namespace

LoadedLanguageModel loadLanguageModel(const std::filesystem::path& folder, const at::Device& device)
{
    LoadedLanguageModel loaded;
    auto [config, configName] = readCheckpointConfig(folder);
    loaded.config = std::move(config);
    const ConfigReader reader(loaded.config, configName);
    const auto& family = findFamily(reader);
    if (!family.createLanguageModel)
        throw Error(ErrorKind::Checkpoint,
            concat(pathText(folder), " holds a ", family.displayName,
                " model, which predicts no next token; give a decoder such as GPT-2, Llama or Qwen."));

    const CheckpointTensors tensors(folder);
    auto shapes = family.createLanguageModel(reader, at::kMeta);
    auto match = matchTensors(family, shapes->parameters(), tensors);
    if (hasOwnHead(tensors, match, shapes->parameters()) && !match.sources.contains("lm_head.weight")) {
        loaded.config["tie_word_embeddings"] = false;
        loaded.warnings.emplace_back(
            "config.json ties the language-model head to the word embedding, but the file holds another "
            "lm_head.weight: that one is used.");
        shapes = family.createLanguageModel(reader, at::kMeta);
        match = matchTensors(family, shapes->parameters(), tensors);
    }
    std::ranges::move(
        checkLanguageTensors(folder, family, match, "language model"), std::back_inserter(loaded.warnings));
    if (auto warning = ownCodeWarning(loaded.config, family); !warning.empty())
        loaded.warnings.push_back(std::move(warning));
    withTorchErrors("Loading the model", [&] {
        loaded.model = family.createLanguageModel(reader, device);
        fillParameters(loaded.model->parameters(), match, tensors);
    });
    return loaded;
}

} // namespace studio
