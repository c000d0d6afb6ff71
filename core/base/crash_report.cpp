// SPDX-License-Identifier: MIT
// What the handler calls is async-signal-safe (signal-safety(7)), but for glibc's backtrace(): that is once
// it has been called outside a handler. Nothing in it allocates or locks.
#include "core/base/crash_report.h"

#include "core/base/file.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstring>
#include <ctime>
#include <exception>
#include <execinfo.h>
#include <fcntl.h>
#include <mutex>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

namespace studio {

namespace fs = std::filesystem;

namespace {

/// A text of bounded length, made without allocation.
template <size_t Size>
class FixedText {
public:
    FixedText& operator<<(std::string_view text)
    {
        const auto count = std::min(text.size(), Size - 1 - m_length);
        std::memcpy(m_text.data() + m_length, text.data(), count);
        m_length += count;
        m_text[m_length] = '\0';
        return *this;
    }
    FixedText& number(int64_t value, int digits = 1)
    {
        char reversed[24];
        int count = 0;
        do
            reversed[count++] = static_cast<char>('0' + value % 10);
        while ((value /= 10) > 0 || count < digits);
        while (count > 0)
            *this << std::string_view(&reversed[--count], 1);
        return *this;
    }
    void clear() { m_text[m_length = 0] = '\0'; }
    [[nodiscard]] const char* data() const { return m_text.data(); }
    [[nodiscard]] char* data() { return m_text.data(); }
    [[nodiscard]] std::string_view view() const { return {m_text.data(), m_length}; }

private:
    std::array<char, Size> m_text{};
    size_t m_length = 0;
};

constexpr size_t lineCount = 64;

/// Everything that the handler reads; nothing of it is ever freed.
struct Shared {
    std::mutex mutex; ///< of those who write; the handler only reads
    FixedText<4096> folder;
    FixedText<256> program, system;
    FixedText<1024> exception;
    std::array<FixedText<400>, lineCount> lines;
    std::atomic<size_t> written = 0; ///< lines so far
};

Shared& shared()
{
    static auto* const instance = new Shared;
    return *instance;
}
Shared* forHandler = nullptr;
std::atomic<pid_t> crashing = 0; ///< the thread that writes the report

void put(int descriptor, std::string_view text)
{
    while (!text.empty()) {
        const auto count = write(descriptor, text.data(), text.size());
        if (count <= 0)
            return;
        text.remove_prefix(static_cast<size_t>(count));
    }
}

std::string_view signalName(int number)
{
    switch (number) {
    case SIGSEGV:
        return "SIGSEGV";
    case SIGABRT:
        return "SIGABRT";
    case SIGBUS:
        return "SIGBUS";
    case SIGFPE:
        return "SIGFPE";
    default:
        return "SIGILL";
    }
}

struct Moment {
    int64_t year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
};

/// UTC; gmtime() is not safe here. Reference: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
Moment now()
{
    timespec time{};
    clock_gettime(CLOCK_REALTIME, &time);
    const int64_t days = time.tv_sec / 86400, rest = time.tv_sec % 86400;
    const int64_t shifted = days + 719468, era = shifted / 146097, dayOfEra = shifted % 146097;
    const int64_t yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
    const int64_t dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    const int64_t shiftedMonth = (5 * dayOfYear + 2) / 153;
    const int64_t month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
    return {yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1,
        rest / 3600, rest / 60 % 60, rest % 60};
}

/// The folder with its parents; what exists already is no matter.
void makeFolders(char* path)
{
    for (char* at = path + 1; *at; ++at) {
        if (*at != '/')
            continue;
        *at = '\0';
        mkdir(path, 0755);
        *at = '/';
    }
    mkdir(path, 0755);
}

void writeReport(int descriptor, int number, const Moment& time)
{
    FixedText<2048> text;
    text << "FineTune Studio crash report\nversion: " << forHandler->program.view()
         << "\nsystem: " << forHandler->system.view() << "\nsignal: " << signalName(number) << "\ntime: ";
    text.number(time.year, 4) << "-";
    text.number(time.month, 2) << "-";
    text.number(time.day, 2) << "T";
    text.number(time.hour, 2) << ":";
    text.number(time.minute, 2) << ":";
    text.number(time.second, 2) << "Z\nprocess: ";
    text.number(getpid()) << "\nthread: ";
    char name[17] = {};
    prctl(PR_GET_NAME, name);
    text << name << "\n";
    if (!forHandler->exception.view().empty())
        text << "exception: " << forHandler->exception.view() << "\n";
    text << "\nstack:\n";
    put(descriptor, text.view());
    void* frames[64];
    backtrace_symbols_fd(frames, backtrace(frames, 64), descriptor);
    put(descriptor, "\nlast log lines:\n");
    const auto written = forHandler->written.load();
    for (auto i = written > lineCount ? written - lineCount : 0; i < written; ++i) {
        put(descriptor, forHandler->lines[i % lineCount].view());
        put(descriptor, "\n");
    }
}

extern "C" void handleCrash(int number)
{
    const auto thread = gettid();
    pid_t nobody = 0;
    if (!crashing.compare_exchange_strong(nobody, thread)) {
        if (nobody != thread) { // another thread writes the report and ends the process
            for (;;)
                pause();
        }
        _exit(128 + number); // a crash inside this handler
    }
    const auto time = now();
    FixedText<4352> path;
    path << forHandler->folder.view();
    makeFolders(path.data());
    path << "/crash-";
    path.number(time.year, 4).number(time.month, 2).number(time.day, 2) << "-";
    path.number(time.hour, 2).number(time.minute, 2).number(time.second, 2) << "-";
    path.number(getpid()) << ".txt";
    FixedText<4608> said;
    said << "The program crashed (" << signalName(number) << "). ";
    const int descriptor = open(path.data(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (descriptor >= 0) {
        writeReport(descriptor, number, time);
        close(descriptor);
        said << "A report lies in '" << path.view() << "'.\n";
    } else {
        said << "No report could be written to '" << path.view() << "'; the stack:\n";
    }
    put(STDERR_FILENO, said.view());
    if (descriptor < 0)
        writeReport(STDERR_FILENO, number, time);
    signal(number, SIG_DFL); // delivered once this handler is left: the process ends as it would have
    raise(number);
}

[[noreturn]] void handleTerminate()
{
    auto& text = shared().exception;
    try {
        if (const auto current = std::current_exception())
            std::rethrow_exception(current);
    } catch (const std::exception& error) {
        text << error.what();
    } catch (...) {
        text << "of an unknown type";
    }
    std::abort();
}

} // namespace

void installCrashHandler(const fs::path& folder, std::string_view program)
{
    auto& all = shared();
    forHandler = &all;
    setCrashFolder(folder);
    all.program.clear();
    all.program << program;
    utsname about{};
    uname(&about);
    all.system.clear();
    all.system << about.sysname << " " << about.release << " " << about.machine;
    void* frame[1];
    backtrace(frame, 1); // loads libgcc now, not in the handler

    // A stack that has overflowed cannot hold the handler's frame. (This thread's; others are rarely deep.)
    alignas(64) static std::array<char, 128 * 1024> stack;
    stack_t present{};
    sigaltstack(nullptr, &present);
    if ((present.ss_flags & SS_DISABLE) != 0) {
        stack_t alternative{};
        alternative.ss_sp = stack.data();
        alternative.ss_size = stack.size();
        sigaltstack(&alternative, nullptr);
    }
    struct sigaction action { };
    action.sa_handler = handleCrash;
    sigemptyset(&action.sa_mask);
    action.sa_flags = SA_ONSTACK;
    for (const int number : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL})
        sigaction(number, &action, nullptr);
    std::set_terminate(handleTerminate);
}

void setCrashFolder(const fs::path& folder)
{
    auto& all = shared();
    const std::lock_guard lock(all.mutex);
    std::error_code ignored;
    const auto absolute = fs::absolute(folder, ignored);
    all.folder.clear();
    all.folder << (absolute.empty() ? folder : absolute).native();
}

void rememberForCrash(std::string_view line)
{
    auto& all = shared();
    const std::lock_guard lock(all.mutex);
    const auto next = all.written.load();
    auto& slot = all.lines[next % lineCount];
    slot.clear();
    slot << line;
    all.written.store(next + 1);
}

fs::path crashFolder(const fs::path& workspace)
{
    return workspace / "crash-reports";
}

std::vector<fs::path> crashReports(const fs::path& folder)
{
    std::vector<fs::path> reports;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        const auto name = pathText(entry.path().filename());
        if (name.starts_with("crash-") && name.ends_with(".txt"))
            reports.push_back(entry.path());
    }
    std::ranges::sort(reports);
    return reports;
}

} // namespace studio
