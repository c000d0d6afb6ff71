// SPDX-License-Identifier: MIT
#include "ui/session/training_session.h"

#include "core/base/thread_priority.h"
#include "core/runs/metric_log.h"
#include "ui/session/job_slot.h"

#include <algorithm>
#include <pthread.h>
#include <utility>

#include <QElapsedTimer>

namespace studio {

namespace {

/// Between two batches of reports; at most ten signals a second.
constexpr qint64 reportIntervalMs = 100;

/// Steps that are remembered of a run, about: its curves have their own memory of every one.
constexpr size_t mostEvents = 50'000;

/// Drops every other step but the newest.
void thinOut(std::vector<TrainEvent>& events)
{
    constexpr size_t newest = 1000;
    size_t seen = 0;
    const auto end = events.end() - static_cast<std::ptrdiff_t>(newest);
    events.erase(std::remove_if(events.begin(), end,
                     [&seen](const TrainEvent& event) {
                         return std::holds_alternative<StepEvent>(event) && seen++ % 2 == 1;
                     }),
        end);
}

/// What the run reported before it was interrupted, so that the curves begin at step 0.
QList<TrainEvent> eventsBefore(const std::string& folder, int64_t step)
{
    const auto all = readRunCurves(folder);
    QList<TrainEvent> kept;
    for (const auto& event : all) {
        const auto at = std::visit(
            [](const auto& one) -> int64_t {
                if constexpr (requires { one.step; })
                    return one.step;
                return -1;
            },
            event);
        const bool framing = std::holds_alternative<StartEvent>(event)
            || std::holds_alternative<EndEvent>(event) || std::holds_alternative<ResumeEvent>(event);
        if (!framing && at >= 0 && at <= step)
            kept.append(event);
    }
    return kept;
}

} // namespace

std::optional<double> LiveRun::secondsLeft() const
{
    if (!start || !lastStep || end)
        return std::nullopt;
    // The pace of the last 50 steps, evaluation and saving between them included.
    int64_t seen = 0;
    const StepEvent* first = nullptr;
    for (auto event = events.rbegin(); event != events.rend() && seen <= 50; ++event) {
        if (std::holds_alternative<ResumeEvent>(*event))
            break; // time starts anew there
        if (const auto* step = std::get_if<StepEvent>(&*event)) {
            first = step;
            ++seen;
        }
    }
    if (!first || first->step >= lastStep->step || lastStep->time <= first->time)
        return std::nullopt;
    const auto pace = (lastStep->time - first->time) / static_cast<double>(lastStep->step - first->step);
    return pace * static_cast<double>(std::max<int64_t>(0, start->totalSteps - lastStep->step));
}

TrainingSession::TrainingSession(QObject* parent)
    : QObject(parent)
{
    // Made first, so that every observer already sees the new state.
    connect(this, &TrainingSession::finished, this, [this] { setState(State::Idle); });
    connect(this, &TrainingSession::failed, this, [this] { setState(State::Idle); });
}

TrainingSession::~TrainingSession()
{
    if (m_control)
        m_control->requestStop();
    if (m_thread.joinable())
        m_thread.join();
}

void TrainingSession::setState(State state)
{
    if (state == m_state)
        return;
    m_state = state;
    Q_EMIT stateChanged(state);
}

void TrainingSession::start(const TrainingArguments& arguments)
{
    Q_ASSERT(!isRunning());
    if (m_thread.joinable())
        m_thread.join(); // has said its last word already
    m_run = std::make_unique<LiveRun>();
    m_run->arguments = arguments;
    m_control = std::make_unique<TrainControl>();
    m_control->setWatched(true);
    m_control->setMemoryReader(m_memoryReader);
    setState(State::Preparing);
    Q_EMIT started();
    m_thread = std::jthread([this, arguments] { work(arguments); });
}

void TrainingSession::work(const TrainingArguments& arguments)
{
    pthread_setname_np(pthread_self(), "training");
    lowerThreadPriority(); // the window stays smooth beside a busy machine
    // Everything below reaches the GUI thread by its event queue, in this order.
    const auto post = [this](auto&& call) {
        QMetaObject::invokeMethod(this, std::forward<decltype(call)>(call), Qt::QueuedConnection);
    };
    QList<TrainEvent> pending;
    QElapsedTimer sinceReport;
    sinceReport.start();
    const auto flush = [&] {
        if (!pending.isEmpty())
            post([this, events = std::exchange(pending, {})] { takeIn(events); });
        sinceReport.restart();
    };
    try {
        const auto result = train(arguments, *m_control, [&](const TrainEvent& event) {
            if (const auto* resumed = std::get_if<ResumeEvent>(&event))
                pending.append(eventsBefore(arguments.outputDir, resumed->step));
            pending.append(event);
            // A change of state may be followed by a long silence (a pause): it is not held back.
            if (sinceReport.elapsed() >= reportIntervalMs || std::holds_alternative<StateEvent>(event)
                || std::holds_alternative<StartEvent>(event))
                flush();
        });
        flush();
        post([this, result] { Q_EMIT finished(result); });
    } catch (...) {
        const auto error = currentError();
        flush();
        post([this, error] { Q_EMIT failed(error.kind, error.detail); });
    }
}

void TrainingSession::takeIn(const QList<TrainEvent>& events)
{
    for (const auto& event : events) {
        if (const auto* state = std::get_if<StateEvent>(&event)) {
            m_run->doing = *state;
            if (state->state == "paused") {
                setState(State::Paused);
                if (!state->reason.empty())
                    Q_EMIT troubled(*state);
            } else if (state->state == "resumed")
                setState(State::Running);
            continue;
        }
        m_run->events.push_back(event);
        if (const auto* start = std::get_if<StartEvent>(&event)) {
            m_run->start = *start;
            if (m_state == State::Preparing)
                setState(State::Running);
        } else if (const auto* step = std::get_if<StepEvent>(&event)) {
            m_run->lastStep = *step;
            m_run->doing = {};
        } else if (const auto* evaluation = std::get_if<EvaluateEvent>(&event)) {
            m_run->doing = {};
            if (evaluation->part == "validation") {
                m_run->lastEvaluation = *evaluation;
                if (evaluation->best)
                    m_run->bestEvaluation = *evaluation;
            }
        } else if (const auto* skip = std::get_if<SkipEvent>(&event)) {
            m_run->lastSkip = *skip;
        } else if (const auto* change = std::get_if<ChangeEvent>(&event)) {
            if (const auto* argument = findArgument(change->name))
                argument->set(m_run->arguments, change->after);
            if (auto& began = m_run->start) {
                began->totalSteps = change->totalSteps;
                if (began->stepsPerEpoch > 0)
                    began->epochs
                        = static_cast<double>(began->totalSteps) / static_cast<double>(began->stepsPerEpoch);
            }
        } else if (const auto* end = std::get_if<EndEvent>(&event)) {
            m_run->end = *end;
            m_run->doing = {};
        }
    }
    if (m_run->events.size() > mostEvents)
        thinOut(m_run->events);
    Q_EMIT eventsReported(events);
}

void TrainingSession::pause()
{
    if (isRunning())
        m_control->requestPause();
}

void TrainingSession::resume()
{
    if (isRunning())
        m_control->requestResume();
}

void TrainingSession::stop()
{
    if (!isRunning())
        return;
    m_control->requestStop();
    setState(State::Stopping);
}

void TrainingSession::discard()
{
    if (!isRunning())
        return;
    m_control->requestStop(false);
    setState(State::Stopping);
}

void TrainingSession::change(const Json& settings)
{
    if (isRunning())
        m_control->requestChange(jsonLine(settings));
}

void TrainingSession::evaluateNow()
{
    if (isRunning())
        m_control->requestEvaluate();
}

void TrainingSession::saveNow()
{
    if (isRunning())
        m_control->requestSave();
}

quint64 TrainingSession::predict(std::vector<TextInput> inputs)
{
    if (!isRunning())
        return 0;
    const auto id = ++m_predictionId;
    m_control->requestPrediction(std::move(inputs), [this, id](const TrainControl::LiveAnswer& answer) {
        QMetaObject::invokeMethod(
            this, [this, id, answer] { Q_EMIT livePredicted(id, answer); }, Qt::QueuedConnection);
    });
    return id;
}

} // namespace studio
