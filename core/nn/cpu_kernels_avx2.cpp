// SPDX-License-Identifier: MIT
#define STUDIO_KERNELS g_cpuKernelsAvx2
#define STUDIO_KERNELS_NAME "avx2"
#define STUDIO_LANES 8
#include "core/nn/cpu_kernels_impl.h"
