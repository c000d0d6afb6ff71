// SPDX-License-Identifier: MIT
#include "ui/session/serial_worker.h"

#include <pthread.h>

namespace studio {

SerialWorker::SerialWorker(const char* threadName)
    : m_thread([this, threadName](const std::stop_token& end) { work(end, threadName); })
{
}

SerialWorker::~SerialWorker()
{
    cancelAll();
}

std::stop_source SerialWorker::post(Task task)
{
    std::stop_source stop;
    {
        const std::lock_guard lock(m_mutex);
        m_tasks.push_back({std::move(task), stop});
    }
    m_wake.notify_one();
    return stop;
}

void SerialWorker::cancelAll()
{
    const std::lock_guard lock(m_mutex);
    m_tasks.clear();
    m_taskStop.request_stop();
}

void SerialWorker::work(const std::stop_token& end, const char* threadName)
{
    pthread_setname_np(pthread_self(), threadName);
    while (true) {
        Task task;
        std::stop_token stop;
        {
            std::unique_lock lock(m_mutex);
            if (!m_wake.wait(lock, end, [this] { return !m_tasks.empty(); }))
                return;
            task = std::move(m_tasks.front().task);
            m_taskStop = std::move(m_tasks.front().stop);
            m_tasks.pop_front();
            stop = m_taskStop.get_token();
        }
        task(stop);
    }
}

} // namespace studio
