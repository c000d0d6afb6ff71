// SPDX-License-Identifier: MIT
// kill -9 at random instants, then resume: the end is that of a run that nobody touched, bit for bit.
//     STUDIO_KILLS=200 QTEST_FUNCTION_TIMEOUT=3600000 ctest -R tst_kill --timeout 3600
#include "tests/app/program.h"
#include "tests/app/tiny_checkpoint.h"

#include <random>

#include <QDir>
#include <QElapsedTimer>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace studio;
using namespace studio::test;

class TestKill : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    [[nodiscard]] QString path(const QString& name) const { return m_folder.filePath(name); }

    /// Many checkpoints and evaluations, so that many kills fall into the writing of one.
    [[nodiscard]] QStringList train(const QString& output) const
    {
        QStringList arguments{QStringLiteral("train"), QStringLiteral("--output_dir"), path(output)};
        if (QFile::exists(path(output) + QStringLiteral("/run.json")))
            return arguments << QStringLiteral("--resume_from_checkpoint");
        return arguments << QStringLiteral("--model_name_or_path") << path(QStringLiteral("model"))
                         << QStringLiteral("--train_file") << path(QStringLiteral("train.csv"))
                         << QStringLiteral("--learning_rate=0.005") << QStringLiteral("--threads=1")
                         << QStringLiteral("--num_train_epochs=4") << QStringLiteral("--eval_strategy=steps")
                         << QStringLiteral("--eval_steps=6") << QStringLiteral("--save_strategy=steps")
                         << QStringLiteral("--save_steps=3");
    }

    /// Runs it for at most `milliseconds`. Whether it came to its end.
    bool endsWithin(const QString& output, int milliseconds)
    {
        QProcess process;
        process.setProgram(QStringLiteral(STUDIO_PROGRAM));
        process.setArguments(train(output));
        process.start();
        process.closeWriteChannel();
        if (process.waitForFinished(milliseconds)) {
            const auto said = process.readAllStandardError();
            if (process.exitStatus() != QProcess::NormalExit || process.exitCode() != 0)
                qWarning("%s", said.constData());
            m_failed = m_failed || process.exitStatus() != QProcess::NormalExit || process.exitCode() != 0;
            return true;
        }
        process.kill();
        process.waitForFinished(10'000);
        return false;
    }

    /// The numbers of the log, without times and speeds, without the lines a resume adds.
    [[nodiscard]] QStringList log(const QString& output) const
    {
        QStringList lines;
        for (const auto& line : fileContent(path(output) + QStringLiteral("/metrics.jsonl")).split('\n')) {
            if (line.isEmpty())
                continue;
            auto event = Json::parse(line.toStdString(), nullptr, false);
            if (!event.is_object()) {
                lines << QStringLiteral("torn: ") + QString::fromUtf8(line);
                continue;
            }
            if (event["event"] == "resume" || event["event"] == "start"
                || line.contains("the run begins at step 0"))
                continue;
            for (const auto* key : {"time", "samples_per_second", "tokens_per_second", "memory_bytes", "path",
                     "output_dir", "runtime"})
                event.erase(key);
            lines << QString::fromStdString(event.dump());
        }
        return lines;
    }

    [[nodiscard]] QByteArray weights(const QString& output) const
    {
        return fileContent(path(output) + QStringLiteral("/model.safetensors"));
    }

    [[nodiscard]] QStringList names(const QString& output) const
    {
        return QDir(path(output))
            .entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot, QDir::Name);
    }

    bool m_failed = false;

private Q_SLOTS:
    void aKilledRunGoesOnAsIfNothingHadHappened()
    {
        writeTinyCheckpoint(path(QStringLiteral("model")));
        writeFile(path(QStringLiteral("train.csv")), reviewsCsv(120));
        const auto whole = QStringLiteral("whole");
        QElapsedTimer timer;
        timer.start();
        QVERIFY(endsWithin(whole, 100'000));
        QVERIFY(!m_failed);
        const auto duration = static_cast<int>(timer.elapsed());
        QVERIFY(log(whole).size() > 50);

        const auto wanted = qEnvironmentVariableIntValue("STUDIO_KILLS");
        const int kills = wanted > 0 ? wanted : 8;
        const auto seed = std::random_device()();
        qInfo("seed %u, %d kills, an undisturbed run takes %d ms", seed, kills, duration);
        std::mt19937 random(seed);
        int done = 0;
        for (int trial = 0; done < kills; ++trial) {
            const auto output = QStringLiteral("trial%1").arg(trial);
            for (bool ended = false; !ended;) {
                const bool enough = done >= kills;
                const auto limit
                    = enough ? 100'000 : 1 + static_cast<int>(random() % static_cast<unsigned>(duration));
                ended = endsWithin(output, limit);
                done += ended ? 0 : 1;
            }
            QVERIFY2(!m_failed, qPrintable(output));
            const auto found = log(output), expected = log(whole);
            for (qsizetype i = 0; i < found.size() && found != expected; ++i) {
                if (i >= expected.size() || found[i] != expected[i]) {
                    qWarning("line %d: %s", static_cast<int>(i), qPrintable(found[i]));
                    break;
                }
            }
            QCOMPARE(found, expected);
            QCOMPARE(names(output).join(u' '), names(whole).join(u' '));
            QVERIFY2(weights(output) == weights(whole), qPrintable(output));
            QDir(path(output)).removeRecursively();
        }
    }
};

QTEST_GUILESS_MAIN(TestKill)
#include "tst_kill.moc"
