// SPDX-License-Identifier: MIT
#include "core/base/phase_profile.h"

#include "core/base/concat.h"
#include "core/base/file.h"
#include "core/base/json.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <thread>

namespace studio {

namespace {

constexpr size_t mostKept = 50'000; ///< spans at either end of the trace

/// One span of the trace.
struct Record {
    const char* phase = nullptr;
    int64_t begin = 0, length = 0; ///< nanoseconds
    int thread = 0;
};

double microseconds(int64_t nanoseconds)
{
    return static_cast<double>(nanoseconds) / 1e3;
}

Json metadata(const char* what, int thread, const std::string& name)
{
    return {{"name", what}, {"ph", "M"}, {"pid", 1}, {"tid", thread}, {"args", {{"name", name}}}};
}

} // namespace

struct PhaseProfile::State {
    struct Total {
        int64_t count = 0, nanoseconds = 0;
    };

    const std::chrono::steady_clock::time_point begin = std::chrono::steady_clock::now();
    const std::thread::id owner = std::this_thread::get_id();
    std::function<void()> synchronize;
    Span* innermost = nullptr; ///< of the owner
    std::map<std::string_view, Total> totals; ///< of the owner

    mutable std::mutex mutex; ///< for what follows
    std::vector<Record> first, last; ///< `last` is a ring
    size_t spans = 0;
    std::vector<std::thread::id> threads = {owner}; ///< by their number in the trace

    [[nodiscard]] int64_t now() const
    {
        return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now() - begin)
            .count();
    }
    [[nodiscard]] bool isOwner() const { return std::this_thread::get_id() == owner; }

    void keep(Record record)
    {
        const std::lock_guard lock(mutex);
        const auto id = std::this_thread::get_id();
        const auto found = std::find(threads.begin(), threads.end(), id);
        record.thread = static_cast<int>(found - threads.begin());
        if (found == threads.end())
            threads.push_back(id);
        if (first.size() < mostKept)
            first.push_back(record);
        else if (last.size() < mostKept)
            last.push_back(record);
        else
            last[(spans - 2 * mostKept) % mostKept] = record;
        ++spans;
    }
};

PhaseProfile::PhaseProfile() = default;
PhaseProfile::~PhaseProfile() = default;

void PhaseProfile::start()
{
    m_state = std::make_unique<State>();
}

void PhaseProfile::setSynchronize(std::function<void()> synchronize)
{
    if (m_state)
        m_state->synchronize = std::move(synchronize);
}

void PhaseProfile::enter(Span& span)
{
    if (m_state->isOwner())
        span.m_outer = std::exchange(m_state->innermost, &span);
    span.m_begin = m_state->now();
}

void PhaseProfile::leave(Span& span) noexcept
{
    const bool isOwner = m_state->isOwner();
    try {
        if (isOwner && m_state->synchronize)
            m_state->synchronize();
    } catch (...) { // the device's error comes back at its next operation
    }
    const auto length = m_state->now() - span.m_begin;
    if (isOwner) {
        m_state->innermost = span.m_outer;
        if (span.m_outer)
            span.m_outer->m_inner += length;
    }
    try {
        if (isOwner) {
            auto& total = m_state->totals[span.m_phase];
            ++total.count;
            total.nanoseconds += length - span.m_inner;
        }
        m_state->keep({span.m_phase, span.m_begin, length});
    } catch (...) { // no memory for a figure is no reason to end the job
    }
}

PhaseProfile::Report PhaseProfile::report() const
{
    Report report;
    if (!m_state)
        return report;
    report.seconds = static_cast<double>(m_state->now()) / 1e9;
    double covered = 0;
    for (const auto& [name, total] : m_state->totals) {
        const double seconds = static_cast<double>(total.nanoseconds) / 1e9;
        report.phases.push_back({std::string(name), total.count, seconds});
        covered += seconds;
    }
    std::ranges::stable_sort(
        report.phases, [](const Phase& left, const Phase& right) { return left.seconds > right.seconds; });
    report.phases.push_back({"other", 1, std::max(0.0, report.seconds - covered)});
    return report;
}

void PhaseProfile::writeTrace(const std::filesystem::path& file) const
{
    if (!m_state)
        return;
    const std::lock_guard lock(m_state->mutex);
    writeFileAtomically(file, [this](const FileSink& sink) {
        const auto kept = m_state->first.size() + m_state->last.size();
        sink(concat(R"({"displayTimeUnit":"ms","otherData":)",
            jsonLine({{"program", "finetune-studio " STUDIO_VERSION}, {"spans", m_state->spans},
                {"spans_left_out", m_state->spans - kept}}),
            ",\"traceEvents\":[\n", jsonLine(metadata("process_name", 0, "finetune-studio"))));
        for (size_t thread = 0; thread < m_state->threads.size(); ++thread)
            sink(concat(",\n",
                jsonLine(metadata("thread_name", static_cast<int>(thread),
                    thread == 0 ? std::string("training") : concat("worker ", thread)))));
        const auto put = [&](const Record& record) {
            sink(concat(",\n",
                jsonLine({{"name", record.phase}, {"cat", "phase"}, {"ph", "X"},
                    {"ts", microseconds(record.begin)}, {"dur", microseconds(record.length)}, {"pid", 1},
                    {"tid", record.thread}})));
        };
        for (const auto& record : m_state->first)
            put(record);
        // The ring's oldest record is the one that would be written over next.
        const auto count = m_state->last.size();
        const auto oldest = count < mostKept ? 0 : m_state->spans % mostKept;
        for (size_t i = 0; i < count; ++i)
            put(m_state->last[(oldest + i) % count]);
        sink("\n]}\n");
    });
}

} // namespace studio
