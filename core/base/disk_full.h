// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/file.h"

namespace studio {

/// Whether an errno says that no room is left.
[[nodiscard]] bool isDiskFull(int reason) noexcept;

/// Throws Error{DiskFull} (says folder and bytes needed) or Error{File}, as this errno asks for. `bytes`: the
/// least that is needed, by default what any new file takes.
[[noreturn]] void throwWriteError(const std::filesystem::path& file, int reason, uint64_t bytes = 4096);

/// writeFileAtomically() of so many bytes, which the sentence of a full disk then knows.
void writeFileAtomically(const std::filesystem::path& file,
    const std::function<void(const FileSink&)>& produce, uint64_t expectedBytes);

} // namespace studio
