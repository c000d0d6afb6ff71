// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/json.h"
#include "core/data/dataset.h"
#include "core/io/checkpoint_files.h"
#include "core/nn/forward_context.h"
#include "core/nn/packed_batch.h"
#include "core/nn/parameters.h"

#include <filesystem>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace studio {

class Tokenizer;

/// A sequence classifier of one architecture family. Run-time choice behind the registry.
class ClassificationModel {
public:
    virtual ~ClassificationModel() = default;
    /// Logits [B, labels] in fp32, in the order of the batch's sequences (batch.order maps to the caller's).
    virtual at::Tensor forward(const PackedBatch& batch, ForwardContext& context) = 0;
    virtual const ParameterList& parameters() const = 0;
    virtual int64_t layerCount() const = 0;
    virtual int64_t hiddenSize() const = 0;
    /// Attention heads of a layer (of the queries, where keys have fewer).
    virtual int64_t headCount() const = 0;
    /// Numbers that training keeps for each token and layer until the backward pass, about.
    virtual int64_t keptPerToken() const { return 17 * hiddenSize(); }
    /// The same for each token, layer and token it attends to, where attention keeps its matrices.
    virtual int64_t keptPerPair() const { return 0; }
    /// "bert.encoder.layer.3." — names of parameters of layer `index` start so.
    virtual std::string layerPrefix(int64_t index) const = 0;
    virtual std::string embeddingsPrefix() const = 0;
    /// All of them, where there are several.
    virtual std::vector<std::string> embeddingsPrefixes() const { return {embeddingsPrefix()}; }
    /// Whether a parameter belongs to the classification head (own learning rate, never frozen with the
    /// encoder). For BERT the pooler belongs to the encoder when loaded and to the head's new tensors when
    /// created.
    virtual bool isHead(const std::string& parameterName) const = 0;
    /// "classifier.": the head's last layer, whose tensors have one row for each label.
    virtual std::string outputPrefix() const = 0;
    /// Fresh initial values for all parameters below a prefix (normal(0, initializer_range), zeros for
    /// biases, ones for norms), from a generator seeded by (seed, name).
    virtual void initialize(const std::string& prefix, uint64_t seed) = 0;
    virtual int64_t maxPositions() const = 0;
    /// Rows of the word embedding: token ids must be smaller.
    virtual int64_t vocabularySize() const = 0;
    /// A token that every text must hold for the head to read its state; nothing: there is none.
    virtual std::optional<int64_t> requiredToken() const { return std::nullopt; }
    /// Whether a checkpoint may lack this parameter: it is then created (BERT: pooler and classifier).
    virtual bool mayBeCreated(const std::string& parameterName) const = 0;
    /// Fresh initial values for one parameter that the checkpoint lacks; it counts as part of the head from
    /// now on.
    virtual void create(const std::string& parameterName, uint64_t seed) = 0;
};

/// Labels and task that the model should have. Empty labels: those of the checkpoint.
struct HeadRequest {
    std::vector<std::string> labels = {}; ///< id2label to be; regression: one entry
    ProblemType problemType = ProblemType::Auto;
    bool keepHead = true; ///< false: a new seeded head even where the shapes fit
    uint64_t seed = 42;
    std::optional<double> dropout = std::nullopt; ///< overrides every dropout probability of the config
    std::optional<int32_t> paddingId = std::nullopt; ///< for a decoder whose config states none
};

/// A loaded checkpoint: model, its configuration as saved next time, and what was said while loading.
struct LoadedModel {
    std::unique_ptr<ClassificationModel> model;
    Json config; ///< config.json with id2label, label2id, problem_type, architectures set
    std::vector<std::string> labels; ///< by id
    ProblemType problemType = ProblemType::Auto; ///< Auto when the config does not say
    std::vector<std::string> warnings; ///< head created, unexpected tensors, …
    bool headCreated = false;
    std::map<std::string, std::string> metadata = {}; ///< of the safetensors files, written again
};

/// Classes of a checkpoint by id, as transformers reads them: the names of config.json, placeholders (LABEL_0
/// …) where it has none. Says nothing of whether there is a head. Throws Error{Checkpoint}.
[[nodiscard]] std::vector<std::string> classLabels(const std::filesystem::path& folder);
/// Loads a checkpoint (core/io/checkpoint_files.h: safetensors, pytorch_model.bin or GGUF) into a classifier
/// on `device`, fp32 master weights in LibTorch-allocated memory. Throws Error{Checkpoint} naming tensor,
/// shapes and file.
[[nodiscard]] LoadedModel loadClassifier(
    const std::filesystem::path& folder, const HeadRequest& request, const at::Device& device);

/// Whether a tokeniser may belong to a word embedding of so many rows. Some published ones have a few entries
/// more, for what the model never sees; over 1,000 and 5 % more are another model's.
[[nodiscard]] bool vocabularyFits(int64_t tokenizerVocabularySize, int64_t embeddingRows);
/// Throws Error{Checkpoint} for a tokeniser of another model; from now on it refuses texts with tokens that
/// the word embedding does not have.
void requireVocabularyFits(Tokenizer& tokenizer, int64_t embeddingRows, const std::filesystem::path& folder);

/// Writes config.json and model.safetensors of `loaded` (fp32, or `dtype` "fp16"/"bf16") into `folder` (which
/// exists), atomically; weights of more than `maxShardBytes` as shards with their index.
void saveClassifier(const LoadedModel& loaded, const std::filesystem::path& folder,
    const std::string& dtype = "fp32", uint64_t maxShardBytes = std::numeric_limits<uint64_t>::max());

} // namespace studio
