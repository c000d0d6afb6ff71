// SPDX-License-Identifier: MIT
#include "app/console.h"

#include "app/text_layout.h"
#include "core/base/concat.h"
#include "core/base/crash_report.h"
#include "core/base/disk_full.h"
#include "core/base/error.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <sys/ioctl.h>
#include <unistd.h>

namespace studio::app {
namespace {

constexpr size_t bufferLimit = 64 * 1024;
constexpr double barInterval = 0.1; ///< seconds
constexpr double plainInterval = 10;

std::string share(const ProgressLine& progress)
{
    const auto percent = std::clamp<int64_t>(progress.done * 100 / progress.total, 0, 100);
    return concat(percent, " %");
}

std::string amount(const ProgressLine& progress)
{
    auto text = countText(progress.done);
    if (progress.total > 0)
        text += "/" + countText(progress.total);
    return progress.unit.empty() ? text : text + " " + progress.unit;
}

} // namespace

double now()
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

Console::Console()
    : m_errorIsTerminal(isatty(STDERR_FILENO) == 1)
{
}

Console::~Console()
{
    const std::lock_guard lock(m_mutex);
    clearBar();
}

int Console::width()
{
    winsize size{};
    if ((ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 || ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0)
        && size.ws_col > 0)
        return std::clamp<int>(size.ws_col, 60, 110);
    return 100;
}

void Console::write(int descriptor, std::string_view text)
{
    while (!text.empty()) {
        const auto written = ::write(descriptor, text.data(), text.size());
        if (written >= 0) {
            text.remove_prefix(static_cast<size_t>(written));
        } else if (errno == EINTR || errno == EAGAIN) {
            continue;
        } else if (descriptor != STDOUT_FILENO) {
            return; // nobody to tell
        } else if (errno == EPIPE || errno == EIO) { // the reader or the terminal is gone
            m_outputOpen = false;
            return;
        } else {
            const int reason = errno;
            m_outputOpen = false;
            if (!m_workGoesOn)
                failOutput(reason);
            m_outputFault = reason;
            write(STDERR_FILENO,
                concat("warning: Standard output cannot be written any more (",
                    std::string_view(std::strerror(reason)), "); the run goes on.\n"));
            return;
        }
    }
}

void Console::failOutput(int reason) const
{
    throw Error(isDiskFull(reason) ? ErrorKind::DiskFull : ErrorKind::File,
        concat("Standard output cannot be written: ", std::string_view(std::strerror(reason)), "."));
}

void Console::clearBar()
{
    if (!m_barShown)
        return;
    write(STDERR_FILENO, "\r\x1b[K");
    m_barShown = false;
}

void Console::flushLocked()
{
    const auto waiting = std::exchange(m_buffer, {});
    if (m_outputOpen)
        write(STDOUT_FILENO, waiting);
}

void Console::flush()
{
    const std::lock_guard lock(m_mutex);
    flushLocked();
    if (m_outputFault != 0)
        failOutput(std::exchange(m_outputFault, 0));
}

void Console::print(std::string_view text)
{
    const std::lock_guard lock(m_mutex);
    clearBar();
    if (json) {
        write(STDERR_FILENO, text);
        return;
    }
    m_buffer += text;
    flushLocked();
}

void Console::line(std::string_view text, bool buffered)
{
    const std::lock_guard lock(m_mutex);
    clearBar();
    m_buffer += text;
    m_buffer += '\n';
    if (!buffered || m_buffer.size() >= bufferLimit)
        flushLocked();
}

void Console::warn(std::string_view sentence)
{
    note(concat("warning: ", sentence));
}

void Console::error(std::string_view sentence)
{
    note(concat("error: ", sentence));
}

void Console::note(std::string_view sentence)
{
    rememberForCrash(sentence);
    const std::lock_guard lock(m_mutex);
    clearBar();
    write(STDERR_FILENO, concat(sentence, "\n"));
}

void Console::progress(const ProgressLine& progress)
{
    const std::lock_guard lock(m_mutex);
    const double time = now();
    if (progress.title != m_title) {
        m_title = progress.title;
        m_begin = time;
        m_firstDone = progress.done;
        m_lastShown = m_errorIsTerminal ? 0 : time;
    }
    const double elapsed = time - m_begin;
    if (m_errorIsTerminal) {
        if (time - m_lastShown < barInterval && progress.done < progress.total)
            return;
        m_lastShown = time;
        drawBar(progress, elapsed);
    } else if (!json && time - m_lastShown >= plainInterval) {
        m_lastShown = time;
        auto text = concat(progress.title, ": ", amount(progress));
        if (progress.total > 0)
            text += concat(" (", share(progress), ")");
        if (!progress.details.empty())
            text += " · " + progress.details;
        write(STDERR_FILENO, text + "\n");
    }
}

void Console::drawBar(const ProgressLine& progress, double elapsed)
{
    auto text = progress.title + " ";
    if (progress.total > 0) {
        constexpr int cells = 24;
        const auto full
            = static_cast<int>(std::clamp<int64_t>(progress.done * cells / progress.total, 0, cells));
        for (int cell = 0; cell < cells; ++cell)
            text += cell < full ? "━" : "·";
        text += " " + share(progress);
    }
    text += " · " + amount(progress);
    if (!progress.details.empty())
        text += " · " + progress.details;
    if (progress.total > progress.done && progress.done > m_firstDone && elapsed > 1) {
        const double left = elapsed / static_cast<double>(progress.done - m_firstDone)
            * static_cast<double>(progress.total - progress.done);
        text += " · ETA " + durationText(left);
    }
    // A line that is longer than the terminal would not be overwritten by the next.
    winsize size{};
    const int columns = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 100;
    while (displayWidth(text) >= columns && text.size() > 1) {
        do
            text.pop_back();
        while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0) == 0x80);
        if (!text.empty() && static_cast<unsigned char>(text.back()) >= 0xC0)
            text.pop_back();
    }
    write(STDERR_FILENO, concat("\r\x1b[K", text));
    m_barShown = true;
}

void Console::endProgress()
{
    const std::lock_guard lock(m_mutex);
    clearBar();
    m_title.clear();
}

} // namespace studio::app
