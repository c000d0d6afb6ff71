// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>

namespace studio {

/// Memory that this process may still take, of what it could have had: the machine's, or that of the control
/// group (a container) it lives in, whichever leaves less. Pages of files that can be dropped count as free.
struct HostMemory {
    int64_t availableBytes = 0;
    int64_t totalBytes = 0;
};
/// `root`: where proc/ and sys/ lie (another one in tests).
[[nodiscard]] HostMemory hostMemory(const std::filesystem::path& root = "/");

/// Below this many available bytes a run saves and ends rather than be killed: a fiftieth of the total, from
/// 128 MiB to 1 GiB.
[[nodiscard]] int64_t memoryFloor(const HostMemory& memory);

} // namespace studio
