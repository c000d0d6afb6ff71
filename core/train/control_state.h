// SPDX-License-Identifier: MIT
#pragma once

#include "core/train/trainer.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <vector>

namespace studio {

/// A text typed while the run goes on.
struct LiveRequest {
    std::vector<TextInput> inputs;
    std::function<void(const TrainControl::LiveAnswer&)> answer;
};

/// What the other threads ask of the loop. Everything but `stop` is guarded by `mutex`.
struct TrainControl::State {
    std::stop_source stop;
    mutable std::mutex mutex;
    std::condition_variable changed;
    bool paused = false;
    bool evaluate = false;
    bool save = false;
    bool watched = false;
    bool waitsForRoom = false;
    bool discard = false; ///< stop without a checkpoint
    bool profile = false;
    bool ended = false; ///< no loop will answer any more
    std::deque<LiveRequest> predictions;
    std::deque<std::string> changes; ///< JSON objects of settings
    std::function<HostMemory()> memoryReader; ///< empty: the machine's figures

    std::function<void(const MicroBatch&)> microBatchHook; ///< empty: none
    std::chrono::milliseconds tokenizingPatience{2000};

    [[nodiscard]] HostMemory readMemory() const { return memoryReader ? memoryReader() : hostMemory(); }

    /// Waits until something changes, at most `milliseconds`.
    void wait(int milliseconds);
    [[nodiscard]] bool takeEvaluate();
    [[nodiscard]] bool takeSave();
    [[nodiscard]] std::deque<LiveRequest> takePredictions();
    [[nodiscard]] std::deque<std::string> takeChanges();
    [[nodiscard]] bool isWatched() const;
    [[nodiscard]] bool isWaitingForRoom() const; ///< where a folder cannot be written
    [[nodiscard]] bool isPaused() const;
    void setPaused(bool value);
    /// A run begins: it will answer.
    void begin();
    /// Nobody answers any more: waiting inputs get an empty answer.
    void end();
};

} // namespace studio
