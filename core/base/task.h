// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <functional>
#include <stop_token>

namespace studio {

/// How far a long job is. `total` 0: not known yet. The unit is the job's own (rows, bytes).
struct Progress {
    int64_t done = 0;
    int64_t total = 0;
};

/// Handed to long jobs: they report at most ten times a second on the thread that runs them, and poll `stop`.
struct TaskControl {
    std::stop_token stop;
    std::function<void(const Progress&)> onProgress;

    void report(int64_t done, int64_t total) const
    {
        if (onProgress)
            onProgress({done, total});
    }
    /// Throws Error{Cancelled} when a stop was requested.
    void throwIfStopped() const
    {
        if (stop.stop_requested())
            throw Error(ErrorKind::Cancelled, "Cancelled.");
    }
};

} // namespace studio
