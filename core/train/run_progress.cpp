// SPDX-License-Identifier: MIT
#include "core/train/run_progress.h"

#include "core/base/concat.h"
#include "core/base/error.h"

namespace studio {

namespace {

template <typename Value>
Json orNull(const std::optional<Value>& value)
{
    return value ? Json(*value) : Json(nullptr);
}

template <typename Value>
std::optional<Value> maybe(const Json& value)
{
    return value.is_null() ? std::nullopt : std::optional(value.get<Value>());
}

} // namespace

Json toJson(const std::vector<BatchSplit>& splits)
{
    auto json = Json::array();
    for (const auto& split : splits)
        json.push_back({{"step", split.step}, {"parts", split.parts}});
    return json;
}

std::vector<BatchSplit> batchSplitsFromJson(const Json& json)
{
    std::vector<BatchSplit> splits;
    try {
        for (const auto& entry : json) {
            const BatchSplit split{entry.at("step").get<int64_t>(), entry.at("parts").get<int64_t>()};
            const auto last = splits.empty() ? BatchSplit{} : splits.back();
            if (split.step < last.step || split.parts <= last.parts)
                throw Error(ErrorKind::Checkpoint,
                    concat("The recorded batch_splits have ", split.parts, " parts at step ", split.step,
                        " behind ", last.parts, " parts at step ", last.step, "; both must grow."));
            splits.push_back(split);
        }
    } catch (const Json::exception& error) {
        throw Error(
            ErrorKind::Checkpoint, concat("The recorded batch_splits cannot be used: ", error.what(), "."));
    }
    return splits;
}

Json toJson(const RunProgress& progress)
{
    return {{"step", progress.step}, {"skipped_steps", progress.skippedSteps},
        {"non_finite_steps", progress.nonFiniteSteps}, {"non_finite_in_row", progress.nonFiniteInRow},
        {"settled_step", progress.settledStep}, {"last_evaluated", progress.lastEvaluated},
        {"best_step", orNull(progress.bestStep)}, {"best_metric", orNull(progress.bestMetric)},
        {"evaluations_without_gain", progress.evaluationsWithoutGain}, {"ended_early", progress.endedEarly},
        {"warned", progress.warned}, {"loss_sum", progress.lossSum}, {"loss_steps", progress.lossSteps},
        {"counted_rows", progress.countedRows}, {"right_rows", progress.rightRows},
        {"loss_scale", progress.lossScale}, {"finite_steps", progress.finiteSteps},
        {"batch_splits", toJson(progress.splits)}};
}

RunProgress runProgressFromJson(const Json& json)
{
    RunProgress progress;
    try {
        progress.step = json.at("step").get<int64_t>();
        progress.skippedSteps = json.at("skipped_steps").get<int64_t>();
        progress.nonFiniteSteps = json.value("non_finite_steps", int64_t{0}); // absent in older checkpoints
        progress.nonFiniteInRow = json.value("non_finite_in_row", int64_t{0});
        progress.settledStep = json.value("settled_step", int64_t{-1});
        progress.lastEvaluated = json.at("last_evaluated").get<int64_t>();
        progress.bestStep = maybe<int64_t>(json.at("best_step"));
        progress.bestMetric = maybe<double>(json.at("best_metric"));
        progress.evaluationsWithoutGain = json.at("evaluations_without_gain").get<int64_t>();
        progress.endedEarly = json.at("ended_early").get<bool>();
        progress.warned = json.at("warned").get<std::set<std::string>>();
        progress.lossSum = json.at("loss_sum").get<double>();
        progress.lossSteps = json.at("loss_steps").get<int64_t>();
        progress.countedRows = json.at("counted_rows").get<int64_t>();
        progress.rightRows = json.at("right_rows").get<int64_t>();
        progress.lossScale = json.at("loss_scale").get<double>();
        progress.finiteSteps = json.at("finite_steps").get<int64_t>();
        progress.splits = batchSplitsFromJson(json.value("batch_splits", Json::array()));
    } catch (const Json::exception& error) {
        throw Error(
            ErrorKind::Checkpoint, concat("The progress in resume.json cannot be used: ", error.what(), "."));
    }
    return progress;
}

} // namespace studio
