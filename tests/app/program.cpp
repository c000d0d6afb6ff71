// SPDX-License-Identifier: MIT
#include "tests/app/program.h"

#include <pty.h>
#include <sys/resource.h>
#include <unistd.h>

#include <QProcess>
#include <QTemporaryFile>

namespace studio::test {
namespace {

void start(QProcess& process, const QStringList& arguments)
{
    process.setProgram(QStringLiteral(STUDIO_PROGRAM));
    process.setArguments(arguments);
    process.start();
}

ProgramResult finish(QProcess& process, int timeoutSeconds)
{
    ProgramResult result;
    if (process.state() != QProcess::NotRunning && !process.waitForFinished(timeoutSeconds * 1000)) {
        process.kill();
        process.waitForFinished(5000);
        result.crashed = true;
    } else {
        result.crashed = process.exitStatus() != QProcess::NormalExit;
        result.exitCode = process.exitCode();
    }
    result.out += process.readAllStandardOutput();
    result.err += process.readAllStandardError();
    return result;
}

} // namespace

QList<Json> ProgramResult::objects() const
{
    QList<Json> objects;
    for (const auto& line : out.split('\n')) {
        if (line.isEmpty())
            continue;
        auto json = Json::parse(line.toStdString(), nullptr, false);
        objects.append(json.is_object() ? std::move(json) : Json({{"not an object", line.toStdString()}}));
    }
    return objects;
}

Json ProgramResult::object() const
{
    const auto all = objects();
    return all.size() == 1 ? all.first() : Json({{"not one object", out.toStdString() + err.toStdString()}});
}

ProgramResult runProgram(const QStringList& arguments, const QByteArray& input, int timeoutSeconds)
{
    QProcess process;
    start(process, arguments);
    process.write(input);
    process.closeWriteChannel();
    return finish(process, timeoutSeconds);
}

ProgramResult runProgramWithFileLimit(const QStringList& arguments, int64_t bytes)
{
    QProcess process;
    process.setChildProcessModifier([bytes] {
        const auto limit = static_cast<rlim_t>(bytes);
        const rlimit limits{limit, limit};
        setrlimit(RLIMIT_FSIZE, &limits);
    });
    start(process, arguments);
    process.closeWriteChannel();
    return finish(process, 100);
}

ProgramResult runProgramRedirected(const QStringList& arguments, const QString& redirections)
{
    QProcess process;
    process.start(QStringLiteral("sh"),
        QStringList{QStringLiteral("-c"), QStringLiteral("exec \"$0\" \"$@\" ") + redirections,
            QStringLiteral(STUDIO_PROGRAM)}
            + arguments);
    process.closeWriteChannel();
    return finish(process, 100);
}

ProgramResult runProgramOnTerminal(const QStringList& arguments)
{
    int master = -1, terminal = -1;
    winsize size{};
    size.ws_col = 100;
    size.ws_row = 30;
    if (openpty(&master, &terminal, nullptr, nullptr, &size) != 0)
        return {};
    QProcess process;
    QTemporaryFile out; // a pipe would fill while only the terminal is read
    out.open();
    process.setStandardOutputFile(out.fileName());
    process.setChildProcessModifier([terminal] { dup2(terminal, STDERR_FILENO); });
    start(process, arguments);
    process.closeWriteChannel();
    process.waitForStarted();
    close(terminal);
    QByteArray seen;
    char piece[4096];
    // Read until the last holder of the terminal has gone: read(2) then reports EIO.
    for (ssize_t count = 0; (count = read(master, piece, sizeof piece)) > 0;)
        seen.append(piece, static_cast<qsizetype>(count));
    close(master);
    auto result = finish(process, 60);
    result.err = seen;
    result.out = out.readAll();
    return result;
}

ProgramResult runProgramWatched(
    const QStringList& arguments, const std::function<void(const QByteArray& line, qint64 processId)>& onLine)
{
    QProcess process;
    start(process, arguments);
    process.closeWriteChannel();
    QByteArray seen;
    while (process.state() != QProcess::NotRunning && process.waitForReadyRead(60'000)) {
        while (process.canReadLine()) {
            const auto line = process.readLine();
            seen += line;
            onLine(line, process.processId());
        }
    }
    auto result = finish(process, 60);
    result.out = seen + result.out;
    return result;
}

} // namespace studio::test
