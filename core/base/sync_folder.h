// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

namespace studio {

/// fsyncs a folder: the names made, renamed or removed in it until now survive a power cut. Where the file
/// system has no such thing, nothing happens.
void syncFolder(const std::filesystem::path& folder);

} // namespace studio
