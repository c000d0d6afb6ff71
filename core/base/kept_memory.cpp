// SPDX-License-Identifier: MIT
// Reference: mallopt(3).
#include "core/base/kept_memory.h"

#include <mutex>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace studio {

#ifdef __GLIBC__
namespace {

std::mutex mutex;
int holders = 0; ///< with mutex

} // namespace

KeptMemory::KeptMemory()
{
    const std::scoped_lock lock(mutex);
    if (holders++ > 0)
        return;
    mallopt(M_MMAP_THRESHOLD, 1 << 30); // blocks above are mapped on their own, and unmapped when freed
    mallopt(M_TRIM_THRESHOLD, 2'000'000'000);
}

KeptMemory::~KeptMemory()
{
    const std::scoped_lock lock(mutex);
    if (--holders > 0)
        return;
    mallopt(M_MMAP_THRESHOLD, 32 << 20); // where glibc's own adaptation ends
    mallopt(M_TRIM_THRESHOLD, 64 << 20);
    malloc_trim(0);
}
#else
KeptMemory::KeptMemory() = default;
KeptMemory::~KeptMemory() = default;
#endif

} // namespace studio
