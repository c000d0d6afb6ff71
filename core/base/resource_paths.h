// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

namespace studio {

// The folders that come with the program. Each is looked for in $STUDIO_RESOURCES, then beside the
// installed program (BIN/../share/finetune-studio), then in the source tree that the program was built
// from. They throw `Error` (File), naming every place that was looked at, where it is absent.

/// The starter model: a checkpoint folder with config.json, model.safetensors and its tokenizer.
[[nodiscard]] std::filesystem::path starterModelFolder();

/// The bundled demo data.
[[nodiscard]] std::filesystem::path demoFolder();

} // namespace studio
