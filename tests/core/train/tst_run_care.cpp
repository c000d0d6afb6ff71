// SPDX-License-Identifier: MIT
// What a run meets on its way: steps without a finite loss, changes of settings, little memory, none left,
// changed data.
#include "core/train/evaluation.h"
#include "core/train/gradients.h"
#include "core/train/optimizer.h"
#include "core/train/output_folder.h"
#include "core/train/run_changes.h"
#include "tests/core/train/training_fixture.h"

#include <algorithm>
#include <cmath>
#include <new>

#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <ATen/ops/max.h>
#include <ATen/ops/ones.h>
#include <c10/util/Exception.h>

#include <QTest>

using namespace studio;
namespace fs = std::filesystem;

namespace {

constexpr int64_t mebibyte = 1 << 20;

bool anyHolds(const Recorded& recorded, const std::string& part)
{
    return std::ranges::any_of(
        recorded.all<WarningEvent>(), [&](const auto& warning) { return holds(warning.message, part); });
}

/// The log without the checkpoint that a stop at `step` has added, and without warnings about the data, which
/// a resume repeats.
std::vector<std::string> logWithout(const fs::path& folder, int64_t step)
{
    auto log = comparableLog(folder, false);
    std::erase(log, concat(R"({"event":"checkpoint","step":)", step, "}"));
    std::erase_if(log, [](const std::string& line) { return line.starts_with(R"({"event":"warning")"); });
    return log;
}

/// Asks for `settings` after the steps named.
Watcher changing(std::vector<std::pair<int64_t, std::string>> changes, int64_t stopStep = 0)
{
    return [changes = std::move(changes), stopStep](const TrainEvent& event, TrainControl& control) {
        const auto* step = std::get_if<StepEvent>(&event);
        if (!step)
            return;
        for (const auto& [at, settings] : changes) {
            if (at == step->step)
                control.requestChange(settings);
        }
        if (step->step == stopStep)
            control.requestStop();
    };
}

/// A run on a device that holds at most `rows` rows from step `step` on.
Recorded runWithRoomFor(int64_t rows, int64_t step, const TrainingArguments& arguments,
    const Watcher& watch = {}, bool onDevice = false)
{
    TrainControl control;
    control.setMicroBatchHook([=](const TrainControl::MicroBatch& batch) {
        // not the first of its step, so that gradients lie there already
        if (batch.step < step || batch.rows <= rows || (batch.number == 0 && rows > 0))
            return;
        if (onDevice)
            throw c10::OutOfMemoryError({__func__, __FILE__, __LINE__}, "CUDA out of memory.");
        throw std::bad_alloc();
    });
    Recorded recorded;
    recorded.result = train(arguments, control, [&](const TrainEvent& event) {
        recorded.events.push_back(event);
        if (watch)
            watch(event, control);
    });
    return recorded;
}

double largestDifference(const fs::path& left, const fs::path& right)
{
    const SafetensorsFile one(left), other(right);
    double largest = 0;
    for (const auto& [name, sizes] : tinyTensors(2))
        largest = std::max(largest, one.tensor(name).sub(other.tensor(name)).abs().max().item<double>());
    return largest;
}

/// Logits by the lengths of the texts; memory for `most` rows at once.
class FussyModel : public ClassificationModel {
public:
    int64_t most = 1000;
    at::Tensor forward(const PackedBatch& batch, ForwardContext&) override
    {
        const auto rows = batch.layout.count();
        if (rows > most)
            throw std::bad_alloc();
        auto logits = at::empty({rows, 2}, at::kFloat);
        for (int64_t i = 0; i < rows; ++i) {
            logits[i][0] = double(batch.layout.length(i));
            logits[i][1] = double(batch.inputIds[batch.layout.starts[size_t(i)] + 1].item<int64_t>()) / 10;
        }
        return logits;
    }
    const ParameterList& parameters() const override { return m_none; }
    int64_t layerCount() const override { return 0; }
    int64_t hiddenSize() const override { return 0; }
    int64_t headCount() const override { return 0; }
    std::string layerPrefix(int64_t) const override { return {}; }
    std::string embeddingsPrefix() const override { return {}; }
    bool isHead(const std::string&) const override { return false; }
    std::string outputPrefix() const override { return {}; }
    void initialize(const std::string&, uint64_t) override { }
    int64_t maxPositions() const override { return 512; }
    int64_t vocabularySize() const override { return 1000; }
    bool mayBeCreated(const std::string&) const override { return false; }
    void create(const std::string&, uint64_t) override { }

private:
    ParameterList m_none;
};

const std::vector<std::pair<int64_t, std::string>> someChanges = {{5, R"({"learning_rate": 0.004})"},
    {9, R"({"max_steps": 20, "eval_strategy": "steps", "eval_steps": 3})"},
    {10, R"({"early_stopping_patience": 4, "learning_rate": 0.002})"}};

} // namespace

class TestRunCare : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_home = std::make_unique<TrainingHome>(); }

    /// Loss scaling as torch.amp.GradScaler's: halved and the step skipped where a gradient is not finite.
    void theLossScaleFollowsTheGradients()
    {
        GradientScaler scaler(true);
        const auto loss = at::ones({});
        QCOMPARE(scaler.scaled(loss).item<double>(), 65536.0);
        const auto gradient = at::full({3}, 65536.0);
        QCOMPARE(scaler.unscale({gradient}).item<double>(), 0.0);
        QVERIFY(gradient.eq(1).all().item<bool>());
        scaler.update(true);
        QCOMPARE(scaler.finiteSteps(), int64_t{1});
        const auto infinite = at::full({2}, std::numeric_limits<double>::infinity());
        QCOMPARE(scaler.unscale({gradient, infinite}).item<double>(), 1.0);
        scaler.update(false);
        QCOMPARE(scaler.scale(), 32768.0);
        QCOMPARE(scaler.finiteSteps(), int64_t{0});
        for (int i = 0; i < 2000; ++i)
            scaler.update(true);
        QCOMPARE(scaler.scale(), 65536.0);
    }

    /// The optimizer's kernels look at the mark themselves: nothing moves, the number of steps included.
    void aMarkedStepMovesNothing_data()
    {
        QTest::addColumn<QString>("optimizer");
        for (const auto* name : {"adamw", "adam", "sgd"})
            QTest::newRow(name) << QString::fromLatin1(name);
    }
    void aMarkedStepMovesNothing()
    {
        QFETCH(QString, optimizer);
        TrainingArguments arguments;
        arguments.optim = optimizer.toStdString();
        arguments.momentum = 0.9;
        arguments.weightDecay = 0.01;
        const auto parameter = at::ones({4, 3}).requires_grad_(true);
        Optimizer stepper(arguments, {{"weight", parameter}}, [](const auto&) { return false; });
        const auto numbers = [&] {
            std::vector<at::Tensor> all{parameter.detach().clone()};
            for (const auto& [name, tensor] : stepper.state())
                all.push_back(tensor.clone());
            return all;
        };
        const auto step = [&](double skip) {
            parameter.mutable_grad() = at::full({4, 3}, 0.5);
            stepper.step(1, at::full({}, skip, at::kFloat));
        };
        step(1);
        QVERIFY(parameter.eq(1).all().item<bool>());
        step(0);
        const auto before = numbers();
        QVERIFY(!parameter.eq(1).any().item<bool>());
        step(1);
        const auto after = numbers();
        QCOMPARE(after.size(), before.size());
        for (size_t i = 0; i < after.size(); ++i)
            QVERIFY(after[i].equal(before[i]));
    }

    /// Evaluation needs no more memory than there is: its batches shrink, and its figures stay the same.
    void anEvaluationSplitsWhatDoesNotFit()
    {
        auto arguments = m_home->base("out");
        auto all = readJobData(
            arguments, readJsonFile(path("model") / "config.json"), classLabels(path("model")), {});
        FussyModel model;
        const auto tokenizer = Tokenizer::load(path("model"));
        startTokenizing(all, tokenizer, 32);
        const Loss loss({.problemType = all.problemType}, at::kCPU);
        const auto plain = evaluatePart(model, all.validation, all, loss, at::kCPU, {.batchSize = 16});
        model.most = 5;
        const auto split = evaluatePart(model, all.validation, all, loss, at::kCPU, {.batchSize = 16});
        QCOMPARE(split->scores, plain->scores);
        QCOMPARE(split->report.loss, plain->report.loss);
        model.most = 0;
        const auto message = sentence(
            [&] { (void)evaluatePart(model, all.validation, all, loss, at::kCPU, {.batchSize = 16}); },
            ErrorKind::OutOfMemory);
        QVERIFY2(holds(message, "Not even a single row"), message.c_str());
    }

    void aStepWithoutAFiniteLossIsSkippedAndNamed_data()
    {
        QTest::addColumn<double>("value");
        QTest::addColumn<QString>("reason");
        QTest::newRow("loss") << 1e30 << QStringLiteral("loss");
        QTest::newRow("gradient") << 1.8e19 << QStringLiteral("gradient");
    }
    void aStepWithoutAFiniteLossIsSkippedAndNamed()
    {
        QFETCH(double, value);
        QFETCH(QString, reason);
        const auto recorded
            = runTraining(numbers("out", {11}, value), [](const TrainEvent& event, TrainControl& control) {
                  if (const auto* step = std::get_if<StepEvent>(&event); step && step->step <= 2)
                      control.requestSave();
              });
        QCOMPARE(recorded.result.outcome, TrainOutcome::Completed);
        const auto skipped = recorded.all<SkipEvent>();
        QCOMPARE(skipped.size(), size_t{2}); // once an epoch
        QCOMPARE(skipped[0].step, int64_t{2});
        QCOMPARE(skipped[0].reason, reason.toStdString());
        QCOMPARE(skipped[0].rows, (std::vector<int64_t>{9, 10, 11, 12, 13, 14, 15, 16}));
        QCOMPARE(skipped[1].step, int64_t{10});
        QCOMPARE(skipped[1].count, int64_t{2});
        const auto steps = recorded.all<StepEvent>();
        QCOMPARE(steps.size(), size_t{16});
        QVERIFY(!steps[1].loss && !steps[9].loss && steps[2].loss);
        // Neither weights nor optimizer nor schedule have moved.
        for (const auto* file : {"model.safetensors", "optimizer.safetensors"})
            QVERIFY2(readFile(path("out") / "checkpoint-1" / file)
                    == readFile(path("out") / "checkpoint-2" / file),
                file);
        QVERIFY(steps[1].learningRate < steps[0].learningRate);
        QCOMPARE(steps[2].learningRate, steps[1].learningRate);
        const auto log = readFile(path("out") / "metrics.jsonl");
        QVERIFY(!holds(log, "nan") && !holds(log, "inf,"));
    }

    void aResumeAmongSkippedStepsEqualsTheUninterruptedRun()
    {
        const auto whole = runTraining(numbers("whole", {11, 30}, 1e30));
        QCOMPARE(whole.all<SkipEvent>().size(), size_t{4});
        auto arguments = numbers("parts", {11, 30}, 1e30);
        runTraining(arguments, stopAt(4));
        arguments.resumeFromCheckpoint = "";
        runTraining(arguments);
        QCOMPARE(logWithout(path("parts"), 4), logWithout(path("whole"), 4));
        QCOMPARE(
            readFile(path("parts") / "model.safetensors"), readFile(path("whole") / "model.safetensors"));
    }

    void threeInARowEndARunThatNobodyWatches()
    {
        auto arguments = numbers("out", {17, 25, 33}, 1e30);
        arguments.saveStrategy = "steps";
        arguments.saveSteps = 1;
        arguments.saveTotalLimit = 1;
        const auto said = sentence([&] { runTraining(arguments); }, ErrorKind::Settings);
        for (const auto* part : {"steps 3, 4 and 5", "17, 18", "/train.jsonl'", "run.json' --output_dir",
                 "/checkpoint-2'", "--learning_rate 5e-04"})
            QVERIFY2(holds(said, part), said.c_str());
        QCOMPARE(readRunSummary(path("out")).state, RunState::Failed);
        QCOMPARE(listCheckpoints(path("out")).back().first, int64_t{2});

        // The command it names: a change of the run, at the step of the checkpoint.
        arguments.resumeFromCheckpoint = path("out") / "checkpoint-2";
        arguments.learningRate /= 2;
        sentence([&] { runTraining(arguments); }, ErrorKind::Settings);
        std::vector<TrainEvent> events;
        readRunEvents(path("out"), 0, events);
        const auto change = std::ranges::find_if(
            events, [](const auto& event) { return std::holds_alternative<ChangeEvent>(event); });
        QVERIFY(change != events.end());
        QCOMPARE(std::get<ChangeEvent>(*change).step, int64_t{2});
        QCOMPARE(std::get<ChangeEvent>(*change).after.get<double>(), 0.0005);
        QCOMPARE(std::get<StepEvent>(
                     *std::find_if(change, events.end(),
                         [](const auto& event) { return std::holds_alternative<StepEvent>(event); }))
                     .step,
            int64_t{3});
    }

    void threeInARowPauseARunThatSomebodyWatches()
    {
        auto arguments = numbers("out", {17, 25, 33}, 1e30);
        arguments.saveStrategy = "steps";
        arguments.saveSteps = 1;
        arguments.saveTotalLimit = 1;
        int pauses = 0;
        const auto watch = [&](const TrainEvent& event, TrainControl& control) {
            control.setWatched(true);
            const auto* state = std::get_if<StateEvent>(&event);
            if (!state || state->state != "paused")
                return;
            QCOMPARE(state->reason, std::string("not_finite"));
            if (++pauses == 1) {
                QCOMPARE(state->goodStep, std::optional<int64_t>(2));
                control.requestResume();
            } else {
                QCOMPARE(state->goodStep, std::optional<int64_t>(10));
                control.requestStop(false);
            }
        };
        const auto recorded = runTraining(arguments, watch);
        QCOMPARE(pauses, 2); // once an epoch
        QCOMPARE(recorded.result.outcome, TrainOutcome::Stopped);
        QCOMPARE(recorded.result.end.step, int64_t{13});
        QCOMPARE(listCheckpoints(path("out")).back().first, int64_t{10}); // the last good one is the newest
        QVERIFY(!fs::exists(path("out") / "model.safetensors"));
    }

    void aChangedRunEqualsTheSameRunResumed()
    {
        auto arguments = base("whole");
        arguments.saveStrategy = "steps";
        arguments.saveSteps = 4;
        arguments.saveTotalLimit = 0;
        const auto whole = runTraining(arguments, changing(someChanges));
        const auto changes = whole.all<ChangeEvent>();
        QCOMPARE(changes.size(), size_t{6});
        QCOMPARE(changes[0].step, int64_t{5});
        QCOMPARE(changes[0].name, std::string("learning_rate"));
        QCOMPARE(changes[0].before.get<double>(), 1e-3);
        QCOMPARE(changes[1].step, int64_t{9});
        QCOMPARE(changes[1].totalSteps, int64_t{20});
        QCOMPARE(whole.result.end.step, int64_t{20});
        const auto steps = whole.all<StepEvent>();
        QVERIFY(steps[4].learningRate < 1e-3 && steps[5].learningRate > 2e-3);
        int evaluations = 0;
        for (const auto& evaluation : whole.all<EvaluateEvent>())
            evaluations += evaluation.step > 9 && evaluation.step % 3 == 0 ? 1 : 0;
        QCOMPARE(evaluations, 3); // 12, 15, 18

        // Stopped later: the checkpoint knows the changes.
        arguments.outputDir = path("stopped");
        runTraining(arguments, changing(someChanges, 13));
        arguments.resumeFromCheckpoint = "";
        runTraining(arguments);
        compare("stopped", 13);

        // Stopped at the step of a change that divides the new interval: nothing is evaluated twice.
        arguments.outputDir = path("at change");
        arguments.resumeFromCheckpoint.reset();
        runTraining(arguments, changing(someChanges, 9));
        arguments.resumeFromCheckpoint = "";
        runTraining(arguments, changing({someChanges.back()}));
        compare("at change", 9);

        // Killed: what came after the checkpoint of step 8 is made again, changes included.
        arguments.outputDir = path("killed");
        arguments.resumeFromCheckpoint.reset();
        runTraining(arguments, changing(someChanges, 13));
        arguments.resumeFromCheckpoint = path("killed") / "checkpoint-8";
        const auto again = runTraining(arguments);
        QCOMPARE(again.all<ChangeEvent>().size(), size_t{5});
        compare("killed", 13);
    }

    void changesThatCannotBeUsedAreSaidAndChangeNothing()
    {
        const auto quiet = runTraining(base("quiet"));
        const auto asked = runTraining(base("asked"),
            changing({{2, R"({"learning_rate": -1})"}, {3, "faster"}, {4, R"({"seed": 3})"},
                {5, R"({"max_steps": 4})"}, {6, R"({"learning_rte": 1e-5})"},
                {7, R"({"eval_steps": "9"})"}}));
        const auto warnings = asked.all<WarningEvent>();
        QCOMPARE(warnings.size(), quiet.all<WarningEvent>().size() + 6);
        for (const auto* part : {"learning_rate is -1", "not valid JSON", "seed cannot be changed",
                 "at step 5 already", "learning_rate'", "must be a number"})
            QVERIFY2(anyHolds(asked, part), part);
        QVERIFY(asked.all<ChangeEvent>().empty());
        QCOMPARE(asked.losses(), quiet.losses());
    }

    void littleMemoryEndsTheRunWithACheckpoint()
    {
        const auto whole = runTraining(base("whole"));
        auto arguments = base("parts");
        const auto first = withMemory(arguments, 9, false);
        QCOMPARE(first.result.outcome, TrainOutcome::Stopped);
        QCOMPARE(first.result.end.step, int64_t{8});
        for (const auto* part :
            {"Only 105 MB of 8590 MB", "172 MB", "checkpoint-8", "--resume_from_checkpoint"})
            QVERIFY2(holds(first.result.end.message, part), first.result.end.message.c_str());
        arguments.resumeFromCheckpoint = "";
        runTraining(arguments);
        QCOMPARE(
            readFile(path("parts") / "model.safetensors"), readFile(path("whole") / "model.safetensors"));
    }

    void littleMemoryPausesARunThatSomebodyWatches()
    {
        const auto whole = runTraining(base("whole"));
        const auto paused = withMemory(base("paused"), 9, true);
        QCOMPARE(paused.result.outcome, TrainOutcome::Completed);
        const auto states = paused.all<StateEvent>();
        QCOMPARE(std::ranges::count_if(states,
                     [](const auto& state) { return state.state == "paused" && state.reason == "memory"; }),
            1);
        QVERIFY(anyHolds(paused, "Close other programs"));
        QCOMPARE(paused.losses(), whole.losses());
    }

    void tooLittleMemoryIsSaidBeforeTheFirstStep()
    {
        TrainControl control;
        control.setMemoryReader([] { return HostMemory{150 * mebibyte, 4096 * mebibyte}; });
        Recorded recorded;
        train(base("out"), control, [&](const TrainEvent& event) { recorded.events.push_back(event); });
        QVERIFY(anyHolds(recorded, "only 157 MB are available"));
    }

    void aLackOfMemorySplitsTheBatches_data()
    {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("parts");
        QTest::addColumn<bool>("onDevice");
        QTest::newRow("in halves") << 4 << 2 << true;
        QTest::newRow("in quarters") << 2 << 4 << false;
        QTest::newRow("in rows") << 1 << 8 << false;
    }
    void aLackOfMemorySplitsTheBatches()
    {
        QFETCH(int, rows);
        QFETCH(int, parts);
        QFETCH(bool, onDevice);
        auto arguments = base("whole");
        arguments.optim = "sgd"; // whose step shows a gradient as it is
        arguments.learningRate = 0.02;
        arguments.dropout = 0;
        arguments.gradientAccumulationSteps = 2;
        arguments.classWeights = "no=1,yes=3";
        const auto whole = runTraining(arguments);
        arguments.outputDir = path("split");
        const auto split = runWithRoomFor(rows, 3, arguments, {}, onDevice);
        QCOMPARE(split.result.outcome, TrainOutcome::Completed);
        const auto expected = whole.all<StepEvent>(), found = split.all<StepEvent>();
        QCOMPARE(found.size(), expected.size());
        for (size_t i = 0; i < found.size(); ++i) {
            QVERIFY(std::abs(*found[i].loss - *expected[i].loss) < 1e-6);
            QVERIFY(
                std::abs(*found[i].gradNorm - *expected[i].gradNorm) < 1e-6 * (1 + *expected[i].gradNorm));
            QCOMPARE(found[i].accuracy, expected[i].accuracy);
        }
        QVERIFY(largestDifference(path("split") / "model.safetensors", path("whole") / "model.safetensors")
            < 1e-6);
        QCOMPARE(std::ranges::count_if(split.all<WarningEvent>(),
                     [](const auto& warning) { return holds(warning.message, "did not suffice"); }),
            std::lround(std::log2(parts)));
        const auto recorded = readJsonFile(path("split") / "run.json").at("recorded").at("batch_splits");
        QCOMPARE(jsonLine(recorded.back()), concat(R"({"step":3,"parts":)", parts, "}"));
    }

    void aResumedRunSplitsWhereTheInterruptedOneDid()
    {
        auto arguments = base("whole");
        arguments.gradientAccumulationSteps = 2;
        arguments.saveStrategy = "steps";
        arguments.saveSteps = 2;
        arguments.saveTotalLimit = 0;
        const auto whole = runWithRoomFor(2, 6, arguments);
        QCOMPARE(whole.result.outcome, TrainOutcome::Completed);
        const auto undisturbed = [&] {
            arguments.outputDir = path("undisturbed");
            return runTraining(arguments);
        }();
        QVERIFY(undisturbed.losses() != whole.losses()); // dropout draws other masks

        // Stopped behind the splits: the checkpoint knows them.
        arguments.outputDir = path("stopped");
        runWithRoomFor(2, 6, arguments, stopAt(7));
        arguments.resumeFromCheckpoint = "";
        const auto later = runTraining(arguments);
        QVERIFY(!anyHolds(later, "did not suffice"));
        compare("stopped", 7);

        // Killed: memory is there again, but the splits are made at their step all the same.
        arguments.outputDir = path("killed");
        arguments.resumeFromCheckpoint.reset();
        runWithRoomFor(2, 6, arguments, stopAt(9));
        arguments.resumeFromCheckpoint = path("killed") / "checkpoint-4";
        const auto again = runTraining(arguments);
        QVERIFY(anyHolds(again, "micro-batches of step 6"));
        compare("killed", 9);
        const auto splitsOf = [&](const char* output) {
            return jsonLine(readJsonFile(path(output) / "run.json").at("recorded").at("batch_splits"));
        };
        QCOMPARE(splitsOf("killed"), splitsOf("whole"));
    }

    void aRowThatDoesNotFitEndsTheRunWithASentence()
    {
        auto arguments = base("out");
        arguments.saveStrategy = "steps";
        arguments.saveSteps = 2;
        const auto said = sentence([&] { runWithRoomFor(0, 6, arguments); }, ErrorKind::OutOfMemory);
        for (const auto* part : {"single row of step 6", " tokens)", "memory of cpu", "max_seq_length"})
            QVERIFY2(holds(said, part), said.c_str());
        QCOMPARE(readRunSummary(path("out")).state, RunState::Failed);
        QCOMPARE(listCheckpoints(path("out")).back().first, int64_t{4});
    }

    void changedDataAreRefusedUnlessAllowed()
    {
        auto arguments = base("out");
        runTraining(arguments, stopAt(3));
        arguments.resumeFromCheckpoint = "";
        writeFileAtomically(path("train.jsonl"), makeRows(60, 0.1, 9));
        const auto said = sentence([&] { runTraining(arguments); }, ErrorKind::Data);
        QVERIFY2(holds(said, changedDataPhrase) && holds(said, "--allow_changed_data"), said.c_str());
        arguments.allowChangedData = true;
        const auto recorded = runTraining(arguments);
        QCOMPARE(recorded.result.outcome, TrainOutcome::Completed);
        QVERIFY(anyHolds(recorded, "train.jsonl"));
        QVERIFY(!readRunArguments(path("out")).allowChangedData);
    }

    void changedDataMustKeepTheLabels()
    {
        auto arguments = base("out");
        runTraining(arguments, stopAt(3));
        arguments.resumeFromCheckpoint = "";
        arguments.allowChangedData = true;
        auto rows = makeRows(60, 0.1, 1);
        rows += R"({"text":"w01","label":"perhaps"})"
                "\n";
        writeFileAtomically(path("train.jsonl"), rows);
        const auto said = sentence([&] { runTraining(arguments); }, ErrorKind::Data);
        QVERIFY2(holds(said, "perhaps") && holds(said, "begin a new run"), said.c_str());
    }

    void aResumeElsewhereSaysThatItMayDiffer()
    {
        auto arguments = base("out");
        runTraining(arguments, stopAt(3));
        const auto file = path("out") / "checkpoint-3" / "resume.json";
        auto state = readJsonFile(file);
        state["computed_with"]["processor"] = "Abacus 9";
        writeFileAtomically(file, state.dump());
        arguments.resumeFromCheckpoint = "";
        const auto recorded = runTraining(arguments);
        QVERIFY(anyHolds(recorded, "The run began with Abacus 9"));
        QCOMPARE(recorded.all<WarningEvent>().size(), size_t{1});
    }

private:
    [[nodiscard]] fs::path path(const char* name) const { return m_home->path(name); }
    [[nodiscard]] TrainingArguments base(const char* output) const { return m_home->base(output); }

    /// A regression job in the order of its file, eight steps an epoch; `rows` (from 1) have `value`.
    [[nodiscard]] TrainingArguments numbers(
        const char* output, const std::vector<int>& rows, double value) const
    {
        writeTinyModel(path("model"), {.labels = {"value"}, .problemType = "regression"});
        std::string lines;
        for (int row = 1; row <= 60; ++row) {
            const bool bad = std::ranges::find(rows, row) != rows.end();
            lines += jsonLine({{"text", tinyWord(row % tinyWords)}, {"label", bad ? value : 0.1 * (row % 7)}})
                + '\n';
        }
        writeFileAtomically(path("train.jsonl"), lines);
        auto arguments = base(output);
        arguments.problemType = "regression";
        arguments.validationFile.clear();
        arguments.evalStrategy = "no";
        arguments.shuffle = false;
        arguments.numTrainEpochs = 2;
        arguments.saveTotalLimit = 0;
        return arguments;
    }

    /// A run whose machine has little memory left from the look number `from` on, for a while.
    [[nodiscard]] static Recorded withMemory(const TrainingArguments& arguments, int from, bool watched)
    {
        TrainControl control;
        control.setWatched(watched);
        int looks = 0;
        control.setMemoryReader([&looks, from] {
            ++looks;
            return HostMemory{
                looks > from && looks < from + 5 ? 100 * mebibyte : 4096 * mebibyte, 8192 * mebibyte};
        });
        Recorded recorded;
        recorded.result = train(arguments, control, [&](const TrainEvent& event) {
            recorded.events.push_back(event);
            if (const auto* state = std::get_if<StateEvent>(&event); state && state->state == "paused")
                control.requestResume();
        });
        return recorded;
    }

    void compare(const char* output, int64_t stopStep) const
    {
        QCOMPARE(logWithout(path(output), stopStep), logWithout(path("whole"), stopStep));
        QCOMPARE(readFile(path(output) / "model.safetensors"), readFile(path("whole") / "model.safetensors"));
    }

    std::unique_ptr<TrainingHome> m_home;
};

QTEST_GUILESS_MAIN(TestRunCare)
#include "tst_run_care.moc"
