// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/json.h"
#include "core/base/phase_profile.h"
#include "core/train/metrics.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace studio {

/// Events of a run: lines of metrics.jsonl, of `train --json`, and what the window draws. `time`: monotonic
/// seconds since the run (or its resume) began.
struct StartEvent {
    double time = 0;
    int64_t totalSteps = 0, stepsPerEpoch = 0, trainRows = 0, validationRows = 0, testRows = 0,
            parameterCount = 0, trainableCount = 0;
    double epochs = 0;
    std::string device = {}, precision = {}, precisionReason = {}, outputDir = {}, problemType = {};
    int64_t threads = 0;
    std::vector<std::string> labels = {};
};
struct StepEvent {
    double time = 0;
    int64_t step = 0;
    double epoch = 0;
    std::optional<double> loss = std::nullopt; ///< mean since the last step event
    double learningRate = 0;
    std::optional<double> gradNorm = std::nullopt; ///< before clipping
    double samplesPerSecond = 0, tokensPerSecond = 0;
    int64_t memoryBytes = 0;
    std::optional<double> accuracy
        = std::nullopt; ///< of the training rows since the last step event (single label)
};
struct EvaluateEvent {
    double time = 0;
    int64_t step = 0;
    double epoch = 0;
    std::string part = "validation"; ///< "validation" or "test" (final report)
    MetricReport metrics = {};
    double runtime = 0;
    bool best = false;
};
struct CheckpointEvent {
    double time = 0;
    int64_t step = 0;
    std::string path = {};
};
struct WarningEvent {
    double time = 0;
    std::string message = {};
};
struct ResumeEvent {
    double time = 0;
    int64_t step = 0;
};
/// A step without effect: its loss or its gradient was no finite number.
struct SkipEvent {
    double time = 0;
    int64_t step = 0;
    std::string reason = {}; ///< "loss" or "gradient"
    std::vector<int64_t> rows = {}; ///< of that batch: rows of the training file, from 1
    int64_t count = 0; ///< such steps so far
};
/// A setting that was changed while the run goes on; it holds from the step after `step` on.
struct ChangeEvent {
    double time = 0;
    int64_t step = 0;
    std::string name = {};
    Json before = {}, after = {};
    int64_t totalSteps = 0; ///< of the run from now on
};
/// "paused", "resumed", "stopping", "evaluating", "saving": what the loop is doing; not written to
/// metrics.jsonl.
struct StateEvent {
    double time = 0;
    std::string state = {};
    int64_t done = 0, total = 0; ///< progress of tokenising or evaluating
    std::string reason = {}; ///< of a pause nobody asked for: "not_finite", "memory", "disk_full", "folder"
    std::optional<int64_t> goodStep = std::nullopt; ///< not_finite: of the last good checkpoint
};
/// Where the time of a run went (`train --profile`); not written to metrics.jsonl.
struct ProfileEvent {
    double time = 0;
    double seconds = 0; ///< of the whole run
    std::vector<PhaseProfile::Phase> phases = {};
    std::string traceFile = {};
};
struct EndEvent {
    double time = 0;
    std::string outcome = {}; ///< completed | stopped | failed
    int64_t step = 0;
    std::optional<int64_t> bestStep = std::nullopt;
    std::optional<double> bestMetric = std::nullopt;
    std::string outputDir = {};
    std::string message = {}; ///< failed: the sentence; stopped: how to resume
};
using TrainEvent = std::variant<StartEvent, StepEvent, EvaluateEvent, CheckpointEvent, WarningEvent,
    ResumeEvent, SkipEvent, ChangeEvent, StateEvent, ProfileEvent, EndEvent>;

/// {"event":"step",…}; numbers that are not finite become null.
[[nodiscard]] Json toJson(const TrainEvent& event);
/// Inverse; throws Error{Data} on an unknown or incomplete event.
[[nodiscard]] TrainEvent trainEventFromJson(const Json& json);
/// "3, 17 and 30"; the first `most` of many: "3, 17, 30 and 29 more".
[[nodiscard]] std::string listText(const std::vector<int64_t>& numbers, size_t most = 20);

} // namespace studio
