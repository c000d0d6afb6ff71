// SPDX-License-Identifier: MIT
#include "core/train/arguments.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/unicode.h"
#include "core/text/cleaning.h"
#include "core/train/argument_values.h"
#include "core/train/schedule.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace studio {

namespace {

[[noreturn]] void fail(const std::string& sentence)
{
    throw Error(ErrorKind::Settings, sentence);
}

/// Edits (insertion, deletion, substitution, swap of neighbours) between two names.
int64_t editDistance(std::string_view left, std::string_view right)
{
    std::vector<int64_t> beforeLast, last(right.size() + 1), current(right.size() + 1);
    std::iota(last.begin(), last.end(), 0);
    for (size_t i = 1; i <= left.size(); ++i) {
        current[0] = static_cast<int64_t>(i);
        for (size_t j = 1; j <= right.size(); ++j) {
            const int64_t substitution = last[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
            current[j] = std::min({last[j] + 1, current[j - 1] + 1, substitution});
            if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                current[j] = std::min(current[j], beforeLast[j - 2] + 1);
        }
        beforeLast = last;
        last = current;
    }
    return last.back();
}

/// JSON files are strict: the type must be the argument's own; only flags come as text.
void requireType(const ArgumentInfo& info, const Json& value)
{
    if (info.optional && value.is_null())
        return;
    const auto expect = [&](bool fits, std::string_view expected) {
        if (!fits)
            fail(concat(info.name, " is ", jsonLine(value), "; it must be ", expected, "."));
    };
    switch (info.kind) {
    case ArgumentKind::Integer:
    case ArgumentKind::Number:
        expect(value.is_number(), "a number");
        break;
    case ArgumentKind::Boolean:
        expect(value.is_boolean(), "true or false");
        break;
    case ArgumentKind::TextList:
        expect(value.is_array() || value.is_string(), "a list of texts");
        break;
    case ArgumentKind::Choice:
    case ArgumentKind::Text:
    case ArgumentKind::File:
    case ArgumentKind::Folder:
        break; // the value's own function accepts what JSON may hold there
    }
}

std::vector<std::string> knownNames()
{
    std::vector<std::string> names;
    for (const auto& info : argumentTable()) {
        names.push_back(info.name);
        names.insert(names.end(), info.aliases.begin(), info.aliases.end());
    }
    return names;
}

bool isDevice(const std::string& device)
{
    if (device == "auto" || device == "cpu" || device == "cuda")
        return true;
    if (!device.starts_with("cuda:") || device.size() == 5 || device.size() > 8)
        return false;
    return std::all_of(device.begin() + 5, device.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Names of files may hold any bytes, but run.json holds text.
void requireText(const std::string& name, const Json& value)
{
    if (value.is_string() && !isValidUtf8(value.get_ref<const std::string&>()))
        fail(concat(name, " is '", repairUtf8(value.get_ref<const std::string&>()),
            "', which is not UTF-8; rename what it stands for."));
    if (value.is_array()) {
        for (const auto& entry : value)
            requireText(name, entry);
    }
}

void validateCombinations(const TrainingArguments& arguments)
{
    const bool resuming = arguments.resumeFromCheckpoint.has_value();
    if (arguments.modelNameOrPath.empty() && !resuming)
        fail("model_name_or_path is missing; give the folder of the checkpoint to start from.");
    if (arguments.trainFile.empty() && !resuming)
        fail("train_file is missing; give the file with the training rows.");
    if (arguments.outputDir.empty())
        fail("output_dir is missing; give the folder that the run shall write.");
    if (arguments.validationSplit + arguments.testSplit >= 1)
        fail(concat("validation_split ", arguments.validationSplit, " and test_split ", arguments.testSplit,
            " leave no row for training; their sum must be below 1."));
    if (arguments.warmupSteps > 1 && std::floor(arguments.warmupSteps) != arguments.warmupSteps)
        fail(concat("warmup_steps is ", arguments.warmupSteps,
            "; it must be a whole number, or below 1 for a share of all steps."));
    if (arguments.evalStrategy == "no" && arguments.earlyStoppingPatience > 0)
        fail(concat("early_stopping_patience is ", arguments.earlyStoppingPatience,
            ", but eval_strategy is no; choose epoch or steps."));
    if (arguments.groupByLength && !arguments.shuffle)
        fail("group_by_length and shuffle false contradict each other; choose one of them.");
    if (!isDevice(arguments.device))
        fail(concat("device is '", arguments.device, "'; it must be auto, cpu, cuda or cuda:N."));
    const auto& metrics = bestModelMetrics();
    if (std::ranges::find(metrics, bestMetricKey(arguments)) == metrics.end())
        fail(concat("metric_for_best_model is '", arguments.metricForBestModel,
            "', which no evaluation gives; the "
            "nearest is ",
            nearestName(bestMetricKey(arguments), metrics), "."));
    std::string steps;
    for (const auto& step : arguments.clean)
        steps += concat(steps.empty() ? "" : ",", step);
    if (!steps.empty())
        static_cast<void>(parseCleaning(steps));
}

} // namespace

std::string nearestName(std::string_view name, const std::vector<std::string>& known)
{
    const auto wanted = canonicalName(name);
    std::string nearest;
    int64_t shortest = INT64_MAX;
    for (const auto& candidate : known) {
        // A name that begins or ends with what was typed is nearer than its length suggests.
        auto distance = 2 * editDistance(wanted, candidate);
        if (wanted.size() >= 3 && candidate.find(wanted) != std::string::npos)
            distance = std::min<int64_t>(distance, 3);
        if (distance < shortest) {
            shortest = distance;
            nearest = candidate;
        }
    }
    return nearest;
}

Json toJson(const TrainingArguments& arguments)
{
    auto json = Json::object();
    for (const auto& info : argumentTable())
        json[info.name] = info.get(arguments);
    return json;
}

TrainingArguments argumentsFromJson(const Json& json, TrainingArguments base)
{
    if (!json.is_object())
        fail("The settings are not a JSON object; write {\"learning_rate\": 5e-5, …}.");
    for (const auto& [key, value] : json.items()) {
        const auto* info = findArgument(key);
        if (!info || key != canonicalName(key))
            fail(concat("Unknown setting '", key, "'; the nearest known one is '",
                nearestName(key, knownNames()), "'."));
        requireType(*info, value);
        info->set(base, value);
    }
    return base;
}

void validate(const TrainingArguments& arguments)
{
    TrainingArguments scratch;
    for (const auto& info : argumentTable()) {
        const auto value = info.get(arguments);
        requireText(info.name, value);
        info.set(scratch, value);
    }
    validateCombinations(arguments);
}

std::string fieldProblem(const ArgumentInfo& argument, const Json& value)
{
    try {
        TrainingArguments scratch;
        argument.set(scratch, value);
        if (argument.name == "device" && !isDevice(scratch.device))
            return concat("device is '", scratch.device, "'; it must be auto, cpu, cuda or cuda:N.");
        if (argument.name == "clean" && !scratch.clean.empty()) {
            for (const auto& step : scratch.clean)
                static_cast<void>(parseCleaning(step));
        }
    } catch (const Error& error) {
        return error.what();
    }
    return {};
}

const std::vector<std::string>& bestModelMetrics()
{
    static const std::vector<std::string> metrics = {"eval_loss", "eval_nll", "eval_accuracy",
        "eval_precision", "eval_recall", "eval_f1", "eval_f1_weighted", "eval_f1_micro", "eval_f1_binary",
        "eval_mcc", "eval_auc", "eval_mse", "eval_mae", "eval_r2", "eval_pearson", "eval_spearman"};
    return metrics;
}

std::string bestMetricKey(const TrainingArguments& arguments)
{
    const auto& name = arguments.metricForBestModel;
    return name.starts_with("eval_") ? name : concat("eval_", name);
}

bool bestMetricGreater(const TrainingArguments& arguments)
{
    if (arguments.greaterIsBetter)
        return *arguments.greaterIsBetter;
    const auto key = bestMetricKey(arguments);
    return key != "eval_loss" && key != "eval_nll" && key != "eval_mse" && key != "eval_mae";
}

TrainingArguments applyPreset(
    TrainingArguments base, std::string_view preset, int64_t trainRows, ProblemType task)
{
    int64_t epochs = 0;
    base.lrSchedulerType = "linear";
    base.weightDecay = 0.01;
    base.gradientAccumulationSteps = 1;
    base.maxSteps = -1;
    base.earlyStoppingPatience = 0;
    base.greaterIsBetter.reset();
    base.metricForBestModel = task == ProblemType::SingleLabel ? "eval_accuracy" : "eval_loss";
    if (preset == "quick") {
        epochs = 1;
        base.perDeviceTrainBatchSize = 32;
        base.learningRate = 1e-4;
        base.warmupSteps = 0.06;
    } else if (preset == "balanced") {
        epochs = 3;
        base.perDeviceTrainBatchSize = 32;
        base.learningRate = 1e-4;
        base.warmupSteps = 0.1;
    } else if (preset == "thorough") {
        epochs = 6;
        base.perDeviceTrainBatchSize = 16;
        base.learningRate = 5e-5;
        base.warmupSteps = 0.1;
        base.earlyStoppingPatience = 3;
    } else {
        fail(concat("preset is '", preset, "'; it must be quick, balanced or thorough."));
    }
    const auto stepsPerEpoch = std::max<int64_t>(stepsInEpoch(base, trainRows), 1);
    constexpr int64_t fewestSteps = 200, mostEpochs = 20;
    epochs = std::max(epochs, (fewestSteps + stepsPerEpoch - 1) / stepsPerEpoch);
    base.numTrainEpochs = static_cast<double>(std::min(epochs, mostEpochs));
    return base;
}

} // namespace studio
