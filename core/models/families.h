// SPDX-License-Identifier: MIT
#pragma once

#include "core/models/registry.h"

#include <vector>

namespace studio {

/// The rows of each architecture file, kept beside the model they describe.

[[nodiscard]] std::vector<ArchitectureFamily> albertFamilies();
[[nodiscard]] std::vector<ArchitectureFamily> bertFamilies();
[[nodiscard]] std::vector<ArchitectureFamily> debertaV2Families();
[[nodiscard]] std::vector<ArchitectureFamily> distilbertFamilies();
[[nodiscard]] std::vector<ArchitectureFamily> electraFamilies();
[[nodiscard]] std::vector<ArchitectureFamily> modernbertFamilies();
[[nodiscard]] std::vector<ArchitectureFamily> robertaFamilies();

/// Names of BART and its kin: versions that old checkpoints carry are ignored.
[[nodiscard]] std::string currentBartName(const std::string& name);
[[nodiscard]] std::vector<ArchitectureFamily> bartFamilies();
[[nodiscard]] std::vector<ArchitectureFamily> marianFamilies();
[[nodiscard]] std::vector<ArchitectureFamily> mbartFamilies();
[[nodiscard]] std::vector<ArchitectureFamily> t5Families();

[[nodiscard]] std::vector<ArchitectureFamily> gemmaFamilies();
[[nodiscard]] std::vector<ArchitectureFamily> gpt2Families();
[[nodiscard]] std::vector<ArchitectureFamily> llamaFamilies();
[[nodiscard]] std::vector<ArchitectureFamily> mistralFamilies();
[[nodiscard]] std::vector<ArchitectureFamily> phi3Families();
[[nodiscard]] std::vector<ArchitectureFamily> qwenFamilies();

} // namespace studio
