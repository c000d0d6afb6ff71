// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/file.h"

#include <filesystem>
#include <functional>

namespace studio {

/// As writeFileAtomically, for a file that a person has named: what a symbolic link points to is replaced,
/// not the link; a device, a FIFO and the file behind standard output or error are written into.
void writeOutputFile(const std::filesystem::path& file, const std::function<void(const FileSink&)>& produce);

/// For before long work: throws Error{File} where writeOutputFile could not write.
void requireOutputFile(const std::filesystem::path& file);

} // namespace studio
