// SPDX-License-Identifier: MIT
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/text/tokenizer.h"
#include "tests/core/text/encoding_line.h"
#include "tests/core/text/hard_texts.h"
#include "tests/core/text/random_texts.h"
#include "tests/core/text/text_test_data.h"

#include <algorithm>
#include <thread>

using namespace studio;
using namespace studio::tests;

namespace {

std::filesystem::path modelFile(const std::string& name)
{
    if (name == "t5")
        return testDataFolder() / "torchtune_assets" / "sentencepiece.model";
    return goldenFolder() / "sentencepiece" / (name + ".model");
}

std::string lineOf(const Tokenizer& tokenizer, const Encoding& encoding)
{
    std::string pieces;
    for (size_t i = 0; i < encoding.tokens.size(); ++i)
        pieces += concat(i == 0 ? "" : "\x1f", encoding.tokens[i]);
    return concat(joined(encoding.ids), "|", pieces, "|", spansText(encoding.offsets), "|",
        tokenizer.decode(encoding.ids, false));
}

} // namespace

class TestSentencePiece : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void textsAreEncodedAsTheLibraryDoes_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::newRow("tiny_unigram") << QStringLiteral("SentencePiece Unigram");
        QTest::newRow("tiny_bpe") << QStringLiteral("SentencePiece BPE");
        QTest::newRow("t5") << QStringLiteral("SentencePiece Unigram");
    }
    void textsAreEncodedAsTheLibraryDoes()
    {
        QFETCH(QString, kind);
        const std::string name = QTest::currentDataTag();
        if (name == "t5")
            STUDIO_SKIP_WITHOUT(testDataFolder(), "STUDIO_TEST_DATA");
        const auto tokenizer = Tokenizer::loadFile(modelFile(name));
        const auto golden = readJsonFile(goldenFolder() / "sentencepiece" / (name + ".json"));
        QCOMPARE(QString::fromStdString(tokenizer->kind()), kind);
        QCOMPARE(tokenizer->vocabularySize(), golden.at("pieces").get<int32_t>());

        for (const auto& record : golden.at("fixed")) {
            const auto text = record.at("text").get<std::string>();
            const auto encoding = tokenizer->encode(text);
            std::vector<TokenSpan> offsets;
            for (const auto& span : record.at("offsets"))
                offsets.push_back({span[0].get<int32_t>(), span[1].get<int32_t>()});
            QVERIFY2(encoding.ids == record.at("ids").get<std::vector<int32_t>>(), text.c_str());
            QVERIFY2(encoding.tokens == record.at("pieces").get<std::vector<std::string>>(), text.c_str());
            QVERIFY2(encoding.offsets == offsets,
                concat(text, ": ", spansText(encoding.offsets), " not ", spansText(offsets)).c_str());
            QCOMPARE(tokenizer->decode(encoding.ids, false), record.at("decoded").get<std::string>());
        }
        Random random(golden.at("seed").get<uint64_t>());
        const auto expected = golden.at("digests").get<std::vector<std::string>>();
        int wrong = 0;
        for (const auto& hash : expected) {
            std::string lines;
            for (int i = 0; i < 250; ++i) {
                const auto text = randomText(random);
                const auto encoding = tokenizer->encode(text);
                QVERIFY(tokenizer->encodeIds(text, nullptr).ids == encoding.ids);
                lines += lineOf(*tokenizer, encoding) + "\n";
            }
            wrong += digest(lines) == hash ? 0 : 1;
        }
        QCOMPARE(expected.size(), size_t{20}); // 5,000 texts
        QCOMPARE(wrong, 0);
        const auto hard = hardTexts();
        for (size_t i = 0; i < hard.size(); i += 10) {
            std::string lines;
            for (size_t j = i; j < std::min(i + 10, hard.size()); ++j)
                lines += lineOf(*tokenizer, tokenizer->encode(hard[j])) + "\n";
            QCOMPARE(digest(lines), golden.at("hard").at(i / 10).get<std::string>());
        }
    }

    void pairsAreJoinedAndCut()
    {
        const auto tokenizer = Tokenizer::loadFile(modelFile("tiny_unigram"));
        const std::string first = "The boat runs", second = "The old clock waits for it";
        const auto firstIds = tokenizer->encode(first).ids, secondIds = tokenizer->encode(second).ids;
        auto both = firstIds;
        both.insert(both.end(), secondIds.begin(), secondIds.end());
        QCOMPARE(tokenizer->encodePair(first, second).ids, both);
        QCOMPARE(tokenizer->specialTokenCount(true), 0);
        const EncodeOptions options{.maxLength = 8};
        const auto cut = tokenizer->encodePair(first, second, options);
        QCOMPARE(cut.ids.size(), size_t{8});
        QVERIFY(cut.truncated);
        QCOMPARE(cut.sequenceIds.front(), int8_t{0});
        QCOMPARE(cut.sequenceIds.back(), int8_t{1});
        const std::string_view secondView = second;
        QCOMPARE(tokenizer->encodeIds(first, &secondView, options).ids, cut.ids);
    }

    void specialPiecesHaveTheirIds()
    {
        const auto tokenizer = Tokenizer::loadFile(modelFile("tiny_bpe"));
        QCOMPARE(tokenizer->unknownId().value_or(-1), 0);
        QCOMPARE(tokenizer->padId().value_or(-1), 3);
        QCOMPARE(tokenizer->tokenToId("</s>").value_or(-1), 2);
        QCOMPARE(tokenizer->idToToken(1), std::string("<s>"));
        QVERIFY(!tokenizer->tokenToId("no such piece").has_value());
        const auto boat = tokenizer->encode("The boat").ids;
        std::vector<int32_t> framed{1};
        framed.insert(framed.end(), boat.begin(), boat.end());
        framed.insert(framed.end(), {2, 0, -1, 1'000'000});
        QCOMPARE(tokenizer->decode(framed, true), std::string("The boat"));
    }

    void unknownCharactersAreCounted()
    {
        const auto tokenizer = Tokenizer::loadFile(modelFile("tiny_unigram"));
        const std::vector<std::string> texts{"The boat", "\xF0\x9F\x98\x80\xF0\x9F\x98\x80 a"};
        QCOMPARE(tokenizer->encodeIds(texts[1], nullptr).unknownCount, 1);
        QCOMPARE(unknownShare(*tokenizer, texts), 2.0 / 10.0);
        QCOMPARE(unknownShare(*tokenizer, {}), 0.0);
    }

    void oneObjectServesEightThreads()
    {
        const auto tokenizer = Tokenizer::loadFile(modelFile("tiny_unigram"));
        const std::string text = "The small boat \xE4\xBB\x96 quietly ignores the measurements";
        const auto expected = tokenizer->encode(text);
        std::vector<int> wrong(8);
        {
            std::vector<std::jthread> threads;
            for (auto& count : wrong) {
                threads.emplace_back([&] {
                    for (int i = 0; i < 200; ++i)
                        count += tokenizer->encode(text).offsets == expected.offsets ? 0 : 1;
                });
            }
        }
        QCOMPARE(wrong, std::vector<int>(8));
    }

    void damagedModelsAreRefused()
    {
        try {
            static_cast<void>(Tokenizer::loadFile(goldenFolder() / "sentencepiece" / "none.model"));
            QFAIL("a missing file was accepted");
        } catch (const Error& error) {
            QCOMPARE(error.kind(), ErrorKind::File);
        }
    }
};

QTEST_APPLESS_MAIN(TestSentencePiece)
#include "tst_sentencepiece.moc"
