// SPDX-License-Identifier: MIT
// A labelled file is read as the model was trained, and its labels are found among the model's.
#include "core/train/output_folder.h"
#include "tests/core/train/training_fixture.h"

#include <algorithm>
#include <sys/stat.h>

#include <QTest>

using namespace studio;
namespace fs = std::filesystem;

class TestEvaluateFile : public QObject {
    Q_OBJECT

    std::unique_ptr<TrainingHome> m_home;

    [[nodiscard]] fs::path path(const char* name) const { return m_home->path(name); }
    [[nodiscard]] EvaluateOptions options(const char* model, const char* file) const
    {
        return {.modelNameOrPath = path(model), .file = path(file), .data = {}, .predictionsFile = {}};
    }
    static bool warns(const MetricReport& report, std::string_view part)
    {
        return std::ranges::any_of(
            report.warnings, [&](const auto& warning) { return holds(warning, std::string(part)); });
    }
    /// The rows of validation.jsonl with other names for columns and labels.
    void writeRows(const char* name, const char* textColumn, const char* labelColumn, const char* no,
        const char* yes, const Json& more = Json::object()) const
    {
        std::string lines;
        const auto rows = readFile(path("validation.jsonl"));
        for (size_t at = 0; at < rows.size(); at = rows.find('\n', at) + 1) {
            const auto row = parseJson(rows.substr(at, rows.find('\n', at) - at), "row");
            auto written = more;
            written[textColumn] = row["text"];
            written[labelColumn] = row["label"] == "no" ? parseJson(no, "no") : parseJson(yes, "yes");
            lines += jsonLine(written) + '\n';
        }
        writeFileAtomically(path(name), lines);
    }

private Q_SLOTS:
    void init() { m_home = std::make_unique<TrainingHome>(); }

    void columnsAndCleaningAreThoseOfTheRun()
    {
        writeRows("columns.jsonl", "body", "human", R"("no")", R"("yes")",
            {{"text", "<b>all the same</b>"}, {"label", "yes"}});
        auto arguments = m_home->base("out");
        arguments.trainFile = path("columns.jsonl");
        arguments.validationFile = {};
        arguments.evalStrategy = "no";
        arguments.textColumn = "body";
        arguments.labelColumn = {"human"};
        runTraining(arguments);
        const auto report = evaluateFile(options("out", "columns.jsonl"));
        QCOMPARE(report.samples, int64_t{24});
        QVERIFY(!warns(report, "columns"));
        // As when they are named: not the 'text' and 'label' that a guess takes.
        auto named = options("out", "columns.jsonl");
        named.data.textColumn = "body";
        named.data.labelColumn = {"human"};
        QCOMPARE(evaluateFile(named).loss, report.loss);
        auto guessed = options("out", "columns.jsonl");
        guessed.data.textColumn = "text";
        guessed.data.labelColumn = {"label"};
        QVERIFY(evaluateFile(guessed).loss != report.loss);
        // A file without them is guessed, which is said.
        QVERIFY(warns(evaluateFile(options("out", "validation.jsonl")), "its text is taken from text"));
        // A checkpoint of the run reads as the run.
        const auto checkpoints = listCheckpoints(path("out"));
        QVERIFY(!checkpoints.empty());
        auto checkpoint = options("out", "columns.jsonl");
        checkpoint.modelNameOrPath = checkpoints.back().second.string() + '/';
        QVERIFY(!warns(evaluateFile(checkpoint), "columns"));
    }

    void labelsByPlaceholderAndByNumber()
    {
        runTraining(m_home->base("out"));
        const auto expected = evaluateFile(options("out", "validation.jsonl"));
        writeRows("numbers.jsonl", "text", "label", "0", "1");
        const auto numbers = evaluateFile(options("out", "numbers.jsonl"));
        QCOMPARE(numbers.loss, expected.loss);
        QVERIFY(warns(numbers, "ids of no, yes"));
        // The same model with the names that every new model has.
        auto config = readJsonFile(path("out") / "config.json");
        config["id2label"] = {{"0", "LABEL_0"}, {"1", "LABEL_1"}};
        config["label2id"] = {{"LABEL_0", 0}, {"LABEL_1", 1}};
        writeFileAtomically(path("out") / "config.json", config.dump());
        const auto placeholders = evaluateFile(options("out", "validation.jsonl"));
        QCOMPARE(placeholders.loss, expected.loss);
        QVERIFY(warns(placeholders, "LABEL_0"));
        writeRows("others.jsonl", "text", "label", R"("no")", R"("perhaps")");
        config["id2label"] = {{"0", "no"}, {"1", "yes"}};
        config["label2id"] = {{"no", 0}, {"yes", 1}};
        writeFileAtomically(path("out") / "config.json", config.dump());
        const auto said
            = sentence([&] { (void)evaluateFile(options("out", "others.jsonl")); }, ErrorKind::Data);
        QVERIFY2(holds(said, "'perhaps'") && holds(said, "measure the model"), said.c_str());
        // Numbers that are the model's labels are no ids beside.
        config["id2label"] = {{"0", "1"}, {"1", "2"}};
        config["label2id"] = {{"1", 0}, {"2", 1}};
        writeFileAtomically(path("out") / "config.json", config.dump());
        const auto shifted
            = sentence([&] { (void)evaluateFile(options("out", "numbers.jsonl")); }, ErrorKind::Data);
        QVERIFY2(holds(shifted, "the label '0'"), shifted.c_str());
    }

    void aRunRecordThatCannotBeReadLeavesTheColumnsToTheFile()
    {
        runTraining(m_home->base("out"));
        const auto expected = evaluateFile(options("out", "validation.jsonl"));
        for (const auto* content : {"", "{", "[1]"}) {
            writeFileAtomically(path("out") / "run.json", content);
            QCOMPARE(evaluateFile(options("out", "validation.jsonl")).loss, expected.loss);
        }
    }

    void aModelWithOneLabelGivesANumber()
    {
        writeTinyModel(path("one"), {.labels = {"LABEL_0"}});
        writeRows("targets.jsonl", "text", "score", "-0.5", "0.75");
        const auto report = evaluateFile(options("one", "targets.jsonl"));
        QCOMPARE(report.problemType, ProblemType::Regression);
        QVERIFY(report.mse.has_value());
        auto arguments = m_home->base("out");
        arguments.modelNameOrPath = path("one");
        arguments.trainFile = arguments.validationFile = path("targets.jsonl");
        runTraining(arguments);
        const auto config = readJsonFile(path("out") / "config.json");
        QCOMPARE(config["problem_type"].get<std::string>(), std::string("regression"));
        auto wrong = options("one", "validation.jsonl");
        wrong.data.problemType = "single_label_classification";
        QVERIFY(holds(sentence([&] { (void)evaluateFile(wrong); }, ErrorKind::Settings), "gives 1 value"));
        runTraining(m_home->base("two"));
        wrong = options("two", "targets.jsonl");
        wrong.data.problemType = "regression";
        QVERIFY(holds(sentence([&] { (void)evaluateFile(wrong); }, ErrorKind::Settings), "gives 2 scores"));
    }

    void predictionsSpareTheRowsAndTheName()
    {
        runTraining(m_home->base("out"));
        auto asked = options("out", "validation.jsonl");
        const auto rows = readFile(path("validation.jsonl"));
        asked.predictionsFile = path("validation.jsonl");
        QVERIFY(holds(sentence([&] { (void)evaluateFile(asked); }, ErrorKind::Settings), "would be lost"));
        QCOMPARE(readFile(path("validation.jsonl")), rows);
        asked.predictionsFile = path("nowhere") / "out.jsonl";
        QVERIFY(holds(sentence([&] { (void)evaluateFile(asked); }, ErrorKind::File), "nowhere"));
        // Through a link: the link stays.
        fs::create_symlink("real.jsonl", path("link.jsonl"));
        asked.predictionsFile = path("link.jsonl");
        (void)evaluateFile(asked);
        QVERIFY(fs::is_symlink(path("link.jsonl")));
        const auto written = readFile(path("real.jsonl"));
        QCOMPARE(std::ranges::count(written, '\n'), std::ptrdiff_t{24});
        // Into a device, which stays one.
        asked.predictionsFile = "/dev/null";
        (void)evaluateFile(asked);
        QVERIFY(fs::is_character_file("/dev/null"));
    }
};

QTEST_GUILESS_MAIN(TestEvaluateFile)
#include "tst_evaluate_file.moc"
