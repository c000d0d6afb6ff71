// SPDX-License-Identifier: MIT
// Bad input: a sentence, and nothing left behind.
#include "core/runs/run_lock.h"
#include "core/train/optimizer.h"
#include "core/train/output_folder.h"
#include "core/train/row_order.h"
#include "tests/core/train/training_fixture.h"

#include <algorithm>

#include <QTest>

using namespace studio;
namespace fs = std::filesystem;

class TestTrainingRefusals : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_home = std::make_unique<TrainingHome>(); }

    void foldersInUseOrFullAreRefused()
    {
        auto arguments = base("out");
        fs::create_directories(path("out"));
        {
            const RunLock lock(path("out"));
            QVERIFY(holds(sentence([&] { runTraining(arguments); }, ErrorKind::Busy), "process "));
        }
        writeFileAtomically(path("out") / "notes.txt", "mine");
        QVERIFY(holds(sentence([&] { runTraining(arguments); }, ErrorKind::Settings), "not empty"));
        QVERIFY(!fs::exists(path("out") / "run.json"));
        arguments.overwriteOutputDir = true;
        runTraining(arguments);
        QCOMPARE(readFile(path("out") / "notes.txt"), std::string("mine"));
        arguments.overwriteOutputDir = false;
        QVERIFY(
            holds(sentence([&] { runTraining(arguments); }, ErrorKind::Settings), "resume_from_checkpoint"));
        arguments.outputDir = path("train.jsonl") / "below";
        QVERIFY(holds(sentence([&] { runTraining(arguments); }, ErrorKind::File), "not a folder"));
    }

    void aBadStartLeavesNothingBehind_data()
    {
        QTest::addColumn<QByteArray>("settings");
        QTest::addColumn<QByteArray>("rows");
        QTest::addColumn<QByteArray>("expected");
        const QByteArray one = R"({"text":"w01","label":"no"})"
                               "\n";
        const QByteArray good = QByteArray::fromStdString(makeRows(20, 0, 1));
        QTest::newRow("one class") << QByteArray("{}") << one + one << QByteArray("one label");
        QTest::newRow("no label column")
            << QByteArray(R"({"label_column":["klass"]})") << good << QByteArray("klass");
        QTest::newRow("layers") << QByteArray(R"({"freeze_layers":"3"})") << good << QByteArray("2 layers");
        QTest::newRow("length") << QByteArray(R"({"max_seq_length":64})") << good << QByteArray("at most 32");
        QTest::newRow("metric") << QByteArray(R"({"metric_for_best_model":"eval_r2"})") << good
                                << QByteArray("eval_r2");
        QTest::newRow("weights") << QByteArray(R"({"class_weights":"maybe=2"})") << good
                                 << QByteArray("maybe");
        QTest::newRow("no room for text")
            << QByteArray(R"({"max_seq_length":2})") << good << QByteArray("at least 3");
        QTest::newRow("weight of nothing")
            << QByteArray(R"({"class_weights":"no=0"})") << good << QByteArray("class_weights for 'no'");
        QTest::newRow("model") << QByteArray(R"({"model_name_or_path":"/nowhere"})") << good
                               << QByteArray("/nowhere");
    }

    void aBadStartLeavesNothingBehind()
    {
        QFETCH(QByteArray, settings);
        QFETCH(QByteArray, rows);
        QFETCH(QByteArray, expected);
        writeFileAtomically(path("train.jsonl"), rows.toStdString());
        const auto arguments = argumentsFromJson(parseJson(settings.toStdString(), "settings"), base("out"));
        try {
            runTraining(arguments);
            QFAIL("no error");
        } catch (const Error& error) {
            QVERIFY2(QByteArray(error.what()).contains(expected), error.what());
        }
        QVERIFY(!fs::exists(path("out")));
    }

    void aNameThatIsNoTextIsRefused()
    {
        auto arguments = base("out");
        const auto file = path("d\xff.jsonl");
        fs::rename(path("train.jsonl"), file);
        arguments.trainFile = file;
        const auto said = sentence([&] { runTraining(arguments); }, ErrorKind::Settings);
        QVERIFY2(holds(said, "train_file") && holds(said, "not UTF-8"), said.c_str());
    }

    void theModelItselfIsNotReplaced()
    {
        auto arguments = base("out");
        arguments.outputDir = path("model");
        arguments.overwriteOutputDir = true;
        const auto before = readFile(path("model") / "model.safetensors");
        const auto said = sentence([&] { runTraining(arguments); }, ErrorKind::Settings);
        QVERIFY2(holds(said, "folder of the model itself"), said.c_str());
        QCOMPARE(readFile(path("model") / "model.safetensors"), before);
    }

    /// Between the look at the folder and its lock another run has used it.
    void aFolderThatAnotherRunFilledMeanwhileIsRefused()
    {
        const auto plan = planOutputFolder(base("out"));
        runTraining(base("out"));
        const auto before = readFile(path("out") / "metrics.jsonl");
        QVERIFY(
            holds(sentence([&] { requireAsPlanned(path("out"), plan); }, ErrorKind::Busy), "another run"));
        requireAsPlanned(path("empty"), planOutputFolder(base("empty")));
        // A run that is asked for while another one begins in its folder.
        bool done = false;
        auto late = base("late");
        late.evalStrategy = "no";
        late.validationFile = {};
        const auto said = sentence(
            [&] {
                runTraining(late, [&](const TrainEvent& event, TrainControl&) {
                    const auto* state = std::get_if<StateEvent>(&event);
                    if (!done && state && state->state == "reading") {
                        done = true;
                        runTraining(base("late"));
                    }
                });
            },
            ErrorKind::Busy);
        QVERIFY2(done && holds(said, "another run"), said.c_str());
        QVERIFY(fs::exists(path("late") / "model.safetensors"));
    }

    void aFewRowsOfOneClassAreSaid()
    {
        auto arguments = base("out");
        const std::string no = R"({"text":"w01","label":"no"})"
                               "\n";
        const std::string yes = R"({"text":"w02","label":"yes"})"
                                "\n";
        writeFileAtomically(path("train.jsonl"), no + no + no + no + yes + yes);
        arguments.maxTrainSamples = 3;
        const auto warnings = runTraining(arguments).all<WarningEvent>();
        QVERIFY(std::ranges::any_of(
            warnings, [](const auto& warning) { return holds(warning.message, "all have the label 'no'"); }));
    }

    void aPaddingIdOfAnotherTokeniserIsRefused()
    {
        auto config = readJsonFile(path("model") / "config.json");
        config["pad_token_id"] = 9;
        writeFileAtomically(path("model") / "config.json", config.dump());
        const auto found = sentence([&] { runTraining(base("out")); }, ErrorKind::Checkpoint);
        QVERIFY2(holds(found, "pad_token_id 9, which is the token '" + tinyWord(4) + "'"), found.c_str());
        QVERIFY(!fs::exists(path("out")));
    }

    void aLabelSeenOnlyInValidationIsRefused()
    {
        writeFileAtomically(path("validation.jsonl"),
            R"({"text":"w01","label":"perhaps"})"
            "\n");
        const auto found = sentence([&] { runTraining(base("out")); }, ErrorKind::Data);
        QVERIFY2(holds(found, "perhaps") && holds(found, "validation.jsonl"), found.c_str());
    }

private:
    [[nodiscard]] fs::path path(const char* name) const { return m_home->path(name); }
    [[nodiscard]] TrainingArguments base(const char* output) const { return m_home->base(output); }
    std::unique_ptr<TrainingHome> m_home;
};

QTEST_GUILESS_MAIN(TestTrainingRefusals)
#include "tst_training_refusals.moc"
