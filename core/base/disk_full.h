// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>

namespace studio {

/// Whether an errno says that no room is left.
[[nodiscard]] bool isDiskFull(int reason) noexcept;

/// Throws Error{DiskFull} (says folder and bytes needed) or Error{File}, as this errno asks for. `bytes`: the
/// least that is needed, by default what any new file takes.
[[noreturn]] void throwWriteError(const std::filesystem::path& file, int reason, uint64_t bytes = 4096);

} // namespace studio
