// SPDX-License-Identifier: MIT
#include "core/nn/cpu_kernels.h"

namespace studio {

extern const CpuKernels g_cpuKernelsBaseline;
#ifdef __x86_64__
extern const CpuKernels g_cpuKernelsAvx2, g_cpuKernelsAvx512;
#endif

int cpuKernelTables(const CpuKernels* tables[3])
{
    int count = 0;
    tables[count++] = &g_cpuKernelsBaseline;
#ifdef __x86_64__
    const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (avx2)
        tables[count++] = &g_cpuKernelsAvx2;
    if (avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")
        && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
        tables[count++] = &g_cpuKernelsAvx512;
#endif
    return count;
}

const CpuKernels& cpuKernels()
{
    static const CpuKernels& chosen = [&]() -> const CpuKernels& {
        const CpuKernels* tables[3];
        return *tables[cpuKernelTables(tables) - 1];
    }();
    return chosen;
}

int64_t attentionScratch(int64_t keyCount, int64_t headSize)
{
    constexpr int64_t widest = 16, queryBlock = 32;
    const auto padded = [](int64_t count) { return (count + widest - 1) / widest * widest; };
    return 3 * queryBlock * padded(keyCount) + 2 * headSize * padded(keyCount)
        + 2 * keyCount * padded(headSize) + 2 * queryBlock * padded(headSize);
}

} // namespace studio
