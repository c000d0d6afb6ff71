// SPDX-License-Identifier: MIT
#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/runs/metric_log.h"
#include "core/runs/run_folder.h"
#include "core/runs/run_index.h"
#include "core/runs/run_lock.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <set>
#include <sys/wait.h>
#include <unistd.h>

#include <QTemporaryDir>
#include <QTest>

using namespace studio;
namespace fs = std::filesystem;

namespace {

TrainingArguments exampleArguments()
{
    TrainingArguments arguments;
    arguments.modelNameOrPath = "models/tiny";
    arguments.trainFile = "data/reviews.csv";
    arguments.outputDir = "out";
    arguments.metricForBestModel = "accuracy";
    arguments.perDeviceTrainBatchSize = 16;
    arguments.seed = 7;
    return arguments;
}

void append(const fs::path& file, const std::string& text)
{
    std::ofstream(file, std::ios::app | std::ios::binary) << text;
}

void append(const fs::path& folder, const TrainEvent& event)
{
    append(folder / "metrics.jsonl", jsonLine(toJson(event)) + '\n');
}

EvaluateEvent evaluation(int64_t step, double accuracy, bool best)
{
    EvaluateEvent event{.time = static_cast<double>(step), .step = step, .epoch = 1, .best = best};
    event.metrics.accuracy = accuracy;
    event.metrics.f1 = accuracy / 2;
    event.metrics.loss = 1 - accuracy;
    return event;
}

/// A run folder as an interrupted run leaves it, after two evaluations.
fs::path makeRun(const fs::path& folder, const std::string& startedAt = "2026-11-22T10:00:00Z")
{
    fs::create_directories(folder);
    const Json run = {{"arguments", toJson(exampleArguments())}, {"recorded", {{"started_at", startedAt}}}};
    writeFileAtomically(folder / "run.json", jsonLine(run));
    StartEvent start;
    start.totalSteps = 40;
    append(folder, start);
    for (int64_t step = 1; step <= 10; ++step)
        append(folder, StepEvent{.time = static_cast<double>(step), .step = step, .loss = 0.5});
    append(folder, evaluation(10, 0.8, true));
    append(folder, StepEvent{.time = 20, .step = 20, .loss = 0.4});
    append(folder, evaluation(20, 0.7, false));
    return folder;
}

} // namespace

class TestRuns : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void summaryTellsWhatTheRunDid()
    {
        const auto folder = makeRun(path() / "first");
        const auto run = readRunSummary(folder);
        QCOMPARE(run.name, std::string("first"));
        QCOMPARE(run.state, RunState::Interrupted);
        QCOMPARE(run.step, int64_t{20});
        QCOMPARE(run.totalSteps, int64_t{40});
        QCOMPARE(run.metricName, std::string("eval_accuracy"));
        QCOMPARE(run.bestMetric.value(), 0.8);
        QCOMPARE(run.bestStep.value(), int64_t{10});
        QCOMPARE(run.accuracy.value(), 0.8);
        QCOMPARE(run.batchSize, int64_t{16});
        QCOMPARE(run.seconds, 20.0);
        QCOMPARE(run.startedAt, std::string("2026-11-22T10:00:00Z"));
        QCOMPARE(readRunArguments(folder), exampleArguments());
    }

    void stateFollowsTheEndEvent_data()
    {
        QTest::addColumn<QByteArray>("outcome");
        QTest::addColumn<int>("state");
        QTest::newRow("completed") << QByteArray("completed") << static_cast<int>(RunState::Completed);
        QTest::newRow("stopped") << QByteArray("stopped") << static_cast<int>(RunState::Stopped);
        QTest::newRow("failed") << QByteArray("failed") << static_cast<int>(RunState::Failed);
    }

    void stateFollowsTheEndEvent()
    {
        QFETCH(QByteArray, outcome);
        QFETCH(int, state);
        const auto folder = makeRun(path() / "run");
        append(folder, EndEvent{.time = 21, .outcome = outcome.toStdString(), .step = 20});
        QCOMPARE(static_cast<int>(readRunSummary(folder).state), state);
        append(folder, ResumeEvent{.step = 20});
        append(folder, StepEvent{.time = 2, .step = 21});
        QCOMPARE(readRunSummary(folder).state, RunState::Interrupted);
        QCOMPARE(readRunSummary(folder).seconds, 23.0);
    }

    void aTornLastLineIsIgnored()
    {
        const auto folder = makeRun(path() / "run");
        std::vector<TrainEvent> events;
        const auto offset = readRunEvents(folder, 0, events);
        QCOMPARE(events.size(), size_t{14});
        append(folder / "metrics.jsonl", R"({"event":"step","st)");
        QCOMPARE(readRunEvents(folder, offset, events), offset);
        QCOMPARE(readRunSummary(folder).step, int64_t{20});
        append(folder / "metrics.jsonl",
            R"(ep":21,"epoch":2,"learning_rate":0,"memory_bytes":0})"
            "\n");
        QVERIFY(readRunEvents(folder, offset, events) > offset);
        QCOMPARE(events.size(), size_t{15});
        QCOMPARE(std::get<StepEvent>(events.back()).step, int64_t{21});
    }

    void eventsAreReadAnewAfterACutBack()
    {
        const auto folder = makeRun(path() / "run");
        std::vector<TrainEvent> events;
        const auto offset = readRunEvents(folder, 0, events);
        fs::resize_file(folder / "metrics.jsonl", offset / 2);
        readRunEvents(folder, offset, events);
        QVERIFY(events.size() < 14 && std::holds_alternative<StartEvent>(events.front()));
    }

    void aFolderWithoutRunIsRefused()
    {
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(readRunSummary(path())), Error);
    }

    void aLockedFolderIsRunningAndRefused()
    {
        const auto folder = makeRun(path() / "run");
        QVERIFY(!runLockHolder(folder));
        {
            const RunLock lock(folder);
            QCOMPARE(readRunSummary(folder).state, RunState::Running);
            try {
                const RunLock second(folder);
                QFAIL("locked twice");
            } catch (const Error& error) {
                QCOMPARE(error.kind(), ErrorKind::Busy);
                QVERIFY2(
                    QByteArray(error.what()).contains(QByteArray("process ") + QByteArray::number(getpid())),
                    error.what());
            }
        }
        QCOMPARE(readRunSummary(folder).state, RunState::Interrupted);
        const RunLock again(folder);
    }

    void predictionsReadBackEqual()
    {
        const std::vector<std::string> labels = {"neg", "pos"};
        std::vector<PredictionRow> rows(3);
        rows[0] = {.part = "validation",
            .row = 3,
            .text = "gut \"ja\"\n",
            .textPair = "zwei",
            .labels = {"pos"},
            .predictions = {"neg"},
            .scores = {0.75F, 0.25F},
            .loss = 1.386};
        rows[1] = {.part = "test",
            .row = 4,
            .text = "中文",
            .labels = {"neg", "pos"},
            .predictions = {},
            .severalLabels = true,
            .scores = {0.25F, 0.125F}};
        rows[2] = {.part = "test", .row = 5, .text = "", .target = 2.5, .scores = {2.25F}, .loss = 0.0625};
        const std::vector<std::string> valueName = {"LABEL_0"};
        std::string content;
        for (const auto& row : rows)
            content += jsonLine(toJson(row, row.target ? valueName : labels)) + '\n';
        writeFileAtomically(path() / "eval_predictions.jsonl", content);
        const auto back = readPredictions(path());
        QCOMPARE(back.size(), rows.size());
        for (size_t i = 0; i < rows.size(); ++i) {
            const auto& names = rows[i].target ? valueName : labels;
            QCOMPARE(jsonLine(toJson(back[i], names)), jsonLine(toJson(rows[i], names)));
            QCOMPARE(back[i].scores, rows[i].scores);
        }
    }

    void indexFollowsTheFolders()
    {
        const auto workspace = path() / "work space";
        RunIndex index(workspace);
        QVERIFY(index.runs().empty());
        makeRun(workspace / "runs" / "old", "2026-01-01T00:00:00Z");
        const auto newer = makeRun(workspace / "runs" / "new", "2026-02-01T00:00:00Z");
        fs::create_directories(workspace / "runs" / "not a run");
        index.refresh();
        auto runs = index.runs();
        QCOMPARE(runs.size(), size_t{2});
        QCOMPARE(runs[0].name, std::string("new"));
        QCOMPARE(runs[0].bestMetric.value(), 0.8);
        QVERIFY(fs::equivalent(runs[0].folder, newer));
        writeRunNotes(newer, "better name", "a note");
        append(newer, EndEvent{.outcome = "completed", .step = 20});
        fs::remove_all(workspace / "runs" / "old");
        index.refresh();
        runs = index.runs();
        QCOMPARE(runs.size(), size_t{1});
        QCOMPARE(runs[0].name, std::string("better name"));
        QCOMPARE(runs[0].note, std::string("a note"));
        QCOMPARE(runs[0].state, RunState::Completed);
    }

    void runsOutsideTheWorkspaceAreRemembered()
    {
        const auto outside = makeRun(path() / "elsewhere" / "run");
        {
            RunIndex index(path() / "workspace");
            index.add(outside);
        }
        RunIndex index(path() / "workspace");
        index.refresh();
        QCOMPARE(index.runs().size(), size_t{1});
        index.remove(outside);
        index.refresh();
        QCOMPARE(index.runs().size(), size_t{0});
        QVERIFY(fs::exists(outside / "run.json"));
    }

    void aDamagedRunIsSkippedAlone()
    {
        makeRun(path() / "runs" / "good");
        const auto bad = makeRun(path() / "runs" / "bad");
        writeFileAtomically(bad / "run.json", "{\"arguments\":{\"learning_rat\":1}}");
        RunIndex index(path());
        index.refresh();
        QCOMPARE(index.runs().size(), size_t{1});
    }

    void aDamagedIndexIsRebuilt_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("no database") << QByteArray(5000, 'x');
        QTest::newRow("empty") << QByteArray();
    }

    void aDamagedIndexIsRebuilt()
    {
        QFETCH(QByteArray, content);
        makeRun(path() / "runs" / "good");
        writeFileAtomically(path() / "studio.sqlite", content.toStdString());
        RunIndex index(path());
        index.refresh();
        QCOMPARE(index.runs().size(), size_t{1});
    }

    void anIndexOfAnotherFormatIsRebuilt_data()
    {
        QTest::addColumn<int>("place"); // of a byte in the header of an SQLite file
        QTest::newRow("read-only by its version") << 18;
        QTest::newRow("unknown schema format") << 47;
        QTest::newRow("unknown text encoding") << 59;
    }
    void anIndexOfAnotherFormatIsRebuilt()
    {
        QFETCH(int, place);
        makeRun(path() / "runs" / "good");
        {
            RunIndex index(path());
            index.refresh();
        }
        auto bytes = readFile(path() / "studio.sqlite");
        bytes[static_cast<size_t>(place)] = 77;
        writeFileAtomically(path() / "studio.sqlite", bytes);
        RunIndex index(path());
        index.refresh();
        QCOMPARE(index.runs().size(), size_t{1});
    }

    void anIndexOfANewerProgramIsRebuilt()
    {
        makeRun(path() / "runs" / "good");
        {
            RunIndex index(path());
            index.refresh();
        }
        // user_version lies at byte 60 of the file, big-endian.
        auto bytes = readFile(path() / "studio.sqlite");
        bytes[60] = 1;
        writeFileAtomically(path() / "studio.sqlite", bytes);
        RunIndex index(path());
        QVERIFY(index.runs().empty());
        index.refresh();
        QCOMPARE(index.runs().size(), size_t{1});
    }

    void pagesThatAreTornAreNoticed()
    {
        makeRun(path() / "runs" / "good");
        {
            RunIndex index(path());
            index.refresh();
        }
        auto bytes = readFile(path() / "studio.sqlite");
        QCOMPARE(bytes.substr(18, 2), std::string("\2\2")); // the file says that it is in WAL mode
        QVERIFY(bytes.size() >= 8192);
        std::fill(bytes.begin() + 4096, bytes.begin() + 8192, 'x');
        writeFileAtomically(path() / "studio.sqlite", bytes);
        RunIndex index(path());
        QVERIFY(fs::exists(path() / "studio.sqlite.damaged"));
        index.refresh();
        QCOMPARE(index.runs().size(), size_t{1});
    }

    void aRowThatMakesNoSenseIsReadAgainFromItsRun_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("change");
        QTest::newRow("another key") << QByteArray("\"total_steps\"") << QByteArray("\"totul_steps\"");
        QTest::newRow("no JSON") << QByteArray("\"total_steps\"") << QByteArray("\"total_steps\x17");
        QTest::newRow("no state") << QByteArray("\"state\":") << QByteArray("\"state\":9");
    }
    void aRowThatMakesNoSenseIsReadAgainFromItsRun()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, change);
        makeRun(path() / "runs" / "good");
        {
            RunIndex index(path());
            index.refresh();
        }
        auto bytes = readFile(path() / "studio.sqlite");
        const auto at = bytes.find(text.toStdString());
        QVERIFY(at != std::string::npos);
        bytes.replace(at, static_cast<size_t>(change.size()), change.toStdString());
        writeFileAtomically(path() / "studio.sqlite", bytes);
        RunIndex index(path());
        index.refresh();
        QVERIFY(index.runs().empty()); // built anew, to be filled by the next look at the folders
        index.refresh();
        QCOMPARE(index.runs().size(), size_t{1});
    }

    void aFolderThatItsOwnTableDoesNotKnowIsNoticed()
    {
        makeRun(path() / "runs" / "good");
        {
            RunIndex index(path());
            index.refresh();
        }
        auto bytes = readFile(path() / "studio.sqlite");
        // The name stands in the table and in the index of its key; only one of them is damaged.
        const auto at = bytes.find("/runs/good");
        QVERIFY(at != std::string::npos && bytes.find("/runs/good", at + 1) != std::string::npos);
        bytes.replace(at, 10, "/runs/gone");
        writeFileAtomically(path() / "studio.sqlite", bytes);
        RunIndex index(path());
        index.refresh();
        QCOMPARE(index.runs().size(), size_t{1});
        QCOMPARE(index.runs().front().folder, path() / "runs" / "good");
    }

    void aDamagedIndexIsPutAsideOnceAndSharedAgain()
    {
        makeRun(path() / "runs" / "good");
        const auto outside = makeRun(path() / "elsewhere");
        RunIndex first(path()), second(path());
        first.refresh();
        second.refresh();
        // Another program writes rubbish into it, and the log beside it is gone.
        fs::remove(path() / "studio.sqlite-wal");
        writeFileAtomically(path() / "studio.sqlite", std::string(5000, 'x'));
        first.refresh();
        QVERIFY(fs::exists(path() / "studio.sqlite.damaged"));
        fs::remove(path() / "studio.sqlite.damaged");
        second.refresh();
        QVERIFY(!fs::exists(path() / "studio.sqlite.damaged"));
        second.add(outside);
        QCOMPARE(first.runs().size(), size_t{2});
    }

    void twoProcessesWriteOneIndex()
    {
        constexpr int each = 12;
        const auto work = [this](const char* who) {
            RunIndex index(path());
            for (int i = 0; i < each; ++i) {
                index.add(makeRun(path() / who / std::to_string(i)));
                index.refresh();
                if (i % 3 == 0)
                    index.remove(path() / who / std::to_string(i));
            }
            return index.runs().size() >= each - each / 3;
        };
        const auto child = fork();
        if (child == 0) {
            bool done = false;
            try {
                done = work("child");
            } catch (const std::exception& error) {
                std::fputs(error.what(), stderr);
            }
            _exit(done ? 0 : 1);
        }
        QVERIFY(work("parent"));
        int status = -1;
        QCOMPARE(waitpid(child, &status, 0), child);
        QCOMPARE(status, 0);
        QVERIFY(!fs::exists(path() / "studio.sqlite.damaged"));
        QCOMPARE(RunIndex(path()).runs().size(), size_t{2 * (each - each / 3)});
    }

    void anotherProcessIsToldWhoHoldsFolderAndWorkspace()
    {
        const auto folder = makeRun(path() / "run");
        const RunLock lock(folder);
        const WorkspaceMark mark(path());
        QVERIFY(mark.otherHolder().empty());
        const auto self = "process " + std::to_string(getpid()) + " on ";
        const auto child = fork();
        if (child == 0) {
            int told = WorkspaceMark(path()).otherHolder().starts_with(self) ? 1 : 0;
            try {
                const RunLock second(folder);
            } catch (const Error& error) {
                told += std::string_view(error.what()).find(self) != std::string_view::npos ? 2 : 0;
            }
            _exit(told);
        }
        int status = -1;
        QCOMPARE(waitpid(child, &status, 0), child);
        QCOMPARE(WEXITSTATUS(status), 3);
    }

    void veryManyStepsAreReadAsTheirOutline()
    {
        const auto folder = makeRun(path() / "run");
        const int64_t count = 60'000; // enough for several threads
        const auto isSpike = [](int64_t step) { return step % 7919 == 0; };
        std::string text;
        for (int64_t step = 21; step <= count; ++step) {
            StepEvent event{.time = static_cast<double>(step), .step = step, .epoch = 1.0 / 3, .loss = 0.5};
            event.loss
                = isSpike(step) ? (step % 2 == 0 ? 9.0 : 0.001) : 0.4 + static_cast<double>(step % 89) / 1000;
            event.samplesPerSecond = event.tokensPerSecond = 1234.56789;
            event.memoryBytes = 123'456'789;
            if (step == 30'011)
                event.loss.reset();
            text += jsonLine(toJson(event)) + '\n';
            if (step % 10'000 == 0)
                text += jsonLine(toJson(WarningEvent{.time = 1, .message = "at " + std::to_string(step)}))
                    + '\n';
        }
        append(folder / "metrics.jsonl", text + R"({"event":"step","st)");
        const auto log = readFile(folder / "metrics.jsonl");
        QVERIFY(log.size() > size_t(9) << 20);
        const auto outline = outlineOf(log, 1000, 4);
        QCOMPARE(outline.lines, outlineOf(log, 1000, 1).lines);
        QCOMPARE(outline.steps, uint64_t(count - 20 + 11));
        QCOMPARE(outline.bytes, uint64_t(log.rfind('\n') + 1));
        const auto events = readRunCurves(folder, 1000);
        QCOMPARE(events.size(), outline.lines.size());
        QVERIFY2(events.size() < 1100, QByteArray::number(qint64(events.size())));
        std::set<int64_t> steps;
        size_t others = 0;
        int64_t last = 0;
        for (const auto& event : events) {
            if (const auto* step = std::get_if<StepEvent>(&event)) {
                QVERIFY(step->step > last);
                last = step->step;
                steps.insert(last);
            } else {
                ++others;
            }
        }
        QCOMPARE(others, size_t{1 + 2 + 6});
        for (int64_t step = 1; step <= count; ++step)
            QVERIFY(!isSpike(step) || step < 21 || steps.contains(step));
        QVERIFY(steps.contains(30'011) && steps.contains(30'000) && steps.contains(count));
        // The summary is that of every line.
        std::vector<TrainEvent> all;
        readRunEvents(folder, 0, all);
        for (const auto& found : {readRunSummary(folder), readRunSummary(folder, events)}) {
            const auto whole = readRunSummary(folder, all);
            QCOMPARE(found.step, whole.step);
            QCOMPARE(found.seconds, whole.seconds);
            QCOMPARE(found.bestStep, whole.bestStep);
        }
        // What is appended is seen, what was torn too.
        append(folder / "metrics.jsonl",
            R"(ep":60001,"epoch":2,"learning_rate":0,"memory_bytes":0})"
            "\n");
        QCOMPARE(std::get<StepEvent>(readRunCurves(folder, 1000).back()).step, count + 1);
        QCOMPARE(readRunCurves(folder, 1'000'000).size(), size_t(count - 20 + 1 + 11 + 9));
    }

    void newFoldersAreUnused()
    {
        RunIndex index(path());
        const auto first = index.newRunFolder("/models/all-MiniLM-L6-v2/", "/data/my reviews.csv");
        QVERIFY2(first.filename().string().ends_with("-all-MiniLM-L6-v2-my-reviews"), first.c_str());
        fs::create_directories(first);
        const auto second = index.newRunFolder("/models/all-MiniLM-L6-v2/", "/data/my reviews.csv");
        QVERIFY(!fs::exists(second));
        QCOMPARE(second.parent_path(), path() / "runs");
    }

private:
    [[nodiscard]] fs::path path() const { return m_folder->path().toStdString(); }
    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestRuns)
#include "tst_runs.moc"
