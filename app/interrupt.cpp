// SPDX-License-Identifier: MIT
#include "app/interrupt.h"

#include "core/base/error.h"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace studio::app {
namespace {

std::atomic<int> signalCount = 0;
std::atomic<int> wakeDescriptor = -1; ///< write end of the pipe of the present Interrupt

void take(int number)
{
    const int descriptor = wakeDescriptor.load();
    const int before = signalCount.fetch_add(1);
    if (number == SIGHUP && before > 0)
        return; // of a lost terminal both the system and the shell tell: nobody has asked twice
    if (before > 0 || descriptor < 0)
        _exit(130);
    const char byte = 's';
    [[maybe_unused]] const auto written = write(descriptor, &byte, 1);
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
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        throw Error(ErrorKind::Internal, "No pipe is left for this process; close some files and try again.");
    m_watcher = std::thread([descriptor = ends[0], onFirst = std::move(onFirst)] {
        char byte = 0;
        while (read(descriptor, &byte, 1) < 0 && errno == EINTR) { }
        if (byte == 's')
            onFirst();
        close(descriptor);
    });
    wakeDescriptor = ends[1];
}

Interrupt::~Interrupt()
{
    const int descriptor = wakeDescriptor.exchange(-1);
    const char byte = 'q'; // ends the watcher
    [[maybe_unused]] const auto written = write(descriptor, &byte, 1);
    m_watcher.join();
    close(descriptor);
}

bool Interrupt::received()
{
    return signalCount > 0;
}

} // namespace studio::app
