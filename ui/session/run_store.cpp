// SPDX-License-Identifier: MIT
#include "ui/session/run_store.h"

#include <algorithm>

namespace studio {

RunStore::RunStore(const std::filesystem::path& workspace, QObject* parent)
    : QObject(parent)
    , m_workspace(workspace)
    , m_open(std::make_shared<std::unique_ptr<Open>>())
    , m_worker(std::make_unique<SerialWorker>("run index"))
{
}

RunStore::~RunStore()
{
    m_worker.reset(); // and with it what it had not begun
    for (const auto& [folder, notes] : m_unwritten) {
        try {
            writeRunNotes(folder, notes.name, notes.note);
        } catch (const Error&) { // the run is gone, and nobody is left to be told
        }
    }
}

void RunStore::post(std::function<void(RunIndex&)> work, OnError onError)
{
    if (!onError)
        onError = [this](const CaughtError& error) { Q_EMIT failed(error.kind, error.detail); };
    m_worker->post([this, workspace = m_workspace, work = std::move(work), onError = std::move(onError)](
                       std::stop_token) {
        try {
            if (!*m_open || (*m_open)->index.workspace() != workspace) {
                m_open->reset(); // lets go of the old one first
                *m_open = std::make_unique<Open>(workspace);
                QMetaObject::invokeMethod(
                    this,
                    [this, other = QString::fromStdString((*m_open)->mark.otherHolder())] {
                        m_otherWindow = other;
                        Q_EMIT otherWindowChanged();
                    },
                    Qt::QueuedConnection);
            }
            work((*m_open)->index);
        } catch (...) {
            QMetaObject::invokeMethod(
                this, [onError, error = currentError()] { onError(error); }, Qt::QueuedConnection);
        }
    });
}

void RunStore::setWorkspace(const std::filesystem::path& workspace)
{
    if (workspace == m_workspace)
        return;
    m_workspace = workspace;
    m_runs.clear();
    Q_EMIT runsChanged();
    refresh();
}

const RunSummary* RunStore::find(const std::filesystem::path& folder) const
{
    const auto found = std::find_if(
        m_runs.begin(), m_runs.end(), [&](const RunSummary& run) { return run.folder == folder; });
    return found == m_runs.end() ? nullptr : &*found;
}

void RunStore::refresh()
{
    post([this, workspace = m_workspace](RunIndex& index) {
        index.refresh();
        QMetaObject::invokeMethod(
            this,
            [this, workspace, runs = index.runs()] {
                if (workspace != m_workspace)
                    return; // another one was chosen meanwhile
                m_runs = runs;
                takeUnwrittenNotes();
                Q_EMIT runsChanged();
            },
            Qt::QueuedConnection);
    });
}

void RunStore::add(const std::filesystem::path& runFolder)
{
    post([runFolder](RunIndex& index) { index.add(runFolder); });
    refresh();
}

void RunStore::remove(const std::filesystem::path& runFolder)
{
    post([runFolder](RunIndex& index) { index.remove(runFolder); });
    refresh();
}

void RunStore::setNotes(
    const std::filesystem::path& runFolder, const std::string& name, const std::string& note)
{
    const auto number = ++m_noteNumber;
    m_unwritten[runFolder] = {name, note, number};
    takeUnwrittenNotes();
    post([runFolder, name, note](RunIndex&) { writeRunNotes(runFolder, name, note); });
    post([this, runFolder, number](RunIndex&) { // also where writing failed
        QMetaObject::invokeMethod(
            this,
            [this, runFolder, number] {
                const auto found = m_unwritten.find(runFolder);
                if (found != m_unwritten.end() && found->second.number == number)
                    m_unwritten.erase(found);
            },
            Qt::QueuedConnection);
    });
    refresh();
}

void RunStore::takeUnwrittenNotes()
{
    for (auto& run : m_runs) {
        const auto found = m_unwritten.find(run.folder);
        if (found != m_unwritten.end()) {
            run.name = found->second.name;
            run.note = found->second.note;
        }
    }
}

void RunStore::requestNewFolder(const std::string& model, const std::string& data,
    std::function<void(const std::filesystem::path&)> done, OnError onError)
{
    post(
        [this, model, data, done = std::move(done)](RunIndex& index) {
            QMetaObject::invokeMethod(
                this, [done, folder = index.newRunFolder(model, data)] { done(folder); },
                Qt::QueuedConnection);
        },
        std::move(onError));
}

} // namespace studio
