// SPDX-License-Identifier: MIT
#include "core/train/arguments.h"
#include "tests/app/program.h"

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace studio;
using namespace studio::test;

class TestProgram : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyCommandExplainsItself_data()
    {
        QTest::addColumn<QString>("command");
        for (const auto* name :
            {"demo", "train", "evaluate", "predict", "score", "tokenize", "inspect", "export", "devices"})
            QTest::newRow(name) << QString::fromLatin1(name);
    }
    void everyCommandExplainsItself()
    {
        QFETCH(QString, command);
        const auto result = runProgram({command, QStringLiteral("--help")});
        QCOMPARE(result.exitCode, 0);
        QVERIFY(result.err.isEmpty());
        for (const auto* part : {"Usage:", "Examples:", "--json", "--help"})
            QVERIFY2(result.out.contains(part), part);
        for (const auto& line : QString::fromUtf8(result.out).split(QLatin1Char('\n')))
            QVERIFY2(line.size() <= 160, qPrintable(line));
    }

    void helpListsTheCommands()
    {
        const auto help = runProgram({QStringLiteral("--help")});
        QCOMPARE(help.exitCode, 0);
        for (const auto* name :
            {"demo", "train", "evaluate", "predict", "score", "tokenize", "inspect", "export", "devices"})
            QVERIFY2(help.out.contains(QByteArray("\n  ") + name + " "), name);
        QCOMPARE(runProgram({QStringLiteral("help")}).out, help.out);
        QCOMPARE(runProgram({QStringLiteral("help"), QStringLiteral("train")}).out,
            runProgram({QStringLiteral("train"), QStringLiteral("-h")}).out);
    }

    void versionIsOneLine()
    {
        const auto result = runProgram({QStringLiteral("--version")});
        QCOMPARE(result.exitCode, 0);
        QCOMPARE(result.out, QByteArray("finetune-studio " STUDIO_VERSION "\n"));
    }

    void wrongUsageExitsWithTwo_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("holds");
        const auto row = [](const QString& words, const char* holds) {
            QTest::newRow(qPrintable(words)) << words.split(QLatin1Char(' ')) << QByteArray(holds);
        };
        row(QStringLiteral("trian"), "'train'");
        row(QStringLiteral("--jsno"), "Unknown option '--jsno'");
        row(QStringLiteral("train --lerning_rate 1"), "--learning_rate");
        row(QStringLiteral("evaluate --fil x"), "--file");
        row(QStringLiteral("evaluate"), "--model_name_or_path is missing");
        row(QStringLiteral("evaluate --model_name_or_path x"), "--file is missing");
        row(QStringLiteral("predict"), "--model_name_or_path is missing");
        row(QStringLiteral("predict --model_name_or_path x --text a --file b"), "not both");
        row(QStringLiteral("score"), "--model_name_or_path is missing");
        row(QStringLiteral("score --model_name_or_path x --text a --file b"), "not both");
        row(QStringLiteral("predict --model_name_or_path x --text_pair b"), "--text_pair belongs to");
        row(QStringLiteral("tokenize"), "--model_name_or_path is missing");
        row(QStringLiteral("inspect"), "Nothing to inspect");
        row(QStringLiteral("export"), "SOURCE");
        row(QStringLiteral("export x"), "--output_dir is missing");
        row(QStringLiteral("export x --output_dir y --dtype int8"), "fp32, fp16 or bf16");
        row(QStringLiteral("devices --measure=perhaps"), "true or false");
        row(QStringLiteral("demo --preset slow"), "preset");
        row(QStringLiteral("train"), "missing");
        row(QStringLiteral("train --device gpu --model_name_or_path x --train_file y --output_dir z"),
            "device");
    }
    void wrongUsageExitsWithTwo()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, holds);
        const auto result = runProgram(arguments);
        QVERIFY2(result.err.contains(holds), result.err);
        QCOMPARE(result.exitCode, 2);
        QVERIFY(result.out.isEmpty());
        QVERIFY(result.err.startsWith("error: "));
        QCOMPARE(result.err.count('\n'), 1); // one sentence, no backtrace
    }

    /// All flags at once reach the run, in either spelling: it fails at the absent model, not at a flag.
    void allTrainingFlagsTogetherReachTheRun_data()
    {
        QTest::addColumn<bool>("dashes");
        QTest::newRow("underscores") << false;
        QTest::newRow("dashes") << true;
    }
    void allTrainingFlagsTogetherReachTheRun()
    {
        QFETCH(bool, dashes);
        QStringList arguments = {QStringLiteral("train")};
        for (const auto& info : argumentTable()) {
            auto value = info.get(TrainingArguments{});
            if (value.is_null() || info.name == "resume_from_checkpoint" || info.name == "output_dir")
                continue;
            auto text = value.is_string() ? value.get<std::string>() : jsonLine(value);
            if (info.name == "model_name_or_path" || info.name == "train_file")
                text = "/nonexistent/folder";
            auto flag = QString::fromStdString(info.name);
            if (dashes)
                flag.replace(QLatin1Char('_'), QLatin1Char('-'));
            arguments << QStringLiteral("--") + flag
                      << (value.is_array() ? QString() : QString::fromStdString(text));
        }
        const auto result = runProgram(arguments);
        QVERIFY2(result.err.contains("/nonexistent/folder"), result.err);
        QCOMPARE(result.exitCode, 1);
    }

    void devicesAreListedWithoutMeasuring()
    {
        const auto text = runProgram({QStringLiteral("devices"), QStringLiteral("--measure=false")});
        QCOMPARE(text.exitCode, 0);
        QVERIFY2(text.out.contains("\n  cpu "), text.out);
        const auto objects = runProgram(
            {QStringLiteral("devices"), QStringLiteral("--measure=false"), QStringLiteral("--json")})
                                 .objects();
        QVERIFY(!objects.isEmpty());
        QCOMPARE(objects.first().value("id", std::string()), std::string("cpu"));
    }

    void withoutACommandItIsTheWindow()
    {
#ifdef STUDIO_WITH_WINDOW
        const QTemporaryDir folder;
        QProcess process;
        process.start(QStringLiteral(STUDIO_PROGRAM),
            {QStringLiteral("--workspace"), folder.filePath(QStringLiteral("w"))});
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(folder.filePath(QStringLiteral("w/studio.sqlite"))), 60'000);
        QCOMPARE(process.state(), QProcess::Running);
        process.kill();
        QVERIFY(process.waitForFinished());

        auto environment = QProcessEnvironment::systemEnvironment();
        for (const auto* variable : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"})
            environment.remove(QString::fromLatin1(variable));
        process.setProcessEnvironment(environment);
        process.start(QStringLiteral(STUDIO_PROGRAM), {});
        QVERIFY(process.waitForFinished(60'000));
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 1);
        QVERIFY(process.readAllStandardError().startsWith("error: There is no display"));
#else
        QVERIFY(runProgram({}).out.contains("Usage:"));
#endif
    }

    void jsonMayStandBeforeTheCommand()
    {
        const auto result = runProgram(
            {QStringLiteral("--json"), QStringLiteral("devices"), QStringLiteral("--measure=false")});
        QCOMPARE(result.exitCode, 0);
        QCOMPARE(result.object().value("id", std::string()), std::string("cpu"));
    }
};

QTEST_GUILESS_MAIN(TestProgram)
#include "tst_program.moc"
