// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/json.h"

#include <filesystem>
#include <optional>
#include <string>

namespace studio {

// A checkpoint is a folder, or a .gguf file, which holds weights, config and tokeniser in one.

/// The kinds of weights, in the order in which they are looked for.
enum class WeightsKind { None, Safetensors, SafetensorsShards, TorchFile, TorchShards, Gguf };
/// What a checkpoint holds its weights in. A folder counts as Gguf where its only weights are one .gguf file.
[[nodiscard]] WeightsKind weightsKind(const std::filesystem::path& checkpoint);
/// The .gguf file of a checkpoint; nullopt unless weightsKind() is Gguf.
[[nodiscard]] std::optional<std::filesystem::path> ggufFile(const std::filesystem::path& checkpoint);

/// Whether there are weights that this program could read, and whether there is a config for them.
[[nodiscard]] bool holdsWeights(const std::filesystem::path& checkpoint);
[[nodiscard]] bool holdsConfig(const std::filesystem::path& checkpoint);

/// config.json, or what a GGUF file says instead.
struct CheckpointConfig {
    Json json;
    std::string name; ///< of the file, for messages
};
/// Throws Error{Checkpoint}: no such folder, no config in it, one that says that the weights are quantised or
/// the layers of different configurations.
[[nodiscard]] CheckpointConfig readCheckpointConfig(const std::filesystem::path& checkpoint);

/// Copies the tokeniser's files, the chat template and generation_config.json of a checkpoint; those of a
/// GGUF file are made from its metadata.
void copyTokenizerFiles(const std::filesystem::path& from, const std::filesystem::path& to);

} // namespace studio
