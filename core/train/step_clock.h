// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>

namespace studio {

/// Time of a run, and throughput since the last step event: evaluation, saving, pauses and answers to typed
/// texts are taken out.
class StepClock {
public:
    [[nodiscard]] double seconds() const { return between(m_begin, Clock::now()); }
    /// The run begins now.
    void restart()
    {
        m_begin = Clock::now();
        restartRates();
    }
    void restartRates()
    {
        m_since = Clock::now();
        m_excluded = 0;
        m_rows = m_tokens = 0;
    }
    void count(int64_t rows, int64_t tokens)
    {
        m_rows += rows;
        m_tokens += tokens;
    }
    struct Rates {
        double rows = 0, tokens = 0; ///< a second
    };
    /// Rates since the last call.
    [[nodiscard]] Rates take()
    {
        const auto now = Clock::now();
        const double active = between(m_since, now) - m_excluded;
        const Rates rates = active > 0
            ? Rates{static_cast<double>(m_rows) / active, static_cast<double>(m_tokens) / active}
            : Rates{};
        m_since = now;
        m_excluded = 0;
        m_rows = m_tokens = 0;
        return rates;
    }

    /// While it lives, time does not count for the rates.
    class Pause {
    public:
        explicit Pause(StepClock& clock)
            : m_clock(clock)
            , m_start(clock.m_depth++ == 0 ? Clock::now() : Clock::time_point{})
        {
        }
        ~Pause()
        {
            if (--m_clock.m_depth == 0)
                m_clock.m_excluded += between(m_start, Clock::now());
        }
        Pause(const Pause&) = delete;
        Pause& operator=(const Pause&) = delete;

    private:
        StepClock& m_clock;
        std::chrono::steady_clock::time_point m_start;
    };

private:
    using Clock = std::chrono::steady_clock;
    [[nodiscard]] static double between(Clock::time_point from, Clock::time_point to)
    {
        return std::chrono::duration<double>(to - from).count();
    }
    Clock::time_point m_begin = Clock::now(), m_since = Clock::now();
    double m_excluded = 0;
    int64_t m_rows = 0, m_tokens = 0;
    int m_depth = 0;
};

} // namespace studio
