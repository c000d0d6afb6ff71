// SPDX-License-Identifier: MIT
#include "core/base/error.h"
#include "core/train/events.h"

#include <limits>

#include <QTest>

using namespace studio;

namespace {

std::vector<TrainEvent> examples()
{
    MetricReport metrics;
    metrics.loss = 0.5;
    metrics.accuracy = 0.75;
    metrics.labels = {"no", "yes"};
    metrics.confusionMatrix = {{3, 1}, {0, 4}};
    metrics.perClass = {{"no", 1, 0.75, 0.857, 4}, {"yes", 0.8, 1, 0.889, 4}};
    metrics.samples = 8;
    return {
        StartEvent{.time = 1.5,
            .totalSteps = 30,
            .stepsPerEpoch = 10,
            .trainRows = 80,
            .validationRows = 8,
            .testRows = 4,
            .parameterCount = 1000,
            .trainableCount = 900,
            .epochs = 3,
            .device = "cpu",
            .precision = "fp32",
            .precisionReason = "why",
            .outputDir = "out",
            .problemType = "regression",
            .threads = 2,
            .labels = {"a", "中"}},
        StepEvent{.time = 2,
            .step = 7,
            .epoch = 0.7,
            .loss = 0.25,
            .learningRate = 5e-5,
            .gradNorm = 1.5,
            .samplesPerSecond = 41.5,
            .tokensPerSecond = 1000,
            .memoryBytes = 123456789012,
            .accuracy = 0.5},
        EvaluateEvent{.time = 3,
            .step = 10,
            .epoch = 1,
            .part = "validation",
            .metrics = metrics,
            .runtime = 0.5,
            .best = true},
        EvaluateEvent{.time = 3, .step = 10, .epoch = 1, .part = "test", .metrics = metrics},
        CheckpointEvent{.time = 4, .step = 10, .path = "out/checkpoint-10"},
        WarningEvent{.time = 5, .message = "careful \"quoted\""},
        ResumeEvent{.time = 6, .step = 10},
        SkipEvent{.time = 6.5, .step = 11, .reason = "gradient", .rows = {4, 17, 80}, .count = 2},
        ChangeEvent{.time = 6.6,
            .step = 11,
            .name = "learning_rate",
            .before = 5e-5,
            .after = 1e-5,
            .totalSteps = 30},
        StateEvent{.time = 7, .state = "tokenizing", .done = 5, .total = 10},
        StateEvent{.time = 7, .state = "paused", .reason = "not_finite", .goodStep = 8},
        ProfileEvent{.time = 7.5,
            .seconds = 8,
            .phases = {{"forward", 30, 4}, {"other", 1, 4}},
            .traceFile = "out/profile.json"},
        EndEvent{.time = 8,
            .outcome = "completed",
            .step = 30,
            .bestStep = 20,
            .bestMetric = 0.4,
            .outputDir = "out",
            .message = "done"},
        EndEvent{.time = 8, .outcome = "stopped", .step = 3, .outputDir = "out"},
    };
}

} // namespace

class TestEvents : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyEventReadsBackEqual()
    {
        for (const auto& event : examples()) {
            const auto line = jsonLine(toJson(event));
            const auto back = trainEventFromJson(parseJson(line, "event"));
            QCOMPARE(jsonLine(toJson(back)), line);
            QCOMPARE(back.index(), event.index());
        }
    }

    void stepHasTheContractedKeys()
    {
        const auto json = toJson(examples().at(1));
        for (const auto* key : {"event", "time", "step", "epoch", "loss", "learning_rate", "grad_norm",
                 "samples_per_second", "tokens_per_second", "memory_bytes"})
            QVERIFY2(json.contains(key), key);
        QCOMPARE(json.at("event").get<std::string>(), std::string("step"));
    }

    void testReportsUseTheirOwnPrefix()
    {
        const auto json = toJson(examples().at(3));
        QVERIFY(json.contains("test_accuracy"));
        QVERIFY(!json.contains("eval_accuracy"));
    }

    void numbersThatAreNotFiniteBecomeNull()
    {
        const double nan = std::numeric_limits<double>::quiet_NaN();
        const double infinite = std::numeric_limits<double>::infinity();
        const auto json = toJson(TrainEvent(StepEvent{.step = 1, .loss = nan, .gradNorm = infinite}));
        QVERIFY(json.at("loss").is_null());
        QVERIFY(json.at("grad_norm").is_null());
        const auto back = std::get<StepEvent>(trainEventFromJson(json));
        QVERIFY(!back.loss && !back.gradNorm);
    }

    void incompleteEventsAreNamed_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QByteArray>("named");
        QTest::newRow("unknown") << QByteArray(R"({"event":"dance"})") << QByteArray("dance");
        QTest::newRow("no name") << QByteArray(R"({"step":1})") << QByteArray("'event'");
        QTest::newRow("no step") << QByteArray(R"({"event":"checkpoint","path":"x"})")
                                 << QByteArray("'step'");
        QTest::newRow("wrong type") << QByteArray(R"({"event":"resume","step":"1"})") << QByteArray("'step'");
        QTest::newRow("no object") << QByteArray("[]") << QByteArray("object");
        QTest::newRow("no metrics") << QByteArray(
            R"({"event":"evaluate","step":1,"epoch":1,"part":"validation","best":false})")
                                    << QByteArray("eval_");
    }

    void incompleteEventsAreNamed()
    {
        QFETCH(QByteArray, line);
        QFETCH(QByteArray, named);
        try {
            static_cast<void>(trainEventFromJson(parseJson(line.toStdString(), "event")));
            QFAIL("no error");
        } catch (const Error& error) {
            QCOMPARE(error.kind(), ErrorKind::Data);
            QVERIFY2(QByteArray(error.what()).contains(named), error.what());
        }
    }
};

QTEST_GUILESS_MAIN(TestEvents)
#include "tst_events.moc"
