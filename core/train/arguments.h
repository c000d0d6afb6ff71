// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/json.h"
#include "core/data/dataset.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace studio {

/// The job: names and defaults of transformers' TrainingArguments where it has them. Plain values; copied
/// into a run. The one table below (argumentTable) gives every field its name, kind, range and help for the
/// command line, run.json and the window.
struct TrainingArguments {
    // what
    std::string task = "text-classification";
    std::string modelNameOrPath, trainFile, validationFile, testFile, outputDir;
    std::string problemType = "auto";
    std::string textColumn, textPairColumn;
    std::vector<std::string> labelColumn;
    std::string labelSeparator;
    std::string fileFormat = "auto", encoding = "auto", delimiter = "auto", quote = "auto", header = "auto";
    std::vector<std::string> clean;
    double validationSplit = 0.1; ///< used without validation_file
    double testSplit = 0;
    int64_t maxSeqLength = 0; ///< 0: what tokeniser and positions allow
    int64_t maxTrainSamples = 0, maxEvalSamples = 0; ///< 0: all
    // how long
    double numTrainEpochs = 3;
    int64_t maxSteps = -1;
    int64_t perDeviceTrainBatchSize = 8, perDeviceEvalBatchSize = 32, gradientAccumulationSteps = 1;
    int64_t maxTokensPerBatch = 0; ///< of a training batch, instead of its rows; 0: off
    bool shuffle = true, groupByLength = false;
    // optimizer
    std::string optim = "adamw"; ///< adamw | adam | sgd (aliases adamw_torch, adamw_torch_fused)
    double learningRate = 5e-5;
    std::optional<double> classifierLearningRate;
    double weightDecay = 0, adamBeta1 = 0.9, adamBeta2 = 0.999, adamEpsilon = 1e-8, momentum = 0.9,
           maxGradNorm = 1;
    std::string lrSchedulerType = "linear"; ///< linear | cosine | constant | constant_with_warmup
    double warmupSteps = 0; ///< below 1: a share of all steps
    // model
    std::optional<double> dropout;
    double labelSmoothingFactor = 0;
    std::string classWeights; ///< "", "balanced", or "label=weight,…" / weights in label order
    std::string freezeLayers; ///< "", N, "embeddings", "encoder"
    int64_t reinitLayers = 0;
    bool gradientCheckpointing = false;
    // evaluation and saving
    std::string evalStrategy = "epoch", saveStrategy = "epoch"; ///< no | epoch | steps
    int64_t evalSteps = 500, saveSteps = 500, loggingSteps = 1, saveTotalLimit = 2;
    bool loadBestModelAtEnd = true;
    std::string metricForBestModel = "eval_loss";
    std::optional<bool> greaterIsBetter; ///< by the metric's name when absent
    int64_t earlyStoppingPatience = 0; ///< evaluations without improvement; 0: off
    double earlyStoppingThreshold = 0;
    // machine
    int64_t seed = 42;
    std::string precision = "auto", device = "auto";
    bool tf32 = false, deterministic = false;
    int64_t threads = 0; ///< 0: all physical cores
    std::optional<std::string> resumeFromCheckpoint; ///< "": the newest of output_dir
    bool overwriteOutputDir = false;
    bool allowChangedData = false; ///< resume although a data file is no longer the same

    bool operator==(const TrainingArguments&) const = default;
};

enum class ArgumentKind { Text, File, Folder, Integer, Number, Boolean, Choice, TextList };

/// One row of the table of arguments.
struct ArgumentInfo {
    std::string name; ///< "learning_rate"
    std::vector<std::string> aliases; ///< "warmup_ratio" style alternatives
    ArgumentKind kind = ArgumentKind::Text;
    std::string group; ///< data | length | optimizer | model | evaluation | machine
    std::string unit; ///< "rows", "epochs", … may be empty
    std::optional<double> minimum, maximum;
    bool minimumExclusive = false;
    bool optional = false; ///< null in JSON means "not set"
    std::vector<std::string> choices;
    std::string help; ///< one English sentence
    std::function<Json(const TrainingArguments&)> get;
    /// Throws Error{Settings} naming argument, value found and allowed range. Strings are accepted for every
    /// kind (flags); null where `optional`.
    std::function<void(TrainingArguments&, const Json&)> set;
};

[[nodiscard]] const std::vector<ArgumentInfo>& argumentTable();
/// By name or alias, `-` and `_` interchangeable, without leading dashes; nullptr when unknown.
[[nodiscard]] const ArgumentInfo* findArgument(std::string_view name);
/// The nearest known name, for "did you mean"; `extra` are further names to consider.
[[nodiscard]] std::string nearestName(std::string_view name, const std::vector<std::string>& known);

/// Every argument, defaults included.
[[nodiscard]] Json toJson(const TrainingArguments& arguments);
/// Strict: an unknown key or a wrong type is Error{Settings} naming it and the nearest known key. Keys that
/// are absent keep `base`.
[[nodiscard]] TrainingArguments argumentsFromJson(const Json& json, TrainingArguments base = {});
/// Ranges and combinations; throws Error{Settings} naming field, value and limit. Does not touch files.
void validate(const TrainingArguments& arguments);
/// The first problem of one field alone, for marking it in the window; empty when fine.
[[nodiscard]] std::string fieldProblem(const ArgumentInfo& argument, const Json& value);

/// Keys that metric_for_best_model may name; the chosen one with its "eval_"; whether a larger value is
/// better.
[[nodiscard]] const std::vector<std::string>& bestModelMetrics();
[[nodiscard]] std::string bestMetricKey(const TrainingArguments& arguments);
[[nodiscard]] bool bestMetricGreater(const TrainingArguments& arguments);

/// Presets of the window and `demo`: "quick", "balanced", "thorough". Rule: epochs so that at least 200
/// optimizer steps are made (at most 20 epochs) for `trainRows` rows; the best model is the most accurate one
/// where each row has one label, else the one of the least loss.
[[nodiscard]] TrainingArguments applyPreset(
    TrainingArguments base, std::string_view preset, int64_t trainRows, ProblemType task);

} // namespace studio
