// SPDX-License-Identifier: MIT
#pragma once

#include "core/runs/run_index.h"
#include "ui/session/job_slot.h"
#include "ui/session/serial_worker.h"

#include <functional>
#include <memory>
#include <vector>

#include <QObject>

namespace studio {

/// The list of runs for the window: RunIndex (SQLite) lives on a thread of its own, values come back here.
class RunStore : public QObject {
    Q_OBJECT
public:
    explicit RunStore(const std::filesystem::path& workspace, QObject* parent = nullptr);
    ~RunStore() override;

    void setWorkspace(const std::filesystem::path& workspace);
    [[nodiscard]] std::filesystem::path workspace() const { return m_workspace; }
    [[nodiscard]] const std::vector<RunSummary>& runs() const { return m_runs; } ///< newest first
    [[nodiscard]] const RunSummary* find(const std::filesystem::path& folder) const;
    void refresh(); ///< looks at the run folders again; runsChanged() follows
    void add(const std::filesystem::path& runFolder);
    void remove(const std::filesystem::path& runFolder); ///< from the index alone
    void setNotes(const std::filesystem::path& runFolder, const std::string& name, const std::string& note);
    /// A new, unused run folder; `done` is called on this thread.
    void requestNewFolder(const std::string& model, const std::string& data,
        std::function<void(const std::filesystem::path&)> done);

Q_SIGNALS:
    void runsChanged();
    void failed(studio::ErrorKind kind, const QString& detail);

private:
    void post(std::function<void(RunIndex&)> work);

    std::filesystem::path m_workspace;
    std::vector<RunSummary> m_runs;
    std::shared_ptr<std::unique_ptr<RunIndex>> m_index; ///< worker thread only
    std::unique_ptr<SerialWorker> m_worker; // last: joined first
};

} // namespace studio
