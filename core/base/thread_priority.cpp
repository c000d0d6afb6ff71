// SPDX-License-Identifier: MIT
#include "core/base/thread_priority.h"

#include <sys/resource.h>

namespace studio {

void lowerThreadPriority()
{
    constexpr int below = 5, callingThread = 0;
    static_cast<void>(
        setpriority(PRIO_PROCESS, callingThread, getpriority(PRIO_PROCESS, callingThread) + below));
}

} // namespace studio
