// SPDX-License-Identifier: MIT
// A run that loses its footing on the command line: what it says can be done as it stands.
#include "tests/app/program.h"
#include "tests/app/tiny_checkpoint.h"

#include <QDir>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace studio;
using namespace studio::test;

class TestTrouble : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    [[nodiscard]] QString path(const QString& name) const { return m_folder.filePath(name); }

    /// Rows with numbers to predict; those of `bad` (from 1) have one whose square no float holds.
    void writeRows(const QList<int>& bad) const
    {
        QByteArray table("text,label\n");
        for (int row = 1; row <= 96; ++row)
            table += "The food was good number " + QByteArray::number(row % 7)
                + (bad.contains(row) ? ",1e30\n" : ",0.5\n");
        writeFile(path(QStringLiteral("it's rows.csv")), table);
    }

private Q_SLOTS:
    void theWayBackFromThreeStepsWithoutAFiniteLossWorksAsItStands()
    {
        writeTinyCheckpoint(path(QStringLiteral("model")));
        writeRows({5, 41, 50, 57});
        const auto output = path(QStringLiteral("it's a run"));
        const auto result = runProgram({QStringLiteral("train"), QStringLiteral("--json"),
            QStringLiteral("--model_name_or_path"), path(QStringLiteral("model")),
            QStringLiteral("--train_file"), path(QStringLiteral("it's rows.csv")),
            QStringLiteral("--output_dir"), output, QStringLiteral("--problem_type=regression"),
            QStringLiteral("--shuffle=false"), QStringLiteral("--eval_strategy=no"),
            QStringLiteral("--save_strategy=steps"), QStringLiteral("--save_steps=2"),
            QStringLiteral("--threads=1"), QStringLiteral("--learning_rate=0.001")});
        QCOMPARE(result.exitCode, 2);
        QVERIFY2(
            result.err.contains("warning: Step 1 was skipped: its loss is no finite number (rows 1, 2, 3"),
            result.err);
        QVERIFY2(result.err.contains("steps 6, 7 and 8"), result.err);
        QVERIFY2(result.err.contains("step 4"), result.err); // the last checkpoint before them
        const auto log = fileContent(output + QStringLiteral("/metrics.jsonl"));
        QCOMPARE(log.count("\"event\":\"skip\""), 4);
        QVERIFY(!log.contains("nan") && log.contains("\"outcome\":\"failed\""));

        // The rows are mended; the command is given to a shell as it was printed.
        static const QRegularExpression command(QStringLiteral("finetune-studio (train .*)"));
        const auto match = command.match(QString::fromUtf8(result.err));
        QVERIFY2(match.hasMatch(), result.err);
        writeRows({5});
        QProcess shell;
        shell.start(QStringLiteral("/bin/sh"),
            {QStringLiteral("-c"),
                QStringLiteral("'%1' %2 --allow_changed_data --json")
                    .arg(QStringLiteral(STUDIO_PROGRAM), match.captured(1))});
        QVERIFY(shell.waitForFinished(100'000));
        const auto said = shell.readAllStandardError();
        QVERIFY2(shell.exitCode() == 0, said);
        const auto out = shell.readAllStandardOutput();
        QVERIFY2(
            out.contains(R"("event":"change","time")") && out.contains(R"("after":0.0005)"), out.left(2000));
        QVERIFY(out.contains(R"("outcome":"completed")"));
        QVERIFY(QFile::exists(output + QStringLiteral("/model.safetensors")));
    }
};

QTEST_GUILESS_MAIN(TestTrouble)
#include "tst_trouble.moc"
