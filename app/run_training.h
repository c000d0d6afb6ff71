// SPDX-License-Identifier: MIT
#pragma once

#include "app/console.h"
#include "app/training_report.h"
#include "core/train/trainer.h"

#include <filesystem>
#include <string>

namespace studio::app {

/// Trains and shows it; Ctrl-C once saves and stops, twice ends the program. `control`: a FIFO or file whose
/// lines change settings meanwhile; empty: none. `profile`: measures
/// where the time goes. `waitForRoom`: a folder that cannot be written pauses the run. Throws Error.
TrainResult runTraining(Console& console, TrainingReport& report, const TrainingArguments& arguments,
    const std::string& control = {}, bool profile = false, bool waitForRoom = false);

/// The workspace that a command uses: --workspace, else the platform's data folder.
[[nodiscard]] std::filesystem::path workspaceFolder(const std::string& given);

/// A folder for a run that was given none: below the workspace, or a temporary one where that cannot be
/// written.
[[nodiscard]] std::filesystem::path newRunFolder(
    Console& console, const std::string& workspace, const std::string& model, const std::string& data);

/// Lets the window list the run, where there is a workspace. What goes wrong is a warning.
void rememberRun(Console& console, const std::string& workspace, const std::filesystem::path& run);

} // namespace studio::app
