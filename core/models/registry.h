// SPDX-License-Identifier: MIT
#pragma once

#include "core/io/checkpoint_tensors.h"
#include "core/models/config_reader.h"
#include "core/models/language_model.h"
#include "core/models/model.h"
#include "core/models/sequence_to_sequence.h"

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace studio {

/// Tensors that are one parameter unless a checkpoint holds both with different numbers. Names without the
/// family's prefix.
struct TiedTensors {
    std::string_view copy, source;
};

/// What one architecture family needs for being loaded: its file is the only one that knows more.
struct ArchitectureFamily {
    std::string_view modelType; ///< config.json's model_type
    std::string_view displayName; ///< "BERT"
    std::string_view classifierName; ///< entry of `architectures` that is written
    std::string_view basePrefix; ///< "bert.": file names may lack it
    std::vector<std::string_view> dropoutKeys; ///< config keys that `--dropout` overrides
    /// Null: transformers has no sequence classifier of this family.
    std::unique_ptr<ClassificationModel> (*create)(
        const ConfigReader& reader, int64_t labelCount, const at::Device& device);
    /// The model's name for a file's name apart from the prefix (old spellings); empty: a buffer to ignore.
    std::string (*currentName)(const std::string& name);
    /// The decoder with its language-model head; null: the family has none.
    std::unique_ptr<LanguageModel> (*createLanguageModel)(
        const ConfigReader& reader, const at::Device& device)
        = nullptr;
    /// The encoder–decoder with its language-model head; null: the family has none.
    std::unique_ptr<SequenceToSequenceModel> (*createSequenceToSequence)(
        const ConfigReader& reader, const at::Device& device)
        = nullptr;
    std::vector<TiedTensors> ties = {};
    std::string_view note = {}; ///< a sentence for the Model page and `inspect`
};

/// `currentName` of a family whose names never changed.
[[nodiscard]] std::string unchangedName(const std::string& name);

/// Throws Error{Checkpoint} naming file and the model types that can be used.
[[nodiscard]] const ArchitectureFamily& findFamily(const ConfigReader& reader);

/// What to say of a checkpoint that brings code of its own; empty where it brings none.
[[nodiscard]] std::string ownCodeWarning(const Json& config, const ArchitectureFamily& family);

/// The model of a configuration without memory for its numbers: what it says of shapes is checked before
/// anything is allocated. Throws Error{Checkpoint} also where the sizes overflow.
[[nodiscard]] std::unique_ptr<ClassificationModel> createShapes(
    const ArchitectureFamily& family, const ConfigReader& reader, int64_t labelCount);

/// The same for the language model of an encoder–decoder.
[[nodiscard]] std::unique_ptr<SequenceToSequenceModel> createLanguageShapes(
    const ArchitectureFamily& family, const ConfigReader& reader);

/// How the tensors of a checkpoint meet the parameters of a model.
struct TensorMatch {
    std::map<std::string, std::string> sources; ///< parameter → name in the file, shapes equal
    std::vector<std::string> missing; ///< parameters that the checkpoint lacks
    std::vector<std::string> unexpected; ///< names in the file that the model does not use
    std::vector<std::string> furtherLayers; ///< those of them in layers that config.json does not count
    std::vector<std::string> repeated; ///< names in the file of parameters that other names gave already
    struct Misshapen {
        std::string parameter, source;
        std::vector<int64_t> found, expected;
    };
    std::vector<Misshapen> misshapen;
};
/// The tensors of a checkpoint that hold other numbers than those they could be tied to: for ConfigReader.
/// Without the head's where no language model is built.
[[nodiscard]] std::set<std::string> separateTensors(
    const ArchitectureFamily& family, const CheckpointTensors& tensors, bool withHead);
/// Throws Error{Checkpoint} when two tensors of the file mean the same parameter, or where one holds the
/// scale of quantised numbers.
[[nodiscard]] TensorMatch matchTensors(
    const ArchitectureFamily& family, const ParameterList& parameters, const CheckpointTensors& tensors);

/// What to say of the tensors that a model, a "classifier" or another kind, has no place for.
[[nodiscard]] std::vector<std::string> leftOutWarnings(const TensorMatch& match, std::string_view kind);

/// Throws Error{Checkpoint} saying what of a model the folder lacks.
[[noreturn]] void throwUnusable(const std::filesystem::path& folder, const ArchitectureFamily& family,
    const std::vector<std::string>& missing, const std::vector<TensorMatch::Misshapen>& misshapen);
/// Copies the matched tensors into the parameters. Throws Error{Checkpoint} naming the tensor that holds NaN
/// or infinity.
void fillParameters(
    const ParameterList& parameters, const TensorMatch& match, const CheckpointTensors& tensors);

/// Labels by id as config.json states them: id2label, else (also where their number is another) num_labels
/// placeholders, else two.
struct ConfigLabels {
    std::vector<std::string> labels;
    bool stated = false; ///< id2label or num_labels is there
};
[[nodiscard]] ConfigLabels readLabels(const ConfigReader& reader);
/// The same for a classifier; where config.json states none, a placeholder for each row of the head's output.
[[nodiscard]] ConfigLabels checkpointLabels(
    const ArchitectureFamily& family, const ConfigReader& reader, const CheckpointTensors& tensors);
/// problem_type; Auto when absent or null.
[[nodiscard]] ProblemType readProblemType(const ConfigReader& reader);

/// "[768, 3072]".
[[nodiscard]] std::string shapeText(const std::vector<int64_t>& shape);
/// "a, b, c and 5 more": at most `limit` names.
[[nodiscard]] std::string listText(const std::vector<std::string>& names, size_t limit = 8);

} // namespace studio
