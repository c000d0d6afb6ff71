// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <thread>

namespace studio::app {

/// Takes over SIGINT, SIGTERM and SIGHUP for the whole process: without an `Interrupt` the program ends at
/// once with exit code 130. SIGPIPE is ignored from then on (writes report EPIPE). Call once, first in main.
void installSignalHandlers();

/// While one exists, the first signal calls `onFirst` (on a thread of its own) and a second one ends the
/// program at once with exit code 130. One at a time.
class Interrupt {
public:
    explicit Interrupt(std::function<void()> onFirst);
    ~Interrupt();
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;

    /// Whether a signal has come since the process began.
    [[nodiscard]] static bool received();

private:
    std::thread m_watcher;
};

} // namespace studio::app
