// SPDX-License-Identifier: MIT
#include "app/run_training.h"

#include "app/control_file.h"
#include "app/interrupt.h"
#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/runs/run_index.h"

#include <cstdlib>
#include <optional>
#include <system_error>

namespace studio::app {
namespace fs = std::filesystem;

TrainResult runTraining(Console& console, TrainingReport& report, const TrainingArguments& arguments,
    const std::string& controlFile, bool profile, bool waitForRoom)
{
    const Console::WorkGoesOn workGoesOn(console);
    TrainControl control;
    control.setProfile(profile);
    control.setWaitsForRoom(waitForRoom);
    std::optional<ControlFile> lines;
    if (!controlFile.empty())
        lines.emplace(controlFile, [&control](std::string line) { control.requestChange(std::move(line)); });
    const Interrupt interrupt([&] {
        console.note("Stopping: a checkpoint is being saved (Ctrl-C again ends at once, without saving).");
        control.requestStop();
    });
    auto result = train(arguments, control, [&report](const TrainEvent& event) { report.show(event); });
    console.endProgress();
    if (result.outcome == TrainOutcome::Stopped)
        console.note(result.end.message);
    return result;
}

fs::path workspaceFolder(const std::string& given)
{
    return given.empty() ? dataHome() : fs::path(given);
}

fs::path newRunFolder(
    Console& console, const std::string& workspace, const std::string& model, const std::string& data)
{
    try {
        const RunIndex index(workspaceFolder(workspace));
        auto folder = index.newRunFolder(model, data);
        createFolders(folder.parent_path());
        return folder;
    } catch (const Error& error) {
        if (!workspace.empty())
            throw;
        std::error_code failure;
        auto name = (fs::temp_directory_path(failure) / "finetune-studio-XXXXXX").string();
        if (failure || !mkdtemp(name.data()))
            throw;
        console.warn(concat(error.what(), " The run is written below '", name, "' instead."));
        return fs::path(name) / "run";
    }
}

void rememberRun(Console& console, const std::string& workspace, const fs::path& run)
{
    std::error_code ignored;
    const auto folder = workspaceFolder(workspace);
    if (workspace.empty() && !fs::exists(folder, ignored))
        return; // nobody uses the window here
    try {
        RunIndex(folder).add(fs::absolute(run));
    } catch (const Error& error) {
        console.warn(concat("The run is not listed in the window: ", error.what()));
    }
}

} // namespace studio::app
