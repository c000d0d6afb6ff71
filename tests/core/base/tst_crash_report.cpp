// SPDX-License-Identifier: MIT
// A process that crashes: the report that it leaves.
#include "core/base/concat.h"
#include "core/base/crash_report.h"
#include "core/base/file.h"

#include <csignal>
#include <cstring>
#include <stdexcept>
#include <sys/resource.h>
#include <thread>

#include <QCoreApplication>
#include <QDateTime>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace studio;

namespace {

int deep(int64_t level)
{
    volatile char room[4096];
    room[0] = static_cast<char>(level);
    return level == 0 ? 0 : deep(level - 1) + room[0];
}

/// The child's part. Returns only where the crash did not come.
int crash(const std::string& how, const char* folder)
{
    const rlimit noCore{0, 0};
    setrlimit(RLIMIT_CORE, &noCore);
    installCrashHandler(folder, "tester 1.2.3");
    for (int line = 0; line < 100; ++line)
        rememberForCrash(concat("line ", line));
    if (how == "abort")
        std::abort();
    if (how == "exception")
        throw std::runtime_error("out of paper");
    if (how == "overflow")
        return deep(int64_t{1} << 40);
    if (how == "thread")
        std::thread([] { raise(SIGBUS); }).join();
    raise(SIGSEGV);
    return 0;
}

bool holds(const std::string& text, const char* part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

class TestCrashReport : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aCrashLeavesAReport_data()
    {
        QTest::addColumn<QByteArray>("signal");
        QTest::newRow("fault") << QByteArray("SIGSEGV");
        QTest::newRow("abort") << QByteArray("SIGABRT");
        QTest::newRow("exception") << QByteArray("SIGABRT");
        QTest::newRow("thread") << QByteArray("SIGBUS");
        QTest::newRow("overflow") << QByteArray("SIGSEGV");
    }
    void aCrashLeavesAReport()
    {
        QFETCH(QByteArray, signal);
        QTemporaryDir dir;
        const auto folder
            = crashFolder(std::filesystem::path(dir.path().toStdString()) / "not yet" / "workspace");
        QProcess child;
        child.start(QCoreApplication::applicationFilePath(),
            {QStringLiteral("crash"), QString::fromLatin1(QTest::currentDataTag()),
                QString::fromStdString(folder.string())});
        QVERIFY(child.waitForFinished(30'000));
        QCOMPARE(child.exitStatus(), QProcess::CrashExit); // by the signal, as without the handler
        const auto said = child.readAllStandardError().toStdString();
        const auto reports = crashReports(folder);
        QCOMPARE(reports.size(), size_t{1});
        QVERIFY2(holds(said, reports.front().c_str()), said.c_str());
        const auto report = readFile(reports.front());
        for (const auto* part : {"version: tester 1.2.3", "system: Linux", "stack:", "tst_crash_report(",
                 "last log lines:\nline 36\n", "line 99\n"})
            QVERIFY2(holds(report, part), report.c_str());
        QVERIFY2(holds(report, concat("signal: ", signal.constData(), '\n').c_str()), report.c_str());
        QCOMPARE(
            holds(report, "exception: out of paper"), !std::strcmp(QTest::currentDataTag(), "exception"));
        const auto year = QDateTime::currentDateTimeUtc().date().year();
        QVERIFY2(holds(report, concat("time: ", year, '-').c_str()), report.c_str());
    }

    void whereNoReportCanBeWrittenTheStackIsOnStandardError()
    {
        QTemporaryDir dir;
        const auto file = std::filesystem::path(dir.path().toStdString()) / "file";
        writeFileAtomically(file, "");
        QProcess child;
        child.start(QCoreApplication::applicationFilePath(),
            {QStringLiteral("crash"), QStringLiteral("abort"),
                QString::fromStdString((file / "x").string())});
        QVERIFY(child.waitForFinished(30'000));
        const auto said = child.readAllStandardError().toStdString();
        QVERIFY2(holds(said, "No report could be written") && holds(said, "tst_crash_report("), said.c_str());
    }
};

int main(int argc, char** argv)
{
    if (argc == 4 && std::strcmp(argv[1], "crash") == 0)
        return crash(argv[2], argv[3]);
    QCoreApplication application(argc, argv);
    TestCrashReport test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_crash_report.moc"
