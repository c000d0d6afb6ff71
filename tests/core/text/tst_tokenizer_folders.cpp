// SPDX-License-Identifier: MIT
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/text/tokenizer.h"
#include "tests/core/text/text_test_data.h"

#include <QTemporaryDir>

using namespace studio;

namespace {

/// A small tokenizer.json whose parts a test replaces.
const char* const smallTokenizer = R"({
 "version": "1.0", "truncation": null, "padding": null,
 "added_tokens": [{"id": 0, "content": "[UNK]", "single_word": false, "lstrip": false, "rstrip": false,
                   "normalized": false, "special": true}],
 "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null,
                "lowercase": true},
 "pre_tokenizer": {"type": "BertPreTokenizer"},
 "post_processor": {"type": "TemplateProcessing",
   "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
   "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
   "special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [1], "tokens": ["[CLS]"]}}},
 "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true},
 "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
           "max_input_chars_per_word": 100, "vocab": {"[UNK]": 0, "[CLS]": 1, "a": 2, "##b": 3}}
})";

} // namespace

class TestTokenizerFolders : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    [[nodiscard]] std::filesystem::path folder() const { return m_folder.path().toStdString(); }

    void write(const std::string& name, std::string_view content) const
    {
        writeFileAtomically(folder() / name, content);
    }

    /// Loads the folder, which must fail with this kind and a sentence that holds all the parts.
    void expectFailure(ErrorKind kind, const QStringList& parts) const
    {
        try {
            static_cast<void>(Tokenizer::load(folder()));
        } catch (const Error& error) {
            const auto sentence = QString::fromUtf8(error.what());
            QVERIFY2(error.kind() == kind, error.what());
            for (const auto& part : parts)
                QVERIFY2(sentence.contains(part), qPrintable(sentence + QStringLiteral(" lacks ") + part));
            QVERIFY2(sentence.endsWith(QLatin1Char('.')), error.what());
            QVERIFY2(!sentence.contains(QLatin1Char('\n')) && sentence.size() < 2000, error.what());
            return;
        }
        QFAIL("the folder was accepted");
    }

private Q_SLOTS:
    void init()
    {
        for (const auto& entry : std::filesystem::directory_iterator(folder()))
            std::filesystem::remove_all(entry.path());
    }

    void vocabularyFoldersEqualTheReference_data()
    {
        QTest::addColumn<bool>("unused");
        for (const char* name : {"plain", "cased", "accents_kept", "modern", "legacy", "no_mask", "own_names",
                 "map_beside_modern", "json_alone", "json_cased", "json_accents", "json_as_it_is",
                 "json_declared", "json_legacy", "json_prefix", "json_no_prefix"})
            QTest::newRow(name) << true;
    }
    void vocabularyFoldersEqualTheReference()
    {
        const std::string name = QTest::currentDataTag();
        const auto goldens = goldenFolder() / "vocab_folders";
        const auto expected = readJsonFile(goldens / "expected.json").at(name);
        const auto tokenizer = Tokenizer::load(goldens / name);
        if (!expected.at("pad").is_null()) // nothing beside the tokenizer.json names it
            QCOMPARE(tokenizer->padId().value_or(-1), expected.at("pad").get<int32_t>());
        if (!expected.at("unknown").is_null())
            QCOMPARE(tokenizer->unknownId().value_or(-1), expected.at("unknown").get<int32_t>());
        for (const auto& record : expected.at("texts")) {
            const auto text = record[0].get<std::string>();
            const auto encoding = tokenizer->encode(text);
            QVERIFY2(encoding.ids == record[1].get<std::vector<int32_t>>(), text.c_str());
            for (size_t i = 0; i < encoding.offsets.size(); ++i) {
                QCOMPARE(encoding.offsets[i].start, record[2][i][0].get<int32_t>());
                QCOMPARE(encoding.offsets[i].end, record[2][i][1].get<int32_t>());
            }
            QCOMPARE(tokenizer->decode(encoding.ids, false), record[3].get<std::string>());
            QCOMPARE(tokenizer->decode(encoding.ids, true), record[4].get<std::string>());
            QCOMPARE(tokenizer->encodeIds(text, nullptr).ids, encoding.ids);
        }
        const auto pair = tokenizer->encodePair(
            expected.at("texts")[1][0].get<std::string>(), expected.at("texts")[2][0].get<std::string>());
        QCOMPARE(pair.ids, expected.at("pair")[0].get<std::vector<int32_t>>());
        QCOMPARE(pair.typeIds, expected.at("pair")[1].get<std::vector<int32_t>>());
    }

    void lengthLimitIsReadAndAstronomicalOnesAreNone()
    {
        const auto goldens = goldenFolder() / "vocab_folders";
        QCOMPARE(Tokenizer::load(goldens / "cased")->modelMaxLength().value_or(-1), 64);
        QVERIFY(!Tokenizer::load(goldens / "accents_kept")->modelMaxLength().has_value());
        QVERIFY(!Tokenizer::load(goldens / "plain")->modelMaxLength().has_value());
    }

    void settingsThatDecideTheIdsChangeTheHash()
    {
        const auto goldens = goldenFolder() / "vocab_folders";
        const auto plain = Tokenizer::load(goldens / "plain")->contentHash();
        QVERIFY(plain != Tokenizer::load(goldens / "cased")->contentHash());
        QVERIFY(plain != Tokenizer::load(goldens / "accents_kept")->contentHash());
        const auto whole = Tokenizer::load(goldens / "json_alone")->contentHash();
        for (const char* name : {"json_cased", "json_accents", "json_declared", "json_legacy"})
            QVERIFY(whole != Tokenizer::load(goldens / name)->contentHash());
        QCOMPARE(plain, Tokenizer::loadFile(goldens / "plain" / "vocab.txt")->contentHash());
    }

    void tokenizerJsonWinsOverTheVocabularyFile()
    {
        write("tokenizer.json", smallTokenizer);
        write("vocab.txt", "[UNK]\n[CLS]\n[SEP]\na\n");
        const auto tokenizer = Tokenizer::load(folder());
        QCOMPARE(tokenizer->encode("ab a").ids, (std::vector<int32_t>{1, 2, 3, 2}));
        QCOMPARE(tokenizer->vocabularySize(), 4);
        QCOMPARE(tokenizer->specialTokenCount(true), 0);
    }

    /// As transformers passes them to the model: none where model_input_names leaves them out.
    void typesAreThoseThatTheModelGets()
    {
        write("vocab.txt", "[UNK]\n[CLS]\n[SEP]\n[PAD]\n[MASK]\na\nb\n");
        const std::string_view second = "b";
        write("tokenizer_config.json", R"({"tokenizer_class":"BertTokenizer"})");
        const auto with = Tokenizer::load(folder());
        QCOMPARE(with->encodeIds("a", &second).typeIds, (std::vector<int32_t>{0, 0, 0, 1, 1}));
        write("tokenizer_config.json",
            R"({"tokenizer_class":"BertTokenizer","model_input_names":["input_ids","attention_mask"]})");
        const auto without = Tokenizer::load(folder());
        const std::vector<int32_t> zeros(5, 0);
        QCOMPARE(without->encodeIds("a", &second).typeIds, zeros);
        QCOMPARE(without->encodePair("a", "b").typeIds, zeros);
        QVERIFY(with->contentHash() != without->contentHash());
        // Where no file says it, by the class: those that leave all to the files and ALBERT's give none.
        for (const auto* config : {R"({"tokenizer_class":"PreTrainedTokenizerFast"})",
                 R"({"tokenizer_class":"TokenizersBackend"})", R"({"tokenizer_class":"AlbertTokenizer"})"}) {
            write("tokenizer_config.json", config);
            QCOMPARE(Tokenizer::load(folder())->encodeIds("a", &second).typeIds, zeros);
        }
        write("tokenizer_config.json",
            R"({"tokenizer_class":"TokenizersBackend","model_input_names":["input_ids","token_type_ids"]})");
        QCOMPARE(Tokenizer::load(folder())->encodeIds("a", &second).typeIds,
            (std::vector<int32_t>{0, 0, 0, 1, 1}));
    }

    void textsWithIdsBeyondTheModelAreRefused()
    {
        write("vocab.txt", "[UNK]\n[CLS]\n[SEP]\n[PAD]\n[MASK]\na\nb\n");
        const auto tokenizer = Tokenizer::load(folder());
        const auto before = tokenizer->contentHash();
        tokenizer->refuseIdsFrom(6);
        QVERIFY(tokenizer->contentHash() != before);
        QCOMPARE(tokenizer->encode("a").ids, (std::vector<int32_t>{1, 5, 2}));
        const std::string_view second = "b";
        QVERIFY_EXCEPTION_THROWN((void)tokenizer->encode("a b"), Error);
        QVERIFY_EXCEPTION_THROWN((void)tokenizer->encodePair("a", "b"), Error);
        QVERIFY_EXCEPTION_THROWN((void)tokenizer->encodeIds("a", &second), Error);
        QVERIFY_EXCEPTION_THROWN((void)tokenizer->encodeWindows("b", nullptr, {}), Error);
        QCOMPARE(tokenizer->padId(), std::optional<int32_t>(3));
        tokenizer->refuseIdsFrom(3); // nothing may stand for an empty text then but [UNK]
        QVERIFY(!tokenizer->padId());
        QCOMPARE(tokenizer->unknownId(), std::optional<int32_t>(0));
    }

    void aClassOfItsOwnIsRefusedWithoutItsTokenizerJson()
    {
        for (const auto* file : {"vocab.txt", "spiece.model"}) {
            init();
            write(file, "[UNK]\n[CLS]\n[SEP]\n[PAD]\n[MASK]\na\n");
            write("tokenizer_config.json", R"({"tokenizer_class":"BertJapaneseTokenizer"})");
            expectFailure(ErrorKind::Checkpoint,
                {QStringLiteral("BertJapaneseTokenizer"), QStringLiteral("tokenizer.json")});
        }
        init();
        write("vocab.txt", "[UNK]\n[CLS]\n[SEP]\n[PAD]\n[MASK]\na\n");
        for (const auto* name : {"BertTokenizerFast", "PreTrainedTokenizerFast", "ConvBertTokenizer", ""}) {
            write("tokenizer_config.json", jsonLine({{"tokenizer_class", name}}));
            QCOMPARE(Tokenizer::load(folder())->encode("a").ids, (std::vector<int32_t>{1, 5, 2}));
        }
    }

    void unknownShareCountsCharactersNotTokens()
    {
        write("tokenizer.json", smallTokenizer);
        const auto tokenizer = Tokenizer::load(folder());
        // Of the nine visible characters "cde" and "\u5317" are unknown.
        QCOMPARE(
            unknownShare(*tokenizer, std::vector<std::string>{"a cde  ab", "\xE5\x8C\x97 aa"}), 6.0 / 9.0);
    }

    void unknownShareOfAnEnormousTextIsCountedInParts()
    {
        write("tokenizer.json", smallTokenizer);
        const auto tokenizer = Tokenizer::load(folder());
        std::string text;
        while (text.size() < 3'000'000)
            text += "\xE5\x8C\x97 ab ";
        QCOMPARE(unknownShare(*tokenizer, std::vector<std::string>{text}), 1.0 / 3.0);
    }

    void everyOddTruncationIsASentence()
    {
        write("tokenizer.json", smallTokenizer);
        const auto tokenizer = Tokenizer::load(folder());
        const auto failing = [&](const EncodeOptions& options, const char* second, const char* part) {
            try {
                if (second != nullptr)
                    static_cast<void>(tokenizer->encodePair("a a a", second, options));
                else
                    static_cast<void>(tokenizer->encode("a a a", options));
            } catch (const Error& error) {
                QCOMPARE(error.kind(), ErrorKind::Settings);
                QVERIFY2(std::string_view(error.what()).find(part) != std::string_view::npos, error.what());
                return;
            }
            QFAIL("the impossible was done");
        };
        failing({.maxLength = 0}, nullptr, "special tokens");
        failing({.maxLength = 3, .truncation = TruncationStrategy::OnlySecond}, nullptr, "only_second");
        failing({.maxLength = 2, .truncation = TruncationStrategy::OnlyFirst}, "a a", "only_first");
        failing({.maxLength = 3, .truncation = TruncationStrategy::OnlySecond}, "a a", "only_second");
        const auto cut = tokenizer->encode("a ab a", {.maxLength = 3});
        QCOMPARE(cut.ids, (std::vector<int32_t>{1, 2, 2}));
        QVERIFY(cut.truncated);
        QVERIFY(!tokenizer->encode("a a", {.maxLength = 3}).truncated);
        QCOMPARE(tokenizer->encode("a a", {.maxLength = 1}).ids, std::vector<int32_t>{1});
    }

    void damagedTokenizerJsonIsNamed_data()
    {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        QTest::addColumn<QStringList>("parts");
        const auto row = [](const char* name, const char* from, const char* to, const QStringList& parts) {
            QTest::newRow(name) << QString::fromUtf8(from) << QString::fromUtf8(to) << parts;
        };
        const auto s = [](const char* text) { return QString::fromUtf8(text); };
        row("unknown normalizer", "\"BertNormalizer\"", "\"Other\"", {s("normalizer"), s("\"Other\"")});
        row("unknown pre-tokenizer", "\"BertPreTokenizer\"", "\"Other\"",
            {s("pre_tokenizer"), s("\"Other\"")});
        row("unknown post-processor", "\"TemplateProcessing\"", "\"Other\"",
            {s("post_processor"), s("\"Other\"")});
        row("unknown decoder", "\"decoder\": {\"type\": \"WordPiece\"", "\"decoder\": {\"type\": \"Other\"",
            {s("decoder"), s("\"Other\"")});
        row("unknown model", "\"model\": {\"type\": \"WordPiece\"", "\"model\": {\"type\": \"Other\"",
            {s("model"), s("\"Other\"")});
        row("broken JSON", "\"vocab\": {", "\"vocab\": {,", {s("not valid JSON"), s("line 14")});
        row("cut off", "\"##b\": 3}}\n}", "\"##b\"", {s("not valid JSON")});
        row("no unknown token", "\"unk_token\": \"[UNK]\"", "\"unk_token\": \"<unk>\"",
            {s("<unk>"), s("vocabulary")});
        row("flag of a wrong type", "\"lowercase\": true", "\"lowercase\": \"yes\"",
            {s("\"lowercase\""), s("\"yes\"")});
        row("missing flag", "\"clean_text\": true,", "", {s("\"clean_text\""), s("missing")});
        row("id of a wrong type", "\"a\": 2", "\"a\": \"2\"", {s("\"a\"")});
        row("negative id", "\"a\": 2", "\"a\": -2", {s("\"a\""), s("-2")});
        row("enormous id", "\"a\": 2", "\"a\": 2000000000", {s("\"a\""), s("2000000000")});
        row("undefined special token", "\"SpecialToken\": {\"id\": \"[CLS]\"",
            "\"SpecialToken\": {\"id\": \"[X]\"", {s("[X]"), s("post_processor")});
        row("unknown version", "\"1.0\"", "\"2.0\"", {s("version"), s("\"2.0\"")});
        row("added token without text", "\"content\": \"[UNK]\",", "", {s("added_tokens"), s("content")});
        row("no model", "\"model\":", "\"modell\":", {s("\"model\"")});
        row("piece with a line end", "\"a\": 2", "\"a\\nb\\u0007\": null", {s("\"a\\nb?\""), s("null")});
        row("endless value", "\"BertPreTokenizer\"",
            QByteArray("[" + QByteArray("1,").repeated(9000) + "1]").constData(),
            {s("pre_tokenizer"), s("must be a string")});
        row("block of a wrong type", "{\"type\": \"BertPreTokenizer\"}", "7", {s("pre_tokenizer")});
    }
    void damagedTokenizerJsonIsNamed()
    {
        QFETCH(QString, from);
        QFETCH(QString, to);
        QFETCH(QStringList, parts);
        auto text = QString::fromUtf8(smallTokenizer);
        QVERIFY(text.contains(from));
        text.replace(from, to);
        write("tokenizer.json", text.toStdString());
        expectFailure(ErrorKind::Checkpoint, parts << QStringLiteral("tokenizer.json"));
    }

    void foldersWithoutAUsableTokenizerAreNamed()
    {
        expectFailure(ErrorKind::Checkpoint, {QStringLiteral("no tokeniser"), m_folder.path()});
        write("vocab.txt", "[PAD]\n[CLS]\n[SEP]\na\n");
        expectFailure(ErrorKind::Checkpoint, {QStringLiteral("[UNK]"), QStringLiteral("vocab.txt")});
        write("vocab.txt", "");
        expectFailure(ErrorKind::Checkpoint, {QStringLiteral("[UNK]"), QStringLiteral("0 pieces")});
        write("vocab.txt", "[UNK]\n\xFF\xFE\n");
        expectFailure(ErrorKind::Checkpoint, {QStringLiteral("UTF-8")});
        write("vocab.txt", "[UNK]\n[CLS]\n[SEP]\n[PAD]\n[MASK]\na\nb\na\n");
        expectFailure(ErrorKind::Checkpoint, {QStringLiteral("\"a\" twice, in the lines 6 and 8")});
        write("vocab.txt", "[UNK]\n[CLS]\n[SEP]\n[PAD]\n[MASK]\na\n\n\n"); // empty lines are no pieces
        QCOMPARE(Tokenizer::load(folder())->encode("a").ids, (std::vector<int32_t>{1, 5, 2}));
        write("vocab.txt", "[UNK]\n[CLS]\n[SEP]\n[PAD]\n[MASK]\na\n");
        write("tokenizer_config.json", "{\"do_lower_case\": 1}");
        expectFailure(ErrorKind::Checkpoint,
            {QStringLiteral("do_lower_case"), QStringLiteral("tokenizer_config.json")});
        write("tokenizer_config.json", "[]");
        expectFailure(
            ErrorKind::Checkpoint, {QStringLiteral("tokenizer_config.json"), QStringLiteral("object")});
        write("tokenizer_config.json", "{\"added_tokens_decoder\": {\"x\": {\"content\": \"y\"}}}");
        expectFailure(
            ErrorKind::Checkpoint, {QStringLiteral("added_tokens_decoder"), QStringLiteral("\"x\"")});
        write("tokenizer_config.json", "{}");
        QCOMPARE(Tokenizer::load(folder())->encode("a").ids, (std::vector<int32_t>{1, 5, 2}));
        init();
        write("spiece.model", "this is no model");
        expectFailure(
            ErrorKind::Checkpoint, {QStringLiteral("spiece.model"), QStringLiteral("SentencePiece")});
        write("spiece.model", "");
        expectFailure(ErrorKind::Checkpoint, {QStringLiteral("spiece.model")});
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(Tokenizer::load(folder() / "none")), Error);
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(Tokenizer::loadFile(folder() / "none.json")), Error);
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(Tokenizer::loadFile(folder() / "none.xyz")), Error);
    }

    void truncatedSentencePieceModelIsRefusedOrWhole()
    {
        const auto whole = readFile(goldenFolder() / "sentencepiece" / "tiny_unigram.model");
        write("tokenizer.model", whole);
        QCOMPARE(Tokenizer::load(folder())->kind(), std::string("SentencePiece Unigram"));
        write("tokenizer.model", whole.substr(0, whole.size() / 3));
        expectFailure(ErrorKind::Checkpoint, {QStringLiteral("tokenizer.model")});
    }
};

QTEST_APPLESS_MAIN(TestTokenizerFolders)
#include "tst_tokenizer_folders.moc"
