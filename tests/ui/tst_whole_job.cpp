// SPDX-License-Identifier: MIT
#include "core/models/checkpoint_info.h"
#include "core/models/predictor.h"
#include "core/runs/run_folder.h"
#include "tests/ui/tiny_run.h"
#include "tests/ui/window_bench.h"
#include "ui/pages/results/predictions_model.h"
#include "ui/pages/results/results_page.h"
#include "ui/pages/runs/runs_model.h"
#include "ui/pages/tryit/tryit_page.h"
#include "ui/shell/page.h"
#include "ui/widgets/bar_list.h"
#include "ui/widgets/format.h"

#include <cmath>

#include <QComboBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTableView>

using namespace studio;

namespace {

/// The events of a run as they stand in its metrics.jsonl.
struct Written {
    std::vector<StepEvent> steps;
    std::vector<EvaluateEvent> evaluations; ///< of validation
    std::optional<EvaluateEvent> best, test;
};

Written readWritten(const std::filesystem::path& folder)
{
    std::vector<TrainEvent> events;
    readRunEvents(folder, 0, events);
    Written written;
    for (const auto& event : events) {
        if (const auto* step = std::get_if<StepEvent>(&event))
            written.steps.push_back(*step);
        if (const auto* evaluation = std::get_if<EvaluateEvent>(&event)) {
            if (evaluation->part == "test")
                written.test = *evaluation;
            else
                written.evaluations.push_back(*evaluation);
            if (evaluation->part != "test" && evaluation->best)
                written.best = *evaluation;
        }
    }
    return written;
}

} // namespace

/// One job from Start to a typed sentence in the real window, on data drawn at random here: what is shown can
/// only come from the run.
class TestWholeJob : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { m_seed = QRandomGenerator::global()->generate(); }
    void init()
    {
        failOnWindowWarnings();
        qInfo("seed %u", m_seed); // to repeat a failure
    }

    void everyPageShowsWhatTheRunHasWritten()
    {
        WindowBench bench;
        openWith(bench, true);
        const auto folder = trainToTheEnd(bench);
        const auto written = readWritten(folder);
        QVERIFY(written.best && written.test && written.steps.size() > 50);

        const auto figure = [&](const char* name) { return bench.find<QLabel>(name); };
        const auto& last = written.steps.back();
        QCOMPARE(figure("nowStep")->text(), QStringLiteral("%1 / %1").arg(countText(last.step)));
        QCOMPARE(figure("nowLoss")->toolTip(), exactText(last.loss));
        QCOMPARE(figure("nowRate")->toolTip(), exactText(last.learningRate));
        QCOMPARE(figure("nowEpoch")->toolTip(), exactText(last.epoch));
        QCOMPARE(figure("nowSamples")->toolTip(), exactText(last.samplesPerSecond));
        QCOMPARE(figure("nowTokens")->toolTip(), exactText(last.tokensPerSecond));
        QCOMPARE(figure("nowMemory")->text(), bytesText(last.memoryBytes));
        QCOMPARE(figure("nowValidation")->text(), percentText(written.evaluations.back().metrics.accuracy));
        QVERIFY(figure("nowBest")->text().endsWith(countText(written.best->step)));

        QTest::mouseClick(bench.find<QPushButton>("toResults"), Qt::LeftButton);
        QCOMPARE(bench.window->currentPage(), PageId::Results);
        QTRY_VERIFY(bench.window->page(PageId::Results)->isDone());
        const auto compare = [&](const char* name, std::optional<double> value, bool percent) {
            QCOMPARE(figure(name)->text(), percent ? percentText(value) : significantText(value));
            QCOMPARE(figure(name)->toolTip(), exactText(value));
        };
        compare("eval_accuracyFigure", written.best->metrics.accuracy, true);
        compare("eval_f1Figure", written.best->metrics.f1, true);
        compare("eval_lossFigure", written.best->metrics.loss, false);
        compare("test_accuracyFigure", written.test->metrics.accuracy, true);
        compare("test_lossFigure", written.test->metrics.loss, false);
        // The rows listed and the headline are two ways to the same number.
        const auto* rows = qobject_cast<PredictionsFilterModel*>(bench.find<QTableView>("rowTable")->model());
        const auto shown = rows->shownRows();
        const auto right = std::count_if(shown.begin(), shown.end(),
            [](const PredictionRow& row) { return row.labels == row.predictions; });
        QCOMPARE(
            static_cast<double>(right) / static_cast<double>(shown.size()), *written.test->metrics.accuracy);

        bench.window->openPage(PageId::Runs);
        const auto* runs = bench.find<QTableView>("runsTable")->model();
        QTRY_COMPARE(runs->rowCount(), 1);
        QCOMPARE(runs->index(0, RunsModel::Accuracy).data().toString(),
            percentText(written.best->metrics.accuracy));
        QCOMPARE(runs->index(0, RunsModel::F1).data().toString(), percentText(written.best->metrics.f1));

        typedTextsAnswerAsTheExportedFolderDoes(bench, folder);
    }

    void labelsDrawnAtRandomCannotBeLearnt()
    {
        const auto chance = [&] {
            WindowBench bench;
            openWith(bench, false);
            return *readWritten(trainToTheEnd(bench)).test->metrics.accuracy;
        }();
        // 300 rows of three labels: four standard errors around a third.
        QVERIFY2(std::abs(chance - 1.0 / 3) < 4 * std::sqrt(2.0 / 9 / 300), qPrintable(exactText(chance)));
    }

    void theListOfRunsFollowsTheRunInTraining()
    {
        WindowBench bench;
        openWith(bench, true);
        auto& training = startWithoutEnd(bench);
        bench.window->openPage(PageId::Runs);
        const auto* runs = bench.find<QTableView>("runsTable")->model();
        const auto text = [runs](int column) { return runs->index(0, column).data().toString(); };
        QTRY_VERIFY_WITH_TIMEOUT(text(RunsModel::State).startsWith(QStringLiteral("Running")), 20000);
        // Its folder was read once; the numbers move all the same.
        for (int changes = 0; changes < 3; ++changes) {
            const auto before = text(RunsModel::State);
            QTRY_VERIFY_WITH_TIMEOUT(text(RunsModel::State) != before, 20000);
        }
        QVERIFY(text(RunsModel::State).startsWith(QStringLiteral("Running")));
        QTRY_VERIFY_WITH_TIMEOUT(training.run()->bestEvaluation, 20000);
        QCOMPARE(text(RunsModel::Accuracy), percentText(training.run()->bestEvaluation->metrics.accuracy));
        QVERIFY(text(RunsModel::Best).contains(QStringLiteral("=")));
        training.stop();
        QTRY_VERIFY_WITH_TIMEOUT(!training.isRunning(), 20000);
        QTRY_VERIFY(text(RunsModel::State).startsWith(QStringLiteral("Stopped")));
        bench.close();
    }

    void theRunInTrainingAnswersWithItsLiveWeights()
    {
        WindowBench bench;
        openWith(bench, true);
        auto& training = startWithoutEnd(bench);
        bench.window->openPage(PageId::TryIt);
        QVERIFY(bench.find<QComboBox>("tryModel0")->currentText().startsWith(QStringLiteral("Now training")));
        bench.find<QPlainTextEdit>("tryText")->setPlainText(QStringLiteral("w00 w05 w31"));
        const auto* bars = bench.find<BarList>("tryBars0");
        const auto shares = [bars] {
            std::map<QString, double> all;
            for (const auto& row : bars->rows())
                all[row.label] = row.share;
            return all;
        };
        QTRY_COMPARE_WITH_TIMEOUT(shares().size(), size_t{3}, 20000);
        // Nothing is typed any more: only the weights change.
        for (int changes = 0; changes < 2; ++changes) {
            const auto before = shares();
            QTRY_VERIFY_WITH_TIMEOUT(shares() != before && shares().size() == 3, 20000);
        }
        QVERIFY(bench.find<QLabel>("tryStatus0")->text().startsWith(QStringLiteral("Live weights of step")));
        training.stop();
        QTRY_VERIFY_WITH_TIMEOUT(!training.isRunning(), 20000);
        // The result of the run takes the place of the run.
        QTRY_COMPARE(bench.find<QComboBox>("tryModel0")->currentData().toString(),
            fromCore(training.run()->arguments.outputDir));
        bench.close();
    }

private:
    /// `learnable`: the first word decides the label; otherwise nothing does.
    void openWith(WindowBench& bench, bool learnable)
    {
        const auto job = makeRandomJob(bench.path("job"), m_seed, learnable);
        bench.open();
        bench.settings->setValue(Setting::Preset, QStringLiteral("custom"));
        bench.state->setJob(job);
        bench.window->openPage(PageId::Train);
    }
    void start(WindowBench& bench)
    {
        auto* button = bench.find<QPushButton>("startButton");
        QTRY_VERIFY_WITH_TIMEOUT(
            button->isEnabled() && bench.state->data().dataset() && bench.state->modelInfo(), 30000);
        QTest::mouseClick(button, Qt::LeftButton);
    }
    TrainingSession& startWithoutEnd(WindowBench& bench)
    {
        bench.state->editJob([](TrainingArguments& job) { job.numTrainEpochs = 1000; });
        start(bench);
        auto& training = bench.state->training();
        [&] { QTRY_VERIFY_WITH_TIMEOUT(training.run() && training.run()->step() > 2, 30000); }();
        return training;
    }
    std::filesystem::path trainToTheEnd(WindowBench& bench)
    {
        QSignalSpy finished(&bench.state->training(), &TrainingSession::finished);
        start(bench);
        [&] { QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, 90000); }();
        return bench.state->training().run()->arguments.outputDir;
    }
    void typedTextsAnswerAsTheExportedFolderDoes(WindowBench& bench, const std::filesystem::path& run)
    {
        const auto exported = bench.path("exported");
        exportCheckpoint({.source = run, .target = exported});
        Predictor predictor(exported);
        bench.state->tryModel(QString::fromStdString(run.string()));
        auto* text = bench.find<QPlainTextEdit>("tryText");
        const auto* bars = bench.find<BarList>("tryBars0");
        QRandomGenerator random(m_seed);
        for (int turn = 0; turn < 4; ++turn) {
            QStringList words;
            for (int word = 0; word < 3 + turn; ++word)
                words.append(QStringLiteral("w%1").arg(random.bounded(40), 2, 10, QLatin1Char('0')));
            text->setPlainText(words.join(QLatin1Char(' ')));
            const TextInput input{text->toPlainText().toStdString()};
            const auto expected = predictor.predict({&input, 1}).front();
            const auto equal = [&] {
                return bars->rows().size() == 3
                    && std::all_of(bars->rows().begin(), bars->rows().end(), [&](const BarRow& row) {
                           const auto& labels = predictor.labels();
                           const auto at = std::find(labels.begin(), labels.end(), row.label.toStdString());
                           return at != labels.end()
                               && std::abs(row.share
                                      - static_cast<double>(
                                          expected.scores[static_cast<size_t>(at - labels.begin())]))
                               <= 1e-5;
                       });
            };
            QTRY_VERIFY_WITH_TIMEOUT(equal(), 20000);
        }
    }

    uint32_t m_seed = 0;
};

QTEST_MAIN(TestWholeJob)
#include "tst_whole_job.moc"
