// SPDX-License-Identifier: MIT
#include "core/base/concat.h"
#include "core/base/crash_report.h"
#include "core/base/error.h"
#include "core/io/safetensors.h"
#include "core/runs/metric_log.h"
#include "core/train/cuda_library.h"
#include "core/train/training_run.h"

#include <algorithm>
#include <cmath>

#include <ATen/core/grad_mode.h>

namespace studio {

namespace fs = std::filesystem;

namespace {

Json logHistory(const fs::path& output)
{
    auto history = Json::array();
    // Beyond so many steps the history keeps their outline: metrics.jsonl has every one.
    constexpr size_t mostSteps = 100'000;
    for (const auto& event : readRunCurves(output, mostSteps)) {
        if (const auto* step = std::get_if<StepEvent>(&event)) {
            const auto json = toJson(event);
            history.push_back({{"epoch", step->epoch}, {"grad_norm", json.at("grad_norm")},
                {"learning_rate", step->learningRate}, {"loss", json.at("loss")}, {"step", step->step}});
        } else if (const auto* evaluation = std::get_if<EvaluateEvent>(&event)) {
            Json entry = {{"epoch", evaluation->epoch}};
            const auto json = toJson(evaluation->metrics, evaluation->part == "test" ? "test" : "eval");
            for (const auto& [key, value] : json.items()) {
                if (value.is_number())
                    entry[key] = value;
            }
            entry["step"] = evaluation->step;
            history.push_back(std::move(entry));
        }
    }
    return history;
}

void loadWeights(const ParameterList& parameters, const fs::path& file)
{
    const at::NoGradGuard noGrad;
    const SafetensorsFile tensors(file);
    for (const auto& [name, tensor] : parameters)
        tensor.copy_(tensors.tensor(name));
}

} // namespace

std::optional<Evaluation> TrainingRun::evaluateRows(const JobPart& part, c10::ScalarType computeType)
{
    EvaluationOptions options{.batchSize = m_arguments.perDeviceEvalBatchSize, .computeType = computeType};
    auto shown = std::chrono::steady_clock::now();
    options.between = [&, this](int64_t done, int64_t total) {
        const auto now = std::chrono::steady_clock::now();
        if (now - shown >= std::chrono::milliseconds(100)) {
            shown = now;
            state("evaluating", done, total);
        }
        answerPredictions();
        return !m_control.stop.stop_requested();
    };
    const bool tokenized = awaitTokens(part, untilTheEnd, [&](const Progress& progress) {
        state("tokenizing", progress.done, progress.total);
        answerPredictions();
        return !m_control.stop.stop_requested();
    });
    if (!tokenized)
        return std::nullopt;
    state("evaluating", 0, part.size());
    return evaluatePart(*m_loaded.model, part, m_data, *m_loss, m_device, options);
}

bool TrainingRun::evaluate(bool scheduled)
{
    const StepClock::Pause pause(m_clock);
    const PhaseProfile::Span span(&m_profile, "evaluate");
    const double start = m_clock.seconds();
    auto evaluation = evaluateRows(m_data.validation, m_computeType);
    if (!evaluation)
        return false;
    EvaluateEvent event{.step = m_progress.step,
        .epoch = m_plan.epochAfter(m_progress.step),
        .runtime = m_clock.seconds() - start};
    event.metrics = std::move(evaluation->report);
    event.best = isBest(event.metrics, scheduled);
    if (event.best)
        keepBest();
    if (scheduled)
        m_progress.lastEvaluated = m_progress.step;
    report(event);
    for (const auto& sentence : event.metrics.warnings) {
        if (m_progress.warned.insert(sentence).second)
            warn(sentence);
    }
    return true;
}

void TrainingRun::countWithoutGain()
{
    ++m_progress.evaluationsWithoutGain;
    m_progress.endedEarly = m_arguments.earlyStoppingPatience > 0
        && m_progress.evaluationsWithoutGain >= m_arguments.earlyStoppingPatience;
}

void TrainingRun::forgetBest()
{
    m_progress.bestStep.reset();
    m_progress.bestMetric.reset();
    m_progress.evaluationsWithoutGain = 0;
}

bool TrainingRun::isBest(const MetricReport& report, bool scheduled)
{
    const auto key = bestMetricKey(m_arguments);
    const auto value = toJson(report).at(key);
    if (value.is_null()) {
        warn(concat(
            key, " is undefined at step ", m_progress.step, ", so this evaluation cannot be the best."));
        if (scheduled)
            countWithoutGain();
        return false;
    }
    const double metric = value.get<double>();
    const auto best = m_progress.bestMetric;
    const bool better = !best || (bestMetricGreater(m_arguments) ? metric > *best : metric < *best);
    if (scheduled) {
        const bool gain = better && (!best || std::abs(metric - *best) > m_arguments.earlyStoppingThreshold);
        if (gain)
            m_progress.evaluationsWithoutGain = 0;
        else
            countWithoutGain();
    }
    if (better)
        m_progress.bestMetric = metric;
    return better;
}

/// The best weights go to disk at the evaluation itself, whatever save_strategy says.
void TrainingRun::keepBest()
{
    const PhaseProfile::Span span(&m_profile, "save");
    m_progress.bestStep = m_progress.step;
    withRoom([this] {
        AtomicFolder folder(bestFolder(m_output, m_progress.step));
        saveClassifier(m_loaded, folder.path());
        folder.commit();
    });
    pruneBestFolders(m_output, m_progress.bestStep);
}

void TrainingRun::saveCheckpoint()
{
    const StepClock::Pause pause(m_clock);
    const auto target = checkpointFolder(m_output, m_progress.step);
    if (m_lastSaved == m_progress.step && fs::exists(target))
        return;
    const PhaseProfile::Span span(&m_profile, "save");
    state("saving");
    m_progress.lossScale = m_scaler.scale();
    m_progress.finiteSteps = m_scaler.finiteSteps();
    CheckpointEvent event{.time = m_clock.seconds(), .step = m_progress.step, .path = pathText(target)};
    bool logged = false;
    withRoom([&] {
        AtomicFolder folder(target);
        const auto best = bestFolder(m_output, m_progress.bestStep.value_or(-1));
        if (m_progress.bestStep == m_progress.step && fs::exists(best / "model.safetensors")) {
            linkOrCopy(best / "model.safetensors", folder.path() / "model.safetensors");
            linkOrCopy(best / "config.json", folder.path() / "config.json");
        } else {
            saveClassifier(m_loaded, folder.path());
        }
        copyTokenizerFiles(m_output, folder.path());
        writeSafetensors(folder.path() / "optimizer.safetensors", m_optimizer->state());
        // The event is part of what the checkpoint remembers of the log, so a resume neither loses nor
        // repeats it.
        if (!logged)
            m_log->append(jsonLine(toJson(TrainEvent(event))));
        logged = true;
        m_log->sync();
        writeTrainerState(folder.path());
        const Json state = {{"format", 1}, {"arguments", toJson(m_started)}, {"changes", toJson(m_changes)},
            {"progress", toJson(m_progress)}, {"metrics_bytes", m_log->size()}, {"threads", m_threads},
            {"device", m_compute.device}, {"precision", m_compute.precision}, {"head", m_head},
            {"files", m_data.files}, {"computed_with", computingWith()}};
        writeFileAtomically(folder.path() / "resume.json", state.dump(1) + '\n');
        folder.commit();
    });
    m_lastSaved = m_progress.step;
    m_onEvent(event);
    pruneCheckpoints(m_output, m_arguments.saveTotalLimit, m_progress.bestStep);
    if (m_progress.bestStep)
        pruneBestFolders(m_output, m_progress.bestStep);
}

/// transformers' TrainerState.
void TrainingRun::writeTrainerState(const fs::path& folder) const
{
    const auto best = m_progress.bestStep;
    const bool hasFolder = best && fs::exists(checkpointFolder(m_output, *best));
    const Json state = {{"best_global_step", best ? Json(*best) : Json(nullptr)},
        {"best_metric", m_progress.bestMetric ? Json(*m_progress.bestMetric) : Json(nullptr)},
        {"best_model_checkpoint",
            best ? Json(
                pathText(hasFolder || best == m_progress.step ? checkpointFolder(m_output, *best) : m_output))
                 : Json(nullptr)},
        {"epoch", m_plan.epochAfter(m_progress.step)}, {"eval_steps", m_arguments.evalSteps},
        {"global_step", m_progress.step}, {"is_hyper_param_search", false}, {"is_local_process_zero", true},
        {"is_world_process_zero", true}, {"log_history", logHistory(m_output)},
        {"logging_steps", m_arguments.loggingSteps}, {"max_steps", m_totalSteps},
        {"num_input_tokens_seen", 0},
        {"num_train_epochs", m_plan.windowOf(std::max<int64_t>(m_totalSteps, 1)).epoch + 1},
        {"save_steps", m_arguments.saveSteps}, {"stateful_callbacks", Json::object()}, {"total_flos", 0.0},
        {"train_batch_size", m_arguments.perDeviceTrainBatchSize}, {"trial_name", nullptr},
        {"trial_params", nullptr}};
    writeFileAtomically(folder / "trainer_state.json", state.dump(2) + '\n');
}

/// The folder itself becomes loadable: the best model where there is one, else the last.
void TrainingRun::installModel()
{
    const PhaseProfile::Span span(&m_profile, "save");
    withRoom([this] {
        const auto last = checkpointFolder(m_output, m_progress.step);
        const bool useBest = m_arguments.loadBestModelAtEnd && m_progress.bestStep;
        const auto source = useBest ? bestFolder(m_output, *m_progress.bestStep) : last;
        if (useBest || (m_lastSaved == m_progress.step && fs::exists(last / "model.safetensors"))) {
            linkOrCopy(source / "model.safetensors", m_output / "model.safetensors");
            linkOrCopy(source / "config.json", m_output / "config.json");
        } else {
            saveClassifier(m_loaded, m_output);
        }
    });
}

bool TrainingRun::finalReport()
{
    const StepClock::Pause pause(m_clock);
    const PhaseProfile::Span span(&m_profile, "evaluate");
    const ExactFloats exact;
    installModel();
    const auto& parameters = m_loaded.model->parameters();
    std::vector<at::Tensor> lastWeights;
    const bool useBest = m_arguments.loadBestModelAtEnd && m_progress.bestStep;
    if (useBest && *m_progress.bestStep != m_progress.step) {
        for (const auto& [name, tensor] : parameters)
            lastWeights.push_back(tensor.detach().to(at::kCPU, false, /*copy=*/true));
        loadWeights(parameters, m_output / "model.safetensors");
    }
    const auto stopped = [&] {
        const at::NoGradGuard noGrad;
        for (size_t i = 0; i < lastWeights.size(); ++i)
            parameters[i].tensor.copy_(lastWeights[i]);
        return false;
    };
    const auto reportedStep = useBest ? *m_progress.bestStep : m_progress.step;
    std::vector<std::pair<const JobPart*, Evaluation>> results;
    std::vector<EvaluateEvent> events;
    for (const auto* part : {&m_data.validation, &m_data.test}) {
        if (part->size() == 0)
            continue;
        const double start = m_clock.seconds();
        auto evaluation = evaluateRows(*part, c10::ScalarType::Float);
        if (!evaluation)
            return stopped();
        const bool test = part == &m_data.test;
        if (test || m_progress.lastEvaluated == 0) {
            EvaluateEvent event{.step = reportedStep,
                .epoch = m_plan.epochAfter(reportedStep),
                .part = test ? "test" : "validation",
                .runtime = m_clock.seconds() - start};
            event.metrics = evaluation->report;
            events.push_back(std::move(event));
        }
        results.emplace_back(part, std::move(*evaluation));
    }
    withRoom([&] {
        writeFileAtomically(m_output / "eval_predictions.jsonl", [&](const FileSink& sink) {
            for (const auto& [part, evaluation] : results)
                writePredictions(
                    *part, m_data, evaluation, part == &m_data.test ? "test" : "validation", sink);
        });
    });
    for (const auto& event : events) {
        report(event);
        for (const auto& sentence : event.metrics.warnings) {
            if (m_progress.warned.insert(sentence).second)
                warn(sentence);
        }
    }
    return true;
}

EndEvent TrainingRun::endEvent(const std::string& outcome, const std::string& message) const
{
    return {.outcome = outcome,
        .step = m_progress.step,
        .bestStep = m_progress.bestStep,
        .bestMetric = m_progress.bestMetric,
        .outputDir = m_arguments.outputDir,
        .message = message};
}

TrainResult TrainingRun::complete()
{
    withRoom([this] { writeTrainerState(m_output); });
    auto event = endEvent("completed",
        m_progress.endedEarly ? concat("Ended early at step ", m_progress.step, " of ", m_totalSteps, ": ",
            m_progress.evaluationsWithoutGain, " evaluations without improvement.")
                              : std::string());
    event.time = m_clock.seconds();
    reportProfile();
    report(event);
    withRoom([this] { m_log->sync(); });
    // Once more, should the disk not have let the last one go.
    pruneCheckpoints(m_output, m_arguments.saveTotalLimit, m_progress.bestStep);
    pruneBestFolders(m_output, std::nullopt);
    return {TrainOutcome::Completed, event};
}

TrainResult TrainingRun::stop()
{
    state("stopping");
    bool discard = false;
    {
        const std::lock_guard lock(m_control.mutex);
        discard = m_control.discard;
    }
    if (!discard) {
        saveCheckpoint();
        installModel();
        withRoom([this] { writeTrainerState(m_output); });
    }
    auto event = endEvent("stopped",
        discard ? concat("Stopped at step ", m_progress.step, " of ", m_totalSteps, " without a checkpoint.")
                : concat(m_stopReason, m_stopReason.empty() ? "" : " ", "Stopped at step ", m_progress.step,
                    " of ", m_totalSteps, "; a checkpoint was saved in '",
                    pathText(checkpointFolder(m_output, m_progress.step)),
                    "'. Run the same command with --resume_from_checkpoint to continue."));
    event.time = m_clock.seconds();
    reportProfile();
    report(event);
    withRoom([this] { m_log->sync(); });
    return {TrainOutcome::Stopped, event};
}

void TrainingRun::fail(const std::string& sentence)
{
    if (!m_log)
        return;
    auto event = endEvent("failed", sentence);
    event.time = m_clock.seconds();
    try {
        m_log->append(jsonLine(toJson(TrainEvent(event))));
        m_log->sync();
    } catch (const Error&) { // the disk that failed the run cannot take its last line either
    }
    m_onEvent(event);
}

void TrainingRun::reportProfile()
{
    if (!m_profile.isOn())
        return;
    const auto file = m_output / "profile.json";
    auto found = m_profile.report();
    try {
        m_profile.writeTrace(file);
    } catch (const Error& error) { // figures for the curious fail no run
        warn(error.what());
    }
    report(ProfileEvent{
        .seconds = found.seconds, .phases = std::move(found.phases), .traceFile = pathText(file)});
}

void TrainingRun::report(TrainEvent event)
{
    std::visit([this](auto& value) { value.time = m_clock.seconds(); }, event);
    const auto line = jsonLine(toJson(event));
    rememberForCrash(line);
    if (m_log && !std::holds_alternative<StateEvent>(event) && !std::holds_alternative<ProfileEvent>(event))
        withRoom([&] { m_log->append(line); });
    m_onEvent(event);
}

void TrainingRun::state(const std::string& name, int64_t done, int64_t total)
{
    report(StateEvent{.state = name, .done = done, .total = total});
}

} // namespace studio
