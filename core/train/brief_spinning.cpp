// SPDX-License-Identifier: MIT
#include "core/train/brief_spinning.h"

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <mutex>

#ifdef _OPENMP
#include <omp.h>
#endif

namespace studio {

BriefSpinning::BriefSpinning()
{
#ifdef _OPENMP
    if (std::getenv("OMP_WAIT_POLICY") || std::getenv("GOMP_SPINCOUNT"))
        return;
    m_owner = std::jthread([](const std::stop_token& stop) {
        std::atomic<int> members = 0; // a team that does nothing would be left out by the compiler
#pragma omp parallel num_threads(omp_get_num_procs() + 1)
        members.fetch_add(1);
        std::mutex mutex;
        std::condition_variable_any stopped;
        std::unique_lock lock(mutex);
        stopped.wait(lock, stop, [] { return false; });
    });
#endif
}

BriefSpinning::~BriefSpinning() = default;

} // namespace studio
