// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

namespace studio {

/// One thread that does what it is handed, in order: the owner of something that only one thread may touch
/// (the run index, the loaded predictors). The destructor lets the task in progress end and drops the rest.
class SerialWorker {
public:
    using Task = std::function<void(std::stop_token)>;
    explicit SerialWorker(const char* threadName);
    ~SerialWorker();
    SerialWorker(const SerialWorker&) = delete;
    SerialWorker& operator=(const SerialWorker&) = delete;
    /// Any thread. Nothing may leave `task`: catch inside. What is returned asks this task alone to stop, by
    /// its stop_token; one that still waits is called all the same, to say so.
    std::stop_source post(Task task);
    /// Asks the task in progress to stop and drops those that wait.
    void cancelAll();

private:
    struct Waiting {
        Task task;
        std::stop_source stop;
    };
    void work(const std::stop_token& end, const char* threadName);

    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::deque<Waiting> m_tasks;
    std::stop_source m_taskStop; ///< of the task in progress
    std::jthread m_thread; // last: stopped and joined first
};

} // namespace studio
