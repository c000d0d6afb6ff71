// SPDX-License-Identifier: MIT
// Stop, resume, pause and questions: the run stays the same bit for bit.
#include "core/runs/run_lock.h"
#include "core/train/devices.h"
#include "core/train/optimizer.h"
#include "core/train/output_folder.h"
#include "core/train/row_order.h"
#include "tests/core/train/training_fixture.h"

#include <algorithm>
#include <csignal>
#include <sys/resource.h>

#include <QTest>

using namespace studio;
namespace fs = std::filesystem;

namespace {

/// Lets no file grow beyond a size: for a writer the same as a full disk (EFBIG beside ENOSPC), without root.
class SmallFiles {
public:
    SmallFiles()
    {
        std::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &m_before);
    }
    ~SmallFiles() { freeSpace(); }
    void fill(rlim_t bytes) { set(bytes); }
    void freeSpace() { set(m_before.rlim_cur); }

private:
    void set(rlim_t bytes)
    {
        rlimit limit = m_before;
        limit.rlim_cur = bytes;
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    rlimit m_before{};
};

std::vector<std::string> namesIn(const fs::path& folder)
{
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder))
        names.push_back(entry.path().filename().string());
    std::ranges::sort(names);
    return names;
}

} // namespace

class TestResume : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_home = std::make_unique<TrainingHome>(); }

    void resumeEqualsUninterruptedRun_data()
    {
        QTest::addColumn<QByteArray>("settings");
        QTest::addColumn<int>("stopStep");
        QTest::newRow("adamw") << QByteArray(R"({})") << 7;
        QTest::newRow("at an epoch's end") << QByteArray(R"({})") << 8;
        QTest::newRow("sgd cosine") << QByteArray(
            R"({"optim":"sgd","lr_scheduler_type":"cosine","warmup_steps":3,"learning_rate":0.02})")
                                    << 5;
        QTest::newRow("adam accumulated") << QByteArray(
            R"({"optim":"adam","gradient_accumulation_steps":3,"per_device_train_batch_size":4})")
                                          << 4;
        QTest::newRow("batches by tokens")
            << QByteArray(R"({"max_tokens_per_batch":40,"gradient_accumulation_steps":2})") << 6;
        QTest::newRow("logging every three steps") << QByteArray(R"({"logging_steps":3})") << 6;
        QTest::newRow("frozen encoder")
            << QByteArray(R"({"freeze_layers":"encoder","classifier_learning_rate":0.01})") << 3;
        QTest::newRow("evaluation by steps") << QByteArray(
            R"({"eval_strategy":"steps","eval_steps":3,"save_strategy":"steps","save_steps":4})")
                                             << 10;
    }

    void resumeEqualsUninterruptedRun()
    {
        QFETCH(QByteArray, settings);
        QFETCH(int, stopStep);
        auto arguments = argumentsFromJson(parseJson(settings.toStdString(), "settings"), base("whole"));
        const auto whole = runTraining(arguments);
        QCOMPARE(whole.result.outcome, TrainOutcome::Completed);

        arguments.outputDir = path("parts");
        const auto first = runTraining(arguments, stopAt(stopStep));
        QCOMPARE(first.result.outcome, TrainOutcome::Stopped);
        QCOMPARE(first.result.end.step, int64_t{stopStep});
        QVERIFY(fs::exists(path("parts") / concat("checkpoint-", stopStep) / "model.safetensors"));
        arguments.resumeFromCheckpoint = "";
        const auto second = runTraining(arguments);
        QCOMPARE(second.result.outcome, TrainOutcome::Completed);

        auto losses = first.losses();
        for (const auto loss : second.losses())
            losses.push_back(loss);
        QCOMPARE(losses, whole.losses());
        QCOMPARE(
            readFile(path("parts") / "model.safetensors"), readFile(path("whole") / "model.safetensors"));
        QCOMPARE(readFile(path("parts") / "eval_predictions.jsonl"),
            readFile(path("whole") / "eval_predictions.jsonl"));
        // Neither gap nor duplicate: but for the stop's own checkpoint the log is that of an uninterrupted
        // run.
        auto log = comparableLog(path("parts"), false);
        std::erase(log, concat(R"({"event":"checkpoint","step":)", stopStep, "}"));
        auto expected = comparableLog(path("whole"), false);
        std::erase(expected, concat(R"({"event":"checkpoint","step":)", stopStep, "}"));
        QCOMPARE(log, expected);
        QCOMPARE(comparableLog(path("parts"), true).size() - comparableLog(path("parts"), false).size(),
            size_t{1});
    }

    void liveQuestionsAndPausesChangeNothing()
    {
        const auto quiet = runTraining(base("quiet"));
        int64_t answers = 0, steps = 0;
        std::vector<float> scores;
        const auto asked = runTraining(base("asked"), [&](const TrainEvent& event, TrainControl& control) {
            if (const auto* state = std::get_if<StateEvent>(&event); state && state->state == "paused")
                control.requestResume();
            if (!std::holds_alternative<StepEvent>(event))
                return;
            if (++steps % 4 == 0)
                control.requestPause();
            control.requestPrediction({{"w01 w02"}, {"w03"}}, [&](const TrainControl::LiveAnswer& answer) {
                if (answer.predictions.size() != 2)
                    return;
                ++answers;
                scores.push_back(answer.predictions[0].scores.at(1));
            });
        });
        QVERIFY(answers >= 20);
        QVERIFY(scores.front() != scores.back());
        QCOMPARE(asked.losses(), quiet.losses());
        QCOMPARE(
            readFile(path("asked") / "model.safetensors"), readFile(path("quiet") / "model.safetensors"));
        QVERIFY(
            std::ranges::any_of(asked.all<StateEvent>(), [](const auto& s) { return s.state == "paused"; }));
    }

    void theSplitStaysThatOfTheBeginning()
    {
        auto arguments = base("out");
        arguments.validationFile.clear();
        auto uninterrupted = arguments;
        uninterrupted.outputDir = path("whole");
        const auto whole = runTraining(uninterrupted).losses();
        runTraining(arguments, stopAt(5));
        arguments.resumeFromCheckpoint = "";
        arguments.evalStrategy = "no";
        const auto rest = runTraining(arguments).losses();
        QCOMPARE(rest, std::vector<double>(whole.begin() + 5, whole.end()));
        // Without rows that were held out none can be.
        auto none = base("none");
        none.validationFile.clear();
        none.evalStrategy = "no";
        runTraining(none, stopAt(5));
        none.resumeFromCheckpoint = "";
        none.evalStrategy = "epoch";
        const auto said = sentence([&] { runTraining(none); }, ErrorKind::Settings);
        QVERIFY2(holds(said, "held out"), said.c_str());
    }

    void anotherMetricChoosesTheBestAnew()
    {
        auto arguments = base("out");
        arguments.evalStrategy = "steps";
        arguments.evalSteps = 4;
        arguments.metricForBestModel = "eval_accuracy";
        runTraining(arguments, stopAt(10));
        arguments.resumeFromCheckpoint = "";
        arguments.metricForBestModel = "eval_loss"; // which no accuracy is below for long
        arguments.greaterIsBetter = {};
        const auto resumed = runTraining(arguments);
        const auto evaluations = resumed.all<EvaluateEvent>();
        QVERIFY(evaluations.front().best);
        QVERIFY(resumed.result.end.bestStep.value() > 10);
        QVERIFY(std::ranges::any_of(resumed.all<WarningEvent>(),
            [](const auto& warning) { return holds(warning.message, "chosen anew"); }));
    }

    void changesBeforeTheFirstCheckpointAreMadeAgain()
    {
        auto arguments = base("out");
        const auto change = [](const TrainEvent& event, TrainControl& control) {
            const auto* done = std::get_if<StepEvent>(&event);
            if (done && done->step == 3)
                control.requestChange(R"({"learning_rate": 0.0005})");
            if (done && done->step == 6)
                control.requestStop(false); // as if it were killed
        };
        const auto first = runTraining(arguments, change);
        QCOMPARE(first.all<ChangeEvent>().size(), size_t{1});
        QVERIFY(listCheckpoints(path("out")).empty());
        arguments.resumeFromCheckpoint = "";
        for (int times = 0; times < 2; ++times) { // run.json keeps it
            const auto again = runTraining(arguments, [](const TrainEvent& event, TrainControl& control) {
                if (const auto* done = std::get_if<StepEvent>(&event); done && done->step == 5)
                    control.requestStop(false);
            });
            QCOMPARE(again.all<ChangeEvent>().size(), size_t{1});
            QCOMPARE(again.all<ChangeEvent>().front().step, first.all<ChangeEvent>().front().step);
            QCOMPARE(again.losses().at(4), first.losses().at(4));
        }
    }

    void whatReplacesARunSparesItsModelAndTakesItsTokeniser()
    {
        auto arguments = base("out");
        runTraining(arguments);
        writeFileAtomically(path("out") / "merges.txt", "of another model\n");
        arguments.overwriteOutputDir = true;
        runTraining(arguments);
        QVERIFY(!fs::exists(path("out") / "merges.txt"));
        const auto checkpoints = listCheckpoints(path("out"));
        QVERIFY(!checkpoints.empty());
        for (const auto& model : {path("out"), checkpoints.back().second, path("out") / ""}) {
            arguments.modelNameOrPath = model.string();
            const auto said = sentence([&] { runTraining(arguments); }, ErrorKind::Settings);
            QVERIFY2(holds(said, "the folder of the model itself"), said.c_str());
        }
        QVERIFY(fs::exists(path("out") / "model.safetensors"));
    }

    void aLiveTextThatTheModelCannotReadEndsNothing()
    {
        const auto vocabulary = path("model") / "vocab.txt";
        writeFileAtomically(vocabulary, readFile(vocabulary) + "zz\n"); // has no row in the model
        int answers = 0;
        std::string problem;
        const auto recorded = runTraining(base("out"), [&](const TrainEvent& event, TrainControl& control) {
            if (const auto* done = std::get_if<StepEvent>(&event); done && done->step == 3)
                control.requestPrediction({{"w01 zz"}}, [&](const TrainControl::LiveAnswer& answer) {
                    ++answers;
                    problem = answer.problem;
                });
        });
        QCOMPARE(recorded.result.outcome, TrainOutcome::Completed);
        QCOMPARE(answers, 1);
        QVERIFY2(holds(problem, "'zz'"), problem.c_str());
    }

    void aFullDiskPausesARunThatSomebodyWatches()
    {
        const auto whole = runTraining(base("whole"));
        SmallFiles disk;
        int pauses = 0;
        const auto watch = [&](const TrainEvent& event, TrainControl& control) {
            control.setWatched(true);
            if (const auto* step = std::get_if<StepEvent>(&event);
                step && (step->step == 3 || step->step == 15))
                disk.fill(step->step == 3 ? 20'000 : 100); // the checkpoint; the very next line of the log
            if (const auto* state = std::get_if<StateEvent>(&event); state && state->state == "paused") {
                ++pauses;
                disk.freeSpace();
                control.requestResume();
            }
        };
        const auto paused = runTraining(base("paused"), watch);
        QCOMPARE(pauses, 2);
        const auto warnings = paused.all<WarningEvent>();
        QVERIFY(std::ranges::any_of(warnings, [this](const auto& warning) {
            return holds(warning.message, path("paused").string()) && holds(warning.message, "more bytes");
        }));
        QCOMPARE(paused.result.outcome, TrainOutcome::Completed);
        QCOMPARE(paused.losses(), whole.losses());
        QCOMPARE(comparableLog(path("paused"), true), comparableLog(path("whole"), true));
        QCOMPARE(namesIn(path("paused")), namesIn(path("whole")));
        QCOMPARE(
            readFile(path("paused") / "model.safetensors"), readFile(path("whole") / "model.safetensors"));
    }

    void aFullDiskEndsARunThatNobodyWatchesAndTheLastCheckpointStays()
    {
        const auto whole = runTraining(base("whole"));
        SmallFiles disk;
        auto arguments = base("parts");
        const auto said = sentence(
            [&] {
                runTraining(arguments, [&](const TrainEvent& event, TrainControl&) {
                    if (const auto* step = std::get_if<StepEvent>(&event); step && step->step == 11)
                        disk.fill(20'000);
                });
            },
            ErrorKind::DiskFull);
        disk.freeSpace();
        QVERIFY2(holds(said, path("parts").string()) && holds(said, "more bytes"), said.c_str());
        QVERIFY(fs::exists(path("parts") / "checkpoint-8" / "model.safetensors"));
        for (const auto& name : namesIn(path("parts")))
            QVERIFY2(!name.ends_with(".tmp"), name.c_str());
        arguments.resumeFromCheckpoint = "";
        QCOMPARE(runTraining(arguments).result.outcome, TrainOutcome::Completed);
        QCOMPARE(
            readFile(path("parts") / "model.safetensors"), readFile(path("whole") / "model.safetensors"));
    }

    void evaluateAndSaveNowChangeNothing()
    {
        const auto quiet = runTraining(base("quiet"));
        const auto asked = runTraining(base("asked"), [](const TrainEvent& event, TrainControl& control) {
            if (const auto* step = std::get_if<StepEvent>(&event); step && step->step == 5) {
                control.requestSave();
                control.requestEvaluate();
            }
        });
        QCOMPARE(asked.losses(), quiet.losses());
        QCOMPARE(asked.all<EvaluateEvent>().size(), quiet.all<EvaluateEvent>().size() + 1);
        QCOMPARE(asked.all<CheckpointEvent>().size(), quiet.all<CheckpointEvent>().size() + 1);
        QCOMPARE(asked.all<CheckpointEvent>().front().step, int64_t{5});
    }

    void questionsLeftAtTheEndGetAnEmptyAnswer()
    {
        bool answered = false, empty = false;
        {
            TrainControl control;
            train(base("out"), control, [](const TrainEvent&) {});
            control.requestPrediction({{"w01"}}, [&](const TrainControl::LiveAnswer& answer) {
                answered = true;
                empty = answer.predictions.empty();
            });
        }
        QVERIFY(answered && empty);
    }

    void sameSeedSameRunOtherSeedOtherRun()
    {
        const auto first = runTraining(base("one"));
        QCOMPARE(runTraining(base("two")).losses(), first.losses());
        auto other = base("three");
        other.seed = 7;
        QVERIFY(runTraining(other).losses() != first.losses());
    }

    void aFinishedRunIsLeftAlone()
    {
        auto arguments = base("out");
        runTraining(arguments);
        const auto before = readFile(path("out") / "metrics.jsonl");
        const auto modified = fs::last_write_time(path("out") / "model.safetensors");
        arguments.resumeFromCheckpoint = "";
        const auto again = runTraining(arguments);
        QCOMPARE(again.result.outcome, TrainOutcome::Completed);
        QVERIFY(again.losses().empty());
        QCOMPARE(readFile(path("out") / "metrics.jsonl"), before);
        QCOMPARE(fs::last_write_time(path("out") / "model.safetensors"), modified);
    }

    void aRunWithoutCheckpointBeginsAnew()
    {
        auto arguments = base("out");
        fs::create_directories(path("out"));
        writeFileAtomically(path("out") / "run.json", jsonLine({{"arguments", toJson(arguments)}}));
        writeFileAtomically(path("out") / "metrics.jsonl", "{\"event\":\"st");
        arguments.resumeFromCheckpoint = "";
        const auto recorded = runTraining(arguments);
        QCOMPARE(recorded.losses().size(), size_t{24});
        QVERIFY(std::ranges::any_of(
            recorded.all<WarningEvent>(), [](const auto& w) { return holds(w.message, "step 0"); }));
    }

    /// A machine without the device and the precision that the run began with.
    void aRunOfAGpuGoesOnOnTheProcessor()
    {
        if (listDevices(false).size() > 1)
            QSKIP("There is a GPU here.");
        auto arguments = base("out");
        runTraining(arguments, stopAt(9));
        const auto file = path("out") / "checkpoint-9" / "resume.json";
        auto state = readJsonFile(file);
        state["device"] = "cuda:0";
        state["precision"] = "fp16";
        writeFileAtomically(file, state.dump());
        arguments.resumeFromCheckpoint = "";
        arguments.device = arguments.precision = "auto";
        const auto recorded = runTraining(arguments);
        QCOMPARE(recorded.result.end.step, int64_t{24});
        QCOMPARE(recorded.all<StartEvent>().front().device, std::string("cpu"));
        for (const auto* part : {"computed on cuda:0 and goes on on cpu", "computed in fp16"})
            QVERIFY2(std::ranges::any_of(recorded.all<WarningEvent>(),
                         [&](const auto& warning) { return holds(warning.message, part); }),
                part);
    }

    void aResumeNeedsNoOtherArguments()
    {
        runTraining(base("out"), stopAt(3));
        TrainingArguments arguments;
        arguments.outputDir = path("out");
        arguments.resumeFromCheckpoint = "";
        QCOMPARE(runTraining(arguments).result.end.step, int64_t{24});
    }

    void aCheckpointByWhateverNameIsTheSame_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::newRow("plain") << QByteArray("out/checkpoint-8");
        QTest::newRow("slash") << QByteArray("out/checkpoint-8/");
        QTest::newRow("dots") << QByteArray("out/../out/checkpoint-8/.");
        QTest::newRow("link") << QByteArray("link/checkpoint-8/");
    }
    /// What lies beside a checkpoint (changes to come, later checkpoints) belongs to it.
    void aCheckpointByWhateverNameIsTheSame()
    {
        QFETCH(QByteArray, name);
        auto arguments = base("out");
        arguments.saveTotalLimit = 0;
        runTraining(arguments, [](const TrainEvent& event, TrainControl& control) {
            const auto* step = std::get_if<StepEvent>(&event);
            if (step && step->step == 10)
                control.requestChange(R"({"learning_rate": 0.0005})");
            if (step && step->step == 17)
                control.requestStop();
        });
        fs::create_directory_symlink("out", path("link"));
        arguments.resumeFromCheckpoint = path(name.constData()).string();
        const auto recorded = runTraining(arguments);
        const auto changes = recorded.all<ChangeEvent>();
        QCOMPARE(changes.size(), size_t{1});
        QCOMPARE(changes.front().step, int64_t{10});
        QVERIFY(!fs::exists(path("out") / "checkpoint-17"));
    }

    void aCheckpointOfAnotherRunReplacesNothingUnasked()
    {
        auto arguments = base("out");
        runTraining(base("other"), stopAt(9));
        runTraining(arguments, stopAt(5));
        const auto before = readFile(path("out") / "metrics.jsonl");
        arguments.resumeFromCheckpoint = (path("other") / "checkpoint-9").string();
        const auto said = sentence([&] { runTraining(arguments); }, ErrorKind::Settings);
        QVERIFY2(holds(said, "belongs to another one") && holds(said, "overwrite_output_dir"), said.c_str());
        QCOMPARE(readFile(path("out") / "metrics.jsonl"), before);
        arguments.overwriteOutputDir = true;
        QCOMPARE(runTraining(arguments).all<ResumeEvent>().front().step, int64_t{9});
        QVERIFY(!fs::exists(path("out") / "checkpoint-5"));
        // Also where the run that is replaced is complete.
        QCOMPARE(runTraining(arguments).all<ResumeEvent>().front().step, int64_t{9});
    }

    void aCheckpointMovedToAnotherDiskGoesOnThroughItsLink()
    {
        auto arguments = base("out");
        arguments.saveTotalLimit = 3;
        const auto whole = runTraining(base("whole")).losses();
        runTraining(arguments, stopAt(9));
        fs::create_directories(path("disk"));
        fs::rename(path("out") / "checkpoint-9", path("disk") / "checkpoint-9");
        fs::create_directory_symlink(path("disk") / "checkpoint-9", path("out") / "checkpoint-9");
        for (const auto& from : {fs::path(), path("out") / "checkpoint-9" / ""}) {
            arguments.resumeFromCheckpoint = from.string();
            const auto recorded = runTraining(arguments, from.empty() ? stopAt(10) : Watcher());
            QCOMPARE(recorded.losses().front(), whole.at(9));
        }
    }

    void aDamagedCheckpointIsPassedOver_data()
    {
        QTest::addColumn<QByteArray>("file");
        for (const auto* file : {"resume.json", "config.json", "model.safetensors", "optimizer.safetensors"})
            QTest::newRow(file) << QByteArray(file);
    }
    void aDamagedCheckpointIsPassedOver()
    {
        QFETCH(QByteArray, file);
        const auto whole = runTraining(base("whole"));
        auto arguments = base("out");
        runTraining(arguments, stopAt(17));
        const auto checkpoints = listCheckpoints(path("out"));
        QCOMPARE(checkpoints.back().first, int64_t{17});
        const auto damaged = checkpoints.back().second / file.constData();
        fs::resize_file(damaged, fs::file_size(damaged) / 2);
        arguments.resumeFromCheckpoint = "";
        const auto recorded = runTraining(arguments);
        QCOMPARE(recorded.all<ResumeEvent>().front().step, checkpoints.at(checkpoints.size() - 2).first);
        QVERIFY(std::ranges::any_of(recorded.all<WarningEvent>(),
            [](const auto& warning) { return holds(warning.message, "is damaged"); }));
        QCOMPARE(recorded.losses().back(), whole.losses().back());
    }

    /// Of one that nobody goes on from the run takes no notice.
    void aDamagedOldCheckpointEndsNoRun()
    {
        auto arguments = base("out");
        arguments.saveTotalLimit = 0;
        runTraining(arguments, stopAt(17));
        writeFileAtomically(path("out") / "checkpoint-8" / "resume.json", "");
        arguments.resumeFromCheckpoint = "";
        QCOMPARE(runTraining(arguments).result.end.step, int64_t{24});
    }

    void whateverStandsBehindTheLogIsCutOff()
    {
        const auto whole = runTraining(base("whole"));
        auto arguments = base("out");
        runTraining(arguments, stopAt(9));
        writeFileAtomically(path("out") / "metrics.jsonl",
            readFile(path("out") / "metrics.jsonl") + std::string(4096, '\0') + "\n{\"event\":\"what\"}\n");
        arguments.resumeFromCheckpoint = "";
        QCOMPARE(runTraining(arguments).result.end.step, int64_t{24});
        QCOMPARE(comparableLog(path("out"), false).back(), comparableLog(path("whole"), false).back());
    }

    void aTornLogIsCutBack()
    {
        const auto whole = runTraining(base("whole"));
        auto arguments = base("out");
        runTraining(arguments, stopAt(9));
        writeFileAtomically(path("out") / "metrics.jsonl",
            readFile(path("out") / "metrics.jsonl") + "{\"event\":\"step\",\"st");
        arguments.resumeFromCheckpoint = "";
        runTraining(arguments);
        std::vector<TrainEvent> events;
        readRunEvents(path("out"), 0, events);
        int64_t next = 1;
        for (const auto& event : events) {
            if (const auto* step = std::get_if<StepEvent>(&event))
                QCOMPARE(step->step, next++);
        }
        QCOMPARE(next, int64_t{25});
    }

    void resumeRefusesOtherDataAndSettings()
    {
        auto arguments = base("out");
        runTraining(arguments, stopAt(3));
        arguments.resumeFromCheckpoint = "";
        auto other = arguments;
        other.perDeviceTrainBatchSize = 16;
        QVERIFY(
            holds(sentence([&] { runTraining(other); }, ErrorKind::Settings), "per_device_train_batch_size"));
        writeFileAtomically(path("train.jsonl"), makeRows(60, 0.1, 9));
        const auto found = sentence([&] { runTraining(arguments); }, ErrorKind::Data);
        QVERIFY2(holds(found, "train.jsonl") && holds(found, "changed"), found.c_str());
        writeFileAtomically(path("train.jsonl"), makeRows(60, 0.1, 1));
        arguments.weightDecay = 0.1;
        const auto recorded = runTraining(arguments);
        QVERIFY(std::ranges::any_of(
            recorded.all<WarningEvent>(), [](const auto& w) { return holds(w.message, "weight_decay"); }));
    }

private:
    [[nodiscard]] fs::path path(const char* name) const { return m_home->path(name); }
    [[nodiscard]] TrainingArguments base(const char* output) const { return m_home->base(output); }
    std::unique_ptr<TrainingHome> m_home;
};

QTEST_GUILESS_MAIN(TestResume)
#include "tst_resume.moc"
