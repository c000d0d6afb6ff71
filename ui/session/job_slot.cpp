// SPDX-License-Identifier: MIT
#include "ui/session/job_slot.h"

#include <mutex>

#include <QThreadPool>

namespace studio {

/// Outlives the slot while work is going on; `slot` is null once the slot is gone.
struct JobSlot::Shared {
    std::mutex mutex;
    JobSlot* slot = nullptr;

    void post(std::function<void(JobSlot*)> call)
    {
        const std::lock_guard lock(mutex);
        if (slot)
            QMetaObject::invokeMethod(
                slot, [target = slot, call = std::move(call)] { call(target); }, Qt::QueuedConnection);
    }
};

CaughtError currentError()
{
    try {
        throw;
    } catch (const Error& error) {
        return {error.kind(), QString::fromUtf8(error.what())};
    } catch (const std::bad_alloc&) {
        return {ErrorKind::OutOfMemory, QStringLiteral("The machine has no memory left for this.")};
    } catch (const std::exception& error) {
        return {ErrorKind::Internal, QString::fromUtf8(error.what())};
    } catch (...) {
        return {ErrorKind::Internal, QStringLiteral("An unknown exception was thrown.")};
    }
}

namespace {

/// The global pool with room for short work beside long work: most of it waits for the disk, and a table's
/// visible rows must not stand in line behind the counting of a large file.
QThreadPool& pool()
{
    static auto& global = []() -> QThreadPool& {
        auto* threads = QThreadPool::globalInstance();
        threads->setMaxThreadCount(qMax(8, threads->maxThreadCount()));
        return *threads;
    }();
    return global;
}

} // namespace

JobSlot::JobSlot(QObject* parent)
    : QObject(parent)
    , m_shared(std::make_shared<Shared>())
{
    m_shared->slot = this;
}

JobSlot::~JobSlot()
{
    m_stop.request_stop();
    const std::lock_guard lock(m_shared->mutex);
    m_shared->slot = nullptr;
}

void JobSlot::cancel()
{
    m_stop.request_stop();
    ++m_id;
    setRunning(false);
}

void JobSlot::setRunning(bool running)
{
    if (running == m_running)
        return;
    m_running = running;
    Q_EMIT runningChanged(running);
}

void JobSlot::begin(BackgroundWork work)
{
    m_stop.request_stop();
    m_stop = {};
    const auto id = ++m_id;
    setRunning(true);
    pool().start([shared = m_shared, stop = m_stop.get_token(), id, work = std::move(work)]() mutable {
        const auto post = [&](std::function<void(JobSlot*)> call) {
            shared->post([id, call = std::move(call)](JobSlot* slot) {
                if (slot->m_id == id)
                    call(slot);
            });
        };
        TaskControl control{
            stop, [&](const Progress& progress) {
                post([progress](JobSlot* slot) { Q_EMIT slot->progressed(progress.done, progress.total); });
            }};
        try {
            control.throwIfStopped();
            auto deliver = work(control);
            post([deliver = std::move(deliver)](JobSlot* slot) {
                slot->setRunning(false);
                deliver();
            });
        } catch (...) {
            const auto error = currentError();
            post([error](JobSlot* slot) {
                slot->setRunning(false);
                if (error.kind != ErrorKind::Cancelled)
                    Q_EMIT slot->failed(error.kind, error.detail);
            });
        }
    });
}

} // namespace studio
