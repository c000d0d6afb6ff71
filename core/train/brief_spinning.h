// SPDX-License-Identifier: MIT
#pragma once

#include <thread>

namespace studio {

/// While it lives, threads of OpenMP that wait for their team go to sleep soon. By default they spin for
/// milliseconds, which wins a little on an idle machine; where other programs want the cores, the one that is
/// waited for often does not run meanwhile, and training falls to a fraction of its speed. libgomp spins
/// briefly when it has more threads than there are cores (its manual, GOMP_SPINCOUNT), so this keeps a team
/// that sleeps. OMP_WAIT_POLICY and GOMP_SPINCOUNT in the environment go before it.
class BriefSpinning {
public:
    BriefSpinning();
    ~BriefSpinning();
    BriefSpinning(const BriefSpinning&) = delete;
    BriefSpinning& operator=(const BriefSpinning&) = delete;

private:
    std::jthread m_owner; ///< of the team
};

} // namespace studio
