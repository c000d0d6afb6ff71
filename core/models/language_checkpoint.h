// SPDX-License-Identifier: MIT
#pragma once

#include "core/models/registry.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace studio {

/// What every language model demands of its checkpoint: a head, and all tensors in their shapes. Throws
/// Error{Checkpoint} otherwise; `kind` names the model in it. Returns a warning of tensors that are left out,
/// empty where there are none.
[[nodiscard]] std::string checkLanguageTensors(const std::filesystem::path& folder,
    const ArchitectureFamily& family, const TensorMatch& match, std::string_view kind);

} // namespace studio
