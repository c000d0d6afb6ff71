// SPDX-License-Identifier: MIT
#pragma once

#include "core/models/registry.h"

#include <vector>

namespace studio {

/// The rows of each architecture file, kept beside the model they describe.

[[nodiscard]] std::vector<ArchitectureFamily> bertFamilies();

} // namespace studio
