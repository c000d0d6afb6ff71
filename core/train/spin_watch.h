// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <thread>

namespace studio {

/// Seconds of processor time, since some moment.
struct CpuTimes {
    double wall = 0;
    double all = 0; ///< of every program, on all cores together
    double own = 0; ///< of this process
};
/// Of this machine, now; nullopt where it cannot be told, or where the process may use some of the cores
/// only.
[[nodiscard]] std::optional<CpuTimes> cpuTimes();
/// Whether between the two moments other programs wanted cores that this process had use for.
[[nodiscard]] bool coresWereContested(const CpuTimes& before, const CpuTimes& after, int cores);

/// While it lives, threads of OpenMP that wait for their team spin where the machine is ours (a barrier of a
/// step costs microseconds then), and go to sleep soon (BriefSpinning) where other programs want the cores.
/// Looks once a second.
class SpinWatch {
public:
    SpinWatch();

private:
    std::jthread m_watch;
};

} // namespace studio
