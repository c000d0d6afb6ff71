// SPDX-License-Identifier: MIT
#include "core/train/argument_values.h"
#include "core/train/arguments.h"

#include <limits>

namespace studio {

namespace {

using Arguments = TrainingArguments;

struct Range {
    std::optional<double> minimum, maximum;
    bool exclusive = false; ///< of the minimum
};

ArgumentInfo describe(
    std::string name, ArgumentKind kind, std::string group, std::string unit, std::string help)
{
    ArgumentInfo info;
    info.name = std::move(name);
    info.kind = kind;
    info.group = std::move(group);
    info.unit = std::move(unit);
    info.help = std::move(help);
    return info;
}

void limit(ArgumentInfo& info, const Range& range)
{
    info.minimum = range.minimum;
    info.maximum = range.maximum;
    info.minimumExclusive = range.exclusive;
}

ArgumentInfo number(std::string name, double Arguments::*field, const Range& range, std::string group,
    std::string unit, std::string help)
{
    auto info
        = describe(std::move(name), ArgumentKind::Number, std::move(group), std::move(unit), std::move(help));
    limit(info, range);
    info.get = [field](const Arguments& arguments) { return Json(arguments.*field); };
    info.set = [field, key = info.name, range](Arguments& arguments, const Json& value) {
        arguments.*field = numberValue(key, value, range.minimum, range.maximum, range.exclusive);
    };
    return info;
}

ArgumentInfo optionalNumber(std::string name, std::optional<double> Arguments::*field, const Range& range,
    std::string group, std::string unit, std::string help)
{
    auto info
        = describe(std::move(name), ArgumentKind::Number, std::move(group), std::move(unit), std::move(help));
    limit(info, range);
    info.optional = true;
    info.get = [field](const Arguments& arguments) {
        const auto& value = arguments.*field;
        return value ? Json(*value) : Json(nullptr);
    };
    info.set = [field, key = info.name, range](Arguments& arguments, const Json& value) {
        if (isUnset(value))
            (arguments.*field).reset();
        else
            arguments.*field = numberValue(key, value, range.minimum, range.maximum, range.exclusive);
    };
    return info;
}

ArgumentInfo integer(std::string name, int64_t Arguments::*field, const Range& range, std::string group,
    std::string unit, std::string help)
{
    auto info = describe(
        std::move(name), ArgumentKind::Integer, std::move(group), std::move(unit), std::move(help));
    limit(info, range);
    info.get = [field](const Arguments& arguments) { return Json(arguments.*field); };
    info.set = [field, key = info.name, range](Arguments& arguments, const Json& value) {
        arguments.*field = integerValue(key, value, range.minimum, range.maximum);
    };
    return info;
}

ArgumentInfo boolean(std::string name, bool Arguments::*field, std::string group, std::string help)
{
    auto info = describe(std::move(name), ArgumentKind::Boolean, std::move(group), {}, std::move(help));
    info.get = [field](const Arguments& arguments) { return Json(arguments.*field); };
    info.set = [field, key = info.name](
                   Arguments& arguments, const Json& value) { arguments.*field = booleanValue(key, value); };
    return info;
}

ArgumentInfo text(
    std::string name, ArgumentKind kind, std::string Arguments::*field, std::string group, std::string help)
{
    auto info = describe(std::move(name), kind, std::move(group), {}, std::move(help));
    info.get = [field](const Arguments& arguments) { return Json(arguments.*field); };
    info.set = [field, key = info.name](
                   Arguments& arguments, const Json& value) { arguments.*field = textValue(key, value); };
    return info;
}

ArgumentInfo choice(std::string name, std::string Arguments::*field, std::vector<std::string> choices,
    std::string group, std::string help, std::vector<std::pair<std::string, std::string>> synonyms = {})
{
    auto info = describe(std::move(name), ArgumentKind::Choice, std::move(group), {}, std::move(help));
    info.choices = choices;
    info.get = [field](const Arguments& arguments) { return Json(arguments.*field); };
    info.set = [field, key = info.name, choices = std::move(choices), synonyms = std::move(synonyms)](
                   Arguments& arguments, const Json& value) {
        arguments.*field = choiceValue(key, value, choices, synonyms);
    };
    return info;
}

ArgumentInfo list(
    std::string name, std::vector<std::string> Arguments::*field, std::string group, std::string help)
{
    auto info = describe(std::move(name), ArgumentKind::TextList, std::move(group), {}, std::move(help));
    info.get = [field](const Arguments& arguments) {
        auto array = Json::array();
        for (const auto& entry : arguments.*field)
            array.push_back(entry);
        return array;
    };
    info.set = [field, key = info.name](
                   Arguments& arguments, const Json& value) { arguments.*field = textListValue(key, value); };
    return info;
}

ArgumentInfo greaterIsBetter()
{
    auto info = describe("greater_is_better", ArgumentKind::Boolean, "evaluation", {},
        "Whether a larger value of the metric is better; by the metric's name when not given.");
    info.optional = true;
    info.get = [](const Arguments& arguments) {
        return arguments.greaterIsBetter ? Json(*arguments.greaterIsBetter) : Json(nullptr);
    };
    info.set = [](Arguments& arguments, const Json& value) {
        if (isUnset(value))
            arguments.greaterIsBetter.reset();
        else
            arguments.greaterIsBetter = booleanValue("greater_is_better", value);
    };
    return info;
}

ArgumentInfo resumeFromCheckpoint()
{
    auto info = describe("resume_from_checkpoint", ArgumentKind::Folder, "machine", {},
        "Continue from this checkpoint folder; without a value, from the newest whole one of output_dir.");
    info.optional = true;
    info.get = [](const Arguments& arguments) {
        return arguments.resumeFromCheckpoint ? Json(*arguments.resumeFromCheckpoint) : Json(nullptr);
    };
    info.set = [](Arguments& arguments, const Json& value) {
        if (value.is_null() || value == false || value == "false")
            arguments.resumeFromCheckpoint.reset();
        else if (value == true || value == "true")
            arguments.resumeFromCheckpoint = "";
        else
            arguments.resumeFromCheckpoint = textValue("resume_from_checkpoint", value);
    };
    return info;
}

ArgumentInfo freezeLayers()
{
    auto info = text("freeze_layers", ArgumentKind::Text, &Arguments::freezeLayers, "model",
        "Parts that are not trained: a number N (embeddings and the first N layers), embeddings, or "
        "encoder.");
    info.set = [](Arguments& arguments, const Json& value) {
        arguments.freezeLayers = freezeValue("freeze_layers", value);
    };
    return info;
}

void addData(std::vector<ArgumentInfo>& table)
{
    table.push_back(
        choice("task", &Arguments::task, {"text-classification"}, "data", "What the model learns."));
    table.push_back(text("model_name_or_path", ArgumentKind::Folder, &Arguments::modelNameOrPath, "data",
        "Folder of the checkpoint to start from."));
    table.push_back(text(
        "train_file", ArgumentKind::File, &Arguments::trainFile, "data", "File with the training rows."));
    table.push_back(text("validation_file", ArgumentKind::File, &Arguments::validationFile, "data",
        "File with the validation rows; without it validation_split rows are held out."));
    table.push_back(text("test_file", ArgumentKind::File, &Arguments::testFile, "data",
        "File with the test rows, used once for the final report."));
    table.push_back(text("output_dir", ArgumentKind::Folder, &Arguments::outputDir, "data",
        "Folder that the run writes; new or empty."));
    table.push_back(choice("problem_type", &Arguments::problemType,
        {"auto", "single_label_classification", "multi_label_classification", "regression"}, "data",
        "Kind of label; auto looks at the model's configuration, then at the label column."));
    table.push_back(text("text_column", ArgumentKind::Text, &Arguments::textColumn, "data",
        "Column that holds the text; guessed when not given."));
    table.push_back(text("text_pair_column", ArgumentKind::Text, &Arguments::textPairColumn, "data",
        "Column that holds the second text of a pair."));
    table.push_back(list("label_column", &Arguments::labelColumn, "data",
        "Column that holds the label; several 0/1 columns make a multi-label task."));
    table.push_back(text("label_separator", ArgumentKind::Text, &Arguments::labelSeparator, "data",
        "Text between the labels of one cell, for multi-label tasks."));
    table.push_back(choice("file_format", &Arguments::fileFormat,
        {"auto", "csv", "tsv", "json", "jsonl", "label-text", "lines"}, "data", "Format of the data files."));
    table.push_back(text("encoding", ArgumentKind::Text, &Arguments::encoding, "data",
        "Character encoding of the data files: auto, utf-8, utf-16le, gb18030, windows-1252, …"));
    table.push_back(text("delimiter", ArgumentKind::Text, &Arguments::delimiter, "data",
        "Column delimiter of the data files: auto, one character, comma, tab, semicolon or pipe."));
    table.push_back(text("quote", ArgumentKind::Text, &Arguments::quote, "data",
        "Quote character of the data files: auto, one character, or none."));
    table.push_back(choice("header", &Arguments::header, {"auto", "true", "false"}, "data",
        "Whether the first line of the data files names the columns.", {{"yes", "true"}, {"no", "false"}}));
    table.push_back(list("clean", &Arguments::clean, "data",
        "Cleaning steps of the texts: html, urls, nfkc, whitespace, drop_empty, drop_duplicates."));
    table.push_back(number("validation_split", &Arguments::validationSplit, {0, 0.9, false}, "data", "share",
        "Share of the training rows held out for validation, used without validation_file where "
        "eval_strategy is not no."));
    table.push_back(number("test_split", &Arguments::testSplit, {0, 0.9, false}, "data", "share",
        "Share of the training rows held out for the final test, used without test_file."));
    table.push_back(
        integer("max_seq_length", &Arguments::maxSeqLength, {0, 1'000'000, false}, "data", "tokens",
            "Longest input in tokens, special tokens included; 0: what tokeniser and positions allow."));
    table.push_back(integer("max_train_samples", &Arguments::maxTrainSamples, {0, 1e15, false}, "data",
        "rows", "Use only the first rows for training; 0: all."));
    table.push_back(integer("max_eval_samples", &Arguments::maxEvalSamples, {0, 1e15, false}, "data", "rows",
        "Use only the first rows for validation and for test; 0: all."));
}

void addLength(std::vector<ArgumentInfo>& table)
{
    table.push_back(number("num_train_epochs", &Arguments::numTrainEpochs, {0, 10'000, true}, "length",
        "epochs", "Passes over the training rows; fractions are allowed."));
    table.push_back(integer("max_steps", &Arguments::maxSteps, {-1, 1e12, false}, "length", "steps",
        "Number of optimizer steps; overrides num_train_epochs when above 0."));
    table.push_back(integer("per_device_train_batch_size", &Arguments::perDeviceTrainBatchSize,
        {1, 65'536, false}, "length", "rows", "Rows of one forward and backward pass."));
    table.push_back(integer("per_device_eval_batch_size", &Arguments::perDeviceEvalBatchSize,
        {1, 65'536, false}, "length", "rows", "Rows of one forward pass of an evaluation."));
    table.push_back(
        integer("max_tokens_per_batch", &Arguments::maxTokensPerBatch, {0, 1e9, false}, "length", "tokens",
            "Fill training batches with the next rows up to this many tokens, whatever their number "
            "(per_device_train_batch_size is not used then); 0: off."));
    table.push_back(integer("gradient_accumulation_steps", &Arguments::gradientAccumulationSteps,
        {1, 65'536, false}, "length", "batches", "Batches whose gradients are summed up for one step."));
    table.push_back(boolean("shuffle", &Arguments::shuffle, "length",
        "Draw the rows of every epoch in a new random order; false: the order of the file."));
    table.push_back(boolean("group_by_length", &Arguments::groupByLength, "length",
        "Batch rows of similar length together; faster, but no longer a uniform order."));
}

void addOptimizer(std::vector<ArgumentInfo>& table)
{
    table.push_back(choice("optim", &Arguments::optim, {"adamw", "adam", "sgd"}, "optimizer", "Optimizer.",
        {{"adamw_torch", "adamw"}, {"adamw_torch_fused", "adamw"}}));
    table.push_back(number(
        "learning_rate", &Arguments::learningRate, {0, 1, true}, "optimizer", {}, "Peak learning rate."));
    table.push_back(
        optionalNumber("classifier_learning_rate", &Arguments::classifierLearningRate, {0, 1, true},
            "optimizer", {}, "Peak learning rate of the classification head; learning_rate when not given."));
    table.push_back(number("weight_decay", &Arguments::weightDecay, {0, 1, false}, "optimizer", {},
        "Weight decay of all weights but biases and norms."));
    table.push_back(number("adam_beta1", &Arguments::adamBeta1, {0, 0.999999, false}, "optimizer", {},
        "Decay rate of the mean of gradients in AdamW and Adam."));
    table.push_back(number("adam_beta2", &Arguments::adamBeta2, {0, 0.9999999, false}, "optimizer", {},
        "Decay rate of the mean of squared gradients in AdamW and Adam."));
    table.push_back(number("adam_epsilon", &Arguments::adamEpsilon, {0, 1, true}, "optimizer", {},
        "Added to the denominator in AdamW and Adam."));
    table.push_back(
        number("momentum", &Arguments::momentum, {0, 0.999999, false}, "optimizer", {}, "Momentum of SGD."));
    table.push_back(number("max_grad_norm", &Arguments::maxGradNorm, {0, 1e6, false}, "optimizer", {},
        "Gradients with a larger norm are scaled down to it; 0: no clipping."));
    table.push_back(choice("lr_scheduler_type", &Arguments::lrSchedulerType,
        {"linear", "cosine", "constant", "constant_with_warmup"}, "optimizer",
        "How the learning rate falls after warm-up."));
    auto warmup = number("warmup_steps", &Arguments::warmupSteps, {0, 1e12, false}, "optimizer", "steps",
        "Steps over which the learning rate rises from 0; below 1: a share of all steps.");
    warmup.aliases = {"warmup_ratio"};
    table.push_back(std::move(warmup));
}

void addModel(std::vector<ArgumentInfo>& table)
{
    table.push_back(optionalNumber("dropout", &Arguments::dropout, {0, 0.9, false}, "model", "probability",
        "Every dropout probability of the model; that of its configuration when not given."));
    table.push_back(number("label_smoothing_factor", &Arguments::labelSmoothingFactor, {0, 0.99, false},
        "model", {}, "Share of the probability that the loss spreads over all labels."));
    table.push_back(text("class_weights", ArgumentKind::Text, &Arguments::classWeights, "model",
        "Weight of each label in the loss: balanced, label=weight,… or the weights in the order of the "
        "labels."));
    table.push_back(freezeLayers());
    table.push_back(integer("reinit_layers", &Arguments::reinitLayers, {0, 1000, false}, "model", "layers",
        "Layers at the end of the encoder that start from fresh weights."));
    table.push_back(boolean("gradient_checkpointing", &Arguments::gradientCheckpointing, "model",
        "Compute each layer again in the backward pass instead of keeping what it made: less memory, more "
        "time, the same result."));
}

void addEvaluation(std::vector<ArgumentInfo>& table)
{
    auto strategy = choice("eval_strategy", &Arguments::evalStrategy, {"no", "epoch", "steps"}, "evaluation",
        "When the validation rows are evaluated.");
    strategy.aliases = {"evaluation_strategy"};
    table.push_back(std::move(strategy));
    table.push_back(integer("eval_steps", &Arguments::evalSteps, {1, 1e12, false}, "evaluation", "steps",
        "Steps between evaluations with eval_strategy steps."));
    table.push_back(choice("save_strategy", &Arguments::saveStrategy, {"no", "epoch", "steps"}, "evaluation",
        "When checkpoints are written."));
    table.push_back(integer("save_steps", &Arguments::saveSteps, {1, 1e12, false}, "evaluation", "steps",
        "Steps between checkpoints with save_strategy steps."));
    table.push_back(integer("save_total_limit", &Arguments::saveTotalLimit, {0, 1'000'000, false},
        "evaluation", "checkpoints", "Checkpoints that are kept, the best one always among them; 0: all."));
    table.push_back(integer("logging_steps", &Arguments::loggingSteps, {1, 1e12, false}, "evaluation",
        "steps", "Steps between two step events."));
    table.push_back(boolean("load_best_model_at_end", &Arguments::loadBestModelAtEnd, "evaluation",
        "The result is the model of the best evaluation; false: the last one."));
    table.push_back(text("metric_for_best_model", ArgumentKind::Text, &Arguments::metricForBestModel,
        "evaluation", "Metric that decides which evaluation is best, such as eval_loss or eval_accuracy."));
    table.push_back(greaterIsBetter());
    table.push_back(
        integer("early_stopping_patience", &Arguments::earlyStoppingPatience, {0, 1'000'000, false},
            "evaluation", "evaluations", "End after this many evaluations without improvement; 0: never."));
    table.push_back(number("early_stopping_threshold", &Arguments::earlyStoppingThreshold, {0, 1e6, false},
        "evaluation", {}, "Smallest change of the metric that counts as improvement."));
}

void addMachine(std::vector<ArgumentInfo>& table)
{
    table.push_back(integer("seed", &Arguments::seed, {0, 4'294'967'295.0, false}, "machine", {},
        "Seed of split, order of rows, new weights and dropout."));
    table.push_back(choice("precision", &Arguments::precision, {"auto", "fp32", "bf16", "fp16"}, "machine",
        "Precision of matrix multiplies and attention; weights stay in fp32."));
    table.push_back(text("device", ArgumentKind::Text, &Arguments::device, "machine",
        "Device to compute on: auto, cpu, cuda or cuda:N."));
    table.push_back(boolean("tf32", &Arguments::tf32, "machine", "Let GPUs round fp32 multiplies to TF32."));
    table.push_back(boolean("deterministic", &Arguments::deterministic, "machine",
        "Use only operations that give the same result every time, where a GPU has them."));
    table.push_back(integer("threads", &Arguments::threads, {0, 1024, false}, "machine", "threads",
        "Threads of computation; 0: all physical cores."));
    table.push_back(resumeFromCheckpoint());
    table.push_back(boolean("overwrite_output_dir", &Arguments::overwriteOutputDir, "machine",
        "Replace the run that output_dir holds."));
    table.push_back(boolean("allow_changed_data", &Arguments::allowChangedData, "machine",
        "Resume although a data file has changed since the run began; the result will differ."));
}

/// `warmup_ratio`: a share up to 1, kept in warmup_steps, where 1 would be one step.
ArgumentInfo warmupRatio()
{
    auto info = number("warmup_ratio", &Arguments::warmupSteps, {0, 1, false}, "optimizer", "share",
        "Share of all steps over which the learning rate rises from 0.");
    info.set = [](Arguments& arguments, const Json& value) {
        const double share = numberValue("warmup_ratio", value, 0.0, 1.0, false);
        arguments.warmupSteps = share < 1 ? share : 1 - std::numeric_limits<double>::epsilon();
    };
    return info;
}

} // namespace

const std::vector<ArgumentInfo>& argumentTable()
{
    static const auto table = [] {
        std::vector<ArgumentInfo> rows;
        addData(rows);
        addLength(rows);
        addOptimizer(rows);
        addModel(rows);
        addEvaluation(rows);
        addMachine(rows);
        return rows;
    }();
    return table;
}

const ArgumentInfo* findArgument(std::string_view name)
{
    const auto wanted = canonicalName(name);
    static const auto ratio = warmupRatio();
    if (wanted == ratio.name)
        return &ratio;
    for (const auto& info : argumentTable()) {
        if (info.name == wanted)
            return &info;
        for (const auto& alias : info.aliases) {
            if (alias == wanted)
                return &info;
        }
    }
    return nullptr;
}

} // namespace studio
