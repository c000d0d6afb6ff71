// SPDX-License-Identifier: MIT
#include "app/interrupt.h"

#include "core/base/error.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace studio::app {
namespace {

// Touched by the signal handler: lock-free atomics alone.
std::atomic<int> signalCount = 0;
std::atomic<int> wakeDescriptor = -1; ///< write end of the pipe of the present Interrupt
static_assert(std::atomic<int>::is_always_lock_free);

extern "C" void handleSignal(int number)
{
    const int savedErrno = errno;
    const int descriptor = wakeDescriptor.load();
    const int before = signalCount.fetch_add(1);
    if (number == SIGHUP && before > 0)
        return; // of a lost terminal both the system and the shell tell: nobody has asked twice
    if (before > 0 || descriptor < 0)
        _exit(130);
    const char byte = 's';
    [[maybe_unused]] const auto written = write(descriptor, &byte, 1);
    errno = savedErrno;
}

} // namespace

void installSignalHandlers()
{
    // LibTorch's matrix multiplies keep data below the stack pointer of their thread: a handler that ran on
    // the same stack would overwrite it (seen as a corrupted heap). Signals to the process arrive on this,
    // the main thread.
    alignas(64) static std::array<char, 64 * 1024> stack;
    stack_t alternative{};
    alternative.ss_sp = stack.data();
    alternative.ss_size = stack.size();
    sigaltstack(&alternative, nullptr);

    struct sigaction action { };
    action.sa_handler = handleSignal;
    sigemptyset(&action.sa_mask);
    action.sa_flags = SA_RESTART | SA_ONSTACK;
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
        struct sigaction old { };
        sigaction(number, nullptr, &old);
        if (old.sa_handler != SIG_IGN) // nohup
            sigaction(number, &action, nullptr);
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
