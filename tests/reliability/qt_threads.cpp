// SPDX-License-Identifier: MIT
#include "tests/reliability/qt_threads.h"

#include <QEvent>

#ifndef __SANITIZE_THREAD__

namespace studio::test {

ThreadTestApplication::~ThreadTestApplication() = default;

bool ThreadTestApplication::notify(QObject* receiver, QEvent* event)
{
    return QCoreApplication::notify(receiver, event);
}

} // namespace studio::test

#else

#include <dlfcn.h>
#include <functional>
#include <sanitizer/tsan_interface.h>

#include <QThreadPool>

namespace {

/// Everything that is handed to Qt goes through it: more order than there is, but no false report.
char gate;

template <typename Function>
Function nextOne(const char* name)
{
    return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

/// A posted call. Either thread may let go of it last, and so delete it.
class GuardedSlot final : public QtPrivate::QSlotObjectBase {
public:
    explicit GuardedSlot(QSlotObjectBase* slot)
        : QSlotObjectBase(&run)
        , m_slot(slot)
    {
    }

private:
    QSlotObjectBase* m_slot;

    __attribute__((no_sanitize("thread"))) static void run(
        int which, QSlotObjectBase* self, QObject* receiver, void** arguments, bool* /*same*/)
    {
        __tsan_acquire(&gate);
        auto* guarded = static_cast<GuardedSlot*>(self);
        if (which == Call)
            guarded->m_slot->call(receiver, arguments);
        if (which == Destroy) {
            guarded->m_slot->destroyIfLastRef();
            delete guarded;
        }
        __tsan_release(&gate);
    }
};

/// Reads its capture before the sanitizer knows that it may.
struct PooledCall {
    std::function<void()>* function;
    __attribute__((no_sanitize("thread"))) void operator()() const { run(function); }
    static void run(std::function<void()>* function)
    {
        __tsan_acquire(&gate);
        (*function)();
        delete function;
        __tsan_release(&gate);
    }
};

} // namespace

// These two stand before Qt's own: the program's definitions come first.
bool QMetaObject::invokeMethodImpl(
    QObject* object, QtPrivate::QSlotObjectBase* slot, Qt::ConnectionType type, void* result)
{
    static const auto next = nextOne<bool (*)(
        QObject*, QtPrivate::QSlotObjectBase*, Qt::ConnectionType, void*)>(
        "_ZN11QMetaObject16invokeMethodImplEP7QObjectPN9QtPrivate15QSlotObjectBaseEN2Qt14ConnectionTypeEPv");
    auto* guarded = new GuardedSlot(slot);
    __tsan_release(&gate);
    return next(object, guarded, type, result);
}

void QThreadPool::start(std::function<void()> function, int priority)
{
    static const auto next = nextOne<void (*)(QThreadPool*, std::function<void()>, int)>(
        "_ZN11QThreadPool5startESt8functionIFvvEEi");
    auto* kept = new std::function<void()>(std::move(function));
    __tsan_release(&gate);
    next(this, PooledCall{kept}, priority);
}

/// What Qt does with its own memory (events, its pool, the watchdog of QTest) it guards by locks of which the
/// sanitizer sees a part. Left out is what Qt calls of the C library, memory and locks; never our code that
/// Qt calls.
extern "C" const char* __tsan_default_suppressions()
{
    return "called_from_lib:libQt6Core.so\n"
           "called_from_lib:libQt6Test.so\n";
}

namespace studio::test {

ThreadTestApplication::~ThreadTestApplication()
{
    QThreadPool::globalInstance()->waitForDone();
    __tsan_acquire(&gate);
}

bool ThreadTestApplication::notify(QObject* receiver, QEvent* event)
{
    __tsan_acquire(&gate);
    return QCoreApplication::notify(receiver, event);
}

} // namespace studio::test

#endif
