// SPDX-License-Identifier: MIT
// The session's threads, hurried: what the window does to a run, a data file, the models and the list of
// runs, all at once and over again, on a core without LibTorch. Under the preset dev-tsan the sanitizer
// watches.
#include "core/base/file.h"
#include "tests/reliability/qt_threads.h"
#include "ui/session/data_session.h"
#include "ui/session/inference_session.h"
#include "ui/session/run_store.h"
#include "ui/session/training_session.h"

#include <random>

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QThreadPool>
#include <QTimer>

using namespace studio;
namespace fs = std::filesystem;

class TestSessionThreads : public QObject {
    Q_OBJECT

    QTemporaryDir m_home;
    [[nodiscard]] fs::path path(const std::string& name) const
    {
        return fs::path(m_home.path().toStdString()) / name;
    }

private Q_SLOTS:
    void initTestCase()
    {
        createFolders(path("model"));
        writeFileAtomically(path("model/config.json"), R"({"model_type":"bert","vocab_size":8})");
        writeFileAtomically(path("model/vocab.txt"), "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\ngood\nbad\nfilm\n");
        std::string rows = "text,label\n";
        for (int row = 0; row < 3000; ++row)
            rows += row % 2 ? "good film,good\n" : "bad film,bad\n";
        writeFileAtomically(path("train.csv"), rows);
    }

    void runsAreSteeredWhileEverythingElseGoesOn()
    {
        std::mt19937 random(17);
        InferenceSession inference;
        RunStore store(path("workspace"));
        DataSession data(DataPart::Train);
        TrainingSession training;
        int64_t answers = 0, live = 0, ends = 0, lists = 0, datasets = 0;
        connect(&inference, &InferenceSession::answered, this, [&] { ++answers; });
        connect(&training, &TrainingSession::livePredicted, this, [&] { ++live; });
        connect(&store, &RunStore::runsChanged, this, [&] { ++lists; });
        connect(&data, &DataSession::datasetChanged, this, [&] { ++datasets; });
        const auto ended = [&] { ++ends; };
        connect(&training, &TrainingSession::finished, this, ended);
        connect(&training, &TrainingSession::failed, this, ended);
        const auto model = QString::fromStdString(path("model").string());
        QTimer user;
        connect(&user, &QTimer::timeout, this, [&] {
            switch (random() % 9) {
            case 0:
                training.pause();
                break;
            case 1:
            case 2:
                training.resume();
                break;
            case 3:
                training.evaluateNow();
                training.saveNow();
                break;
            case 4:
                training.predict({{"good film"}});
                break;
            case 5:
                inference.classify(static_cast<int>(random() % 3), model, {"bad film"});
                inference.tokenize(4, model, {"good"});
                break;
            case 6:
                store.refresh();
                break;
            case 7: {
                TrainingArguments arguments;
                arguments.trainFile = path("train.csv");
                arguments.labelColumn = {random() % 2 == 0 ? "label" : "text"};
                data.setArguments(arguments);
                break;
            }
            default:
                if (random() % 4 == 0)
                    training.stop();
                else if (random() % 4 == 0)
                    inference.forget(model);
                else if (random() % 6 == 0)
                    inference.cancelAll();
            }
        });
        user.start(1);
        for (int number = 0; number < 12; ++number) {
            TrainingArguments arguments;
            arguments.outputDir = path("workspace/runs/" + std::to_string(number / 2));
            arguments.maxSteps = 60;
            arguments.seed = number == 7 ? 13 : 1; // that one fails
            if (number % 2 == 1)
                arguments.resumeFromCheckpoint = "";
            training.start(arguments);
            QVERIFY(QTest::qWaitFor([&] { return !training.isRunning(); }, 60'000));
            store.add(arguments.outputDir);
            QVERIFY(!training.run()->events.empty());
        }
        user.stop();
        TrainingArguments arguments;
        arguments.trainFile = path("train.csv");
        data.setArguments(arguments);
        inference.classify(0, model, {"good film"});
        QVERIFY(QTest::qWaitFor(
            [&] { return !data.isLoading() && data.dataset() && store.runs().size() == 6; }, 60'000));
        QCOMPARE(ends, int64_t{12});
        QVERIFY(answers > 0 && live > 0 && lists > 0 && datasets > 0);
    }

    void sessionsGoAwayInTheMiddleOfTheirWork()
    {
        for (int number = 0; number < 15; ++number) {
            auto training = std::make_unique<TrainingSession>();
            auto inference = std::make_unique<InferenceSession>();
            auto store = std::make_unique<RunStore>(path("workspace"));
            auto data = std::make_unique<DataSession>(DataPart::Train);
            TrainingArguments arguments;
            arguments.trainFile = path("train.csv");
            arguments.outputDir = path("away" + std::to_string(number));
            arguments.maxSteps = 1'000'000;
            training->start(arguments);
            training->predict({{"good"}});
            inference->classify(0, QString::fromStdString(path("model").string()), {"bad film"});
            store->refresh();
            data->setArguments(arguments);
            QTest::qWait(number % 5);
            data.reset();
            store.reset();
            inference.reset();
            training.reset();
        }
        QThreadPool::globalInstance()->waitForDone();
        QCoreApplication::sendPostedEvents();
    }
};

int main(int argc, char** argv)
{
    studio::test::ThreadTestApplication application(argc, argv);
    TestSessionThreads test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_session_threads.moc"
