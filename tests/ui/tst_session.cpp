// SPDX-License-Identifier: MIT
#include "core/base/file.h"
#include "ui/session/data_options.h"
#include "ui/session/job_slot.h"
#include "ui/session/measured_speed.h"
#include "ui/session/settings.h"
#include "ui/session/studio_state.h"

#include <atomic>
#include <thread>

#include <QRegularExpression>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QThreadPool>

using namespace studio;

class TestSession : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void resultsOfAnOlderStartNeverArrive()
    {
        JobSlot slot;
        std::atomic<bool> release = false;
        QStringList arrived;
        slot.start(
            [&release](const TaskControl&) {
                while (!release)
                    std::this_thread::yield();
                return QStringLiteral("old");
            },
            [&](const QString& text) { arrived.append(text); });
        slot.start([](const TaskControl&) { return QStringLiteral("new"); },
            [&](const QString& text) { arrived.append(text); });
        QTRY_VERIFY(!slot.isRunning());
        release = true;
        QThreadPool::globalInstance()->waitForDone();
        QCoreApplication::sendPostedEvents();
        QCOMPARE(arrived, QStringList{QStringLiteral("new")});
    }

    void cancelledWorkSeesTheStopAndSaysNothing()
    {
        JobSlot slot;
        QSignalSpy failed(&slot, &JobSlot::failed);
        std::atomic<bool> stopped = false;
        slot.start(
            [&stopped](const TaskControl& control) {
                while (!control.stop.stop_requested())
                    std::this_thread::yield();
                stopped = true;
                control.throwIfStopped();
            },
            [] { QFAIL("a cancelled job delivered"); });
        slot.cancel();
        QVERIFY(!slot.isRunning());
        QThreadPool::globalInstance()->waitForDone();
        QCoreApplication::sendPostedEvents();
        QCOMPARE(failed.count(), 0);
    }

    void errorsArriveWithKindAndSentence()
    {
        JobSlot slot;
        QSignalSpy failed(&slot, &JobSlot::failed);
        slot.start([](const TaskControl&) { throw Error(ErrorKind::DiskFull, "No room in '/x'."); }, [] {});
        QVERIFY(failed.wait());
        QCOMPARE(failed.at(0).at(0).value<ErrorKind>(), ErrorKind::DiskFull);
        QCOMPARE(failed.at(0).at(1).toString(), QStringLiteral("No room in '/x'."));
    }

    void aSlotMayGoAwayWhileItsWorkRuns()
    {
        std::atomic<bool> release = false;
        auto slot = std::make_unique<JobSlot>();
        slot->start(
            [&release](const TaskControl&) {
                while (!release)
                    std::this_thread::yield();
            },
            [] { QFAIL("delivered to a slot that is gone"); });
        slot.reset();
        release = true;
        QThreadPool::globalInstance()->waitForDone();
        QCoreApplication::sendPostedEvents();
    }

    void aCancelStopsOneWorkAndLeavesWhatWaits()
    {
        InferenceSession inference;
        QStringList ends;
        const auto run = [&](const QString& name, const std::function<void(const TaskControl&)>& work) {
            return inference.run(
                work, [&ends, name] { ends.append(name + QStringLiteral(" done")); },
                [&ends, name](const CaughtError& error) {
                    QCOMPARE(error.kind, ErrorKind::Cancelled);
                    ends.append(name + QStringLiteral(" cancelled"));
                });
        };
        auto first = run(QStringLiteral("first"), [](const TaskControl& control) {
            while (!control.stop.stop_requested())
                std::this_thread::yield();
            control.throwIfStopped();
        });
        auto second = run(QStringLiteral("second"), [](const TaskControl&) {});
        run(QStringLiteral("third"), [](const TaskControl&) {});
        second.request_stop();
        first.request_stop();
        QTRY_COMPARE(ends,
            (QStringList{QStringLiteral("first cancelled"), QStringLiteral("second cancelled"),
                QStringLiteral("third done")}));
    }

    void everySettingHasAKeyAndADefaultOfItsType()
    {
        QTemporaryDir folder;
        Settings settings(folder.filePath(QStringLiteral("studio.ini")));
        QSet<QString> keys;
        for (int index = 0; index <= static_cast<int>(Setting::MeasuredSpeeds); ++index) {
            const auto setting = static_cast<Setting>(index);
            keys.insert(Settings::key(setting));
            QCOMPARE(settings.value(setting), Settings::defaultValue(setting));
        }
        QCOMPARE(keys.size(), static_cast<int>(Setting::MeasuredSpeeds) + 1);
    }

    void aValueOfTheWrongTypeFallsBackToTheDefault()
    {
        QTemporaryDir folder;
        const auto file = folder.filePath(QStringLiteral("studio.ini"));
        QSettings(file, QSettings::IniFormat)
            .setValue(Settings::key(Setting::Smoothing), QStringLiteral("much"));
        QCOMPARE(Settings(file).value(Setting::Smoothing).toDouble(), 0.9);
    }

    void recentEntriesAreNewestFirstWithoutDoubles()
    {
        QTemporaryDir folder;
        Settings settings(folder.filePath(QStringLiteral("studio.ini")));
        for (const auto* name : {"a", "b", "a", "c"})
            settings.remember(Setting::RecentFiles, QString::fromLatin1(name), 3);
        QCOMPARE(settings.list(Setting::RecentFiles),
            (QStringList{QStringLiteral("c"), QStringLiteral("a"), QStringLiteral("b")}));
    }

    void theSpeedOfATinyModelSaysNothingOfALargeOne()
    {
        QTemporaryDir folder;
        const auto file = folder.filePath(QStringLiteral("studio.ini"));
        {
            Settings settings(file);
            QCOMPARE(measuredSpeed(settings, "cpu", 6e4), 0.0);
            rememberSpeed(settings, "cpu", 6e4, 2e9); // 10 thousand weights
            rememberSpeed(settings, "cpu", 5e8, 7e10); // 83 million
            rememberSpeed(settings, "cuda:0", 5e8, 4e12);
            rememberSpeed(settings, "cpu", 5e8, 8e10); // the newest counts
        }
        Settings settings(file);
        QCOMPARE(measuredSpeed(settings, "cpu", 6e4), 2e9);
        QCOMPARE(measuredSpeed(settings, "cpu", 4.5e8), 8e10);
        QCOMPARE(measuredSpeed(settings, "cuda:0", 5e8), 4e12);
        QCOMPARE(measuredSpeed(settings, "cpu", 5e6), 0.0);
        QCOMPARE(measuredSpeed(settings, "cuda:0", 6e4), 0.0);
        QCOMPARE(settings.list(Setting::MeasuredSpeeds).size(), 3);
    }

    void theJobSurvivesARestart()
    {
        QTemporaryDir folder;
        Settings settings(folder.filePath(QStringLiteral("studio.ini")));
        settings.setValue(Setting::Workspace, folder.filePath(QStringLiteral("workspace")));
        TrainingArguments job;
        {
            StudioState state(settings);
            state.editJob([&](TrainingArguments& edited) {
                edited.modelNameOrPath = "/no/such/model";
                edited.trainFile = "/no/such/file.csv";
                edited.learningRate = 3.3e-5;
                edited.dropout = 0.25;
                edited.clean = {"html", "whitespace"};
                edited.labelColumn = {"stars"};
            });
            job = state.job();
        }
        StudioState state(settings);
        QVERIFY(state.job() == job);
    }

    void aMissingModelAndFileAreErrorsThatThePagesCanShow()
    {
        QTemporaryDir folder;
        Settings settings(folder.filePath(QStringLiteral("studio.ini")));
        settings.setValue(Setting::Workspace, folder.filePath(QStringLiteral("workspace")));
        StudioState state(settings);
        state.editJob([&](TrainingArguments& job) {
            job.modelNameOrPath = "/no/such/model";
            job.trainFile = "/no/such/file.csv";
        });
        QTRY_VERIFY(state.modelError().has_value());
        QTRY_VERIFY(state.data().error().has_value());
        QVERIFY(state.data().error()->detail.contains(QStringLiteral("file.csv")));
        QCOMPARE(state.trainRowCount(), int64_t(0));
    }

    void aWorkspaceThatCannotBeOpenedIsSaidAtTheStart()
    {
        QTemporaryDir folder;
        writeFileAtomically(folder.filePath(QStringLiteral("file")).toStdString(), "");
        Settings settings(folder.filePath(QStringLiteral("studio.ini")));
        settings.setValue(Setting::Workspace, folder.filePath(QStringLiteral("file/workspace")));
        StudioState state(settings);
        QSignalSpy failed(&state, &StudioState::startFailed);
        QSignalSpy page(&state, &StudioState::pageRequested);
        state.startTraining();
        QTRY_COMPARE(failed.count(), 1);
        QVERIFY(!failed.at(0).at(1).toString().isEmpty());
        QCOMPARE(page.at(0).at(0).value<PageId>(), PageId::Train);
        QVERIFY(!state.training().isRunning());
    }

    void openingAnotherTrainingFileStartsItsColumnsAfresh()
    {
        QTemporaryDir folder;
        Settings settings(folder.filePath(QStringLiteral("studio.ini")));
        settings.setValue(Setting::Workspace, folder.filePath(QStringLiteral("workspace")));
        StudioState state(settings);
        state.editJob([](TrainingArguments& job) {
            job.trainFile = "/a.csv";
            job.testFile = "/a_test.csv";
            job.textColumn = "review";
            job.encoding = "gb18030";
            job.problemType = "multi_label_classification";
            job.labelSeparator = ";";
            job.clean = {"html"};
        });
        const auto chosen = state.job();
        state.openDataFile(QStringLiteral("/a.csv"));
        QVERIFY(state.job() == chosen); // the same file keeps what was chosen for it
        state.openDataFile(QStringLiteral("/a_dev.csv"), DataPart::Validation);
        QCOMPARE(state.job().labelSeparator, std::string(";"));
        state.openDataFile(QStringLiteral("/b.csv"));
        QCOMPARE(state.job().trainFile, std::string("/b.csv"));
        QVERIFY(state.job().testFile.empty() && state.job().textColumn.empty());
        QCOMPARE(state.job().encoding, std::string("auto"));
        QCOMPARE(state.job().problemType, std::string("auto"));
        QVERIFY(state.job().labelSeparator.empty() && state.job().clean.empty());
        QCOMPARE(settings.list(Setting::RecentFiles).first(), QStringLiteral("/b.csv"));
    }

    void theDemoDataStartTheirTaskAndCleaningAfresh()
    {
        QTemporaryDir folder;
        Settings settings(folder.filePath(QStringLiteral("studio.ini")));
        settings.setValue(Setting::Workspace, folder.filePath(QStringLiteral("workspace")));
        settings.setValue(Setting::Preset, QStringLiteral("custom")); // no preset edits the job meanwhile
        StudioState state(settings);
        state.editJob([](TrainingArguments& job) {
            job.modelNameOrPath = "/no/such/model";
            job.trainFile = "/a.csv";
            job.validationFile = "/a_dev.csv";
            job.problemType = "regression";
            job.labelSeparator = "|";
            job.clean = {"html"};
        });
        state.chooseDemoData(false);
        const auto demo = state.job();
        QVERIFY(demo.trainFile.ends_with("reviews_en_train.csv"));
        QVERIFY(demo.testFile.ends_with("reviews_en_test.csv"));
        QCOMPARE(demo.problemType, std::string("auto"));
        QVERIFY(demo.validationFile.empty() && demo.labelSeparator.empty() && demo.clean.empty());
        state.editJob([](TrainingArguments& job) {
            job.validationFile = "/a_dev.csv";
            job.encoding = "gb18030";
            job.textColumn = "label";
            job.problemType = "regression";
            job.clean = {"html"};
        });
        state.chooseDemoData(false); // the same file
        QVERIFY(state.job() == demo);
    }

    void namedCharactersOfTheJobReachTheReader()
    {
        TrainingArguments job;
        job.delimiter = "tab";
        job.quote = "none";
        job.header = "false";
        const auto options = readerOptions(job);
        QCOMPARE(*options.delimiter, '\t');
        QCOMPARE(*options.quote, '\0');
        QCOMPARE(*options.header, false);
        job.delimiter = "ab";
        QVERIFY_THROWS_EXCEPTION(Error, static_cast<void>(readerOptions(job)));
    }
};

QTEST_MAIN(TestSession)
#include "tst_session.moc"
