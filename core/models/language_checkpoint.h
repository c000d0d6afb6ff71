// SPDX-License-Identifier: MIT
#pragma once

#include "core/models/registry.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace studio {

/// What every language model demands of its checkpoint: a head, and all tensors in their shapes. Throws
/// Error{Checkpoint} otherwise; `kind` names the model in it. Returns warnings of tensors that are left out.
[[nodiscard]] std::vector<std::string> checkLanguageTensors(const std::filesystem::path& folder,
    const ArchitectureFamily& family, TensorMatch match, std::string_view kind);

} // namespace studio
