// SPDX-License-Identifier: MIT
#pragma once

#include "core/runs/run_index.h"
#include "core/runs/run_lock.h"
#include "ui/session/job_slot.h"
#include "ui/session/serial_worker.h"

#include <functional>
#include <map>
#include <memory>
#include <vector>

#include <QObject>

namespace studio {

/// The list of runs for the window: RunIndex (SQLite) lives on a thread of its own, values come back here.
class RunStore : public QObject {
    Q_OBJECT
public:
    using OnError = std::function<void(const CaughtError&)>;
    explicit RunStore(const std::filesystem::path& workspace, QObject* parent = nullptr);
    ~RunStore() override;

    void setWorkspace(const std::filesystem::path& workspace);
    [[nodiscard]] std::filesystem::path workspace() const { return m_workspace; }
    [[nodiscard]] const std::vector<RunSummary>& runs() const { return m_runs; } ///< newest first
    [[nodiscard]] const RunSummary* find(const std::filesystem::path& folder) const;
    /// The process of another window that had the workspace open first; empty: none.
    [[nodiscard]] QString otherWindow() const { return m_otherWindow; }
    void refresh(); ///< looks at the run folders again; runsChanged() follows
    void add(const std::filesystem::path& runFolder);
    void remove(const std::filesystem::path& runFolder); ///< from the index alone
    /// runs() has them at once, whatever is still being read.
    void setNotes(const std::filesystem::path& runFolder, const std::string& name, const std::string& note);
    /// A new, unused run folder. `done` or `onError` is called on this thread; without `onError`: failed().
    void requestNewFolder(const std::string& model, const std::string& data,
        std::function<void(const std::filesystem::path&)> done, OnError onError = {});

Q_SIGNALS:
    void runsChanged();
    void otherWindowChanged();
    void failed(studio::ErrorKind kind, const QString& detail);

private:
    void post(std::function<void(RunIndex&)> work, OnError onError = {});
    void takeUnwrittenNotes();

    std::filesystem::path m_workspace;
    std::vector<RunSummary> m_runs;
    struct Notes {
        std::string name, note;
        int number = 0;
    };
    std::map<std::filesystem::path, Notes> m_unwritten; ///< newer than what the worker has read
    int m_noteNumber = 0;
    QString m_otherWindow;
    struct Open {
        RunIndex index;
        WorkspaceMark mark;
        explicit Open(const std::filesystem::path& workspace)
            : index(workspace)
            , mark(workspace)
        {
        }
    };
    std::shared_ptr<std::unique_ptr<Open>> m_open; ///< worker thread only
    std::unique_ptr<SerialWorker> m_worker; // last: joined first
};

} // namespace studio
