// SPDX-License-Identifier: MIT
#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/runs/run_folder.h"
#include "core/runs/run_index.h"
#include "core/runs/run_lock.h"

#include <fstream>

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
