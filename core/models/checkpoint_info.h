// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/json.h"

#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace studio {

/// maxPositions of models whose positions have no end.
inline constexpr int64_t anyLength = std::numeric_limits<int32_t>::max();

/// What a checkpoint folder holds, without loading its weights: for the Model page and `inspect`.
struct CheckpointInfo {
    std::filesystem::path folder;
    std::string modelType; ///< "bert"
    std::string family; ///< "BERT": the name for people
    std::vector<std::string> architectures; ///< as in config.json
    int64_t layerCount = 0, hiddenSize = 0, headCount = 0, vocabularySize = 0, maxPositions = 0;
    int64_t keptPerToken = 0; ///< numbers that training keeps for each token and layer, about
    int64_t keptPerPair = 0; ///< the same for each token and token it attends to
    int64_t parameterCount = 0; ///< of the tensors in the file
    uint64_t weightBytes = 0;
    std::string format; ///< of the weights: "model.safetensors", "pytorch_model.bin in 2 files", "GGUF"
    std::string dtype; ///< of the tensors: "F32", "F16", … or "mixed"
    std::string tokenizerKind; ///< "WordPiece"
    int32_t maxLength = 0; ///< what tokeniser and positions allow
    bool hasClassifier = false;
    std::vector<std::string> labels; ///< id2label when there is a classifier
    std::string problemType; ///< of config.json, may be empty
    std::vector<std::string> languages; ///< from the model card's front matter (README.md), if stated
    std::vector<std::string> missing, unexpected,
        misshapen; ///< tensors, against a classifier of this architecture
    std::vector<std::string> missingBody; ///< of the missing ones: outside of the head (a pooler)
    std::vector<std::string> notes; ///< sentences: "The classification head is missing; it will be created …"
    std::vector<std::string> errors; ///< sentences that make training impossible (mismatched vocabulary, …)
};

/// Throws Error{Checkpoint} when the folder is no checkpoint at all or its config is unusable.
[[nodiscard]] CheckpointInfo inspectCheckpoint(const std::filesystem::path& folder);
[[nodiscard]] Json toJson(const CheckpointInfo& info);

/// Bytes that training needs at its peak (weights, gradients, optimizer state, activations), an estimate.
struct MemoryQuestion {
    int64_t batchSize = 32, sequenceLength = 128;
    std::string optimizer = "adamw", precision = "fp32";
    bool encoderFrozen = false;
    bool gradientCheckpointing = false;
};
[[nodiscard]] int64_t estimateTrainingMemory(const CheckpointInfo& info, const MemoryQuestion& question);

/// Usable checkpoints found below `folder`, depth-limited: folders with config.json beside weights, and .gguf
/// files where there are several; of a file, itself if it is a GGUF file, else the folder that it is in. And
/// those in the local Hugging Face cache (HF_HUB_CACHE, HF_HOME/hub, ~/.cache/huggingface/hub: newest
/// snapshot of each model).
[[nodiscard]] std::vector<std::filesystem::path> findCheckpoints(
    const std::filesystem::path& folder, int depth = 3);
struct CachedModel {
    std::string name; ///< "org/name"
    std::filesystem::path folder;
};
[[nodiscard]] std::vector<CachedModel> findHuggingFaceCache();

/// `export`: copies model (fp32 safetensors unless `dtype`), config and tokeniser of a run, checkpoint-STEP
/// or model folder into a clean new folder, reloads it and compares logits on fixed inputs; throws Error when
/// they differ or the target is not empty. Returns the largest absolute difference found.
struct ExportOptions {
    std::filesystem::path source, target;
    std::string dtype = "fp32"; ///< fp32 | fp16 | bf16
    std::string maxShardSize
        = "5GB"; ///< larger weights are written as shards: "500MB", "5GB", a count of bytes
};
double exportCheckpoint(const ExportOptions& options);

} // namespace studio
