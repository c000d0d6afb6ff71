// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace studio {

/// Holds a run folder for this process (flock on `.lock`); the system lets go of it even when the process is
/// killed.
class RunLock {
public:
    /// Throws Error{Busy} naming folder and holder, Error{File} when the folder cannot be written.
    explicit RunLock(const std::filesystem::path& folder);
    ~RunLock();
    RunLock(const RunLock&) = delete;
    RunLock& operator=(const RunLock&) = delete;
    /// Whether the folder of this name is still the one that is held: not so when it was moved or deleted, or
    /// its disk was taken away.
    [[nodiscard]] bool isHeldIn(const std::filesystem::path& folder) const;

private:
    int m_descriptor = -1;
};

/// Says that a window of this process uses a workspace; several windows may. The system lets go of it even
/// when the process is killed.
class WorkspaceMark {
public:
    explicit WorkspaceMark(const std::filesystem::path& workspace);
    ~WorkspaceMark();
    WorkspaceMark(const WorkspaceMark&) = delete;
    WorkspaceMark& operator=(const WorkspaceMark&) = delete;
    /// The process that had it open first ("process 4711 on workstation"); empty: this one.
    [[nodiscard]] const std::string& otherHolder() const { return m_other; }

private:
    int m_descriptor = -1;
    std::string m_other;
};

/// Who holds the folder ("process 4711 on workstation"); nullopt when nobody does.
[[nodiscard]] std::optional<std::string> runLockHolder(const std::filesystem::path& folder);

} // namespace studio
