// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/error.h"
#include "ui/session/background_work.h"

#include <memory>
#include <stop_token>

#include <QMetaObject>
#include <QObject>
#include <QString>

namespace studio {

/// A place for one kind of background work (open a table, count tokens, inspect a folder, …): a new start()
/// cancels what was going on, and results of older work never arrive. Lives on the GUI thread; the work runs
/// on the global thread pool and may issue no torch operation (InferenceSession is for those).
class JobSlot : public QObject {
    Q_OBJECT
public:
    explicit JobSlot(QObject* parent = nullptr);
    ~JobSlot() override;

    /// `work(const TaskControl&)` runs on another thread and may throw Error; `done(result)` (or `done()`) is
    /// called on the GUI thread. Capture values only, no widgets, in `work`.
    template <typename Work, typename Done>
    void start(Work work, Done done)
    {
        begin(backgroundWork(std::move(work), std::move(done)));
    }
    void cancel(); ///< the work stops soon; nothing of it arrives any more
    [[nodiscard]] bool isRunning() const { return m_running; }

Q_SIGNALS:
    void runningChanged(bool running);
    void progressed(qint64 done, qint64 total);
    void failed(studio::ErrorKind kind, const QString& detail); ///< not for cancelled work

private:
    struct Shared;
    void begin(BackgroundWork work);
    void setRunning(bool running);

    std::shared_ptr<Shared> m_shared;
    std::stop_source m_stop;
    quint64 m_id = 0;
    bool m_running = false;
};

/// Translates any exception in flight into kind and sentence (LibTorch's back traces are cut off).
struct CaughtError {
    ErrorKind kind = ErrorKind::Internal;
    QString detail;
};
[[nodiscard]] CaughtError currentError();

} // namespace studio
