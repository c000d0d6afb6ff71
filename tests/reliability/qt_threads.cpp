// SPDX-License-Identifier: MIT
#include "tests/reliability/qt_threads.h"

#include <QEvent>

#ifndef __SANITIZE_THREAD__

namespace studio::test {

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

/// Reads its capture before the sanitizer knows that it may.
struct PooledCall {
    std::function<void()>* function;
    __attribute__((no_sanitize("thread"))) void operator()() const { run(function); }
    static void run(std::function<void()>* function)
    {
        __tsan_acquire(&gate);
        (*function)();
        delete function;
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
    __tsan_release(&gate);
    return next(object, slot, type, result);
}

void QThreadPool::start(std::function<void()> function, int priority)
{
    static const auto next = nextOne<void (*)(QThreadPool*, std::function<void()>, int)>(
        "_ZN11QThreadPool5startESt8functionIFvvEEi");
    auto* kept = new std::function<void()>(std::move(function));
    __tsan_release(&gate);
    next(this, PooledCall{kept}, priority);
}

namespace studio::test {

bool ThreadTestApplication::notify(QObject* receiver, QEvent* event)
{
    __tsan_acquire(&gate);
    return QCoreApplication::notify(receiver, event);
}

} // namespace studio::test

#endif
