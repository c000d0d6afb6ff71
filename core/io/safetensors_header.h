// SPDX-License-Identifier: MIT
#pragma once

#include "core/io/tensor_entry.h"

#include <map>
#include <string>

namespace studio {

/// What the header of a safetensors file says; the entries point into the bytes that were read.
struct SafetensorsHeader {
    std::map<std::string, TensorEntry> entries;
    std::map<std::string, std::string> metadata;
};

/// Checks as strictly as the reference library: every byte after the header belongs to exactly one tensor.
/// Throws Error{Checkpoint} naming file, tensor and what is wrong (truncated, header larger than the file,
/// overlap, hole, unknown dtype, size that does not fit shape and dtype).
[[nodiscard]] SafetensorsHeader readSafetensorsHeader(
    std::span<const std::byte> bytes, const std::string& file);

} // namespace studio
