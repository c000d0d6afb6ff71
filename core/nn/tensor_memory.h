// SPDX-License-Identifier: MIT
#pragma once

namespace studio {

/// From the first call on, tensors of the CPU are given blocks that fit into the gaps that tensors of the
/// same size leave. LibTorch asks for aligned memory, and glibc before 2.38 looks for room larger than the
/// block for that, so that a gap of just its size is never used again: training GPT-2 takes a fifth more
/// memory so. Reference: glibc, malloc/malloc.c, _int_memalign. Any thread; costs nothing when called again.
void reuseTensorMemory();

} // namespace studio
