// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/json.h"

#include <functional>

#include <QByteArray>
#include <QList>
#include <QStringList>

namespace studio::test {

/// What a run of the program left behind.
struct ProgramResult {
    int exitCode = -1;
    bool crashed = false; ///< ended by a signal, or did not end in time
    QByteArray out, err;

    /// The objects on standard output, one a line; a line that is no object fails the test that uses it.
    [[nodiscard]] QList<Json> objects() const;
    /// The only object; anything else is shown as {"not one object":…}.
    [[nodiscard]] Json object() const;
};

/// Runs the program with `arguments`, `input` on standard input, and waits for it.
ProgramResult runProgram(
    const QStringList& arguments, const QByteArray& input = {}, int timeoutSeconds = 100);

/// The same below a limit for the size of any file it writes, in bytes: stands for a full disk.
ProgramResult runProgramWithFileLimit(const QStringList& arguments, int64_t bytes);

/// The same through a shell, with its redirections, such as ">/dev/full".
ProgramResult runProgramRedirected(const QStringList& arguments, const QString& redirections);

/// The same with a terminal of 100 columns as standard error, whose text is `err`.
ProgramResult runProgramOnTerminal(const QStringList& arguments);

/// Starts the program, calls `onLine` for each line of standard output with its process id, and waits.
ProgramResult runProgramWatched(const QStringList& arguments,
    const std::function<void(const QByteArray& line, qint64 processId)>& onLine);

} // namespace studio::test
