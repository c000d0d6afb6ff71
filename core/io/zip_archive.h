// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>

namespace studio {

/// Entries of a ZIP archive (zip64 too) that are stored as they are, by name. Throws Error{Checkpoint} that
/// opens with `file`: cut off, entries outside of the file, two of one name, compressed or encrypted ones.
[[nodiscard]] std::map<std::string, std::span<const std::byte>> readZip(
    std::span<const std::byte> bytes, const std::string& file);

} // namespace studio
