// SPDX-License-Identifier: MIT
#include "core/train/training_run.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/nn/device_copy.h"
#include "core/nn/torch_errors.h"
#include "core/train/batches.h"
#include "core/train/cuda_library.h"
#include "core/train/live_prediction.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <ATen/core/grad_mode.h>
#include <ATen/ops/argmax.h>
#include <ATen/ops/eq.h>
#include <ATen/ops/isfinite.h>
#include <ATen/ops/logical_not.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros.h>

namespace studio {

TrainingRun::TrainingRun(
    const TrainingArguments& arguments, TrainControl& control, std::function<void(const TrainEvent&)> onEvent)
    : m_arguments(arguments)
    , m_started(arguments)
    , m_control(control.state())
    , m_onEvent(std::move(onEvent))
    , m_output(arguments.outputDir)
{
    m_control.begin();
    const std::lock_guard lock(m_control.mutex);
    if (m_control.profile)
        m_profile.start();
}

TrainingRun::~TrainingRun()
{
    m_control.end();
}

TrainResult TrainingRun::run()
{
    const auto plan = planOutputFolder(m_arguments);
    if (plan.finished) {
        tidyFinished(m_output);
        auto end = *plan.finished;
        end.outputDir = m_arguments.outputDir; // it may have been moved since
        end.message
            = concat("The run in '", m_arguments.outputDir, "' is complete already; nothing was changed.");
        m_onEvent(end);
        return {TrainOutcome::Completed, end};
    }
    prepare(plan);
    if (trainToTheEnd() && finalReport())
        return complete();
    return stop();
}

bool TrainingRun::trainToTheEnd()
{
    // A resumed run first does what its last step still owes, such as an evaluation that a stop cut short.
    if (m_progress.step > 0 && m_progress.settledStep != m_progress.step && !afterStep())
        return false;
    while (m_progress.step < m_totalSteps && !m_progress.endedEarly) {
        if (!answerMessages(true) || !watchMemory() || !trainStep())
            return false;
        if (m_progress.nonFiniteInRow >= mostNonFinite && !faceNonFiniteSteps())
            return false;
        if (!afterStep())
            return false;
    }
    return true;
}

/// Forward and backward pass of some rows of a step whose rows weigh `weights` together.
bool TrainingRun::computeMicroBatch(
    const TrainControl::MicroBatch& which, std::span<const int64_t> rows, double weights, StepSums& sums)
{
    return fitsIntoMemory([&] {
        if (m_control.microBatchHook)
            m_control.microBatchHook(which);
        const auto batch
            = m_profile.timed("batch", [&] { return makeBatch(m_data.train, rows, m_data, m_device); });
        ForwardContext context{.training = true,
            .seed = static_cast<uint64_t>(m_arguments.seed),
            .step = m_progress.step,
            .microBatch = which.number,
            .computeType = m_computeType,
            .checkpointLayers = m_arguments.gradientCheckpointing};
        at::Tensor logits, loss;
        m_profile.timed("forward", [&] {
            logits = m_loaded.model->forward(batch.packed, context); // [B, labels]
            loss = m_loss->sum(logits, batch.targets).div(weights);
        });
        m_profile.timed("backward", [&] { m_scaler.scaled(loss).backward(); });

        const at::NoGradGuard noGrad;
        sums.loss = sums.loss.defined() ? sums.loss.add(loss.detach()) : loss.detach();
        if (m_data.problemType == ProblemType::SingleLabel) {
            const auto right = at::eq(logits.argmax(1), batch.targets).sum();
            sums.rightRows = sums.rightRows.defined() ? sums.rightRows.add(right) : right;
        }
        sums.rows += batch.rows();
        sums.tokens += batch.tokens();
    });
}

/// Gradients of all batches of a step, each in as many micro-batches as memory has asked for so far. They are
/// numbered through, so that dropout masks follow from (seed, step, micro-batch) and the splits alone.
TrainingRun::WindowEnd TrainingRun::computeWindow(
    const BatchPlan::Window& window, double weights, StepSums& sums)
{
    sums = {};
    const auto mostParts = m_progress.batchParts();
    for (auto index = window.first; index < window.last; ++index) {
        const auto rows = m_plan.rowsOf(window.epoch, index);
        const auto count = static_cast<int64_t>(rows.size()), parts = std::min(mostParts, count);
        for (int64_t part = 0; part < parts; ++part) {
            if ((index > window.first || part > 0) && !answerMessages())
                return WindowEnd::Stopped;
            const auto begin = count * part / parts, end = count * (part + 1) / parts;
            const auto some = rows.subspan(static_cast<size_t>(begin), static_cast<size_t>(end - begin));
            if (!computeMicroBatch({.step = m_progress.step + 1,
                                       .number = (index - window.first) * mostParts + part,
                                       .rows = end - begin},
                    some, weights, sums)) {
                m_optimizer->clearGradients();
                splitBatches(some);
                return WindowEnd::OutOfMemory;
            }
        }
    }
    return WindowEnd::Done;
}

/// One optimizer step: the whole accumulation window, the short one at the end of an epoch included. A stop
/// inside the window leaves weights and progress as they were; a lack of memory begins it again.
bool TrainingRun::trainStep()
{
    replaySplits();
    const auto window = m_plan.windowOf(m_progress.step + 1);
    double weights = 0;
    for (auto batch = window.first; batch < window.last; ++batch) {
        for (const auto row : m_plan.rowsOf(window.epoch, batch))
            weights += m_data.problemType == ProblemType::SingleLabel
                ? m_loss->weight(m_data.train.label(row))
                : 1;
    }
    if (weights <= 0)
        throw Error(ErrorKind::Settings,
            concat(
                "All rows of step ", m_progress.step + 1, " have class weight 0; use larger class_weights."));

    StepSums sums;
    auto end = WindowEnd::OutOfMemory;
    while (end == WindowEnd::OutOfMemory)
        end = computeWindow(window, weights, sums);
    if (end == WindowEnd::Stopped) {
        m_optimizer->clearGradients();
        return false;
    }

    std::optional<PhaseProfile::Span> update(std::in_place, &m_profile, "optimizer");
    const auto gradients = m_optimizer->gradients();
    const double factor
        = learningRateFactor(m_arguments, m_progress.step - m_progress.skippedSteps, m_totalSteps);
    const auto device = sums.loss.device();
    const auto infinite = m_scaler.unscale(gradients).to(device);
    const auto clipped = clipGradients(gradients, m_arguments.maxGradNorm);
    const auto norm = clipped.norm.to(device);
    const auto right
        = sums.rightRows.defined() ? sums.rightRows.to(at::kFloat) : at::zeros({}, infinite.options());
    HostCopy figures(at::stack({sums.loss, norm, infinite, right}));
    const auto skip = at::logical_not(at::isfinite(at::stack({sums.loss, norm})).all()).to(at::kFloat);
    m_optimizer->step(factor, skip, clipped.scale); // before the host waits for the figures
    m_optimizer->clearGradients();
    const auto* figure = figures.get().const_data_ptr<float>();
    const double loss = figure[0], gradNorm = figure[1];
    const bool inRange = figure[2] == 0;
    m_scaler.update(inRange);
    // A loss or gradient that is no finite number must not reach weights or optimizer state. As with
    // torch.amp.GradScaler the step counts, and its rows are not seen again in this epoch, but the optimizer
    // makes no step and the schedule stands still. Its loss is left out of the mean that is reported.
    std::string notFinite;
    if (!std::isfinite(loss))
        notFinite = "loss";
    else if (inRange ? !std::isfinite(gradNorm) : m_scaler.scale() < 1)
        notFinite = "gradient"; // fp16 gradients out of range are the scaler's matter while it can rescale
    if (!inRange || !notFinite.empty())
        ++m_progress.skippedSteps;
    update.reset();

    ++m_progress.step;
    m_clock.count(sums.rows, sums.tokens);
    if (notFinite.empty()) {
        m_progress.nonFiniteInRow = 0;
        ++m_progress.lossSteps;
        m_progress.lossSum += loss;
        if (sums.rightRows.defined()) {
            m_progress.rightRows += std::lround(figure[3]);
            m_progress.countedRows += sums.rows;
        }
    } else {
        noteSkippedStep(notFinite);
    }
    if (m_progress.step % m_arguments.loggingSteps == 0 || m_progress.step == m_totalSteps)
        reportStep(gradNorm, m_arguments.learningRate * factor);
    return true;
}

void TrainingRun::reportStep(double norm, double learningRate)
{
    const PhaseProfile::Span span(&m_profile, "report");
    const double loss = m_progress.lossSum / static_cast<double>(m_progress.lossSteps); // NaN: no step
    StepEvent event{
        .step = m_progress.step, .epoch = m_plan.epochAfter(m_progress.step), .learningRate = learningRate};
    if (std::isfinite(loss))
        event.loss = loss;
    if (std::isfinite(norm))
        event.gradNorm = norm;
    if (m_progress.countedRows > 0)
        event.accuracy
            = static_cast<double>(m_progress.rightRows) / static_cast<double>(m_progress.countedRows);
    const auto rates = m_clock.take();
    event.samplesPerSecond = rates.rows;
    event.tokensPerSecond = rates.tokens;
    event.memoryBytes = m_device.is_cpu() ? residentBytes() : peakGpuMemory(m_device);
    m_progress.lossSum = 0;
    m_progress.rightRows = 0;
    m_progress.lossSteps = 0;
    m_progress.countedRows = 0;
    report(event);
}

/// Evaluates and saves where that is due, and not yet done for this step.
bool TrainingRun::afterStep()
{
    if (m_data.validation.size() > 0 && m_progress.lastEvaluated < m_progress.step
        && due(m_arguments.evalStrategy, m_arguments.evalSteps) && !evaluate(true))
        return false;
    m_progress.settledStep = m_progress.step;
    // Among steps without a finite loss the last good checkpoint must stay the newest.
    const bool good = m_progress.nonFiniteInRow == 0 || m_progress.step == m_totalSteps;
    if (good && m_lastSaved < m_progress.step && due(m_arguments.saveStrategy, m_arguments.saveSteps))
        saveCheckpoint();
    return true;
}

bool TrainingRun::due(const std::string& strategy, int64_t every) const
{
    if (strategy == "no")
        return false;
    if (m_progress.step == m_totalSteps || m_progress.endedEarly)
        return true;
    return strategy == "epoch" ? m_plan.endsEpoch(m_progress.step) : m_progress.step % every == 0;
}

/// Between two micro-batches: typed texts, "evaluate now", "save now", pause and stop; between two steps also
/// changes of settings.
bool TrainingRun::answerMessages(bool betweenSteps)
{
    bool paused = false;
    for (;;) {
        answerPredictions();
        if (betweenSteps) {
            takeChanges();
            if (const auto sentence = newlyKnownCuts(); !sentence.empty())
                warn(sentence);
        }
        if (m_control.stop.stop_requested())
            return false;
        if (m_control.takeEvaluate() && m_data.validation.size() > 0 && !evaluate(false))
            return false;
        if (m_control.takeSave())
            saveCheckpoint();
        const bool wanted = m_control.isPaused();
        if (wanted && !paused) {
            auto pause = std::exchange(m_pause, {});
            pause.state = "paused";
            report(pause);
        } else if (paused && !wanted) {
            state("resumed");
        }
        paused = wanted;
        if (!paused)
            return true;
        const StepClock::Pause pause(m_clock);
        const PhaseProfile::Span span(&m_profile, "pause");
        m_control.wait(200);
    }
}

void TrainingRun::answerPredictions()
{
    auto requests = m_control.takePredictions();
    if (requests.empty())
        return;
    const StepClock::Pause pause(m_clock);
    const PhaseProfile::Span span(&m_profile, "answer");
    const ExactFloats exact;
    for (const auto& request : requests) {
        TrainControl::LiveAnswer answer{.step = m_progress.step,
            .labels = m_loaded.labels,
            .problemType = m_data.problemType,
            .predictions = {},
            .problem = {}};
        try {
            const bool fits = fitsIntoMemory([&] {
                answer.predictions = predictTexts(
                    *m_loaded.model, *m_tokenizer, m_maxLength, m_data.problemType, request.inputs, m_device);
            });
            if (!fits) {
                releaseUnusedMemory(m_device);
                answer.predictions.clear();
                answer.problem = "There is too little memory for these texts while the run goes on; give "
                                 "fewer or shorter ones.";
            }
        } catch (const Error& error) { // such as a text that the model has no row for
            answer.problem = error.what();
        }
        request.answer(answer);
    }
}

} // namespace studio
