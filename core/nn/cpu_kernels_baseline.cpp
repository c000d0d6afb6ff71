// SPDX-License-Identifier: MIT
#define STUDIO_KERNELS g_cpuKernelsBaseline
#define STUDIO_KERNELS_NAME "baseline"
#define STUDIO_LANES 4
#include "core/nn/cpu_kernels_impl.h"
