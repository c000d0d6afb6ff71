// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/json.h"

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

namespace studio::app {

/// How far a job is, for the bar on a terminal.
struct ProgressLine {
    std::string title; ///< "Training"
    std::string unit; ///< "steps", "rows"; may be empty
    int64_t done = 0, total = 0; ///< total 0: not known
    std::string details; ///< "loss 0.412 · 51 samples/s"
};

/// Where a command writes: results on standard output, messages on standard error. Under --json standard
/// output carries objects alone and everything for people goes to standard error. Any thread.
class Console {
public:
    Console();
    ~Console();
    Console(const Console&) = delete;
    Console& operator=(const Console&) = delete;

    bool json = false; ///< set by --json

    /// Text for people, newlines included.
    void print(std::string_view text);
    /// A result line, given out at once unless `buffered` (then with `flush` or when 64 kB are waiting).
    void line(std::string_view text, bool buffered = false);
    void object(const Json& value, bool buffered = false) { line(jsonLine(value), buffered); }
    void flush();
    /// "warning: SENTENCE" and "error: SENTENCE" on standard error.
    void warn(std::string_view sentence);
    void error(std::string_view sentence);
    /// A sentence on standard error, for people, also under --json.
    void note(std::string_view sentence);

    /// Draws the bar where standard error is a terminal (at most ten times a second); otherwise, and not
    /// under --json, writes a plain line now and then.
    void progress(const ProgressLine& progress);
    void endProgress();

    /// False once nobody reads standard output any more (`| head`, a lost terminal), or it cannot be written:
    /// what is printed is dropped then.
    [[nodiscard]] bool outputOpen() const { return m_outputOpen; }

    /// While it lives, an output that cannot be written (a full disk) does not end the work: a warning says
    /// so, and `flush` throws afterwards.
    class WorkGoesOn {
    public:
        explicit WorkGoesOn(Console& console)
            : m_console(console)
        {
            m_console.m_workGoesOn = true;
        }
        ~WorkGoesOn() { m_console.m_workGoesOn = false; }
        WorkGoesOn(const WorkGoesOn&) = delete;
        WorkGoesOn& operator=(const WorkGoesOn&) = delete;

    private:
        Console& m_console;
    };
    /// Columns of the terminal, 60 to 110; 100 without one.
    [[nodiscard]] static int width();

private:
    void clearBar();
    void drawBar(const ProgressLine& progress, double elapsed);
    void write(int descriptor, std::string_view text);
    [[noreturn]] void failOutput(int reason) const;
    void flushLocked();

    std::mutex m_mutex;
    std::string m_buffer; ///< standard output
    bool m_outputOpen = true, m_workGoesOn = false;
    int m_outputFault = 0; ///< errno of an output that was given up while the work went on
    bool m_errorIsTerminal = false;
    bool m_barShown = false;
    std::string m_title; ///< of the job in progress
    double m_begin = 0, m_lastShown = 0; ///< monotonic seconds
    int64_t m_firstDone = 0;
};

/// Monotonic seconds.
[[nodiscard]] double now();

} // namespace studio::app
