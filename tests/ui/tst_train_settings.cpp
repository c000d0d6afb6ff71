// SPDX-License-Identifier: MIT
#include "core/base/file.h"
#include "core/runs/run_folder.h"
#include "tests/ui/train_bench.h"
#include "ui/pages/model/model_page.h"
#include "ui/pages/train/settings_panel.h"
#include "ui/pages/train/training_charts.h"

#include <algorithm>

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QScrollArea>
#include <QWheelEvent>

using namespace studio;

namespace {

struct LayoutCounter : QObject {
    int requests = 0;
    bool eventFilter(QObject*, QEvent* event) override
    {
        requests += event->type() == QEvent::LayoutRequest;
        return false;
    }
};

} // namespace

class TestTrainSettings : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { failOnWarnings(); }

    void settingsAreAppliedToARunThatGoesOn()
    {
        TrainBench bench(2000);
        auto& training = bench.state->training();
        auto* apply = bench.find<QPushButton>("applyButton");
        QVERIFY(!apply->isVisible());
        bench.startLongRun();
        QVERIFY(bench.find<QLineEdit>("per_device_train_batch_size")->isReadOnly());
        QVERIFY(!apply->isVisible());
        const auto type = [&](const char* name, const char* text) {
            auto* field = bench.find<QLineEdit>(name);
            QVERIFY2(!field->isReadOnly(), name);
            field->setFocus();
            field->selectAll();
            QTest::keyClicks(field, QString::fromLatin1(text));
        };
        type("learning_rate", "-3");
        QVERIFY(!apply->isVisible() || !apply->isEnabled());
        type("learning_rate", "7e-4");
        QVERIFY(apply->isVisible() && apply->isEnabled());
        training.pause(); // a change of state must not take the edit back
        QTRY_COMPARE_WITH_TIMEOUT(training.state(), TrainingSession::State::Paused, 20000);
        training.resume();
        const auto job = bench.state->job();
        QTRY_VERIFY_WITH_TIMEOUT(training.state() == TrainingSession::State::Running, 20000);
        QTest::mouseClick(apply, Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(training.run()->arguments.learningRate, 7e-4, 20000);
        QTRY_VERIFY_WITH_TIMEOUT(!apply->isVisible(), 20000);
        QVERIFY(bench.state->job() == job); // the next run's settings are their own
        QVERIFY(bench.find<QPlainTextEdit>("logText")->toPlainText().contains(
            QStringLiteral("Learning rate is 7e-4")));
        // A mark on every chart, at the step of the event that the log has.
        std::vector<TrainEvent> written;
        readRunEvents(training.run()->arguments.outputDir, 0, written);
        std::optional<int64_t> changedAt;
        for (const auto& event : written) {
            if (const auto* change = std::get_if<ChangeEvent>(&event))
                changedAt = change->step;
        }
        QVERIFY(changedAt);
        for (const auto* chart : bench.page->findChild<TrainingCharts*>()->charts())
            QVERIFY(std::ranges::any_of(chart->marks(), [&](const ChartMark& mark) {
                return mark.kind == MarkKind::Change && mark.x == static_cast<double>(*changedAt);
            }));
        training.stop();
        QTRY_VERIFY_WITH_TIMEOUT(!training.isRunning(), 20000);
        QVERIFY(bench.find<QLineEdit>("learning_rate")->text() != QStringLiteral("7e-4"));
    }

    void returnAppliesTheChangeThatWasTyped()
    {
        TrainBench bench(2000);
        auto& training = bench.state->training();
        bench.startLongRun();
        const auto stop = bench.find<QPushButton>("stopButton")->mapTo(bench.page.get(), QPoint());
        auto* field = bench.find<QLineEdit>("learning_rate");
        field->setFocus();
        field->selectAll();
        QTest::keyClicks(field, QStringLiteral("3e-4"));
        QCoreApplication::sendPostedEvents();
        QCOMPARE(bench.find<QPushButton>("stopButton")->mapTo(bench.page.get(), QPoint()), stop);
        QTest::keyClick(field, Qt::Key_Return);
        QTRY_COMPARE_WITH_TIMEOUT(training.run()->arguments.learningRate, 3e-4, 20000);
        training.stop();
        QTRY_VERIFY_WITH_TIMEOUT(!training.isRunning(), 20000);
    }

    void aChangeThatIsGivenUpLeavesTheRunsValue()
    {
        TrainBench bench(2000);
        auto& training = bench.state->training();
        bench.startLongRun();
        QVERIFY(QTest::qWaitForWindowActive(bench.page.get()));
        auto* field = bench.find<QLineEdit>("learning_rate");
        auto* apply = bench.find<QPushButton>("applyButton");
        const auto before = field->text();
        const auto type = [&](const char* text) {
            field->setFocus();
            field->selectAll();
            QTest::keyClicks(field, QString::fromLatin1(text));
        };
        type("-3");
        QVERIFY(field->property("invalid").toBool());
        QTest::keyClick(field, Qt::Key_Return); // is not leaving
        QCOMPARE(field->text(), QStringLiteral("-3"));
        bench.find<QPushButton>("stopButton")->setFocus();
        QCOMPARE(field->text(), before);
        QVERIFY(!field->property("invalid").toBool());
        type("-3");
        QTest::keyClick(field, Qt::Key_Escape);
        QCOMPARE(field->text(), before);
        type("7e-4");
        QVERIFY(apply->isVisible() && apply->isEnabled());
        QTest::keyClick(field, Qt::Key_Escape);
        QCOMPARE(field->text(), before);
        QVERIFY(!apply->isVisible());
        QCOMPARE(training.run()->arguments.learningRate, 1e-3);
        training.stop();
        QTRY_VERIFY_WITH_TIMEOUT(!training.isRunning(), 20000);
    }

    void theEndOfARunTakesBackWhatWasNotApplied_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::newRow("a value") << QStringLiteral("7e-4");
        QTest::newRow("no value") << QStringLiteral("-3");
    }
    void theEndOfARunTakesBackWhatWasNotApplied()
    {
        QFETCH(QString, typed);
        TrainBench bench(2000);
        auto& training = bench.state->training();
        bench.startLongRun();
        QVERIFY(QTest::qWaitForWindowActive(bench.page.get()));
        auto* field = bench.find<QLineEdit>("learning_rate");
        const auto before = field->text();
        field->setFocus();
        field->selectAll();
        QTest::keyClicks(field, typed);
        QCOMPARE(field->text(), typed);
        training.stop();
        QTRY_VERIFY_WITH_TIMEOUT(!training.isRunning(), 20000);
        QVERIFY(field->hasFocus());
        QCOMPARE(field->text(), before);
        QVERIFY(!field->property("invalid").toBool());
        QCOMPARE(bench.state->job().learningRate, 1e-3);
    }

    void whatIsChosenDuringARunIsEstimatedAtItsEnd()
    {
        TrainBench bench(2000);
        auto& training = bench.state->training();
        bench.startLongRun();
        bench.state->editJob([](TrainingArguments& job) {
            job.numTrainEpochs = 1;
            job.perDeviceTrainBatchSize = 100;
        });
        QTest::qWait(500); // longer than the panel waits for a further change
        QVERIFY(training.isRunning());
        training.stop();
        QTRY_VERIFY_WITH_TIMEOUT(!training.isRunning(), 20000);
        const auto& estimate = bench.page->findChild<SettingsPanel*>()->estimate();
        const auto steps = (bench.state->trainRowCount() + 99) / 100;
        QTRY_VERIFY_WITH_TIMEOUT(estimate && estimate->steps == steps, 20000);
    }

    void nothingIsCutInTheSettings_data()
    {
        QTest::addColumn<QString>("language");
        QTest::newRow("English") << QStringLiteral("en");
        QTest::newRow("Chinese") << QStringLiteral("zh_CN");
    }
    void nothingIsCutInTheSettings()
    {
        QFETCH(QString, language);
        TrainBench bench;
        bench.language.setLanguage(language);
        bench.page->resize(1160, 760); // a window of 1280 × 800
        auto* panel = bench.page->findChild<SettingsPanel*>();
        panel->findChild<Disclosure*>()->setOpen(true);
        QTest::qWait(50);
        auto* scroll = panel->findChild<QScrollArea*>();
        QVERIFY2(scroll->widget()->width() <= scroll->viewport()->width(),
            qPrintable(
                QStringLiteral("%1 > %2").arg(scroll->widget()->width()).arg(scroll->viewport()->width())));
        QVERIFY2(
            bench.page->minimumSizeHint().width() <= 1024 - 72, "the page fits into the smallest window");
        LayoutCounter counter;
        scroll->widget()->installEventFilter(&counter);
        const auto rests = [&] {
            counter.requests = 0;
            QTest::qWait(100);
            return counter.requests == 0;
        };
        QTRY_VERIFY_WITH_TIMEOUT(rests(), 20000);
        for (const auto* label : scroll->widget()->findChildren<QLabel*>()) {
            if (label->isVisible())
                QVERIFY2(label->width() >= label->minimumSizeHint().width(), qPrintable(label->text()));
        }
    }

    void theWheelScrollsAndChangesNoSetting()
    {
        TrainBench bench;
        bench.page->findChild<SettingsPanel*>()->findChild<Disclosure*>()->setOpen(true);
        auto* list = bench.find<QComboBox>("optim");
        const auto before = bench.state->job();
        for (const int turn : {-120, 120}) {
            QWheelEvent event({5, 5}, list->mapToGlobal(QPointF(5, 5)), {}, {0, turn}, Qt::NoButton,
                Qt::NoModifier, Qt::NoScrollPhase, false);
            QCoreApplication::sendEvent(list, &event);
            QVERIFY(!event.isAccepted());
        }
        QVERIFY(bench.state->job() == before);
    }

    void anEmptyFieldLeavesTheChoiceToTheProgram()
    {
        TrainBench bench;
        bench.page->findChild<SettingsPanel*>()->findChild<Disclosure*>()->setOpen(true);
        auto* field = bench.find<QLineEdit>("max_steps");
        QCOMPARE(field->text(), QString());
        QCOMPARE(field->placeholderText(), QStringLiteral("No limit"));
        field->setFocus();
        QTest::keyClicks(field, QStringLiteral("40"));
        QCOMPARE(bench.state->job().maxSteps, 40);
        field->clear();
        QTest::keyClicks(field, QStringLiteral("7"));
        QTest::keyClick(field, Qt::Key_Backspace);
        QCOMPARE(bench.state->job().maxSteps, -1);
        QCOMPARE(bench.find<QLineEdit>("dropout")->placeholderText(), QStringLiteral("Default"));
    }

    void aWrongValueIsMarkedAndStartSaysWhy()
    {
        TrainBench bench;
        bench.waitUntilReady();
        auto* field = bench.find<QLineEdit>("learning_rate");
        field->setFocus();
        field->clear();
        QTest::keyClicks(field, QStringLiteral("-1"));
        QVERIFY(field->property("invalid").toBool());
        QVERIFY(!bench.find<QPushButton>("startButton")->isEnabled());
        QVERIFY(bench.find<QLabel>("obstacleLabel")->text().contains(QStringLiteral("Learning rate")));
        field->clear();
        QTest::keyClicks(field, QStringLiteral("2e-5"));
        QVERIFY(!field->property("invalid").toBool());
        QVERIFY(bench.find<QPushButton>("startButton")->isEnabled());
        QCOMPARE(bench.state->job().learningRate, 2e-5);
    }

    void dataThatCannotBeTrainedKeepStartOff_data()
    {
        QTest::addColumn<QByteArray>("rows");
        QTest::addColumn<QString>("reason");
        QByteArray alike;
        for (int row = 0; row < 40; ++row)
            alike += "w0" + QByteArray::number(row % 9) + " w03,calm\n";
        QTest::newRow("one label") << alike << QStringLiteral("the label “calm”");
        QTest::newRow("few rows") << QByteArray("w01,calm\nw02,loud\nw03,calm\n")
                                  << QStringLiteral("too few rows");
    }
    void dataThatCannotBeTrainedKeepStartOff()
    {
        QFETCH(QByteArray, rows);
        QFETCH(QString, reason);
        TrainBench bench;
        bench.waitUntilReady();
        const auto file = bench.folder.path().toStdString() + "/other.csv";
        writeFileAtomically(file, "text,label\n" + rows.toStdString());
        bench.state->editJob([&](TrainingArguments& job) { job.trainFile = file; });
        auto* start = bench.find<QPushButton>("startButton");
        QTRY_VERIFY_WITH_TIMEOUT(bench.state->data().dataset() && !start->isEnabled(), 20000);
        QVERIFY2(bench.find<QLabel>("obstacleLabel")->text().contains(reason),
            qPrintable(bench.find<QLabel>("obstacleLabel")->text()));
        QVERIFY(start->toolTip().contains(reason));
        bench.page->start(); // as F5 does
        QVERIFY(!bench.state->training().isRunning());
    }

    void anEmptyLongestInputIsAutomatic()
    {
        TrainBench bench;
        bench.waitUntilReady();
        auto* field = bench.find<QLineEdit>("max_seq_length");
        QVERIFY(field->text().isEmpty());
        QCOMPARE(field->placeholderText(), QStringLiteral("Automatic"));
        field->setFocus();
        QTest::keyClicks(field, QStringLiteral("24"));
        QCOMPARE(bench.state->job().maxSeqLength, int64_t(24));
        field->selectAll();
        QTest::keyClick(field, Qt::Key_Delete);
        QVERIFY(!field->property("invalid").toBool());
        QCOMPARE(bench.state->job().maxSeqLength, int64_t(0));
    }

    void theLongestInputIsMarkedOutsideOfWhatTokeniserAndModelAllow()
    {
        TrainBench bench;
        bench.waitUntilReady();
        QTRY_VERIFY_WITH_TIMEOUT(
            bench.find<QLabel>("estimateLabel")->text().contains(QStringLiteral("memory")), 20000);
        auto* field = bench.find<QLineEdit>("max_seq_length");
        auto* start = bench.find<QPushButton>("startButton");
        field->setFocus();
        QTest::keyClicks(field, QStringLiteral("2")); // two special tokens stand around a text
        QVERIFY(field->property("invalid").toBool());
        QVERIFY(!start->isEnabled());
        QCOMPARE(qobject_cast<ArgumentField*>(field->parentWidget())->problem(),
            QStringLiteral("Allowed: from 3 to 32"));
        QCOMPARE(bench.state->job().maxSeqLength, int64_t(0));
        QTest::keyClicks(field, QStringLiteral("4"));
        QVERIFY(!field->property("invalid").toBool());
        QVERIFY(start->isEnabled());
        QCOMPARE(bench.state->job().maxSeqLength, int64_t(24));
        field->clearFocus();
        // From a file of settings, or chosen for another model.
        bench.state->editJob([](TrainingArguments& job) { job.maxSeqLength = 33; });
        QVERIFY(field->property("invalid").toBool());
        QVERIFY(!start->isEnabled());
        bench.state->editJob([](TrainingArguments& job) { job.maxSeqLength = 0; });
        QVERIFY(!field->property("invalid").toBool());
        QVERIFY(start->isEnabled());
    }

    void aPresetFollowsTheSizeOfTheDataAndAnEditMakesItCustom()
    {
        TrainBench bench;
        bench.waitUntilReady();
        QTest::mouseClick(bench.find<QRadioButton>("preset_balanced"), Qt::LeftButton);
        QCOMPARE(bench.state->preset(), QStringLiteral("balanced"));
        QVERIFY(bench.state->job()
            == applyPreset(
                bench.state->job(), "balanced", bench.state->trainRowCount(), ProblemType::SingleLabel));
        auto* field = bench.find<QLineEdit>("num_train_epochs");
        field->setFocus();
        field->clear();
        QTest::keyClicks(field, QStringLiteral("2"));
        QCOMPARE(bench.state->preset(), QStringLiteral("custom"));
        QCOMPARE(bench.state->job().numTrainEpochs, 2.0);
    }

    void aPresetTakesAModelOfOneLabelAsTheRunDoes()
    {
        TrainBench bench;
        bench.state->setPreset(QStringLiteral("balanced"));
        bench.state->setJob(makeRerankerJob(bench.folder.path().toStdString() + "/reranker"));
        bench.waitUntilReady();
        QCOMPARE(bench.state->data().dataset()->problemType(), ProblemType::SingleLabel);
        QCOMPARE(bench.state->job().metricForBestModel, std::string("eval_loss")); // a number has no accuracy
        QCOMPARE(bench.state->untouchedSettings().metricForBestModel, std::string("eval_loss"));
        bench.state->editJob([](TrainingArguments& job) { job.problemType = "single_label_classification"; });
        bench.waitUntilReady();
        QCOMPARE(bench.state->job().metricForBestModel, std::string("eval_accuracy"));
    }

    void anUnknownProblemTypeOfTheModelKeepsStartOffAndIsShown()
    {
        TrainBench bench;
        bench.state->setPreset(QStringLiteral("balanced")); // looks at the problem type
        bench.waitUntilReady();
        const auto file = bench.folder.path().toStdString() + "/model/config.json";
        auto config = parseJson(readFile(file), file);
        config["problem_type"] = "text_classification";
        writeFileAtomically(file, config.dump());
        bench.state->inspectModelAgain();
        QTRY_VERIFY_WITH_TIMEOUT(bench.state->modelInfo(), 20000);
        QVERIFY(!bench.find<QPushButton>("startButton")->isEnabled());
        QVERIFY(bench.find<QLabel>("obstacleLabel")->text().contains(QStringLiteral("cannot be trained")));
        QVERIFY(!bench.state->onlyLabel()); // of two labels, by the data
        ModelPage models(*bench.state);
        models.resize(1200, 700);
        models.show();
        const auto* error = child<ErrorBanner>(models, "modelError");
        QVERIFY(error->isShowing());
        QVERIFY2(error->detail().contains(QStringLiteral("problem_type")), qPrintable(error->detail()));
    }

    void escTakesBackTheWholeEditAndItsPreset()
    {
        TrainBench bench;
        bench.waitUntilReady();
        QVERIFY(QTest::qWaitForWindowActive(bench.page.get()));
        bench.state->setPreset(QStringLiteral("balanced"));
        const auto job = bench.state->job();
        auto* field = bench.find<QLineEdit>("learning_rate");
        const auto text = field->text();
        const auto type = [field](const char* typed) {
            field->setFocus();
            field->selectAll();
            QTest::keyClicks(field, QString::fromLatin1(typed));
        };
        type("1e-"); // "1" was a value already
        QCOMPARE(bench.state->job().learningRate, 1.0);
        QTest::keyClick(field, Qt::Key_Escape);
        QCOMPARE(field->text(), text);
        QVERIFY(!field->property("invalid").toBool());
        QVERIFY(bench.state->job() == job);
        QCOMPARE(bench.state->preset(), QStringLiteral("balanced"));
        QVERIFY(bench.find<QRadioButton>("preset_balanced")->isChecked());

        type("2e-5");
        bench.find<QPushButton>("startButton")->setFocus(); // accepts it
        type("3e-5");
        QTest::keyClick(field, Qt::Key_Escape);
        QCOMPARE(bench.state->job().learningRate, 2e-5);
        QCOMPARE(bench.state->preset(), QStringLiteral("custom"));
    }

    void advancedCountsWhatAHandHasChanged()
    {
        TrainBench bench;
        bench.state->editJob([](TrainingArguments& job) { job.threads = TrainingArguments().threads; });
        bench.waitUntilReady();
        const auto summary = [&] {
            return bench.page->findChild<SettingsPanel*>()
                ->findChild<Disclosure*>()
                ->findChild<ElidedLabel*>(QString(), Qt::FindDirectChildrenOnly)
                ->fullText();
        };
        for (const auto* preset : {"quick", "balanced", "thorough"}) {
            bench.state->setPreset(QString::fromLatin1(preset));
            QCOMPARE(summary(), QStringLiteral("all at their defaults"));
        }
        bench.state->setPreset(QStringLiteral("balanced"));
        bench.state->setPreset(QStringLiteral("custom"));
        QCOMPARE(summary(), QStringLiteral("all at their defaults"));
        bench.state->editJob([](TrainingArguments& job) { job.weightDecay = 0.5; });
        QCOMPARE(summary(), QStringLiteral("1 changed"));
    }

    void theUnitOfTheWarmUpIsTheOneThatIsMeant()
    {
        TrainBench bench;
        bench.page->findChild<SettingsPanel*>()->findChild<Disclosure*>()->setOpen(true);
        auto* field = bench.find<QLineEdit>("warmup_steps");
        const auto unit = [&] { return field->findChild<QLabel*>()->text(); };
        bench.state->editJob([](TrainingArguments& job) { job.warmupSteps = 0.1; });
        QCOMPARE(unit(), QStringLiteral("share"));
        field->setFocus();
        field->selectAll();
        QTest::keyClicks(field, QStringLiteral("20"));
        QCOMPARE(bench.state->job().warmupSteps, 20.0);
        QCOMPARE(unit(), QStringLiteral("steps"));
    }
};

QTEST_MAIN(TestTrainSettings)
#include "tst_train_settings.moc"
