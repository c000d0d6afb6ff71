// SPDX-License-Identifier: MIT
#pragma once

#include "core/runs/run_folder.h"

#include <filesystem>
#include <memory>
#include <vector>

namespace studio {

/// The workspace: `runs/` and `studio.sqlite` (WAL), an index that is rebuilt from the run folders when
/// absent or damaged. Use one object from one thread.
class RunIndex {
public:
    explicit RunIndex(std::filesystem::path workspace);
    ~RunIndex();
    /// Adds new and changed folders, drops vanished ones; unreadable folders are skipped and logged.
    void refresh();
    /// Also runs outside the workspace (their folder is remembered).
    void add(const std::filesystem::path& runFolder);
    void remove(const std::filesystem::path& runFolder); ///< from the index alone
    [[nodiscard]] std::vector<RunSummary> runs() const; ///< newest first
    [[nodiscard]] std::filesystem::path workspace() const;
    /// A new, unused folder name below runs/: "2026-11-22-1530-MODEL-DATA".
    [[nodiscard]] std::filesystem::path newRunFolder(const std::string& model, const std::string& data) const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace studio
