// SPDX-License-Identifier: MIT
#include "core/base/json.h"
#include "tests/app/program.h"
#include "tests/app/tiny_checkpoint.h"

#include <cstring>

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

using namespace studio;
using namespace studio::test;

class TestBadInput : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    [[nodiscard]] QString path(const QString& name) const { return m_folder.filePath(name); }

    /// One sentence on standard error after any warnings, no backtrace, the expected exit code.
    static void check(const ProgramResult& result, int exitCode, const QByteArray& holds)
    {
        QVERIFY2(!result.crashed, result.err);
        const auto begin = result.err.indexOf("error: ");
        QVERIFY2(begin >= 0, result.err);
        const auto sentence = result.err.mid(begin);
        QVERIFY2(sentence.contains(holds), sentence);
        QVERIFY2(sentence.count('\n') == 1, sentence);
        QVERIFY2(sentence.endsWith(".\n"), sentence);
        for (const auto* bad :
            {"Exception raised", "frame #", "terminate", "c10::", "std::", "what():", "basic_string"})
            QVERIFY2(!sentence.contains(bad), sentence);
        QCOMPARE(result.exitCode, exitCode);
    }

    [[nodiscard]] QStringList train(const QString& model, const QString& data, const QString& output) const
    {
        return {QStringLiteral("train"), QStringLiteral("--model_name_or_path"), model,
            QStringLiteral("--train_file"), data, QStringLiteral("--output_dir"), output,
            QStringLiteral("--max_steps=2"), QStringLiteral("--threads=1")};
    }

    /// Nothing that looks like a result or a half of one.
    static void nothingIsLeft(const QString& output)
    {
        for (const auto& entry :
            QDir(output).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot))
            QVERIFY2(!entry.contains(QStringLiteral("safetensors")) && !entry.contains(QStringLiteral("tmp")),
                qPrintable(entry));
    }

    /// The tiny checkpoint with config.json changed.
    QString withConfig(const QString& name, const std::function<void(Json&)>& change)
    {
        const auto folder = path(name);
        writeTinyCheckpoint(folder);
        const auto file = folder + QStringLiteral("/config.json");
        auto config = Json::parse(fileContent(file).toStdString());
        change(config);
        writeFile(file, QByteArray::fromStdString(config.dump()));
        return folder;
    }

    QString withWeights(const QString& name, const std::function<QByteArray(QByteArray)>& change)
    {
        const auto folder = path(name);
        writeTinyCheckpoint(folder);
        const auto file = folder + QStringLiteral("/model.safetensors");
        writeFile(file, change(fileContent(file)));
        return folder;
    }

private Q_SLOTS:
    void initTestCase()
    {
        writeTinyCheckpoint(path(QStringLiteral("model")));
        writeFile(path(QStringLiteral("train.csv")), reviewsCsv(60));
    }

    void aCheckpointThatCannotBeUsed_data()
    {
        QTest::addColumn<QString>("folder");
        QTest::addColumn<QByteArray>("holds");
        const auto row = [](const char* name, const QString& folder, const char* holds) {
            QTest::newRow(name) << folder << QByteArray(holds);
        };
        row("no folder", path(QStringLiteral("absent")), "absent");
        row("a file", path(QStringLiteral("train.csv")), "train.csv");
        QDir().mkpath(path(QStringLiteral("empty")));
        row("an empty folder", path(QStringLiteral("empty")), "config.json");
        const auto noWeights = withWeights(QStringLiteral("no-weights"), [](auto bytes) { return bytes; });
        QFile::remove(noWeights + QStringLiteral("/model.safetensors"));
        row("weights missing", noWeights, "safetensors");
        row("weights empty", withWeights(QStringLiteral("w-empty"), [](auto) { return QByteArray(); }),
            "model.safetensors");
        row("weights truncated",
            withWeights(QStringLiteral("w-cut"), [](auto bytes) { return bytes.left(bytes.size() / 2); }),
            "model.safetensors");
        row("weights are text",
            withWeights(
                QStringLiteral("w-text"), [](auto) { return QByteArray("not a model at all, just text"); }),
            "model.safetensors");
        row("header larger than the file",
            withWeights(QStringLiteral("w-header"),
                [](auto bytes) {
                    bytes[5] = '\x7f';
                    return bytes;
                }),
            "model.safetensors");
        row("header is no JSON",
            withWeights(QStringLiteral("w-json"),
                [](auto bytes) {
                    bytes[8] = 'x';
                    return bytes;
                }),
            "model.safetensors");
        row("NaN weights",
            withWeights(QStringLiteral("w-nan"),
                [](auto bytes) {
                    const float nan = std::numeric_limits<float>::quiet_NaN();
                    std::memcpy(bytes.data() + bytes.size() - 4, &nan, 4);
                    return bytes;
                }),
            "NaN");
        row(
            "config is no JSON",
            [this] {
                const auto folder = path(QStringLiteral("c-json"));
                writeTinyCheckpoint(folder);
                writeFile(folder + QStringLiteral("/config.json"), "{\"model_type\": ");
                return folder;
            }(),
            "config.json");
        row("config with a wrong type",
            withConfig(QStringLiteral("c-type"), [](Json& c) { c["hidden_size"] = "large"; }), "hidden_size");
        row("config with an absent key",
            withConfig(QStringLiteral("c-key"), [](Json& c) { c.erase("hidden_size"); }), "hidden_size");
        row("config with a negative size",
            withConfig(QStringLiteral("c-negative"), [](Json& c) { c["num_hidden_layers"] = -1; }),
            "num_hidden_layers");
        row("heads do not divide the width",
            withConfig(QStringLiteral("c-heads"), [](Json& c) { c["num_attention_heads"] = 3; }),
            "num_attention_heads");
        row("unknown model_type",
            withConfig(QStringLiteral("c-model"), [](Json& c) { c["model_type"] = "perceiver"; }),
            "perceiver");
        row("no model_type", withConfig(QStringLiteral("c-none"), [](Json& c) { c.erase("model_type"); }),
            "model_type");
        row("wrong vocabulary size",
            withConfig(QStringLiteral("c-vocab"), [](Json& c) { c["vocab_size"] = 50; }), "word_embeddings");
        row("another width than the weights",
            withConfig(QStringLiteral("c-width"), [](Json& c) { c["hidden_size"] = 32; }), "[");
        const auto noTokenizer = withConfig(QStringLiteral("no-tokenizer"), [](Json&) {});
        QFile::remove(noTokenizer + QStringLiteral("/vocab.txt"));
        row("no tokeniser", noTokenizer, "vocab.txt");
    }
    void aCheckpointThatCannotBeUsed()
    {
        QFETCH(QString, folder);
        QFETCH(QByteArray, holds);
        const auto output = path(QStringLiteral("out-checkpoint"));
        check(runProgram(train(folder, path(QStringLiteral("train.csv")), output)), 1, holds);
        if (QTest::currentTestFailed())
            return;
        QVERIFY(!QDir(output).exists());
        check(runProgram({QStringLiteral("predict"), QStringLiteral("--model_name_or_path"), folder,
                  QStringLiteral("--text=a")}),
            1, holds);
    }

    void aFileThatCannotBeUsed_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QStringList>("more");
        QTest::addColumn<QByteArray>("holds");
        const auto file = [this](const char* name, const QByteArray& content) {
            const auto where = path(QString::fromLatin1(name));
            writeFile(where, content);
            return where;
        };
        const auto row
            = [](const char* name, const QString& where, const char* holds, const QStringList& more = {}) {
                  QTest::newRow(name) << where << more << QByteArray(holds);
              };
        row("absent", path(QStringLiteral("absent.csv")), "absent.csv");
        row("below a file", path(QStringLiteral("train.csv/data.csv")), "train.csv/data.csv");
        row("a folder", path(QStringLiteral("model")), "model");
        row("empty", file("empty.csv", ""), "empty.csv");
        row("a header alone", file("header.csv", "text,label\n"), "header.csv");
        row("one class", file("one.csv", "text,label\ngood,a\nbetter,a\nbest,a\nfine,a\n"), "'a'");
        row("label column absent", path(QStringLiteral("train.csv")), "sentiment",
            {QStringLiteral("--label_column"), QStringLiteral("sentiment")});
        row("text column absent", path(QStringLiteral("train.csv")), "sentence",
            {QStringLiteral("--text_column=sentence")});
        row("no label", file("lines.txt", "just a text\nand another\n"), "label",
            {QStringLiteral("--file_format=lines")});
        row("a hundred megabytes in one line", file("long.csv", QByteArray(100'000'000, 'a')), "long.csv");
        row("NUL bytes", file("nul.csv", QByteArray(5000, '\0')), "nul.csv");
        row("a model as data", path(QStringLiteral("model/model.safetensors")), "model.safetensors");
        row("broken JSON", file("broken.json", "[{\"text\": \"a\", \"label\""), "broken.json");
        row("a word as regression target", path(QStringLiteral("train.csv")), "number",
            {QStringLiteral("--problem_type=regression")});
        row("a label only in validation", path(QStringLiteral("train.csv")), "neutral",
            {QStringLiteral("--validation_file"),
                file("neutral.csv", "text,label\ngood,positive\nso so,neutral\n")});
    }
    void aFileThatCannotBeUsed()
    {
        QFETCH(QString, file);
        QFETCH(QStringList, more);
        QFETCH(QByteArray, holds);
        const auto output = path(QStringLiteral("out-file"));
        check(runProgram(train(path(QStringLiteral("model")), file, output) + more), 1, holds);
        QVERIFY(!QDir(output).exists());
    }

    void aSettingThatCannotBeUsed_data()
    {
        QTest::addColumn<QString>("option");
        QTest::addColumn<QByteArray>("holds");
        // tst_command has every kind of value; here that nothing is written and the exit code is 2.
        for (const auto* option : {"learning_rate=0", "learning_rate=-1", "learning_rate=nan",
                 "learning_rate=1e9", "per_device_train_batch_size=0", "num_train_epochs=0", "device=tpu",
                 "metric_for_best_model=beauty", "clean=bleach"})
            QTest::newRow(option) << QStringLiteral("--") + QString::fromLatin1(option)
                                  << QByteArray(option).split('=').first();
        QTest::newRow("fp16 on the CPU") << QStringLiteral("--precision=fp16") << QByteArray("fp16");
    }
    void aSettingThatCannotBeUsed()
    {
        QFETCH(QString, option);
        QFETCH(QByteArray, holds);
        const auto output = path(QStringLiteral("out-setting"));
        check(runProgram(train(path(QStringLiteral("model")), path(QStringLiteral("train.csv")), output)
                  + QStringList{QStringLiteral("--device=cpu"), option}),
            2, holds);
        QVERIFY(!QDir(output).exists());
    }

    void aSettingsFileThatCannotBeUsed_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QByteArray>("holds");
        QTest::newRow("unknown key") << QByteArray(R"({"learning_rat": 1e-4})")
                                     << QByteArray("learning_rate");
        QTest::newRow("unknown key in arguments")
            << QByteArray(R"({"arguments": {"epochs": 3}})") << QByteArray("epochs");
        QTest::newRow("unknown key beside arguments")
            << QByteArray(R"({"arguments": {}, "args": {}})") << QByteArray("args");
        QTest::newRow("wrong type") << QByteArray(R"({"learning_rate": "fast"})")
                                    << QByteArray("learning_rate");
        QTest::newRow("out of range")
            << QByteArray(R"({"num_train_epochs": 0})") << QByteArray("num_train_epochs");
        QTest::newRow("nan") << QByteArray(R"({"learning_rate": NaN})") << QByteArray("line 1");
        QTest::newRow("no object") << QByteArray("[]") << QByteArray("object");
        QTest::newRow("no JSON") << QByteArray("learning_rate = 1") << QByteArray("settings.json");
        QTest::newRow("empty") << QByteArray() << QByteArray("settings.json");
    }
    void aSettingsFileThatCannotBeUsed()
    {
        QFETCH(QByteArray, content);
        QFETCH(QByteArray, holds);
        const auto file = path(QStringLiteral("settings.json"));
        writeFile(file, content);
        check(runProgram({QStringLiteral("train"), file}), 2, holds);
    }

    void aSettingsFileThatIsAbsent()
    {
        check(runProgram({QStringLiteral("train"), path(QStringLiteral("absent.json"))}), 1, "absent.json");
    }

    void anOutputFolderThatCannotBeUsed()
    {
        const auto model = path(QStringLiteral("model"));
        const auto data = path(QStringLiteral("train.csv"));
        check(runProgram(train(model, data, path(QStringLiteral("train.csv/out")))), 1, "train.csv");
        check(runProgram(train(model, data, data)), 1, "train.csv");
        const auto full = path(QStringLiteral("full"));
        QDir().mkpath(full);
        writeFile(full + QStringLiteral("/precious.txt"), "mine");
        check(runProgram(train(model, data, full)), 2, "not empty");
        QCOMPARE(fileContent(full + QStringLiteral("/precious.txt")), QByteArray("mine"));
        QCOMPARE(QDir(full).entryList(QDir::AllEntries | QDir::NoDotAndDotDot).size(), 1);
        check(runProgram({QStringLiteral("export"), model, QStringLiteral("--output_dir"), full}), 1, "full");
        QCOMPARE(QDir(full).entryList(QDir::AllEntries | QDir::NoDotAndDotDot).size(), 1);
    }

    void aFullDiskLeavesNoHalfFile_data()
    {
        QTest::addColumn<int>("limit");
        for (const int limit : {0, 100, 2000, 20'000})
            QTest::addRow("%d bytes", limit) << limit;
    }
    void aFullDiskLeavesNoHalfFile()
    {
        QFETCH(int, limit);
        const auto output = path(QStringLiteral("out-disk-%1").arg(limit));
        const auto result = runProgramWithFileLimit(
            train(path(QStringLiteral("model")), path(QStringLiteral("train.csv")), output), limit);
        check(result, 1, "");
        nothingIsLeft(output);
        const auto target = path(QStringLiteral("export-disk-%1").arg(limit));
        check(runProgramWithFileLimit({QStringLiteral("export"), path(QStringLiteral("model")),
                                          QStringLiteral("--output_dir"), target},
                  limit),
            1, "");
        QVERIFY(!QDir(target).exists());
    }

    void otherCommandsSayItToo()
    {
        const auto model = path(QStringLiteral("model"));
        check(runProgram({QStringLiteral("evaluate"), QStringLiteral("--model_name_or_path"), model,
                  QStringLiteral("--file"), path(QStringLiteral("train.csv"))}),
            1, "no trained classification head");
        check(runProgram({QStringLiteral("inspect"), QStringLiteral("--model_name_or_path"),
                  path(QStringLiteral("absent"))}),
            1, "absent");
        check(runProgram({QStringLiteral("tokenize"), QStringLiteral("--model_name_or_path"),
                  path(QStringLiteral("absent"))}),
            1, "absent");
        check(runProgram({QStringLiteral("export"), path(QStringLiteral("absent")),
                  QStringLiteral("--output_dir"), path(QStringLiteral("x"))}),
            1, "absent");
        check(runProgram({QStringLiteral("predict"), QStringLiteral("--model_name_or_path"), model,
                  QStringLiteral("--file"), path(QStringLiteral("absent.txt"))}),
            1, "absent.txt");
        check(runProgram({QStringLiteral("predict"), QStringLiteral("--model_name_or_path"), model,
                  QStringLiteral("--text=a"), QStringLiteral("--device=cuda:99")}),
            1, "cuda:99");
    }
};

QTEST_GUILESS_MAIN(TestBadInput)
#include "tst_bad_input.moc"
