// SPDX-License-Identifier: MIT
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/text/tokenizer.h"
#include "tests/core/text/text_test_data.h"

#include <set>
#include <thread>

using namespace studio;

class TestWordPiece : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void questionsOfSquadGiveTheReferenceIds()
    {
        const auto data = testDataFolder();
        STUDIO_SKIP_WITHOUT(data, "STUDIO_TEST_DATA");
        const auto folder = data / "bert_tok_squad";
        const auto tokenizer = Tokenizer::loadFile(folder / "vocab.txt");
        const auto words = readJsonFile(folder / "basic_tokenized_questions.json");
        const auto expected = readJsonFile(folder / "tokenized_questions.json");
        QCOMPARE(expected.size(), size_t{10570});
        QCOMPARE(words.size(), expected.size());
        size_t equal = 0;
        for (size_t i = 0; i < expected.size(); ++i) {
            std::string text;
            for (const auto& word : words[i])
                text += (text.empty() ? "" : " ") + word.get<std::string>();
            const auto ids = expected[i].get<std::vector<int32_t>>();
            const EncodeOptions plain{.addSpecialTokens = false};
            if (tokenizer->encode(text, plain).ids == ids
                && tokenizer->encodeIds(text, nullptr, plain).ids == ids)
                ++equal;
        }
        QCOMPARE(equal, size_t{10570});
    }

    void emptyTextIsTheSpecialTokensAlone()
    {
        STUDIO_SKIP_WITHOUT(starterFolder(), "the starter model");
        const auto tokenizer = Tokenizer::load(starterFolder());
        const auto encoding = tokenizer->encode("");
        QCOMPARE(encoding.ids, (std::vector<int32_t>{101, 102}));
        QCOMPARE(encoding.tokens, (std::vector<std::string>{"[CLS]", "[SEP]"}));
        QCOMPARE(encoding.specialTokensMask, (std::vector<uint8_t>{1, 1}));
        QCOMPARE(encoding.sequenceIds, (std::vector<int8_t>{-1, -1}));
        QCOMPARE(tokenizer->encodeIds("", nullptr).ids, encoding.ids);
    }

    void starterFolderStatesItsFacts()
    {
        STUDIO_SKIP_WITHOUT(starterFolder(), "the starter model");
        const auto tokenizer = Tokenizer::load(starterFolder());
        QCOMPARE(tokenizer->kind(), std::string("WordPiece"));
        QCOMPARE(tokenizer->vocabularySize(), 30522);
        QCOMPARE(tokenizer->modelMaxLength().value_or(-1), 512);
        QCOMPARE(tokenizer->padId().value_or(-1), 0);
        QCOMPARE(tokenizer->unknownId().value_or(-1), 100);
        QCOMPARE(tokenizer->specialTokenCount(false), 2);
        QCOMPARE(tokenizer->specialTokenCount(true), 3);
        QCOMPARE(tokenizer->tokenToId("[MASK]").value_or(-1), 103);
        QCOMPARE(tokenizer->idToToken(2088), std::string("world"));
        QCOMPARE(tokenizer->idToToken(-1), std::string());
        QCOMPARE(tokenizer->idToToken(30522), std::string());
        std::set<std::string> names;
        for (const auto& file : tokenizer->files()) {
            QVERIFY(file.is_absolute());
            names.insert(file.filename().string());
        }
        QCOMPARE(names,
            (std::set<std::string>{
                "special_tokens_map.json", "tokenizer.json", "tokenizer_config.json", "vocab.txt"}));
        QCOMPARE(tokenizer->contentHash().size(), size_t{64});
        QCOMPARE(Tokenizer::load(starterFolder())->contentHash(), tokenizer->contentHash());
    }

    void oneObjectServesEightThreads()
    {
        STUDIO_SKIP_WITHOUT(starterFolder(), "the starter model");
        const auto tokenizer = Tokenizer::load(starterFolder());
        const std::string first = "Na\xC3\xAFve caf\xC3\xA9s \xE5\x8C\x97\xE4\xBA\xAC [MASK] unaffable!",
                          second = "A second text.";
        const std::string_view secondView = second;
        const auto expected = tokenizer->encodePair(first, second);
        std::vector<int> wrong(8);
        {
            std::vector<std::jthread> threads;
            for (auto& count : wrong) {
                threads.emplace_back([&] {
                    for (int i = 0; i < 200; ++i) {
                        const auto encoding = tokenizer->encodePair(first, second);
                        if (encoding.ids != expected.ids || encoding.offsets != expected.offsets)
                            ++count;
                        if (tokenizer->encodeIds(first, &secondView).ids != expected.ids)
                            ++count;
                        if (tokenizer->decode(expected.ids, true).empty())
                            ++count;
                    }
                });
            }
        }
        QCOMPARE(wrong, std::vector<int>(8));
    }
};

QTEST_APPLESS_MAIN(TestWordPiece)
#include "tst_wordpiece.moc"
