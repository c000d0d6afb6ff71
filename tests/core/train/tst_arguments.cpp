// SPDX-License-Identifier: MIT
#include "core/base/error.h"
#include "core/train/arguments.h"
#include "core/train/batch_plan.h"
#include "core/train/row_order.h"
#include "core/train/schedule.h"

#include <cmath>
#include <numeric>
#include <set>

#include <QTest>

using namespace studio;

namespace {

TrainingArguments usable()
{
    TrainingArguments arguments;
    arguments.modelNameOrPath = "model";
    arguments.trainFile = "train.csv";
    arguments.outputDir = "out";
    return arguments;
}

QByteArray problem(const char* name, const Json& value)
{
    const auto* info = findArgument(name);
    return info ? QByteArray::fromStdString(fieldProblem(*info, value)) : QByteArray("unknown");
}

/// The sentence of the error that `action` throws; empty without one.
template <typename Action>
QByteArray sentence(const Action& action)
{
    try {
        action();
    } catch (const Error& error) {
        return error.kind() == ErrorKind::Settings ? QByteArray(error.what()) : QByteArray("wrong kind");
    }
    return {};
}

} // namespace

class TestArguments : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyFieldIsInTheTable()
    {
        // A field that the table forgets would not survive the way through JSON.
        TrainingArguments arguments;
        const auto json = toJson(arguments);
        QCOMPARE(json.size(), argumentTable().size());
        QCOMPARE(argumentsFromJson(json), arguments);
        for (const auto* name :
            {"learning_rate", "num_train_epochs", "max_steps", "eval_strategy", "save_steps",
                "save_total_limit", "load_best_model_at_end", "warmup_steps", "weight_decay", "max_grad_norm",
                "gradient_accumulation_steps", "seed", "classifier_learning_rate", "freeze_layers"})
            QVERIFY2(json.contains(name), name);
        for (const auto& info : argumentTable()) {
            QVERIFY2(!info.help.empty() && (info.help.back() == '.' || info.help.ends_with("…")),
                info.name.c_str());
            QVERIFY2(!info.group.empty(), info.name.c_str());
        }
    }

    void defaultsAreThoseOfTheContract()
    {
        const auto json = toJson(TrainingArguments{});
        QCOMPARE(json.at("learning_rate").get<double>(), 5e-5);
        QCOMPARE(json.at("per_device_train_batch_size").get<int>(), 8);
        QCOMPARE(json.at("per_device_eval_batch_size").get<int>(), 32);
        QCOMPARE(json.at("num_train_epochs").get<double>(), 3.0);
        QCOMPARE(json.at("max_grad_norm").get<double>(), 1.0);
        QCOMPARE(json.at("lr_scheduler_type").get<std::string>(), std::string("linear"));
        QCOMPARE(json.at("save_total_limit").get<int>(), 2);
        QCOMPARE(json.at("seed").get<int>(), 42);
        QCOMPARE(json.at("metric_for_best_model").get<std::string>(), std::string("eval_loss"));
    }

    void everyArgumentSurvivesJsonAndText()
    {
        auto arguments = usable();
        arguments.learningRate = 1.25e-4;
        arguments.labelColumn = {"a", "b, c"};
        arguments.clean = {"html", "urls"};
        arguments.dropout = 0.0;
        arguments.classifierLearningRate = 1e-3;
        arguments.greaterIsBetter = false;
        arguments.resumeFromCheckpoint = "";
        arguments.freezeLayers = "3";
        arguments.shuffle = false;
        QCOMPARE(argumentsFromJson(parseJson(jsonLine(toJson(arguments)), "settings")), arguments);
        TrainingArguments fromText;
        for (const auto& info : argumentTable()) {
            const auto value = info.get(arguments);
            if (!value.is_null())
                info.set(fromText, value.is_string() ? value : Json(jsonLine(value)));
        }
        QCOMPARE(fromText, arguments);
    }

    void badValuesAreRefusedWithRange_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char* name, const char* value, const char* expected) {
            QTest::addRow("%s %s", name, value)
                << QByteArray(name) << QByteArray(value) << QByteArray(expected);
        };
        for (const auto* value :
            {"0", "-1", "nan", "inf", "-inf", "NaN", "1e9", "1e999", "", "1,5", "1e-4x", "0x1"})
            row("learning_rate", value, "a number above 0 and at most 1");
        for (const auto* value : {"0", "-3", "2.5", "nan", "", "99999999999999999999", "1e2"})
            row("per_device_train_batch_size", value, "a whole number from 1 to 65536");
        row("num_train_epochs", "0", "above 0");
        row("num_train_epochs", "inf", "above 0");
        row("dropout", "0.95", "0 to 0.9");
        row("dropout", "nan", "0 to 0.9");
        row("shuffle", "maybe", "true or false");
        row("optim", "lamb", "adamw, adam or sgd");
        row("precision", "fp64", "auto, fp32, bf16 or fp16");
        row("freeze_layers", "-1", "embeddings or encoder");
        row("freeze_layers", "all", "embeddings or encoder");
        row("device", "gpu", "auto, cpu, cuda or cuda:N");
        row("device", "cuda:x", "auto, cpu, cuda or cuda:N");
        row("clean", "soap", "soap");
        row("seed", "-1", "from 0");
    }

    void badValuesAreRefusedWithRange()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, value);
        QFETCH(QByteArray, expected);
        const auto found = problem(name, Json(value.toStdString()));
        QVERIFY2(found.contains(expected), found);
        QVERIFY2(found.contains(value.left(8)), found);
    }

    void everyNumberRefusesNan()
    {
        int numbers = 0;
        for (const auto& info : argumentTable()) {
            if (info.kind != ArgumentKind::Number && info.kind != ArgumentKind::Integer)
                continue;
            ++numbers;
            for (const auto* value : {"nan", "inf", "-inf", "-nan", "infinity"})
                QVERIFY2(!fieldProblem(info, Json(value)).empty(), info.name.c_str());
        }
        QVERIFY(numbers > 20);
    }

    void namesTakeDashesAndAliases()
    {
        for (const auto& info : argumentTable()) {
            auto dashed = "--" + info.name;
            std::replace(dashed.begin() + 2, dashed.end(), '_', '-');
            QCOMPARE(findArgument(dashed), &info);
        }
        QCOMPARE(findArgument("evaluation_strategy"), findArgument("eval_strategy"));
        QVERIFY(!findArgument("learning"));
        auto arguments = usable();
        findArgument("warmup-ratio")->set(arguments, Json("0.1"));
        QCOMPARE(arguments.warmupSteps, 0.1);
        QCOMPARE(argumentsFromJson(Json{{"optim", "adamw_torch"}}).optim, std::string("adamw"));
    }

    void unknownKeysNameTheNearest_data()
    {
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QByteArray>("nearest");
        QTest::newRow("typo") << QByteArray("learning_rat") << QByteArray("learning_rate");
        QTest::newRow("swap") << QByteArray("wieght_decay") << QByteArray("weight_decay");
        QTest::newRow("part") << QByteArray("batch_size") << QByteArray("per_device_train_batch_size");
        QTest::newRow("dashes") << QByteArray("learning-rate") << QByteArray("learning_rate");
        QTest::newRow("plural") << QByteArray("epochs") << QByteArray("num_train_epochs");
    }

    void unknownKeysNameTheNearest()
    {
        QFETCH(QByteArray, key);
        QFETCH(QByteArray, nearest);
        const auto found = sentence([&] {
            static_cast<void>(argumentsFromJson(Json{{key.toStdString(), 1}}));
        });
        QVERIFY2(found.contains("'" + key + "'") && found.contains("'" + nearest + "'"), found);
    }

    void jsonIsStrictAboutTypes()
    {
        QVERIFY(sentence([] {
            static_cast<void>(argumentsFromJson(Json{{"learning_rate", "1e-4"}}));
        }).contains("learning_rate"));
        QVERIFY(sentence([] {
            static_cast<void>(argumentsFromJson(Json{{"shuffle", "true"}}));
        }).contains("shuffle"));
        QVERIFY(sentence([] {
            static_cast<void>(argumentsFromJson(Json{{"seed", nullptr}}));
        }).contains("seed"));
        QVERIFY(sentence([] {
            static_cast<void>(argumentsFromJson(Json{{"max_steps", 2.5}}));
        }).contains("2.5"));
        QVERIFY(
            sentence([] { static_cast<void>(argumentsFromJson(Json::array())); }).contains("JSON object"));
        QVERIFY(sentence([] {
            static_cast<void>(argumentsFromJson(Json{{"text_column", 3}}));
        }).contains("text_column"));
    }

    void combinationsAreChecked_data()
    {
        QTest::addColumn<QByteArray>("settings");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("model") << QByteArray(R"({"model_name_or_path":""})")
                               << QByteArray("model_name_or_path");
        QTest::newRow("file") << QByteArray(R"({"train_file":""})") << QByteArray("train_file");
        QTest::newRow("output") << QByteArray(R"({"output_dir":""})") << QByteArray("output_dir");
        QTest::newRow("splits") << QByteArray(R"({"validation_split":0.6,"test_split":0.4})")
                                << QByteArray("below 1");
        QTest::newRow("patience") << QByteArray(R"({"eval_strategy":"no","early_stopping_patience":2})")
                                  << QByteArray("early_stopping_patience");
        QTest::newRow("metric") << QByteArray(R"({"metric_for_best_model":"acuracy"})")
                                << QByteArray("eval_accuracy");
        QTest::newRow("warm-up") << QByteArray(R"({"warmup_steps":1.5})") << QByteArray("warmup_steps");
        QTest::newRow("order") << QByteArray(R"({"group_by_length":true,"shuffle":false})")
                               << QByteArray("group_by_length");
    }

    void combinationsAreChecked()
    {
        QFETCH(QByteArray, settings);
        QFETCH(QByteArray, expected);
        validate(usable());
        const auto arguments = argumentsFromJson(parseJson(settings.toStdString(), "settings"), usable());
        const auto found = sentence([&] { validate(arguments); });
        QVERIFY2(found.contains(expected), found);
    }

    void rangesHoldForFieldsSetInCode()
    {
        auto arguments = usable();
        arguments.learningRate = std::numeric_limits<double>::quiet_NaN();
        QVERIFY(sentence([&] { validate(arguments); }).contains("learning_rate"));
    }

    void batchesOfRowsFollowTheSchedule()
    {
        TrainingArguments arguments;
        arguments.gradientAccumulationSteps = 3;
        arguments.numTrainEpochs = 2.3;
        const BatchPlan plan(arguments, 100, {});
        QCOMPARE(plan.stepsIn(7), stepsInEpoch(arguments, 100));
        QCOMPARE(plan.totalSteps(arguments), plannedSteps(arguments, 100));
        const auto last = plan.windowOf(5); // 13 batches: 3 + 3 + 3 + 3 + 1
        QVERIFY(last.epoch == 0 && last.first == 12 && last.last == 13);
        QCOMPARE(plan.rowsOf(0, 12).size(), size_t{4});
        QVERIFY(plan.endsEpoch(5) && !plan.endsEpoch(6));
        QCOMPARE(plan.epochAfter(5), 1.0);
        QCOMPARE(plan.epochAfter(7), 1 + 6 / 13.0);
    }

    void batchesFillUpToTheTokenBudget_data()
    {
        QTest::addColumn<bool>("shuffle");
        QTest::addColumn<int>("accumulation");
        QTest::newRow("shuffled") << true << 1;
        QTest::newRow("accumulated") << true << 4;
        QTest::newRow("in the file's order") << false << 3;
    }
    void batchesFillUpToTheTokenBudget()
    {
        QFETCH(bool, shuffle);
        QFETCH(int, accumulation);
        TrainingArguments arguments;
        arguments.maxTokensPerBatch = 60;
        arguments.shuffle = shuffle;
        arguments.gradientAccumulationSteps = accumulation;
        arguments.numTrainEpochs = 3.5;
        std::vector<int32_t> lengths;
        for (int i = 0; i < 500; ++i)
            lengths.push_back(i % 97 == 5 ? 75 : 3 + i * i % 31); // 75: more than a batch may hold
        const BatchPlan plan(arguments, 500, lengths), same(arguments, 500, lengths);
        int64_t step = 0;
        std::set<int64_t> counts;
        for (int64_t epoch = 0; epoch < 4; ++epoch) {
            std::vector<int64_t> seen;
            int64_t before = 0, batches = 0;
            const auto firstStep = step;
            do {
                const auto window = plan.windowOf(++step);
                QCOMPARE(window.epoch, epoch);
                QCOMPARE(window.first, batches);
                QVERIFY(window.last > window.first && window.last - window.first <= accumulation);
                for (; batches < window.last; ++batches) {
                    const auto rows = plan.rowsOf(epoch, batches);
                    int64_t tokens = 0;
                    for (const auto row : rows)
                        tokens += lengths[static_cast<size_t>(row)];
                    QVERIFY(!rows.empty() && (tokens <= 60 || rows.size() == 1));
                    const auto first = lengths[static_cast<size_t>(rows.front())];
                    QVERIFY(batches == 0 || before + first > 60); // the batch before had no room for it
                    before = tokens;
                    seen.insert(seen.end(), rows.begin(), rows.end());
                }
            } while (!plan.endsEpoch(step));
            QCOMPARE(seen, epochRowOrder(arguments, 500, epoch));
            QCOMPARE(plan.epochAfter(step), double(epoch + 1));
            QCOMPARE(plan.stepsIn(epoch), step - firstStep);
            counts.insert(batches);
            if (epoch == 2)
                QCOMPARE(same.totalSteps(arguments), step + (same.stepsIn(3) + 1) / 2); // half of the fourth
        }
        QCOMPARE(counts.size() > 1, shuffle); // epochs differ
        const double mean = double(std::accumulate(lengths.begin(), lengths.end(), 0)) / 500;
        const auto estimate = double(stepsInEpoch(arguments, 500, mean)), exact = double(plan.stepsIn(0));
        QVERIFY(std::abs(estimate - exact) < 0.15 * exact);
        arguments.maxSteps = 9;
        QCOMPARE(plan.totalSteps(arguments), int64_t{9});
    }

    void presetsKeepTheMostAccurateModelWhereThereIsAccuracy()
    {
        auto base = usable();
        base.greaterIsBetter = false;
        const auto single = applyPreset(base, "balanced", 1000, ProblemType::SingleLabel);
        QCOMPARE(bestMetricKey(single), std::string("eval_accuracy"));
        QVERIFY(bestMetricGreater(single));
        for (const auto task : {ProblemType::Regression, ProblemType::MultiLabel}) {
            const auto other = applyPreset(base, "balanced", 1000, task);
            QCOMPARE(bestMetricKey(other), std::string("eval_loss"));
            QVERIFY(!bestMetricGreater(other));
        }
    }

    void presetsMakeAtLeast200Steps()
    {
        for (const auto* preset : {"quick", "balanced", "thorough"}) {
            for (const int64_t rows : {400, 810, 1200, 7000, 100'000}) {
                const auto arguments = applyPreset(usable(), preset, rows, ProblemType::SingleLabel);
                const auto steps = plannedSteps(arguments, rows);
                QVERIFY2(steps >= 200 || arguments.numTrainEpochs == 20, preset);
                validate(arguments);
            }
            QCOMPARE(applyPreset(usable(), preset, 10, ProblemType::SingleLabel).numTrainEpochs, 20.0);
        }
        QVERIFY(sentence([] {
            static_cast<void>(applyPreset({}, "fast", 10, ProblemType::SingleLabel));
        }).contains("quick"));
    }
};

QTEST_GUILESS_MAIN(TestArguments)
#include "tst_arguments.moc"
