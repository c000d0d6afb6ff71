// SPDX-License-Identifier: MIT
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/text/tokenizer.h"
#include "tests/core/text/encoding_line.h"
#include "tests/core/text/hard_texts.h"
#include "tests/core/text/syllable_texts.h"
#include "tests/core/text/text_test_data.h"

#include <algorithm>
#include <thread>

#include <QTemporaryDir>

using namespace studio;
using namespace studio::tests;

namespace {

std::filesystem::path modelFolder()
{
    return goldenFolder() / "models";
}

/// The texts of tests/reference/make_model_goldens.py.
std::vector<std::string> modelTexts(uint64_t seed, int count)
{
    std::vector<std::string> texts;
    Random random(seed);
    for (int i = 0; i < count; ++i)
        texts.push_back(i % 2 != 0 ? syllableText(random) : randomText(random));
    return texts;
}

} // namespace

class TestTokenModels : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;

    /// The sentence with which a tokenizer.json of this "model" block is refused; empty when it is not.
    std::string refusal(const std::string& model)
    {
        const auto file = std::filesystem::path(m_folder.path().toStdString()) / "tokenizer.json";
        writeFileAtomically(file,
            concat(R"({"version":"1.0","added_tokens":[],"normalizer":null,"pre_tokenizer":null,)",
                R"("post_processor":null,"decoder":null,"model":)", model, "}"));
        try {
            static_cast<void>(Tokenizer::loadFile(file));
        } catch (const Error& error) {
            return error.kind() == ErrorKind::Checkpoint ? error.what() : "wrong kind of error";
        }
        return {};
    }

    /// The tokeniser of these blocks.
    std::shared_ptr<const Tokenizer> tokenizerOf(
        const std::string& normalizer, const std::string& preTokenizer, const std::string& model) const
    {
        const auto file = std::filesystem::path(m_folder.path().toStdString()) / "tokenizer.json";
        writeFileAtomically(file,
            concat(R"({"version":"1.0","added_tokens":[],"post_processor":null,"decoder":null,"normalizer":)",
                normalizer, R"(,"pre_tokenizer":)", preTokenizer, R"(,"model":)", model, "}"));
        return Tokenizer::loadFile(file);
    }

private Q_SLOTS:
    void everyModelEncodesAsTheReferenceDoes_data()
    {
        QTest::addColumn<int>("index");
        const auto index = readJsonFile(modelFolder() / "digests.json");
        for (size_t i = 0; i < index.size(); ++i)
            QTest::newRow(index[i].at("name").get<std::string>().c_str()) << static_cast<int>(i);
    }
    void everyModelEncodesAsTheReferenceDoes()
    {
        QFETCH(int, index);
        const auto record = readJsonFile(modelFolder() / "digests.json")[static_cast<size_t>(index)];
        const auto tokenizer
            = Tokenizer::loadFile(modelFolder() / (record.at("name").get<std::string>() + ".json"));
        const auto expected = record.at("digests").get<std::vector<std::string>>();
        const auto count = record.at("count").get<int>();
        const auto step = static_cast<size_t>(count) / expected.size();
        const auto texts = modelTexts(record.at("seed").get<uint64_t>(), count);
        size_t differences = 0;
        std::string lines;
        for (size_t i = 0; i < texts.size(); ++i) {
            const auto encoding = tokenizer->encode(texts[i]);
            QVERIFY(tokenizer->encodeIds(texts[i], nullptr).ids == encoding.ids);
            lines += encodingLine(*tokenizer, encoding) + "\n";
            if ((i + 1) % step == 0) {
                differences += digest(lines) == expected[i / step] ? 0 : 1;
                lines.clear();
            }
        }
        QCOMPARE(differences, size_t{0});

        const auto hard = hardTexts();
        for (size_t i = 0; i < hard.size(); i += 10) {
            lines.clear();
            for (size_t j = i; j < std::min(i + 10, hard.size()); ++j)
                lines += encodingLine(*tokenizer, tokenizer->encode(hard[j])) + "\n";
            QCOMPARE(digest(lines), record.at("hard").at(i / 10).get<std::string>());
        }
    }

    void tokensPastTheirWordHaveTheReferencesPlaces()
    {
        // The suffix of a character without a token of its own falls into bytes too, which the text lacks.
        const auto tokenizer = tokenizerOf("null", R"({"type":"WhitespaceSplit"})",
            R"({"type":"BPE","byte_fallback":true,)"
            R"("end_of_word_suffix":"</w>","merges":[],"vocab":{"<0x61>":0,"<0x3C>":1,"<0x2F>":2,"<0x77>":3,)"
            R"("<0x3E>":4,"<0xE2>":5,"<0x82>":6,"<0xAC>":7}})");
        QCOMPARE(spansText(tokenizer->encode("a").offsets), std::string("0-1,1-2,2-3,3-4,4-5"));
        QCOMPARE(spansText(tokenizer->encode("\u20AC").offsets), std::string("0-1,0-1,0-1,3-4,4-5,5-6,6-7"));
        QCOMPARE(spansText(tokenizer->encode("\u20AC\u20AC a").offsets),
            std::string("0-1,0-1,0-1,1-2,1-2,1-2,2-3,3-4,8-9,9-10,3-4,0-0,0-1,1-1,1-1"));
    }

    void quickWayKnowsTextPutBeforeTheText_data()
    {
        QTest::addColumn<QByteArray>("normalizer");
        QTest::addColumn<QList<int>>("ids");
        // The byte-level step passes over what stands for nothing of the text.
        QTest::newRow("nothing") << QByteArray(R"({"type":"Prepend","prepend":""})") << QList<int>{0, 0};
        QTest::newRow("start") << QByteArray(R"({"type":"Replace","pattern":{"Regex":"^"},"content":"\n"})")
                               << QList<int>{3, 4, 0};
    }
    void quickWayKnowsTextPutBeforeTheText()
    {
        QFETCH(QByteArray, normalizer);
        QFETCH(QList<int>, ids);
        const auto tokenizer = tokenizerOf(normalizer.toStdString(),
            R"({"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true})",
            "{\"type\":\"BPE\",\"merges\":[],\"vocab\":{\"a\":0,\"\u0120\":1,\"b\":2,\"\u010A\":3,\"\\n\":4}"
            "}");
        const std::vector<int32_t> expected(ids.begin(), ids.end());
        QCOMPARE(tokenizer->encode("a").ids, expected);
        QCOMPARE(tokenizer->encodeIds("a", nullptr).ids, expected);
    }

    void oneModelServesManyThreads()
    {
        const auto tokenizer = Tokenizer::loadFile(modelFolder() / "bpe_byte_fallback.json");
        const auto texts = modelTexts(77, 300);
        std::vector<std::vector<int32_t>> expected;
        for (const auto& text : texts)
            expected.push_back(tokenizer->encode(text).ids);
        std::vector<int> wrong(8);
        std::vector<std::thread> threads;
        for (size_t t = 0; t < wrong.size(); ++t) {
            threads.emplace_back([&, t] {
                for (size_t i = 0; i < texts.size(); ++i) {
                    const auto at = (i * 7 + t * 31) % texts.size();
                    wrong[t] += tokenizer->encodeIds(texts[at], nullptr).ids == expected[at] ? 0 : 1;
                }
            });
        }
        for (auto& thread : threads)
            thread.join();
        QCOMPARE(wrong, std::vector<int>(8));
    }

    void longWordsTakeNoTimeBeyondReason()
    {
        const auto tokenizer = Tokenizer::loadFile(modelFolder() / "bpe_byte_fallback.json");
        std::string word;
        for (int i = 0; i < 60'000; ++i)
            word += i % 3 == 0 ? "lo" : "ka";
        const auto encoding = tokenizer->encode(word);
        QVERIFY(encoding.ids.size() < 100'000);
        QCOMPARE(encoding.offsets.back().end, 120'000);
    }

    void badModelsAreRefusedInOneSentence_data()
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<QString>("part");
        const auto row = [](const char* name, const char* model, const char* part) {
            QTest::newRow(name) << QString::fromUtf8(model) << QString::fromUtf8(part);
        };
        row("unknown model", R"({"type":"Morse","vocab":{}})", "the model \"Morse\" is not supported");
        row("merge of an absent piece", R"({"type":"BPE","vocab":{"a":0,"b":1},"merges":["a b"]})",
            "the merge number 1 (\"a\" and \"b\") needs the piece \"ab\"");
        row("merge of one piece", R"({"type":"BPE","vocab":{"a":0},"merges":["aa"]})", "the merge number 1");
        row("merge of three", R"({"type":"BPE","vocab":{"a":0},"merges":[["a","a","a"]]})",
            "[\"a\",\"a\",\"a\"]");
        row("no merges", R"({"type":"BPE","vocab":{"a":0}})", "\"merges\" is missing");
        row("one id twice", R"({"type":"BPE","vocab":{"a":0,"b":0},"merges":[]})",
            "\"a\" and \"b\" both have the id 0");
        row("one piece twice",
            R"({"type":"WordPiece","unk_token":"a","continuing_subword_prefix":"##",)"
            R"("max_input_chars_per_word":100,"vocab":{"a":0,"a":1}})",
            "has the piece \"a\" twice");
        row("one id twice, WordPiece",
            R"({"type":"WordPiece","unk_token":"a","continuing_subword_prefix":"##",)"
            R"("max_input_chars_per_word":100,"vocab":{"a":0,"b":0}})",
            "both have the id 0");
        row("id is a text", R"({"type":"WordLevel","unk_token":"a","vocab":{"a":"0"}})",
            "the id of the piece \"a\"");
        row("id is negative", R"({"type":"WordLevel","unk_token":"a","vocab":{"a":-1}})", "is -1");
        row("enormous id", R"({"type":"WordLevel","unk_token":"a","vocab":{"a":4000000000}})",
            "is 4000000000");
        row("vocabulary is a list", R"({"type":"WordLevel","unk_token":"a","vocab":[]})",
            "must be an object");
        row("score is missing", R"({"type":"Unigram","unk_id":0,"vocab":[["a"]]})", "entry number 0");
        row("unknown id outside", R"({"type":"Unigram","unk_id":4,"vocab":[["a",0.0]]})", "\"unk_id\" is 4");
        row("unknown id is a text", R"({"type":"Unigram","unk_id":"a","vocab":[["a",0.0]]})",
            "\"unk_id\" must be an id");
        row("flag is a number", R"({"type":"BPE","fuse_unk":1,"vocab":{},"merges":[]})", "\"fuse_unk\"");
    }
    void badModelsAreRefusedInOneSentence()
    {
        QFETCH(QString, model);
        QFETCH(QString, part);
        const auto sentence = QString::fromStdString(refusal(model.toStdString()));
        QVERIFY2(sentence.contains(part), qPrintable(sentence));
        QVERIFY2(sentence.contains(QStringLiteral("tokenizer.json")), qPrintable(sentence));
    }

    void unknownWordWithoutUnknownTokenIsAnError()
    {
        QCOMPARE(refusal(R"({"type":"WordLevel","unk_token":"?","vocab":{"a":0}})"), std::string());
        const auto tokenizer
            = Tokenizer::loadFile(std::filesystem::path(m_folder.path().toStdString()) / "tokenizer.json");
        QCOMPARE(tokenizer->encode("a").ids, std::vector<int32_t>{0});
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(tokenizer->encode("b")), Error);
    }
};

QTEST_APPLESS_MAIN(TestTokenModels)
#include "tst_token_models.moc"
