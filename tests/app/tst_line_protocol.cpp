// SPDX-License-Identifier: MIT
#include "tests/app/program.h"
#include "tests/app/tiny_checkpoint.h"

#include <cmath>

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace studio;
using namespace studio::test;

class TestLineProtocol : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    [[nodiscard]] QString model() const { return m_folder.filePath(QStringLiteral("model")); }
    [[nodiscard]] QStringList command(const char* name, const QStringList& more = {}) const
    {
        return QStringList{QString::fromLatin1(name), QStringLiteral("--model_name_or_path"), model()} + more;
    }

private Q_SLOTS:
    void initTestCase() { writeTinyCheckpoint(model()); }

    void tokenizeAnswersEachLine()
    {
        const auto result
            = runProgram(command("tokenize"), "\"The food, was bad!\"\n[\"good\",\"a\"]\n\"\"\r\n\"日\"");
        QCOMPARE(result.exitCode, 0);
        const auto objects = result.objects();
        QCOMPARE(objects.size(), 4);
        const Json tokens = {"[CLS]", "the", "food", ",", "was", "bad", "!", "[SEP]"};
        const Json offsets = {{0, 0}, {0, 3}, {4, 8}, {8, 9}, {10, 13}, {14, 17}, {17, 18}, {0, 0}};
        QCOMPARE(objects[0]["tokens"].dump(), tokens.dump());
        QCOMPARE(objects[0]["offsets"].dump(), offsets.dump());
        for (size_t i = 0; i < tokens.size(); ++i)
            QCOMPARE(objects[0]["input_ids"][i].get<int>(),
                tinyVocabulary().indexOf(QString::fromStdString(tokens[i])));
        QCOMPARE(objects[1]["tokens"].dump(), Json({"[CLS]", "good", "[SEP]", "a", "[SEP]"}).dump());
        QCOMPARE(objects[1]["token_type_ids"].dump(), Json({0, 0, 0, 1, 1}).dump());
        QCOMPARE(objects[2]["tokens"].dump(), Json({"[CLS]", "[SEP]"}).dump());
        QCOMPARE(objects[3]["offsets"].dump(), Json({{0, 0}, {0, 1}, {0, 0}}).dump());
    }

    void tokenizeWithoutSpecialTokensAndBack()
    {
        const auto plain
            = runProgram(command("tokenize", {QStringLiteral("--no-special-tokens")}), "\"good film\"\n");
        QCOMPARE(plain.object()["tokens"].dump(), Json({"good", "film"}).dump());
        const auto cut
            = runProgram(command("tokenize", {QStringLiteral("--max_seq_length=3")}), "\"good film\"\n");
        QCOMPARE(cut.object()["tokens"].dump(), Json({"[CLS]", "good", "[SEP]"}).dump());
        QCOMPARE(cut.object()["truncated"].dump(), std::string("true"));
        const auto good = QByteArray::number(tinyVocabulary().indexOf(QStringLiteral("good")));
        const auto line = "[2," + good + ",3]\n";
        const auto back = runProgram(command("tokenize", {QStringLiteral("--decode")}), line);
        QCOMPARE(back.object()["text"].get<std::string>(), std::string("[CLS] good [SEP]"));
        const auto skipped = runProgram(
            command("tokenize", {QStringLiteral("--decode"), QStringLiteral("--skip_special_tokens")}), line);
        QCOMPARE(skipped.object()["text"].get<std::string>(), std::string("good"));
    }

    void aBadLineIsAnsweredAndNamed_data()
    {
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QByteArray>("good");
        const QStringList decode = {QStringLiteral("--decode")};
        QTest::newRow("no JSON") << QStringList() << QByteArray("plain text") << QByteArray("\"a\"");
        QTest::newRow("empty") << QStringList() << QByteArray() << QByteArray("\"a\"");
        QTest::newRow("a number") << QStringList() << QByteArray("5") << QByteArray("\"a\"");
        QTest::newRow("three texts") << QStringList() << QByteArray("[\"a\",\"b\",\"c\"]")
                                     << QByteArray("\"a\"");
        QTest::newRow("lone surrogate") << QStringList() << QByteArray("\"\\ud800\"") << QByteArray("\"a\"");
        QTest::newRow("deep") << QStringList() << QByteArray(3000, '[') << QByteArray("\"a\"");
        QTest::newRow("id too large") << decode << QByteArray("[100000]") << QByteArray("[1]");
        QTest::newRow("negative id") << decode << QByteArray("[-1]") << QByteArray("[1]");
        QTest::newRow("fraction") << decode << QByteArray("[1.5]") << QByteArray("[1]");
        QTest::newRow("text") << decode << QByteArray("\"a\"") << QByteArray("[1]");
    }
    void aBadLineIsAnsweredAndNamed()
    {
        QFETCH(QStringList, options);
        QFETCH(QByteArray, line);
        QFETCH(QByteArray, good);
        const auto result = runProgram(command("tokenize", options), good + "\n" + line + "\n" + good + "\n");
        QCOMPARE(result.exitCode, 2);
        const auto objects = result.objects();
        QCOMPARE(objects.size(), 3);
        QVERIFY(!objects[0].contains("error"));
        QVERIFY(objects[1].value("error", std::string()).starts_with("Standard input, line 2: found "));
        QCOMPARE(objects[2].dump(), objects[0].dump());
        QVERIFY2(result.err.contains("line 2"), result.err);
    }

    void predictGivesOneObjectALine()
    {
        const QByteArray input = "good film\r\n\nbad\xFF\n" + QByteArray(4000, 'x') + " y"
            + QByteArray(" good").repeated(200) + "\nwith \"quotes\"\tand tab\xE2\x80\xA8";
        const auto result = runProgram(command("predict", {QStringLiteral("--json")}), input);
        QCOMPARE(result.exitCode, 0);
        const auto objects = result.objects();
        QCOMPARE(objects.size(), 5);
        QCOMPARE(objects[0]["text"].get<std::string>(), std::string("good film"));
        QCOMPARE(objects[1]["text"].get<std::string>(), std::string());
        QCOMPARE(objects[2]["text"].get<std::string>(), std::string("bad\xEF\xBF\xBD"));
        QVERIFY(result.err.contains("line 3: not valid UTF-8"));
        QCOMPARE(objects[3].value("truncated", false), true);
        QVERIFY(!objects[0].contains("truncated"));
        QCOMPARE(objects[4]["text"].get<std::string>(), std::string("with \"quotes\"\tand tab\xE2\x80\xA8"));
        for (const auto& object : objects) {
            double sum = 0, best = 0;
            for (const auto& [label, score] : object["scores"].items()) {
                sum += score.get<double>();
                best = std::max(best, score.get<double>());
            }
            QVERIFY(std::abs(sum - 1) < 1e-5);
            QCOMPARE(object["score"].get<double>(), best);
            QCOMPARE(object["scores"][object["label"].get<std::string>()].get<double>(), best);
            QCOMPARE(object["logits"].size(), object["scores"].size());
        }
    }

    void scoreGivesEachTokensLogProbability()
    {
        const auto folder = m_folder.filePath(QStringLiteral("language"));
        writeTinyLanguageModel(folder);
        const QStringList score{QStringLiteral("score"), QStringLiteral("--model_name_or_path"), folder};
        const auto json = score + QStringList{QStringLiteral("--json")};
        // [CLS] the film is good [SEP]; a cut one; one text's numbers do not depend on the others
        const auto result = runProgram(
            json, "the film is good\n\n" + QByteArray("bad ").repeated(100) + "\nthe film is good\n");
        QCOMPARE(result.exitCode, 0);
        const auto objects = result.objects();
        QCOMPARE(objects.size(), 4);
        QCOMPARE(objects[0]["text"].get<std::string>(), std::string("the film is good"));
        QCOMPARE(objects[0]["logprobs"].size(), size_t(5));
        double sum = 0;
        for (size_t i = 0; i < 5; ++i) {
            const auto value = objects[0]["logprobs"][i].get<double>();
            QVERIFY(value < 0);
            QVERIFY(std::abs(value - objects[3]["logprobs"][i].get<double>()) < 1e-5);
            sum += value;
        }
        QVERIFY(std::abs(sum - objects[0]["sum"].get<double>()) < 1e-5);
        QVERIFY(std::abs(std::exp(-sum / 5) - objects[0]["perplexity"].get<double>()) < 1e-4);
        QCOMPARE(objects[1]["logprobs"].size(), size_t(1));
        QCOMPARE(objects[2].value("truncated", false), true);
        QCOMPARE(objects[2]["logprobs"].size(), size_t(63));
        QVERIFY2(result.err.contains("4 texts, ") && result.err.contains("perplexity"), result.err);
        QVERIFY2(result.err.contains("1 text was cut after 64 tokens"), result.err);

        const auto plain
            = runProgram(score + QStringList{QStringLiteral("--text"), QStringLiteral("the film is good")});
        const auto cells = plain.out.trimmed().split('\t');
        QCOMPARE(cells.size(), 3);
        QVERIFY(std::abs(cells[0].toDouble() - objects[0]["perplexity"].get<double>()) < 1e-3);
        QCOMPARE(cells[2].toInt(), 5);

        const auto refused = runProgram(command("score", {QStringLiteral("--text"), QStringLiteral("a")}));
        QCOMPARE(refused.exitCode, 1);
        QVERIFY2(refused.err.contains("predicts no next token"), refused.err);
    }

    void scoreGivesTheLogProbabilitiesOfTargets()
    {
        const auto folder = m_folder.filePath(QStringLiteral("pairs"));
        writeTinyEncoderDecoder(folder);
        const auto score = [&](const QStringList& more) {
            return runProgram(
                QStringList{QStringLiteral("score"), QStringLiteral("--model_name_or_path"), folder} + more);
        };
        const auto path = [&](const char* name, const QByteArray& content) {
            const auto file = m_folder.filePath(QString::fromLatin1(name));
            writeFile(file, content);
            return file;
        };
        const QStringList one{QStringLiteral("--text"), QStringLiteral("the film is good"),
            QStringLiteral("--target"), QStringLiteral("good")};
        const auto given = score(one + QStringList{QStringLiteral("--json")});
        QVERIFY2(given.exitCode == 0, given.err);
        const auto object = given.object();
        QCOMPARE(object["target"].get<std::string>(), std::string("good"));
        QCOMPARE(object["logprobs"].size(), size_t(3)); // [CLS] good [SEP]: the first token has a score too
        double sum = 0;
        for (const auto& value : object["logprobs"])
            sum += value.get<double>();
        QVERIFY(std::abs(sum - object["sum"].get<double>()) < 1e-5);
        QVERIFY(std::abs(std::exp(-sum / 3) - object["perplexity"].get<double>()) < 1e-3);

        // the same from two files, and from two columns; neighbours change nothing
        const auto files = score({QStringLiteral("--json"), QStringLiteral("--file"),
            path("source.txt", "bad\nthe film is good\nthe food was not very nice\n"),
            QStringLiteral("--target_file"), path("target.txt", "the food was bad\ngood\n\n")});
        const auto columns = score({QStringLiteral("--json"), QStringLiteral("--file"),
            path("pairs.jsonl",
                "{\"from\":\"bad\",\"to\":\"the food was bad\"}\n"
                "{\"from\":\"the film is good\",\"to\":\"good\"}\n"
                "{\"from\":\"the food was not very nice\",\"to\":\"\"}\n"),
            QStringLiteral("--text_column"), QStringLiteral("from"), QStringLiteral("--target_column"),
            QStringLiteral("to")});
        QVERIFY2(files.exitCode == 0 && columns.exitCode == 0, files.err + columns.err);
        const auto objects = files.objects();
        QCOMPARE(objects.size(), 3);
        QCOMPARE(columns.objects(), objects);
        for (size_t i = 0; i < 3; ++i)
            QVERIFY(std::abs(objects[1]["logprobs"][i].get<double>() - object["logprobs"][i].get<double>())
                < 1e-5);
        QCOMPARE(objects[2]["logprobs"].size(), size_t(2)); // an empty target still ends
        QVERIFY2(files.err.contains("3 texts, 11 tokens: perplexity"), files.err);

        const auto refuses = [&](const QStringList& more, int exitCode, const char* holds) {
            const auto result = score(more);
            return result.exitCode == exitCode && result.err.contains(holds) && result.out.isEmpty()
                ? QByteArray()
                : result.err;
        };
        QCOMPARE(refuses({QStringLiteral("--text"), QStringLiteral("a")}, 2, "give --target"), QByteArray());
        QCOMPARE(refuses({}, 2, "is an encoder–decoder (T5)"), QByteArray()); // before a line is awaited
        QCOMPARE(refuses(one + QStringList{QStringLiteral("--target"), QStringLiteral("b")}, 2,
                     "--target belongs to a --text"),
            QByteArray());
        QCOMPARE(refuses({QStringLiteral("--target_file"), path("target.txt", "a\n")}, 2, "needs --file"),
            QByteArray());
        QCOMPARE(refuses({QStringLiteral("--file"), path("source.txt", "a\nb\n"),
                             QStringLiteral("--target_file"), path("target.txt", "a\n")},
                     1, "has a line 2, but"),
            QByteArray());
        const auto language = m_folder.filePath(QStringLiteral("decoder"));
        writeTinyLanguageModel(language);
        const auto reverse = runProgram(
            QStringList{QStringLiteral("score"), QStringLiteral("--model_name_or_path"), language} + one);
        QCOMPARE(reverse.exitCode, 2);
        QVERIFY2(reverse.err.contains("is a decoder (GPT-2)") && reverse.err.contains("leave out --target"),
            reverse.err);
    }

    void encoderDecodersClassifyAtTheEndToken()
    {
        const auto folder = m_folder.filePath(QStringLiteral("pairs classifier"));
        writeTinyEncoderDecoder(folder);
        const auto predict = [&](const QStringList& more) {
            return runProgram(
                QStringList{QStringLiteral("predict"), QStringLiteral("--model_name_or_path"), folder} + more,
                "good film\nbad\n\n");
        };
        const auto result = predict({QStringLiteral("--json")});
        QVERIFY2(result.exitCode == 0, result.err);
        QCOMPARE(result.objects().size(), 3);
        QVERIFY2(result.err.contains("classification_head.dense.weight"), result.err);
        // the token's own spelling gives one text more of them than the others
        const auto more = runProgram(QStringList{QStringLiteral("predict"),
            QStringLiteral("--model_name_or_path"), folder, QStringLiteral("--text"),
            QStringLiteral("good [SEP] film"), QStringLiteral("--text"), QStringLiteral("bad")});
        QVERIFY2(more.exitCode == 0, more.err);
        const auto inspected
            = runProgram({QStringLiteral("inspect"), QStringLiteral("--model_name_or_path"), folder});
        QVERIFY2(inspected.out.contains("no limit"), inspected.out);
        QVERIFY2(inspected.out.contains("last end-of-sequence token"), inspected.out);
    }

    void predictAnswersBeforeTheNextLineComes()
    {
        QProcess process;
        process.start(QStringLiteral(STUDIO_PROGRAM), command("predict", {QStringLiteral("--json")}));
        for (const auto* text : {"a", "good film", "bad"}) {
            process.write(QByteArray(text) + "\n");
            QTRY_VERIFY_WITH_TIMEOUT(process.canReadLine(), 30'000);
            const auto object = Json::parse(process.readLine().toStdString(), nullptr, false);
            QCOMPARE(object.value("text", std::string()), std::string(text));
        }
        process.closeWriteChannel();
        QVERIFY(process.waitForFinished(30'000));
        QCOMPARE(process.exitCode(), 0);
        QVERIFY(process.readAllStandardOutput().isEmpty());
    }

    void withoutJsonLabelTabScore()
    {
        const QStringList texts = {QStringLiteral("--text"), QStringLiteral("good"),
            QStringLiteral("--text=-5"), QStringLiteral("--text"), QString()};
        const auto plain = runProgram(command("predict", texts));
        const auto objects
            = runProgram(command("predict", texts + QStringList{QStringLiteral("--json")})).objects();
        QCOMPARE(plain.exitCode, 0);
        const auto lines = plain.out.split('\n');
        QCOMPARE(lines.size(), 4); // the last is empty
        QCOMPARE(objects.size(), 3);
        for (int i = 0; i < 3; ++i) {
            const auto cells = lines[i].split('\t');
            QCOMPARE(cells.size(), 2);
            QCOMPARE(cells[0].toStdString(), objects[i]["label"].get<std::string>());
            QVERIFY(std::abs(cells[1].toDouble() - objects[i]["score"].get<double>()) < 1e-6);
        }
    }

    void filesAreLinesOrTables()
    {
        const auto lines = m_folder.filePath(QStringLiteral("lines.txt"));
        writeFile(lines, "good\n\nbad");
        QCOMPARE(runProgram(command("predict", {QStringLiteral("--file"), lines})).out.count('\n'), 3);
        const auto table = m_folder.filePath(QStringLiteral("pairs.csv"));
        writeFile(table, "first,second\n\"good, film\",bad\nfood,\"a\nb\"\n");
        const auto result = runProgram(command("predict",
            {QStringLiteral("--json"), QStringLiteral("--file"), table, QStringLiteral("--text_column"),
                QStringLiteral("first"), QStringLiteral("--text-pair-column=second")}));
        QVERIFY2(result.exitCode == 0, result.err);
        const auto objects = result.objects();
        QCOMPARE(objects.size(), 2);
        QCOMPARE(objects[0]["text"].get<std::string>(), std::string("good, film"));
        QCOMPARE(objects[1]["text_pair"].get<std::string>(), std::string("a\nb"));
        const auto warned = runProgram(command("predict", {QStringLiteral("--file"), table}));
        QVERIFY(warned.err.contains("--text_column"));
        const auto absent = runProgram(command("predict",
            {QStringLiteral("--file"), table, QStringLiteral("--text_column"), QStringLiteral("third")}));
        QCOMPARE(absent.exitCode, 1);
        QVERIFY2(absent.err.contains("third"), absent.err);
    }

    void linesMayHaveAnotherEncoding()
    {
        const auto file = m_folder.filePath(QStringLiteral("gb.txt"));
        writeFile(file, "\xBA\xC3\xC6\xC0\n\nfilm\n"); // 好评
        const auto result = runProgram(command("predict",
            {QStringLiteral("--json"), QStringLiteral("--file"), file,
                QStringLiteral("--encoding=gb18030")}));
        const auto objects = result.objects();
        QCOMPARE(objects.size(), 3);
        QCOMPARE(objects[0]["text"].get<std::string>(), std::string("好评"));
        const auto repaired
            = runProgram(command("predict", {QStringLiteral("--json"), QStringLiteral("--file"), file}));
        QCOMPARE(repaired.objects().size(), 3);
        QVERIFY2(repaired.err.contains("--encoding"), repaired.err);
        // Standard input is UTF-8, by whichever name.
        const auto piped = runProgram(command("predict", {QStringLiteral("--encoding=gb18030")}), "film\n");
        QCOMPARE(piped.exitCode, 2);
        QVERIFY2(piped.err.contains("standard input"), piped.err);
        QCOMPARE(runProgram(command("predict", {QStringLiteral("--encoding=UTF8")}), "film\n").exitCode, 0);
    }

    void aFileIsAnsweredAsItsLinesAlone()
    {
        QByteArray texts;
        for (int i = 0; i < 100; ++i)
            texts += QByteArray("the film was ") + (i % 3 ? "good" : "bad")
                + QByteArray(" very").repeated(i % 7) + "\n";
        const auto file = m_folder.filePath(QStringLiteral("many.txt"));
        writeFile(file, texts);
        const auto batched
            = runProgram(command("predict", {QStringLiteral("--json"), QStringLiteral("--file"), file}))
                  .objects();
        const auto single = runProgram(command("predict",
                                           {QStringLiteral("--json"), QStringLiteral("--file"), file,
                                               QStringLiteral("--per_device_eval_batch_size=1")}))
                                .objects();
        QCOMPARE(batched.size(), 100);
        QCOMPARE(single.size(), 100);
        for (int i = 0; i < 100; ++i) {
            QCOMPARE(batched[i]["text"].dump(), single[i]["text"].dump());
            for (size_t k = 0; k < batched[i]["logits"].size(); ++k)
                QVERIFY(std::abs(batched[i]["logits"][k].get<double>() - single[i]["logits"][k].get<double>())
                    < 1e-5);
        }
    }

    void aReaderThatLeavesIsNoError()
    {
        QByteArray texts;
        for (int i = 0; i < 20'000; ++i)
            texts += "good film\n";
        const auto file = m_folder.filePath(QStringLiteral("long.txt"));
        writeFile(file, texts);
        QProcess process;
        process.start(QStringLiteral("/bin/sh"),
            {QStringLiteral("-c"),
                QStringLiteral("{ \"$0\" predict --model_name_or_path \"$1\" --file \"$2\" --json; echo "
                               "\"code $?\" >&2; } | head -n 2"),
                QStringLiteral(STUDIO_PROGRAM), model(), file});
        QVERIFY(process.waitForFinished(60'000));
        QCOMPARE(process.readAllStandardOutput().count('\n'), 2);
        QVERIFY(process.readAllStandardError().endsWith("code 0\n"));
    }
};

QTEST_GUILESS_MAIN(TestLineProtocol)
#include "tst_line_protocol.moc"
