// SPDX-License-Identifier: MIT
// What a run does and leaves behind.
#include "core/models/predictor.h"
#include "core/runs/run_lock.h"
#include "core/train/brief_spinning.h"
#include "core/train/optimizer.h"
#include "core/train/output_folder.h"
#include "core/train/row_order.h"
#include "core/train/spin_watch.h"
#include "tests/core/train/training_fixture.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>
#include <numeric>
#include <set>
#include <thread>

#include <QTest>

using namespace studio;
namespace fs = std::filesystem;

class TestTraining : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_home = std::make_unique<TrainingHome>(); }

    void moreThreadsThanCoresLetWaitingOnesSleep()
    {
        const auto threads
            = [] { return std::distance(std::filesystem::directory_iterator("/proc/self/task"), {}); };
        const auto before = threads();
        {
            const BriefSpinning spinning;
            QTRY_VERIFY(threads() > before + int64_t(std::thread::hardware_concurrency()));
        }
        QTRY_COMPARE(threads(), before);
    }

    void spinningDependsOnWhatOthersWant()
    {
        const CpuTimes before{.wall = 100, .all = 500, .own = 50};
        const auto contested = [&before](double all, double own) {
            return coresWereContested(before, {.wall = 102, .all = 500 + 2 * all, .own = 50 + 2 * own}, 4);
        };
        QVERIFY(!contested(3.9, 3.85)); // all of it ours
        QVERIFY(contested(4, 3.5)); // others got half a core, and none was free
        QVERIFY(contested(4, 0.5));
        QVERIFY(!contested(3, 1)); // a core is free
        QVERIFY(coresWereContested(before, before, 4)); // nothing is known
        if (const auto now = cpuTimes()) {
            QVERIFY(now->own > 0 && now->all >= now->own * 0.9);
            QVERIFY(now->wall >= 0);
        }
    }

    void accumulatedBatchesEqualOneLargeBatch()
    {
        auto arguments = base("large");
        arguments.dropout = 0.0;
        arguments.perDeviceTrainBatchSize = 12;
        const auto large = runTraining(arguments);
        arguments.outputDir = path("small");
        arguments.perDeviceTrainBatchSize = 3;
        arguments.gradientAccumulationSteps = 4;
        const auto small = runTraining(arguments);
        QCOMPARE(small.losses().size(), large.losses().size());
        for (size_t i = 0; i < small.losses().size(); ++i)
            QVERIFY(std::abs(small.losses()[i] - large.losses()[i]) < 2e-5);
    }

    void batchesByTokensFollowTheirPlan()
    {
        auto arguments = base("out");
        arguments.maxTokensPerBatch = 80;
        arguments.gradientAccumulationSteps = 2;
        arguments.numTrainEpochs = 2;
        TrainControl control;
        std::vector<std::pair<int64_t, int64_t>> batches; // step, rows
        control.setMicroBatchHook(
            [&](const TrainControl::MicroBatch& batch) { batches.emplace_back(batch.step, batch.rows); });
        Recorded recorded;
        train(arguments, control, [&](const TrainEvent& event) { recorded.events.push_back(event); });
        const auto start = recorded.all<StartEvent>().front();
        QCOMPARE(start.epochs, 2.0);
        int64_t rows = 0;
        std::set<int64_t> sizes;
        for (const auto& [step, count] : batches) {
            rows += count;
            sizes.insert(count);
        }
        QCOMPARE(rows, int64_t{2 * 60});
        QVERIFY(sizes.size() > 2 && *sizes.rbegin() > 8); // whatever per_device_train_batch_size says
        QCOMPARE(batches.back().first, start.totalSteps);
        const auto steps = recorded.all<StepEvent>();
        QCOMPARE(static_cast<int64_t>(steps.size()), start.totalSteps);
        QCOMPARE(steps.back().epoch, 2.0);
        QVERIFY(std::abs(steps.back().learningRate - 1e-3 / double(start.totalSteps)) < 1e-12);
        std::vector<double> epochs;
        for (const auto& evaluation : recorded.all<EvaluateEvent>())
            epochs.push_back(evaluation.epoch);
        QCOMPARE(epochs, (std::vector<double>{1, 2}));

        // A budget that always holds all rows is one batch an epoch.
        arguments.outputDir = path("one");
        arguments.maxTokensPerBatch = 1'000'000;
        const auto one = runTraining(arguments);
        QCOMPARE(one.all<StepEvent>().size(), size_t{2});
        arguments.outputDir = path("rows");
        arguments.maxTokensPerBatch = 0;
        arguments.perDeviceTrainBatchSize = 60;
        QCOMPARE(runTraining(arguments).losses(), one.losses());
    }

    void stepsBeforeAllTextsAreTokenisedAreTheSame()
    {
        writeFileAtomically(path("train.jsonl"), makeRows(20'000, 0, 3));
        auto arguments = base("waited");
        arguments.maxSteps = 12;
        arguments.maxSeqLength = 6;
        const auto run = [&](std::chrono::milliseconds patience) {
            fs::remove_all(path("cache"));
            TrainControl control;
            control.setTokenizingPatience(patience);
            Recorded recorded;
            train(arguments, control, [&](const TrainEvent& event) { recorded.events.push_back(event); });
            return recorded;
        };
        const auto waited = run(std::chrono::minutes(5));
        arguments.outputDir = path("at once");
        const auto atOnce = run(std::chrono::milliseconds(0));
        QCOMPARE(atOnce.losses(), waited.losses());
        QVERIFY(readFile(path("at once") / "model.safetensors")
            == readFile(path("waited") / "model.safetensors"));
        const auto cuts = [](const Recorded& recorded) {
            const auto warnings = recorded.all<WarningEvent>();
            return std::ranges::count_if(warnings, [](const WarningEvent& warning) {
                return warning.message.ends_with("texts are longer than 6 tokens and are cut.");
            });
        };
        QCOMPARE(cuts(waited), 1);
        QVERIFY(cuts(atOnce) <= 1); // not told where the run is over first
    }

    void gradientCheckpointingChangesNoBit()
    {
        auto arguments = base("plain");
        arguments.freezeLayers = "embeddings";
        const auto plain = runTraining(arguments);
        arguments.outputDir = path("checkpointed");
        arguments.gradientCheckpointing = true;
        const auto again = runTraining(arguments);
        QCOMPARE(again.losses(), plain.losses());
        QVERIFY(readFile(path("checkpointed") / "model.safetensors")
            == readFile(path("plain") / "model.safetensors"));
        QVERIFY(memoryQuestion(arguments, 10, "fp32").gradientCheckpointing);
        arguments.maxTokensPerBatch = 95;
        QCOMPARE(memoryQuestion(arguments, 10, "auto").batchSize, int64_t{10});
        QCOMPARE(memoryQuestion(arguments, 200, "auto").batchSize, int64_t{1});
    }

    void learnsARuleAndNotNoise()
    {
        writeFileAtomically(path("train.jsonl"), makeRows(400, 0, 3));
        writeFileAtomically(path("validation.jsonl"), makeRows(200, 0, 4));
        auto arguments = base("rule");
        arguments.learningRate = 2e-3;
        arguments.numTrainEpochs = 8;
        arguments.saveStrategy = "no";
        const auto rule = runTraining(arguments).all<EvaluateEvent>().back();
        QVERIFY2(rule.metrics.accuracy.value() > 0.9, qPrintable(QString::number(*rule.metrics.accuracy)));
        Predictor predictor(path("rule"));
        int named = 0;
        for (int word = 0; word < 20; ++word) { // the names of the answers, not their numbers
            const auto answers
                = predictor.predict(std::vector<TextInput>{{tinyWord(word) + ' ' + tinyWord(word + 2)}});
            named += predictor.labels()[size_t(answers[0].labelIds[0])] == (word % 2 == 1 ? "yes" : "no");
        }
        QVERIFY2(named >= 18, qPrintable(QString::number(named)));
        writeFileAtomically(path("train.jsonl"), makeRows(400, 1, 5));
        writeFileAtomically(path("validation.jsonl"), makeRows(200, 1, 6));
        arguments.outputDir = path("noise");
        arguments.numTrainEpochs = 2;
        for (const auto& event : runTraining(arguments).all<EvaluateEvent>())
            QVERIFY2(std::abs(event.metrics.accuracy.value() - 0.5) < 0.15,
                qPrintable(QString::number(*event.metrics.accuracy)));
    }

    void theFolderHoldsWhatOthersRead()
    {
        auto arguments = base("out");
        arguments.testFile = path("validation.jsonl");
        const auto recorded = runTraining(arguments);
        for (const auto* name : {"config.json", "model.safetensors", "vocab.txt", "run.json", "metrics.jsonl",
                 "trainer_state.json", "eval_predictions.jsonl"})
            QVERIFY2(fs::exists(path("out") / name), name);
        for (const auto& entry : fs::directory_iterator(path("out")))
            QVERIFY2(!entry.path().filename().string().starts_with(".best"), entry.path().c_str());
        QCOMPARE(readRunArguments(path("out")), arguments);
        const auto record = readRunRecord(path("out"));
        QCOMPARE(record.at("files").size(), size_t{3});
        QCOMPARE(record.at("files")[0].at("sha256").get<std::string>(), sha256File(path("train.jsonl")));
        const auto state = readJsonFile(path("out") / "trainer_state.json");
        QCOMPARE(state.at("global_step").get<int64_t>(), int64_t{24});
        const auto evaluations = recorded.all<EvaluateEvent>();
        QCOMPARE(state.at("log_history").size(), recorded.losses().size() + evaluations.size());
        QCOMPARE(evaluations.back().part, std::string("test"));
        const auto summary = readRunSummary(path("out"));
        QCOMPARE(summary.state, RunState::Completed);
        QCOMPARE(summary.bestStep, recorded.result.end.bestStep);
        // The predictions are those of the best model, hence agree with its evaluation.
        const auto rows = readPredictions(path("out"));
        QCOMPARE(rows.size(), size_t{48});
        double right = 0, loss = 0;
        for (const auto& row : rows) {
            if (row.part != "validation")
                continue;
            right += row.labels == row.predictions ? 1 : 0;
            loss += row.loss.value();
        }
        const auto best = std::ranges::find_if(evaluations, [&](const auto& event) {
            return event.part == "validation" && event.step == recorded.result.end.bestStep;
        });
        QVERIFY(best != evaluations.end());
        QCOMPARE(right / 24, best->metrics.accuracy.value());
        QVERIFY(std::abs(loss / 24 - best->metrics.loss.value()) < 1e-5);
    }

    void everyEventCarriesRisingTime()
    {
        double last = 0;
        std::vector<TrainEvent> events;
        runTraining(base("out"));
        readRunEvents(path("out"), 0, events);
        for (const auto& event : events) {
            const double time = std::visit([](const auto& value) { return value.time; }, event);
            QVERIFY(time >= last);
            last = time;
        }
        QVERIFY(last > 0);
    }

    void aProfileNamesEveryPhaseAndChangesNothing()
    {
        const auto plain = runTraining(base("plain"));
        QVERIFY(plain.all<ProfileEvent>().empty());
        QVERIFY(!fs::exists(path("plain") / "profile.json"));
        auto arguments = base("out");
        arguments.maxSeqLength = 20; // another key in the cache of tokens
        Recorded recorded;
        TrainControl control;
        control.setProfile(true);
        recorded.result
            = train(arguments, control, [&](const TrainEvent& event) { recorded.events.push_back(event); });
        QCOMPARE(recorded.losses(), plain.losses());
        QCOMPARE(comparableLog(path("out"), true), comparableLog(path("plain"), true));
        const auto profiles = recorded.all<ProfileEvent>();
        QCOMPARE(profiles.size(), size_t{1});
        double sum = 0;
        std::map<std::string, int64_t> counts;
        for (const auto& phase : profiles.front().phases) {
            sum += phase.seconds;
            counts[phase.name] = phase.count;
        }
        QVERIFY(std::abs(sum - profiles.front().seconds) < 1e-6);
        for (const auto* phase : {"batch", "forward", "backward", "optimizer", "report"})
            QCOMPARE(counts[phase], int64_t{24});
        for (const auto* phase : {"read", "load", "tokenise", "evaluate", "save", "other"})
            QVERIFY2(counts[phase] > 0, phase);
        const auto trace = readJsonFile(path("out") / "profile.json");
        std::set<int> threads;
        for (const auto& event : trace.at("traceEvents")) {
            if (event.at("name") == "tokenise block")
                threads.insert(event.at("tid").get<int>());
        }
        QVERIFY(!threads.empty() && !threads.contains(0));
    }

    void epochsAndEvaluationsFollowTheSettings()
    {
        auto arguments = base("out");
        arguments.numTrainEpochs = 2.5;
        const auto recorded = runTraining(arguments);
        const auto steps = recorded.all<StepEvent>();
        QCOMPARE(steps.size(), size_t{20});
        QCOMPARE(steps[7].epoch, 1.0);
        QCOMPARE(steps[3].epoch, 0.5);
        QCOMPARE(steps.back().epoch, 2.5);
        std::vector<int64_t> evaluated;
        for (const auto& event : recorded.all<EvaluateEvent>())
            evaluated.push_back(event.step);
        QCOMPARE(evaluated, (std::vector<int64_t>{8, 16, 20}));
    }

    void withoutEvaluationTheLastModelIsTheResult()
    {
        auto arguments = base("out");
        arguments.evalStrategy = "no";
        arguments.validationFile.clear();
        const auto recorded = runTraining(arguments);
        QCOMPARE(recorded.all<StartEvent>().front().trainRows, int64_t{60});
        QVERIFY(!recorded.result.end.bestStep);
        QCOMPARE(readFile(path("out") / "model.safetensors"),
            readFile(path("out") / "checkpoint-24" / "model.safetensors"));
    }

    void earlyStoppingCountsEvaluations()
    {
        auto arguments = base("out");
        arguments.learningRate = 1e-9; // nothing improves by the threshold
        arguments.earlyStoppingPatience = 2;
        arguments.earlyStoppingThreshold = 0.5;
        arguments.numTrainEpochs = 10;
        const auto recorded = runTraining(arguments);
        QCOMPARE(recorded.result.end.step, int64_t{24});
        QCOMPARE(recorded.result.outcome, TrainOutcome::Completed);
        QVERIFY(holds(recorded.result.end.message, "early"));
    }

    void pruningKeepsTheBestAndTheNewest()
    {
        auto arguments = base("out");
        arguments.learningRate = 0.02; // soon too much: an early evaluation stays the best
        arguments.numTrainEpochs = 6;
        arguments.metricForBestModel = "loss";
        const auto recorded = runTraining(arguments);
        const auto best = recorded.result.end.bestStep.value();
        std::vector<int64_t> left;
        for (const auto& [step, folder] : listCheckpoints(path("out")))
            left.push_back(step);
        QVERIFY(std::ranges::find(left, best) != left.end());
        QVERIFY(std::ranges::find(left, 48) != left.end());
        QVERIFY(left.size() <= 2);
        QCOMPARE(readFile(path("out") / "model.safetensors"),
            readFile(checkpointFolder(path("out"), best) / "model.safetensors"));
    }

    void theBestIsTheGreatestAccuracyOrTheLeastLoss()
    {
        for (const auto* metric : {"loss", "accuracy"}) {
            auto arguments = base(metric);
            arguments.learningRate = 0.02;
            arguments.numTrainEpochs = 6;
            arguments.metricForBestModel = metric;
            const auto recorded = runTraining(arguments);
            std::vector<double> values;
            for (const auto& event : recorded.all<EvaluateEvent>())
                values.push_back(toJson(event.metrics).at(concat("eval_", metric)).get<double>());
            const auto [least, greatest] = std::ranges::minmax(values);
            QVERIFY(least < greatest);
            const bool loss = metric == std::string_view("loss");
            QCOMPARE(recorded.result.end.bestMetric.value(), loss ? least : greatest);
        }
    }

    void theBestModelIsKeptWithoutSaving()
    {
        auto arguments = base("out");
        arguments.saveStrategy = "no";
        arguments.metricForBestModel = "accuracy";
        const auto recorded = runTraining(arguments);
        QVERIFY(listCheckpoints(path("out")).empty());
        const auto report = evaluateFile({.modelNameOrPath = path("out"),
            .file = path("validation.jsonl"),
            .data = {},
            .predictionsFile = {}});
        QCOMPARE(report.accuracy.value(), recorded.result.end.bestMetric.value());
    }

    void labelsFollowTheModelOrTheData_data()
    {
        QTest::addColumn<QByteArrayList>("model");
        QTest::addColumn<QByteArrayList>("expected");
        QTest::addColumn<bool>("kept");
        QTest::newRow("same names") << QByteArrayList{"yes", "no"} << QByteArrayList{"yes", "no"} << true;
        QTest::newRow("subset") << QByteArrayList{"yes", "maybe", "no"}
                                << QByteArrayList{"yes", "maybe", "no"} << true;
        QTest::newRow("placeholders")
            << QByteArrayList{"LABEL_0", "LABEL_1"} << QByteArrayList{"no", "yes"} << true;
        QTest::newRow("other names") << QByteArrayList{"good", "bad"} << QByteArrayList{"no", "yes"} << false;
        QTest::newRow("more placeholders")
            << QByteArrayList{"LABEL_0", "LABEL_1", "LABEL_2"} << QByteArrayList{"no", "yes"} << false;
        QTest::newRow("names left out")
            << QByteArrayList{"LABEL_0", "LABEL_1"} << QByteArrayList{"no", "yes"} << true;
    }

    void labelsFollowTheModelOrTheData()
    {
        QFETCH(QByteArrayList, model);
        QFETCH(QByteArrayList, expected);
        QFETCH(bool, kept);
        TinyModelOptions options{.labels = {}};
        for (const auto& label : model)
            options.labels.push_back(label.toStdString());
        writeTinyModel(path("model"), options);
        if (std::string_view(QTest::currentDataTag()) == "names left out") {
            auto config = parseJson(readFile(path("model") / "config.json"), "config.json");
            config.erase("id2label");
            config.erase("label2id");
            config.erase("num_labels");
            writeFileAtomically(path("model") / "config.json", config.dump());
        }
        auto arguments = base("out");
        arguments.maxSteps = 1;
        arguments.learningRate = 1e-9;
        arguments.evalStrategy = "no";
        arguments.validationFile.clear();
        const auto recorded = runTraining(arguments);
        QByteArrayList found;
        const auto start = recorded.all<StartEvent>().front();
        for (const auto& label : start.labels)
            found.append(QByteArray::fromStdString(label));
        QCOMPARE(found, expected);
        QCOMPARE(readRunRecord(path("out")).at("head_created").get<bool>(), !kept);
        const auto before = SafetensorsFile(path("model") / "model.safetensors").tensor("classifier.weight");
        const auto after = SafetensorsFile(path("out") / "model.safetensors").tensor("classifier.weight");
        const bool same = before.sizes() == after.sizes()
            && std::abs(before.const_data_ptr<float>()[0] - after.const_data_ptr<float>()[0]) < 1e-6F;
        QCOMPARE(same, kept);
        const auto warnings = recorded.all<WarningEvent>();
        QCOMPARE(warnings.empty(), kept && !model.contains("LABEL_0"));
    }

    void anUndefinedMetricEndsEarlyToo()
    {
        std::string rows;
        for (int row = 0; row < 8; ++row)
            rows += jsonLine({{"text", tinyWord(row)}, {"label", "no"}}) + '\n';
        writeFileAtomically(path("validation.jsonl"), rows); // no area under a curve of one class
        auto arguments = base("out");
        arguments.metricForBestModel = "eval_auc";
        arguments.earlyStoppingPatience = 2;
        arguments.numTrainEpochs = 6;
        const auto recorded = runTraining(arguments);
        QCOMPARE(recorded.all<EvaluateEvent>().size(), size_t{2});
    }

    void positionsMeanTheSameInEveryFile()
    {
        writeTinyModel(path("model"), {.labels = {"bad", "fair", "good"}});
        const auto rows = [](std::initializer_list<const char*> labels) {
            std::string lines;
            for (int row = 0; row < 24; ++row)
                lines += jsonLine({{"text", tinyWord(row)},
                             {"label", labels.begin()[static_cast<size_t>(row) % labels.size()]}})
                    + '\n';
            return lines;
        };
        writeFileAtomically(path("train.jsonl"), rows({"LABEL_0", "LABEL_1", "LABEL_2"}));
        writeFileAtomically(path("validation.jsonl"), rows({"LABEL_0", "LABEL_2"}));
        auto arguments = base("out");
        arguments.numTrainEpochs = 1;
        const auto recorded = runTraining(arguments);
        QCOMPARE(
            recorded.all<StartEvent>().front().labels, (std::vector<std::string>{"bad", "fair", "good"}));
        const auto matrix = recorded.all<EvaluateEvent>().front().metrics.confusionMatrix;
        std::vector<int64_t> sums;
        for (const auto& row : matrix)
            sums.push_back(std::accumulate(row.begin(), row.end(), int64_t{0}));
        QCOMPARE(sums, (std::vector<int64_t>{12, 0, 12}));
        // Names beside positions say nothing.
        writeFileAtomically(path("validation.jsonl"), rows({"bad", "fair", "good"}));
        const auto said = sentence([&] { runTraining(base("other")); }, ErrorKind::Data);
        QVERIFY2(holds(said, "the label 'bad'"), said.c_str());
    }

    void rowOrderIsSeededAndFileOrderWithoutShuffle()
    {
        TrainingArguments arguments;
        const auto first = epochRowOrder(arguments, 100, 0);
        QCOMPARE(epochRowOrder(arguments, 100, 0), first);
        QVERIFY(epochRowOrder(arguments, 100, 1) != first);
        auto sorted = first;
        std::ranges::sort(sorted);
        arguments.shuffle = false;
        QCOMPARE(sorted, epochRowOrder(arguments, 100, 3));
        QCOMPARE(sorted.front(), int64_t{0});
        arguments.shuffle = true;
        arguments.groupByLength = true;
        std::vector<int32_t> lengths;
        for (int32_t row = 0; row < 100; ++row)
            lengths.push_back(row * 7 % 31);
        auto grouped = epochRowOrder(arguments, 100, 0, lengths);
        QCOMPARE(lengths[static_cast<size_t>(grouped.front())], 30);
        std::ranges::sort(grouped);
        QCOMPARE(grouped, sorted);
    }

    void decayLeavesBiasesAndNormsAlone()
    {
        for (const auto* name : {"bert.encoder.layer.0.output.dense.bias", "bert.embeddings.LayerNorm.weight",
                 "model.norm.weight", "model.layers.0.input_layernorm.weight", "model.layers.0.q_norm.weight",
                 "encoder.rmsnorm.weight"})
            QVERIFY2(!takesWeightDecay(name), name);
        for (const auto* name : {"bert.encoder.layer.0.output.dense.weight", "classifier.weight",
                 "bert.embeddings.word_embeddings.weight", "model.normal.weight"})
            QVERIFY2(takesWeightDecay(name), name);
    }

    void thePlanTellsWhatARunWillDo()
    {
        auto arguments = base("out");
        arguments.validationFile.clear();
        arguments.validationSplit = 0.25;
        arguments.outputDir.clear();
        const auto plan = planTraining(arguments);
        arguments.outputDir = path("out");
        QCOMPARE(plan.trainRows, int64_t{45});
        QCOMPARE(plan.validationRows, int64_t{15});
        QCOMPARE(plan.stepsPerEpoch, int64_t{6});
        QCOMPARE(plan.totalSteps, int64_t{18});
        QVERIFY(plan.memoryBytes > 0);
        QVERIFY(!plan.headCreated);
        QVERIFY(!fs::exists(path("out")));
        const auto start = runTraining(arguments).all<StartEvent>().front();
        QCOMPARE(start.totalSteps, plan.totalSteps);
        QCOMPARE(start.trainRows, plan.trainRows);
        QCOMPARE(start.labels, plan.labels);
    }

private:
    [[nodiscard]] fs::path path(const char* name) const { return m_home->path(name); }
    [[nodiscard]] TrainingArguments base(const char* output) const { return m_home->base(output); }
    std::unique_ptr<TrainingHome> m_home;
};

QTEST_GUILESS_MAIN(TestTraining)
#include "tst_training_run.moc"
