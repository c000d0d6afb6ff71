// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace studio {

/// Where the time of a job goes, by named phases: totals for a table, and a trace of single spans for
/// chrome://tracing or Perfetto. While it is off, a span costs one comparison. Any thread may record spans;
/// everything else belongs to the thread that called start(), whose phases add up to the whole time.
class PhaseProfile {
public:
    PhaseProfile();
    ~PhaseProfile();
    PhaseProfile(const PhaseProfile&) = delete;
    PhaseProfile& operator=(const PhaseProfile&) = delete;

    /// Switches it on, before other threads record.
    void start();
    /// Called at the end of each span of the starting thread: waits for a device that computes on its own.
    void setSynchronize(std::function<void()> synchronize);
    [[nodiscard]] bool isOn() const noexcept { return m_state != nullptr; }

    /// The phase lasts as long as the object; `phase` must outlive the profile (a literal).
    class Span {
    public:
        Span(PhaseProfile* profile, const char* phase)
            : m_profile(profile && profile->isOn() ? profile : nullptr)
            , m_phase(phase)
        {
            if (m_profile)
                m_profile->enter(*this);
        }
        ~Span()
        {
            if (m_profile)
                m_profile->leave(*this);
        }
        Span(const Span&) = delete;
        Span& operator=(const Span&) = delete;

    private:
        friend class PhaseProfile;
        PhaseProfile* m_profile;
        const char* m_phase;
        Span* m_outer = nullptr; ///< on the starting thread
        int64_t m_begin = 0, m_inner = 0; ///< nanoseconds
    };
    template <typename Work>
    decltype(auto) timed(const char* phase, const Work& work)
    {
        const Span span(this, phase);
        return work();
    }

    struct Phase {
        std::string name;
        int64_t count = 0;
        double seconds = 0; ///< without the phases inside it
    };
    struct Report {
        double seconds = 0; ///< since start()
        std::vector<Phase> phases; ///< longest first; last "other": what no phase covers
    };
    [[nodiscard]] Report report() const;
    /// Chrome's trace format, all threads; of a long job the first and the last 50,000 spans. Throws Error.
    void writeTrace(const std::filesystem::path& file) const;

private:
    struct State;
    void enter(Span& span);
    void leave(Span& span) noexcept;
    std::unique_ptr<State> m_state;
};

} // namespace studio
