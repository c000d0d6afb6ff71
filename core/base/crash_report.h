// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace studio {

/// From now on a crash (SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, std::terminate) leaves
/// `folder`/crash-TIME-PID.txt with version, stack and the last remembered lines, says so on standard error,
/// and ends the process as the signal does. `program` names it with its version. Call it first in main.
void installCrashHandler(const std::filesystem::path& folder, std::string_view program);
/// Another folder for the reports; it is made when it is needed.
void setCrashFolder(const std::filesystem::path& folder);
/// Keeps the last of these lines for a report. Any thread.
void rememberForCrash(std::string_view line);
/// Where a workspace keeps its reports.
[[nodiscard]] std::filesystem::path crashFolder(const std::filesystem::path& workspace);
/// The reports in a folder, oldest first.
[[nodiscard]] std::vector<std::filesystem::path> crashReports(const std::filesystem::path& folder);

} // namespace studio
