// SPDX-License-Identifier: MIT
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace studio {

/// What went wrong, coarsely: the window chooses its translated headline by it, the command line its exit
/// code.
enum class ErrorKind {
    Usage, ///< command line that cannot be understood (exit 2)
    Settings, ///< a setting with a value that cannot be used, an unknown key (exit 2)
    Data, ///< a data file that cannot be used
    Checkpoint, ///< a model folder that cannot be used
    File, ///< reading, writing, permissions
    DiskFull, ///< no room left
    OutOfMemory, ///< host or device memory exhausted
    Device, ///< a device that is absent or cannot do what is asked
    Busy, ///< a folder that another process holds
    Cancelled, ///< the user asked to stop (exit 130)
    Internal, ///< a fault of the program
};

/// The only exception that leaves core. `what()` is one English sentence that names the thing, what was
/// found, what was expected and, where there is one, the next step.
class Error : public std::runtime_error {
public:
    Error(ErrorKind kind, const std::string& sentence)
        : std::runtime_error(sentence)
        , m_kind(kind)
    {
    }
    [[nodiscard]] ErrorKind kind() const noexcept { return m_kind; }

private:
    ErrorKind m_kind;
};

/// Stable lower-case name of a kind ("data", "disk_full", …), used in JSON.
[[nodiscard]] std::string_view errorKindName(ErrorKind kind) noexcept;

/// Exit code of the command line for an error: 2 for Usage and Settings, 130 for Cancelled, else 1.
[[nodiscard]] int exitCode(ErrorKind kind) noexcept;

} // namespace studio
