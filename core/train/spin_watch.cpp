// SPDX-License-Identifier: MIT
#include "core/train/spin_watch.h"

#include "core/train/brief_spinning.h"

#include <chrono>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <sched.h>
#include <string>
#include <sys/resource.h>
#include <unistd.h>

namespace studio {

namespace {

constexpr int calmLooks = 3; ///< until threads may spin
constexpr double idleShare = 0.05; ///< of all cores: where that is free, nobody waits for one
constexpr double littleWork = 0.15; ///< cores; what others may use that counts as nothing

double seconds(const timeval& time)
{
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

int allCores()
{
    return static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN));
}

} // namespace

std::optional<CpuTimes> cpuTimes()
{
    cpu_set_t allowed;
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0 || CPU_COUNT(&allowed) != allCores())
        return std::nullopt;
    // proc(5): user nice system idle iowait irq softirq steal, in ticks.
    std::ifstream file("/proc/stat");
    std::string name;
    double ticks[8] = {};
    file >> name;
    for (auto& value : ticks)
        file >> value;
    rusage usage{};
    if (!file || name != "cpu" || getrusage(RUSAGE_SELF, &usage) != 0)
        return std::nullopt;
    CpuTimes times;
    times.wall = std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
    times.all = (ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6] + ticks[7])
        / static_cast<double>(sysconf(_SC_CLK_TCK));
    times.own = seconds(usage.ru_utime) + seconds(usage.ru_stime);
    return times;
}

bool coresWereContested(const CpuTimes& before, const CpuTimes& after, int cores)
{
    const auto wall = after.wall - before.wall;
    if (wall <= 0)
        return true;
    const auto all = (after.all - before.all) / wall;
    const auto others = all - (after.own - before.own) / wall;
    return others > littleWork && all > cores * (1 - idleShare);
}

SpinWatch::SpinWatch()
    : m_watch([](const std::stop_token& stop) {
        std::optional<BriefSpinning> brief;
        brief.emplace();
        auto before = cpuTimes();
        int calm = 0;
        std::mutex mutex;
        std::condition_variable_any stopped;
        std::unique_lock lock(mutex);
        while (
            !stopped.wait_for(lock, stop, std::chrono::seconds(1), [&] { return stop.stop_requested(); })) {
            const auto now = cpuTimes();
            const bool contested = !before || !now || coresWereContested(*before, *now, allCores());
            before = now;
            calm = contested ? 0 : calm + 1;
            if (contested && !brief)
                brief.emplace();
            else if (calm >= calmLooks)
                brief.reset();
        }
    })
{
}

} // namespace studio
