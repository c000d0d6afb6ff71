// SPDX-License-Identifier: MIT
#include "core/train/control_state.h"

#include <chrono>
#include <utility>

namespace studio {

void TrainControl::State::wait(int milliseconds)
{
    std::unique_lock lock(mutex);
    if (!paused || !predictions.empty() || stop.stop_requested())
        return; // the rest is looked at after the wait, by callers that take it
    changed.wait_for(lock, std::chrono::milliseconds(milliseconds));
}

bool TrainControl::State::takeEvaluate()
{
    const std::lock_guard lock(mutex);
    return std::exchange(evaluate, false);
}

bool TrainControl::State::takeSave()
{
    const std::lock_guard lock(mutex);
    return std::exchange(save, false);
}

std::deque<LiveRequest> TrainControl::State::takePredictions()
{
    const std::lock_guard lock(mutex);
    return std::exchange(predictions, {});
}

std::deque<std::string> TrainControl::State::takeChanges()
{
    const std::lock_guard lock(mutex);
    return std::exchange(changes, {});
}

bool TrainControl::State::isWatched() const
{
    const std::lock_guard lock(mutex);
    return watched;
}

bool TrainControl::State::isWaitingForRoom() const
{
    const std::lock_guard lock(mutex);
    return watched || waitsForRoom;
}

bool TrainControl::State::isPaused() const
{
    const std::lock_guard lock(mutex);
    return paused;
}

void TrainControl::State::setPaused(bool value)
{
    const std::lock_guard lock(mutex);
    paused = value;
    changed.notify_all();
}

void TrainControl::State::begin()
{
    const std::lock_guard lock(mutex);
    ended = false;
}

void TrainControl::State::end()
{
    std::deque<LiveRequest> left;
    {
        const std::lock_guard lock(mutex);
        ended = true;
        left = std::exchange(predictions, {});
    }
    for (const auto& request : left)
        request.answer({});
}

TrainControl::TrainControl()
    : m_state(std::make_unique<State>())
{
}

TrainControl::~TrainControl()
{
    m_state->end();
}

void TrainControl::requestPause()
{
    m_state->setPaused(true);
}

void TrainControl::requestResume()
{
    m_state->setPaused(false);
}

void TrainControl::requestStop(bool save)
{
    {
        const std::lock_guard lock(m_state->mutex);
        m_state->discard = !save;
    }
    m_state->stop.request_stop();
    const std::lock_guard lock(m_state->mutex);
    m_state->changed.notify_all();
}

void TrainControl::requestEvaluate()
{
    const std::lock_guard lock(m_state->mutex);
    m_state->evaluate = true;
    m_state->changed.notify_all();
}

void TrainControl::requestSave()
{
    const std::lock_guard lock(m_state->mutex);
    m_state->save = true;
    m_state->changed.notify_all();
}

void TrainControl::requestPrediction(
    std::vector<TextInput> inputs, std::function<void(const LiveAnswer&)> answer)
{
    {
        const std::lock_guard lock(m_state->mutex);
        if (!m_state->ended) {
            m_state->predictions.push_back({std::move(inputs), std::move(answer)});
            m_state->changed.notify_all();
            return;
        }
    }
    answer({});
}

void TrainControl::requestChange(std::string settings)
{
    const std::lock_guard lock(m_state->mutex);
    m_state->changes.push_back(std::move(settings));
    m_state->changed.notify_all();
}

void TrainControl::setWatched(bool watched)
{
    const std::lock_guard lock(m_state->mutex);
    m_state->watched = watched;
}

void TrainControl::setWaitsForRoom(bool waits)
{
    const std::lock_guard lock(m_state->mutex);
    m_state->waitsForRoom = waits;
}

void TrainControl::setMemoryReader(std::function<HostMemory()> reader)
{
    m_state->memoryReader = std::move(reader);
}

void TrainControl::setMicroBatchHook(std::function<void(const MicroBatch&)> hook)
{
    m_state->microBatchHook = std::move(hook);
}

void TrainControl::setTokenizingPatience(std::chrono::milliseconds patience)
{
    m_state->tokenizingPatience = patience;
}

void TrainControl::setProfile(bool profile)
{
    const std::lock_guard lock(m_state->mutex);
    m_state->profile = profile;
}

bool TrainControl::isPaused() const
{
    return m_state->isPaused();
}

} // namespace studio
