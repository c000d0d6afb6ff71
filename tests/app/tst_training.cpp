// SPDX-License-Identifier: MIT
#include "tests/app/program.h"
#include "tests/app/tiny_checkpoint.h"

#include <csignal>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QDir>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace studio;
using namespace studio::test;

class TestTraining : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    [[nodiscard]] QString path(const char* name) const
    {
        return m_folder.filePath(QString::fromLatin1(name));
    }
    [[nodiscard]] QStringList train(const char* output, const QStringList& more = {}) const
    {
        return QStringList{QStringLiteral("train"), QStringLiteral("--model_name_or_path"), path("model"),
                   QStringLiteral("--train_file"), path("train.csv"), QStringLiteral("--output_dir"),
                   path(output), QStringLiteral("--learning_rate=0.005"), QStringLiteral("--threads=1"),
                   QStringLiteral("--json")}
        + more;
    }

    static QList<Json> steps(const QList<Json>& events)
    {
        QList<Json> found;
        for (const auto& event : events) {
            if (event.value("event", std::string()) == "step")
                found.append(Json{{"step", event["step"]}, {"loss", event["loss"]},
                    {"grad_norm", event["grad_norm"]}, {"learning_rate", event["learning_rate"]}});
        }
        return found;
    }

private Q_SLOTS:
    void initTestCase()
    {
        writeTinyCheckpoint(path("model"));
        writeFile(path("train.csv"), reviewsCsv(240));
        writeFile(path("test.csv"), reviewsCsv(60));
    }

    void everyEventIsAnObjectInOrder()
    {
        const auto result
            = runProgram(train("first", {QStringLiteral("--num-train-epochs"), QStringLiteral("8")}));
        QVERIFY2(result.exitCode == 0, result.err);
        const auto events = result.objects();
        QCOMPARE(events.first().value("event", std::string()), std::string("start"));
        QCOMPARE(events.last().value("event", std::string()), std::string("end"));
        QCOMPARE(events.last().value("outcome", std::string()), std::string("completed"));
        QCOMPARE(steps(events).size(), 216); // 216 rows in batches of 8, eight times
        double time = 0;
        int evaluations = 0;
        for (const auto& event : events) {
            QVERIFY(event.contains("event"));
            QVERIFY(event.value("time", -1.0) >= time);
            time = event.value("time", -1.0);
            evaluations += event.value("event", std::string()) == "evaluate" ? 1 : 0;
        }
        QCOMPARE(evaluations, 8);
        for (const auto* key : {"step", "epoch", "loss", "learning_rate", "grad_norm", "samples_per_second",
                 "tokens_per_second", "memory_bytes"}) {
            bool found = false;
            for (const auto& event : events)
                found = found || (event.value("event", std::string()) == "step" && event.contains(key));
            QVERIFY2(found, key);
        }
        for (const auto* name : {"config.json", "model.safetensors", "vocab.txt", "run.json", "metrics.jsonl",
                 "trainer_state.json", "eval_predictions.jsonl"})
            QVERIFY2(QFile::exists(path("first") + QLatin1Char('/') + QLatin1String(name)), name);
        // What was printed is what was recorded.
        QByteArray recorded;
        for (const auto& line : fileContent(path("first/metrics.jsonl")).split('\n'))
            recorded += line.isEmpty() ? line : line + '\n';
        QCOMPARE(result.out, recorded);
    }

    void theModelHasLearned()
    {
        const auto evaluate = runProgram({QStringLiteral("evaluate"), QStringLiteral("--model_name_or_path"),
            path("first"), QStringLiteral("--file"), path("test.csv"), QStringLiteral("--json"),
            QStringLiteral("--predictions_file"), path("predictions.jsonl")});
        QVERIFY2(evaluate.exitCode == 0, evaluate.err);
        auto metrics = evaluate.object();
        QCOMPARE(metrics["eval_accuracy"].get<double>(), 1.0);
        QCOMPARE(metrics["eval_confusion_matrix"].dump(), std::string("[[30,0],[0,30]]"));
        for (const auto* key : {"eval_loss", "eval_precision", "eval_recall", "eval_f1", "eval_f1_weighted",
                 "eval_f1_micro", "eval_mcc", "eval_auc", "eval_labels", "eval_per_class"})
            QVERIFY2(metrics.contains(key), key);
        QCOMPARE(fileContent(path("predictions.jsonl")).count('\n'), 60);
        // Into a file that standard output goes on writing: nothing in it is lost.
        writeFile(path("all.jsonl"), "before\n");
        const auto appended = runProgramRedirected(
            {QStringLiteral("evaluate"), QStringLiteral("--model_name_or_path"), path("first"),
                QStringLiteral("--file"), path("test.csv"), QStringLiteral("--json"),
                QStringLiteral("--predictions_file"), QStringLiteral("/dev/stdout")},
            QStringLiteral(">>") + path("all.jsonl"));
        QVERIFY2(appended.exitCode == 0, appended.err);
        const auto all = fileContent(path("all.jsonl"));
        QVERIFY(all.startsWith("before\n") && all.contains("eval_accuracy"));
        QCOMPARE(all.count('\n'), 62);
        const auto text = runProgram({QStringLiteral("evaluate"), QStringLiteral("--model-name-or-path"),
            path("first"), QStringLiteral("--file"), path("test.csv")});
        QVERIFY(text.out.contains("accuracy") && text.out.contains("true \\ predicted"));

        const auto absent = runProgram({QStringLiteral("evaluate"), QStringLiteral("--model_name_or_path"),
            path("first"), QStringLiteral("--file"), path("absent.csv")});
        QCOMPARE(absent.exitCode, 1);
        QVERIFY2(absent.err.contains("absent.csv"), absent.err);

        const auto predict = runProgram({QStringLiteral("predict"), QStringLiteral("--model_name_or_path"),
            path("first"), QStringLiteral("--text"), QStringLiteral("The food was awful."),
            QStringLiteral("--text"), QStringLiteral("The film is great.")});
        QVERIFY2(predict.out.startsWith("negative\t"), predict.out);
        QVERIFY2(predict.out.contains("\npositive\t"), predict.out);
    }

    void exportWritesACleanFolderWithTheSameAnswers()
    {
        const auto result = runProgram({QStringLiteral("export"), path("first"),
            QStringLiteral("--output-dir"), path("clean"), QStringLiteral("--json")});
        QVERIFY2(result.exitCode == 0, result.err);
        QVERIFY(result.object()["max_logit_difference"].get<double>() < 1e-4);
        const QStringList files = QDir(path("clean")).entryList(QDir::AllEntries | QDir::NoDotAndDotDot);
        QVERIFY2(files.contains(QStringLiteral("model.safetensors"))
                && !files.contains(QStringLiteral("run.json")),
            qPrintable(files.join(QLatin1Char(' '))));
        const QStringList question
            = {QStringLiteral("--text"), QStringLiteral("good food"), QStringLiteral("--json")};
        const auto ask = [&](const char* folder) {
            return runProgram(
                QStringList{QStringLiteral("predict"), QStringLiteral("--model_name_or_path"), path(folder)}
                + question)
                .out;
        };
        QCOMPARE(ask("clean"), ask("first"));
        const auto again = runProgram(
            {QStringLiteral("export"), path("first"), QStringLiteral("--output_dir"), path("clean")});
        QCOMPARE(again.exitCode, 1); // not empty
    }

    void inspectShowsModelAndFile()
    {
        const auto result = runProgram({QStringLiteral("inspect"), QStringLiteral("--model_name_or_path"),
            path("model"), QStringLiteral("--file"), path("train.csv"), QStringLiteral("--json")});
        QVERIFY2(result.exitCode == 0, result.err);
        const auto objects = result.objects();
        QCOMPARE(objects.size(), 2);
        QVERIFY(objects[0].contains("model"));
        const auto& file = objects[1]["file"];
        QCOMPARE(file["format"].get<std::string>(), std::string("csv"));
        QCOMPARE(file["labels"].dump(),
            std::string(R"([{"label":"negative","count":120},{"label":"positive","count":120}])"));
        QVERIFY(file["length"]["tokens"]["min"].get<int>() > 5);
        QVERIFY(file["unknown_character_share"].is_number());
        QCOMPARE(file["rows_cut"].get<int>(), 0);
        const auto text = runProgram({QStringLiteral("inspect"), QStringLiteral("--model_name_or_path"),
            path("model"), QStringLiteral("--file"), path("train.csv")});
        for (const auto* part : {"bert", "64 tokens", "positive", "120", "unknown to the model's vocabulary"})
            QVERIFY2(text.out.contains(part), part);
    }

    void settingsFileAndFlagsTogether()
    {
        writeFile(path("settings.json"), R"({"learning_rate": 0.001, "num_train_epochs": 1, "seed": 5})");
        auto arguments = train("second", {QStringLiteral("--seed"), QStringLiteral("9")});
        arguments.removeAll(QStringLiteral("--learning_rate=0.005"));
        arguments.insert(1, path("settings.json"));
        const auto result = runProgram(arguments);
        QVERIFY2(result.exitCode == 0, result.err);
        const auto run = Json::parse(fileContent(path("second/run.json")).toStdString());
        QCOMPARE(run["arguments"]["learning_rate"].get<double>(), 0.001);
        QCOMPARE(run["arguments"]["seed"].get<int>(), 9);
        QCOMPARE(steps(result.objects()).size(), 27);

        // The run's own file starts the same run again: the same losses.
        const auto again = runProgram({QStringLiteral("train"), path("second/run.json"),
            QStringLiteral("--output_dir"), path("third"), QStringLiteral("--json")});
        QVERIFY2(again.exitCode == 0, again.err);
        QVERIFY(steps(again.objects()) == steps(result.objects()));
        QVERIFY(
            fileContent(path("third/model.safetensors")) == fileContent(path("second/model.safetensors")));
    }

    void relativeFilesAreFoundFromAnotherFolder()
    {
        const auto before = QDir::currentPath();
        QVERIFY(QDir::setCurrent(m_folder.path()));
        const auto first = runProgram({QStringLiteral("train"), QStringLiteral("--model_name_or_path=model"),
            QStringLiteral("--train_file=train.csv"), QStringLiteral("--test_file=./test.csv"),
            QStringLiteral("--output_dir=relative"), QStringLiteral("--max_steps=2"),
            QStringLiteral("--threads=1")});
        QVERIFY(QDir::setCurrent(before));
        QVERIFY2(first.exitCode == 0, first.err);
        const auto run = Json::parse(fileContent(path("relative/run.json")).toStdString());
        QCOMPARE(run["arguments"]["train_file"].get<std::string>(), path("train.csv").toStdString());
        QCOMPARE(run["arguments"]["test_file"].get<std::string>(), path("test.csv").toStdString());
        const auto again = runProgram({QStringLiteral("train"), path("relative/run.json"),
            QStringLiteral("--output_dir"), path("absolute")});
        QVERIFY2(again.exitCode == 0, again.err);
    }

    void anInterruptedRunGoesOnAsIfNothingHadHappened_data()
    {
        QTest::addColumn<int>("signal");
        QTest::newRow("SIGINT") << SIGINT;
        QTest::newRow("SIGTERM") << SIGTERM;
        QTest::newRow("SIGHUP, from the system and from the shell") << SIGHUP;
    }
    void anInterruptedRunGoesOnAsIfNothingHadHappened()
    {
        QFETCH(int, signal);
        const QStringList longer = {QStringLiteral("--num_train_epochs=20"),
            QStringLiteral("--save_strategy=no"), QStringLiteral("--eval_strategy=no")};
        const auto whole
            = runProgram(train("whole", longer + QStringList{QStringLiteral("--overwrite_output_dir")}));
        QVERIFY2(whole.exitCode == 0, whole.err);

        QDir(path("parts")).removeRecursively();
        bool sent = false;
        const auto first
            = runProgramWatched(train("parts", longer), [&](const QByteArray& line, qint64 process) {
                  if (!sent && line.contains("\"event\":\"step\"") && line.contains("\"step\":40,")) {
                      sent = true;
                      ::kill(static_cast<pid_t>(process), signal);
                      if (signal == SIGHUP) {
                          QTest::qWait(1);
                          ::kill(static_cast<pid_t>(process), signal);
                      }
                  }
              });
        QVERIFY(sent);
        QVERIFY2(first.exitCode == 130, first.err);
        QVERIFY2(first.err.contains("--resume_from_checkpoint"), first.err);
        QCOMPARE(first.objects().last().value("outcome", std::string()), std::string("stopped"));

        const auto second
            = runProgram(train("parts", longer + QStringList{QStringLiteral("--resume-from-checkpoint")}));
        QVERIFY2(second.exitCode == 0, second.err);
        const auto done = steps(first.objects());
        QVERIFY(!done.isEmpty() && done.size() < steps(whole.objects()).size());
        QVERIFY(done + steps(second.objects()) == steps(whole.objects()));
        QVERIFY(fileContent(path("parts/model.safetensors")) == fileContent(path("whole/model.safetensors")));
    }

    void aShortResumeTakesEveryFlag()
    {
        bool sent = false;
        const auto first
            = runProgramWatched(train("flags",
                                    {QStringLiteral("--seed=9"), QStringLiteral("--num_train_epochs=1000"),
                                        QStringLiteral("--eval_strategy=no")}),
                [&](const QByteArray& line, qint64 process) {
                    if (!sent && line.contains("\"step\":10,")) {
                        sent = true;
                        ::kill(static_cast<pid_t>(process), SIGINT);
                    }
                });
        QVERIFY2(first.exitCode == 130, first.err);
        const QStringList resume = {QStringLiteral("train"), QStringLiteral("--output_dir"), path("flags"),
            QStringLiteral("--resume_from_checkpoint")};
        // Also those that say what would be without them.
        const auto refused = runProgram(resume + QStringList{QStringLiteral("--seed=42")});
        QCOMPARE(refused.exitCode, 2);
        QVERIFY2(refused.err.contains("seed is 42, but the run began with 9"), refused.err);
        const auto last = steps(first.objects()).last()["step"].get<int>();
        const auto changed = runProgram(resume
            + QStringList{QStringLiteral("--learning_rate=5e-5"),
                QStringLiteral("--max_steps=%1").arg(last + 5), QStringLiteral("--json")});
        QVERIFY2(changed.exitCode == 0, changed.err);
        const auto done = steps(changed.objects());
        QCOMPARE(done.size(), 5);
        QVERIFY(done.first()["learning_rate"].get<double>() <= 5e-5);
        const auto again = runProgram(resume);
        QCOMPARE(again.exitCode, 0);
        QVERIFY2((again.out + again.err).contains("is complete already"), again.err);
    }

    void aSecondSignalEndsAtOnce()
    {
        QDir(path("twice")).removeRecursively();
        bool sent = false;
        const auto result = runProgramWatched(train("twice", {QStringLiteral("--num_train_epochs=1000")}),
            [&](const QByteArray& line, qint64 process) {
                if (sent || !line.contains("\"event\":\"step\""))
                    return;
                sent = true;
                ::kill(static_cast<pid_t>(process), SIGINT);
                QTest::qWait(1);
                ::kill(static_cast<pid_t>(process), SIGINT);
            });
        QVERIFY(sent);
        QVERIFY(!result.crashed);
        QCOMPARE(result.exitCode, 130);
        QVERIFY(!QFile::exists(path("twice/model.safetensors.tmp")));
    }

    void linesOfAControlFileChangeTheRun_data()
    {
        QTest::addColumn<bool>("fifo");
        QTest::newRow("file") << false;
        QTest::newRow("fifo") << true;
    }
    void linesOfAControlFileChangeTheRun()
    {
        QFETCH(bool, fifo);
        const auto file = path(fifo ? "control.fifo" : "control.jsonl");
        if (fifo)
            QCOMPARE(::mkfifo(file.toLocal8Bit().constData(), 0600), 0);
        else
            writeFile(file,
                R"({"learning_rate": 0.125})"
                "\n"); // stood there before: not for this run
        QDir(path("steered")).removeRecursively();
        bool sent = false, stopped = false;
        const auto result = runProgramWatched(
            train("steered",
                {QStringLiteral("--num_train_epochs=10000"), QStringLiteral("--control"), file,
                    QStringLiteral("--eval_strategy=no"), QStringLiteral("--save_strategy=no")}),
            [&](const QByteArray& line, qint64 process) {
                if (!sent && line.contains("\"step\":20,")) {
                    sent = true;
                    const int control = ::open(file.toLocal8Bit().constData(), O_WRONLY | O_APPEND);
                    QVERIFY(control >= 0);
                    for (const QByteArray piece :
                        {"no object\n\n{\"learning_rate\": 0.00", "25, \"max_steps\": 2500000}\n"})
                        QCOMPARE(::write(control, piece.constData(), static_cast<size_t>(piece.size())),
                            ssize_t{piece.size()});
                    ::close(control);
                }
                if (!stopped && line.contains("\"event\":\"change\"") && line.contains("max_steps")) {
                    stopped = true;
                    ::kill(static_cast<pid_t>(process), SIGINT);
                }
            });
        QVERIFY2(result.exitCode == 130, result.err);
        QVERIFY2(result.err.contains("warning: The change was not taken"), result.err);
        QList<Json> changes;
        for (const auto& event : result.objects()) {
            if (event.value("event", std::string()) == "change")
                changes.append(event);
        }
        QCOMPARE(changes.size(), 2);
        QCOMPARE(changes[0]["name"].get<std::string>(), std::string("learning_rate"));
        QCOMPARE(changes[0]["after"].get<double>(), 0.0025);
        QCOMPARE(changes[1]["total_steps"].get<int>(), 2'500'000);
        const auto run = Json::parse(fileContent(path("steered/run.json")).toStdString());
        QCOMPARE(run["arguments"]["learning_rate"].get<double>(), 0.005); // as it began
        QCOMPARE(run["recorded"]["changes"].size(), size_t{2});
        QCOMPARE(run["recorded"]["changes"][0]["step"].get<int>(), changes[0]["step"].get<int>());

        const auto absent = runProgram(train("unused", {QStringLiteral("--control"), m_folder.path()}));
        QCOMPARE(absent.exitCode, 1);
        QVERIFY2(absent.err.contains("it is a folder"), absent.err);
    }

    /// A line that is written anew instead of appended is taken too.
    void aControlFileMayBeWrittenAnew()
    {
        const auto file = path("anew.jsonl");
        QDir(path("anew")).removeRecursively();
        int changes = 0;
        const auto result = runProgramWatched(
            train("anew",
                {QStringLiteral("--num_train_epochs=10000"), QStringLiteral("--control"), file,
                    QStringLiteral("--eval_strategy=no"), QStringLiteral("--save_strategy=no")}),
            [&](const QByteArray& line, qint64 process) {
                if (line.contains("\"step\":20,"))
                    writeFile(file, "{\"learning_rate\": 0.001}\n");
                if (!line.contains("\"event\":\"change\""))
                    return;
                ++changes;
                if (changes == 1)
                    writeFile(file, "{\"learning_rate\": 0.002}\n"); // as long as before
                if (changes == 2) {
                    QFile::remove(file);
                    writeFile(file, "{\"learning_rate\": 0.003}\n"); // another file
                }
                if (changes == 3)
                    ::kill(static_cast<pid_t>(process), SIGINT);
            });
        QVERIFY2(result.exitCode == 130, result.err);
        QCOMPARE(changes, 3);
    }

    void aRunGoesOnWithoutItsOutput()
    {
        for (const auto* redirection : {">/dev/full", ">&- 2>&- <&-"}) {
            QDir(path("silent")).removeRecursively();
            const auto result = runProgramRedirected(train("silent"), QString::fromLatin1(redirection));
            const bool full = QByteArray(redirection) == ">/dev/full";
            QCOMPARE(result.exitCode, full ? 1 : 0); // said after the run
            if (full)
                QVERIFY2(result.err.contains("error: Standard output cannot be written"), result.err);
            const auto log = fileContent(path("silent/metrics.jsonl"));
            QVERIFY2(log.contains("\"outcome\":\"completed\""), log.right(300));
            QVERIFY(QFile::exists(path("silent/trainer_state.json")));
        }
    }

    void aMovedRunGoesOnWhereItIs()
    {
        QDir(path("before")).removeRecursively();
        runProgramWatched(train("before", {QStringLiteral("--num_train_epochs=10")}),
            [](const QByteArray& line, qint64 process) {
                if (line.contains("\"step\":40,"))
                    ::kill(static_cast<pid_t>(process), SIGINT);
            });
        QVERIFY(QDir().rename(path("before"), path("after")));
        const auto result = runProgram({QStringLiteral("train"), path("after/run.json"),
            QStringLiteral("--resume_from_checkpoint"), QStringLiteral("--json")});
        QVERIFY2(result.exitCode == 0, result.err);
        QVERIFY2(result.err.contains("goes on"), result.err);
        QVERIFY(!QFile::exists(path("before")));
        QVERIFY(fileContent(path("after/metrics.jsonl")).contains("\"outcome\":\"completed\""));
    }

    void aCrashLeavesAReportInTheWorkspace()
    {
        bool sent = false;
        const auto result = runProgramWatched(train("crashed",
                                                  {QStringLiteral("--num_train_epochs=10000"),
                                                      QStringLiteral("--workspace"), path("workshop")}),
            [&](const QByteArray& line, qint64 process) {
                if (!sent && line.contains("\"step\":20,")) {
                    sent = true;
                    ::kill(static_cast<pid_t>(process), SIGSEGV);
                }
            });
        QVERIFY(sent && result.crashed);
        const QDir folder(path("workshop/crash-reports"));
        const auto reports = folder.entryList(QDir::Files);
        QCOMPARE(reports.size(), 1);
        QVERIFY2(result.err.contains(folder.filePath(reports.first()).toUtf8()), result.err);
        const auto report = fileContent(folder.filePath(reports.first()));
        for (const auto* part : {"version: finetune-studio ", "signal: SIGSEGV", "finetune-studio(",
                 "\"event\":\"step\",", "\"step\":20,"})
            QVERIFY2(report.contains(part), report);
    }

    void withoutJsonPeopleReadTheCourse()
    {
        auto arguments = train("human",
            {QStringLiteral("--num_train_epochs=1"), QStringLiteral("--test_file"), path("test.csv")});
        arguments.removeAll(QStringLiteral("--json"));
        const auto result = runProgram(arguments);
        QVERIFY2(result.exitCode == 0, result.err);
        for (const auto* part :
            {"216 rows to train on", "Validation after step 27", "accuracy", "Test:", "Model: "})
            QVERIFY2(result.out.contains(part), part);
        QVERIFY(!result.err.contains("\x1b[")); // no bar without a terminal
    }

    void aProfileIsATableAndATrace()
    {
        const auto objects
            = runProgram(train("profiled", {QStringLiteral("--profile"), QStringLiteral("--max_steps=5")}));
        QVERIFY2(objects.exitCode == 0, objects.err);
        const auto events = objects.objects();
        const auto& profile = events.at(events.size() - 2);
        QCOMPARE(profile.value("event", std::string()), std::string("profile"));
        QCOMPARE(profile.value("trace_file", std::string()), path("profiled/profile.json").toStdString());
        const auto trace = Json::parse(fileContent(path("profiled/profile.json")).toStdString());
        QVERIFY(trace.at("traceEvents").size() > 25);
        auto arguments = train("profiled text",
            {QStringLiteral("--profile"), QStringLiteral("--max_steps=5"), QStringLiteral("--json=false")});
        const auto text = runProgram(arguments);
        for (const auto* part : {"phase", "forward", "backward", "optimizer", "profiled text/profile.json"})
            QVERIFY2(text.out.contains(part), part);
    }

    void aTerminalShowsABar()
    {
        const auto result = runProgramOnTerminal(train("terminal", {QStringLiteral("--num_train_epochs=6")}));
        QCOMPARE(result.exitCode, 0);
        QVERIFY(result.err.contains("\r\x1b[K"));
        bool complete = false;
        for (const auto& line : QString::fromUtf8(result.err).split(QStringLiteral("\r\x1b[K"))) {
            if (!line.startsWith(QStringLiteral("Training ")))
                continue;
            QVERIFY2(line.size() < 100, qPrintable(line));
            complete = complete
                || (line.contains(QStringLiteral("/162 steps")) && line.contains(QStringLiteral("loss "))
                    && line.contains(QStringLiteral(" samples/s")) && line.contains(QStringLiteral(" %")));
        }
        QVERIFY2(complete, result.err);
        QVERIFY(result.out.startsWith("{\"event\":\"start\"")); // objects alone
        QVERIFY(!result.out.contains('\r'));
    }

    void withoutOutputFolderTheRunGoesToTheWorkspace()
    {
        auto arguments = train(
            "unused", {QStringLiteral("--max_steps=2"), QStringLiteral("--workspace"), path("workspace")});
        arguments.removeAll(QStringLiteral("--output_dir"));
        arguments.removeAll(path("unused"));
        const auto result = runProgram(arguments);
        QVERIFY2(result.exitCode == 0, result.err);
        const auto runs = QDir(path("workspace/runs")).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
        QCOMPARE(runs.size(), 1);
        QVERIFY(QFile::exists(path("workspace/runs/") + runs.first() + QStringLiteral("/model.safetensors")));
    }
};

QTEST_GUILESS_MAIN(TestTraining)
#include "tst_training.moc"
