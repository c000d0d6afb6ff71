// SPDX-License-Identifier: MIT
#define STUDIO_KERNELS g_cpuKernelsAvx512
#define STUDIO_KERNELS_NAME "avx512"
#define STUDIO_LANES 16
#include "core/nn/cpu_kernels_impl.h"
