// SPDX-License-Identifier: MIT
#include "core/base/file.h"
#include "core/runs/run_folder.h"
#include "tests/ui/train_bench.h"
#include "ui/charts/chart_export.h"
#include "ui/pages/train/training_charts.h"
#include "ui/session/estimate.h"
#include "ui/session/measured_speed.h"
#include "ui/widgets/dialogs.h"
#include "ui/widgets/format.h"
#include "ui/widgets/warning_text.h"

#include <atomic>

#include <QChart>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QRegularExpression>
#include <QValueAxis>

using namespace studio;

class TestTrainPage : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support).*")));
    }

    void startTrainsAndEveryNumberShownEqualsTheMetricsFile()
    {
        TrainBench bench;
        bench.waitUntilReady();
        bench.trainToTheEnd();
        const auto& run = *bench.state->training().run();
        std::vector<TrainEvent> written;
        readRunEvents(run.arguments.outputDir, 0, written);
        std::vector<StepEvent> steps;
        std::vector<EvaluateEvent> evaluations;
        for (const auto& event : written) {
            if (const auto* step = std::get_if<StepEvent>(&event))
                steps.push_back(*step);
            if (const auto* evaluation = std::get_if<EvaluateEvent>(&event);
                evaluation && evaluation->part == "validation")
                evaluations.push_back(*evaluation);
        }
        QVERIFY(steps.size() >= 30);
        QVERIFY(evaluations.size() >= 3);
        auto* charts = bench.page->findChild<TrainingCharts*>();
        const auto& loss = charts->charts().at(0)->buffer(0);
        QCOMPARE(loss.size(), steps.size());
        for (size_t index = 0; index < steps.size(); ++index) {
            QCOMPARE(loss.x(index), static_cast<double>(steps[index].step));
            QCOMPARE(loss.y(index), *steps[index].loss);
            QCOMPARE(charts->charts().at(2)->buffer(0).y(index), steps[index].learningRate);
        }
        const auto& validation = charts->charts().at(0)->buffer(1);
        QCOMPARE(validation.size(), evaluations.size());
        for (size_t index = 0; index < evaluations.size(); ++index)
            QCOMPARE(validation.y(index), *evaluations[index].metrics.loss);
        const auto& last = steps.back();
        QCOMPARE(bench.find<QLabel>("nowLoss")->text(), significantText(last.loss));
        QCOMPARE(bench.find<QLabel>("nowLoss")->toolTip(), exactText(last.loss));
        QCOMPARE(bench.find<QLabel>("nowStep")->text(), QStringLiteral("%1 / %1").arg(countText(last.step)));
        QCOMPARE(bench.find<QLabel>("nowSamples")->toolTip(), exactText(last.samplesPerSecond));
        QVERIFY(
            bench.find<QPlainTextEdit>("logText")->toPlainText().contains(QStringLiteral("Complete after")));
        QVERIFY(bench.find<QPushButton>("toResults")->isVisible());
        // The next estimate of such a model uses the pace of this run; that of a larger one does not.
        const auto cost = operationsPerToken(*bench.state->modelInfo(), run.arguments);
        QVERIFY(measuredSpeed(*bench.settings, bench.state->job().device, cost) > 0);
        QCOMPARE(measuredSpeed(*bench.settings, run.arguments.device, 100 * cost), 0.0);
    }

    void theEndNamesTheMetricThatChoseTheModel_data()
    {
        QTest::addColumn<QString>("metric");
        QTest::addColumn<QString>("name");
        QTest::newRow("loss") << QStringLiteral("eval_loss") << QStringLiteral("Validation loss ");
        QTest::newRow("accuracy") << QStringLiteral("eval_accuracy")
                                  << QStringLiteral("validation accuracy ");
        QTest::newRow("F1") << QStringLiteral("f1") << QStringLiteral("Macro F1 "); // without its prefix
    }
    void theEndNamesTheMetricThatChoseTheModel()
    {
        QFETCH(QString, metric);
        QFETCH(QString, name);
        TrainBench bench;
        bench.state->editJob([&](TrainingArguments& job) { job.metricForBestModel = metric.toStdString(); });
        bench.waitUntilReady();
        bench.trainToTheEnd();
        const auto& run = *bench.state->training().run();
        QVERIFY(run.bestEvaluation);
        const auto& best = run.bestEvaluation->metrics;
        const auto value = metric == QLatin1String("eval_loss") ? significantText(best.loss)
            : metric == QLatin1String("f1")                     ? percentText(best.f1)
                                                                : percentText(best.accuracy);
        const auto text = bench.find<QLabel>("endText")->text();
        QVERIFY2(text.contains(name + value), qPrintable(text));
        QVERIFY2(
            text.contains(QStringLiteral("step ") + countText(run.bestEvaluation->step)), qPrintable(text));
    }

    void pauseResumeStopAndLivePredictionWork()
    {
        TrainBench bench(2000);
        auto& training = bench.state->training();
        bench.startLongRun();
        QVERIFY(!bench.find<QPushButton>("startButton")->isVisible());
        QVERIFY(bench.find<QLineEdit>("per_device_train_batch_size")->isReadOnly());

        QSignalSpy answers(&training, &TrainingSession::livePredicted);
        const auto id = training.predict({{.text = "w03 w01"}});
        QVERIFY(id > 0);
        QTRY_COMPARE_WITH_TIMEOUT(answers.count(), 1, 20000);
        const auto answer = answers.at(0).at(1).value<TrainControl::LiveAnswer>();
        QVERIFY(answer.step > 0);
        QCOMPARE(answer.labels, (std::vector<std::string>{"calm", "loud"}));
        QCOMPARE(answer.predictions.size(), size_t(1));

        QTest::mouseClick(bench.find<QPushButton>("pauseButton"), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(training.state(), TrainingSession::State::Paused, 20000);
        const auto held = training.run()->step();
        QTest::qWait(300);
        QCOMPARE(training.run()->step(), held);
        QTest::mouseClick(bench.find<QPushButton>("pauseButton"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(training.run()->step() > held, 20000);

        QSignalSpy finished(&training, &TrainingSession::finished);
        QTest::mouseClick(bench.find<QPushButton>("stopButton"), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, 20000);
        QCOMPARE(finished.at(0).at(0).value<TrainResult>().outcome, TrainOutcome::Stopped);
        QVERIFY(!training.isRunning());
        QVERIFY(bench.find<QPushButton>("startButton")->isVisible());
    }

    void aResumedRunShowsItsCurveFromTheFirstStep()
    {
        TrainBench bench(1600);
        bench.state->editJob([](TrainingArguments& job) { job.numTrainEpochs = 6; });
        bench.waitUntilReady();
        auto& training = bench.state->training();
        QTest::mouseClick(bench.find<QPushButton>("startButton"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(training.run() && training.run()->step() > 5, 30000);
        training.stop();
        QTRY_VERIFY_WITH_TIMEOUT(!training.isRunning(), 20000);
        const auto folder = training.run()->arguments.outputDir;
        QSignalSpy finished(&training, &TrainingSession::finished);
        bench.state->resumeRun(folder);
        QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, 60000);
        auto* charts = bench.page->findChild<TrainingCharts*>();
        const auto& loss = charts->charts().at(0)->buffer(0);
        QCOMPARE(loss.size(), static_cast<size_t>(training.run()->start->totalSteps));
        for (size_t index = 0; index < loss.size(); ++index)
            QCOMPARE(loss.x(index), static_cast<double>(index + 1));
    }

    void theScoreChartIsNamedAfterWhatTheRunMeasures()
    {
        Language language;
        language.setLanguage(QStringLiteral("en"));
        QTemporaryDir folder;
        Settings settings(folder.filePath(QStringLiteral("studio.ini")));
        settings.setValue(Setting::Workspace, folder.filePath(QStringLiteral("workspace")));
        StudioState state(settings);
        TrainingCharts charts(state);
        auto* score = charts.charts().at(1);
        const auto report = [&](ProblemType type, std::optional<double> f1, std::optional<double> pearson) {
            Q_EMIT state.training().started();
            EvaluateEvent evaluation{.step = 10, .part = "validation", .best = true};
            evaluation.metrics.f1 = f1;
            evaluation.metrics.pearson = pearson;
            Q_EMIT state.training().eventsReported(
                {StartEvent{.totalSteps = 40, .problemType = problemTypeName(type)},
                    StepEvent{.step = 10, .loss = 0.5, .learningRate = 1e-4}, evaluation});
            score->refreshNow();
        };
        report(ProblemType::Regression, {}, -0.4);
        QVERIFY(chartCsv({score}).contains(QStringLiteral("\nCorrelation,Validation Pearson,10,-0.4\n")));
        const auto* scale = qobject_cast<QValueAxis*>(score->chart()->axes(Qt::Vertical).first());
        QVERIFY(scale->min() >= -1 && scale->min() < -0.4 && scale->max() > -0.4); // it is not cut off
        QVERIFY(score->readOut(10).contains(significantText(-0.4)));
        language.setLanguage(QStringLiteral("zh_CN"));
        charts.retranslate();
        QCOMPARE(score->accessibleName(), QStringLiteral("相关系数"));
        QCOMPARE(score->seriesName(2), QStringLiteral("验证皮尔逊相关系数"));
        language.setLanguage(QStringLiteral("en"));
        charts.retranslate();
        report(ProblemType::SingleLabel, 0.75, {});
        QVERIFY(
            chartCsv({score}).contains(QStringLiteral("\nAccuracy and F1,Validation macro F1,10,0.75\n")));
        QVERIFY(score->readOut(10).contains(percentText(0.75)));
    }

    void threeStepsWithoutAFiniteLossAskWhatToDo()
    {
        TrainBench bench;
        QByteArray table("text,label\n");
        for (int row = 1; row <= 64; ++row)
            table += "w0" + QByteArray::number(row % 9)
                + (row == 17 || row == 25 || row == 33 ? ",1e30\n" : ",0.5\n");
        writeFileAtomically(bench.folder.path().toStdString() + "/numbers.csv", table.toStdString());
        bench.state->editJob([&](TrainingArguments& job) {
            job.trainFile = bench.folder.path().toStdString() + "/numbers.csv";
            job.problemType = "regression";
            job.shuffle = false;
            job.evalStrategy = "no";
            job.perDeviceTrainBatchSize = 8;
            job.numTrainEpochs = 1; // a second epoch would ask again
            job.saveStrategy = "steps";
            job.saveSteps = 1;
            job.learningRate = 1e-3;
        });
        bench.waitUntilReady();
        auto& training = bench.state->training();
        QList<std::optional<int64_t>> good;
        connect(&training, &TrainingSession::troubled, &training,
            [&](const StateEvent& pause) { good.append(pause.goodStep); });
        dialogs::setNextAnswer(0); // go back with half the rate
        int starts = 0;
        connect(&training, &TrainingSession::started, &training, [&] {
            if (++starts == 2)
                dialogs::setNextAnswer(3); // stay paused
        });
        QTest::mouseClick(bench.find<QPushButton>("startButton"), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(good.size(), 2, 60000);
        QVERIFY(dialogs::lastQuestion().contains(QStringLiteral("three steps")));
        QCOMPARE(good.first(), std::optional<int64_t>(2));
        QCOMPARE(training.run()->arguments.learningRate, 5e-4);
        QCOMPARE(training.run()->lastSkip->rows.size(), size_t{8});
        QCOMPARE(training.state(), TrainingSession::State::Paused);
        auto* banner = bench.page->findChild<ErrorBanner*>();
        QVERIFY(banner->isShowing() && banner->headline().contains(QStringLiteral("three steps")));
        QCOMPARE(bench.find<QLabel>("nowSkipped")->text(), QStringLiteral("3"));
        QVERIFY(bench.find<QLabel>("nowSkipped")->isVisible());
        QVERIFY(bench.find<QPlainTextEdit>("logText")->toPlainText().contains(
            QStringLiteral("Step 3 was skipped")));
        QSignalSpy finished(&training, &TrainingSession::finished);
        training.resume();
        QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, 60000);
        QVERIFY(!banner->isShowing());
        QCOMPARE(training.run()->end->outcome, std::string("completed"));
    }

    void littleMemoryAsksBeforeTheRunAndPausesIt()
    {
        TrainBench bench;
        bench.waitUntilReady();
        auto& training = bench.state->training();
        std::atomic<int64_t> available = 150'000'000;
        training.setMemoryReader([&] { return HostMemory{available, int64_t{64} << 30}; });
        dialogs::setNextAnswer(1);
        QTRY_VERIFY_WITH_TIMEOUT(
            bench.find<QLabel>("estimateLabel")->text().contains(QStringLiteral("memory")), 20000);
        QTest::mouseClick(bench.find<QPushButton>("startButton"), Qt::LeftButton);
        QVERIFY2(dialogs::lastQuestion().contains(QStringLiteral("only 150 MB")),
            qPrintable(dialogs::lastQuestion()));
        QVERIFY(!training.isRunning());
        dialogs::setNextAnswer(0);
        QTest::mouseClick(bench.find<QPushButton>("startButton"), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(training.state(), TrainingSession::State::Paused, 60000);
        auto* banner = bench.page->findChild<ErrorBanner*>();
        QVERIFY(banner->isShowing() && banner->headline().contains(QStringLiteral("memory")));
        QSignalSpy finished(&training, &TrainingSession::finished);
        available = int64_t{32} << 30;
        training.resume();
        QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, 60000);
        QVERIFY(!banner->isShowing());
    }

    void aRunFolderThatIsGonePausesTheRunUntilItIsBack()
    {
        TrainBench bench(2000);
        auto& training = bench.state->training();
        bench.startLongRun();
        const std::filesystem::path run = training.run()->arguments.outputDir;
        const auto away = std::filesystem::path(bench.folder.path().toStdString()) / "away";
        std::filesystem::rename(run, away);
        QTRY_COMPARE_WITH_TIMEOUT(training.state(), TrainingSession::State::Paused, 20000);
        auto* banner = bench.page->findChild<ErrorBanner*>();
        QVERIFY(
            banner->isShowing() && banner->headline().contains(QStringLiteral("folder cannot be written")));
        QVERIFY(bench.find<QPlainTextEdit>("logText")->toPlainText().contains(QStringLiteral("is gone")));
        std::filesystem::rename(away, run);
        QTRY_COMPARE_WITH_TIMEOUT(training.state(), TrainingSession::State::Running, 20000);
        QVERIFY(!banner->isShowing());
        training.stop();
        QTRY_VERIFY_WITH_TIMEOUT(!training.isRunning(), 20000);
        QCOMPARE(training.run()->end->outcome, std::string("stopped"));
    }

    void changedDataAreAskedAbout()
    {
        TrainBench bench(1600);
        bench.state->editJob([](TrainingArguments& job) { job.numTrainEpochs = 6; });
        bench.waitUntilReady();
        auto& training = bench.state->training();
        QTest::mouseClick(bench.find<QPushButton>("startButton"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(training.run() && training.run()->step() > 5, 30000);
        training.stop();
        QTRY_VERIFY_WITH_TIMEOUT(!training.isRunning(), 20000);
        const auto file = training.run()->arguments.trainFile;
        writeFileAtomically(file, readFile(file) + "w01 w02,calm\n");
        QSignalSpy finished(&training, &TrainingSession::finished);
        dialogs::setNextAnswer(0);
        bench.state->resumeRun(training.run()->arguments.outputDir);
        QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, 60000);
        QVERIFY(dialogs::lastQuestion().contains(QStringLiteral("no longer")));
        QVERIFY(training.run()->arguments.allowChangedData);
    }

    void warningsSpeakTheLanguageOfTheWindow()
    {
        TrainBench bench;
        QByteArray table("text,label\n");
        for (int row = 0; row < 60; ++row)
            table += QByteArray("w01 unheard words and w0") + QByteArray::number(row % 7)
                + (row % 3 ? ",a\n" : ",b\n");
        table += "w05 w06,A\n"; // differs by case; a third class, of one row, which the model's head does not
                                // have
        writeFileAtomically(bench.folder.path().toStdString() + "/train.csv", table.toStdString());
        bench.state->editJob([](TrainingArguments& job) {
            job.maxSeqLength = 4;
            job.numTrainEpochs = 1;
            job.validationSplit = 0.2;
        });
        bench.language.setLanguage(QStringLiteral("zh_CN"));
        bench.waitUntilReady();
        bench.trainToTheEnd();
        const auto log = bench.find<QPlainTextEdit>("logText")->toPlainText();
        int warnings = 0;
        for (auto line : log.split(QLatin1Char('\n'))) {
            if (!line.startsWith(QStringLiteral("警告")))
                continue;
            ++warnings;
            static const QRegularExpression names(QStringLiteral("train\\.csv|classifier\\.\\w+|AUC"));
            line.remove(names);
            static const QRegularExpression english(QStringLiteral("[A-Za-z]{2,}"));
            QVERIFY2(!english.match(line).hasMatch(), qPrintable(line));
        }
        QVERIFY2(warnings >= 5, qPrintable(log));
        QVERIFY2(log.contains(QStringLiteral("train.csv：")),
            qPrintable(log)); // its name stands before the sentence
    }

    void sentencesOfCoreAreKnownWithTheNamesInThem()
    {
        Language language;
        language.setLanguage(QStringLiteral("zh_CN"));
        QCOMPARE(warningText("process 12 on desk"), QStringLiteral("desk 上的进程 12"));
        QCOMPARE(warningText("a.csv: 7 rows repeat the text of an earlier row."),
            QStringLiteral("a.csv：有 7 行的文本与前面的行重复。"));
        QCOMPARE(warningText("Tensors of the encoder are missing: a.weight, b.bias."),
            QStringLiteral("缺少编码器的张量：a.weight, b.bias。"));
        language.setLanguage(QStringLiteral("en"));
    }

    void anErrorOfTheRunIsShownWithItsSentence()
    {
        TrainBench bench;
        bench.waitUntilReady();
        bench.state->editJob([](TrainingArguments& job) { job.device = "cuda:77"; });
        QSignalSpy failed(&bench.state->training(), &TrainingSession::failed);
        bench.page->start();
        QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 1, 30000);
        auto* banner = bench.page->findChild<ErrorBanner*>();
        QVERIFY(banner->isShowing());
        QCOMPARE(banner->headline(), errorHeadline(failed.at(0).at(0).value<ErrorKind>()));
        QVERIFY(banner->detail().contains(QStringLiteral("cuda:77")));
    }
};

QTEST_MAIN(TestTrainPage)
#include "tst_train_page.moc"
