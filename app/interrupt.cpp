// SPDX-License-Identifier: MIT
#include "app/interrupt.h"

#include <atomic>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <system_error>
#include <unistd.h>

namespace studio::app {
namespace {

std::atomic<int> signalCount = 0;

/// Between the thread of the signals and the watcher of the present Interrupt.
struct Watch {
    std::mutex mutex;
    std::condition_variable changed;
    bool present = false, asked = false, over = false;
} watch;

void take(int number)
{
    const int before = signalCount.fetch_add(1);
    if (number == SIGHUP && before > 0)
        return; // of a lost terminal both the system and the shell tell: nobody has asked twice
    const std::scoped_lock lock(watch.mutex);
    if (before > 0 || !watch.present)
        _exit(130);
    watch.asked = true;
    watch.changed.notify_one();
}

/// Waits for the signals of `set` until the process ends.
void waitForSignals(sigset_t set)
{
    for (int number = 0;;) {
        if (sigwait(&set, &number) == 0)
            take(number);
    }
}

} // namespace

void installSignalHandlers()
{
    // LibTorch's matrix multiplies keep data below the stack pointer of their thread: a handler that ran
    // there would overwrite it (seen as a corrupted heap), and of two signals in a row the second goes to any
    // thread. So all threads, which inherit this one's mask, leave them to one that only waits for them.
    sigset_t set;
    sigemptyset(&set);
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
        struct sigaction old { };
        sigaction(number, nullptr, &old);
        if (old.sa_handler != SIG_IGN) // nohup
            sigaddset(&set, number);
    }
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    try {
        std::thread(waitForSignals, set).detach();
    } catch (const std::system_error&) { // no thread is left: they end the process, as they would anyway
        pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
    }

    struct sigaction ignore { };
    ignore.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &ignore, nullptr);
    sigaction(SIGXFSZ, &ignore, nullptr); // a file size limit is reported as an error like a full disk
}

Interrupt::Interrupt(std::function<void()> onFirst)
{
    watch.asked = watch.over = false;
    m_watcher = std::thread([onFirst = std::move(onFirst)] {
        std::unique_lock lock(watch.mutex);
        watch.changed.wait(lock, [] { return watch.asked || watch.over; });
        const bool asked = watch.asked;
        lock.unlock();
        if (asked)
            onFirst();
    });
    const std::scoped_lock lock(watch.mutex);
    watch.present = true;
}

Interrupt::~Interrupt()
{
    {
        const std::scoped_lock lock(watch.mutex);
        watch.present = false;
        watch.over = true;
    }
    watch.changed.notify_one();
    m_watcher.join();
}

bool Interrupt::received()
{
    return signalCount > 0;
}

} // namespace studio::app
