// SPDX-License-Identifier: MIT
#pragma once

#include <QCoreApplication>

namespace studio::test {

/// The application of a test that runs under ThreadSanitizer too. Qt itself is not instrumented, so the
/// sanitizer does not see that what is posted happens before it is delivered; qt_threads.cpp and this class
/// tell it.
class ThreadTestApplication : public QCoreApplication {
public:
    using QCoreApplication::QCoreApplication;
    ~ThreadTestApplication() override;
    bool notify(QObject* receiver, QEvent* event) override;
};

} // namespace studio::test
