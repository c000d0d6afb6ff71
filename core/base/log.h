// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string_view>

namespace studio {

/// Program log: warnings and errors to standard error, everything to the log file once one is set. Any
/// thread.
void logInfo(std::string_view message);
void logWarning(std::string_view message);
void logError(std::string_view message);
/// Also writes to this file from now on (rotated at 5 MB, 3 files). Throws Error{File}.
void setLogFile(const std::filesystem::path& file);
/// Lets informational lines reach standard error too.
void setLogVerbose(bool verbose);

} // namespace studio
