// SPDX-License-Identifier: MIT
#pragma once

namespace studio {

/// While one lives, memory that is freed stays with the process and is handed out again. By default glibc
/// gives large blocks back at once, and a training step, which frees and takes the same hundreds of
/// megabytes, has the kernel map and clear them page by page each time: 3 to 5 % of the step, 8 % of a batch
/// that is evaluated. At the end of the last one the memory goes back.
class KeptMemory {
public:
    KeptMemory();
    ~KeptMemory();
    KeptMemory(const KeptMemory&) = delete;
    KeptMemory& operator=(const KeptMemory&) = delete;
};

} // namespace studio
