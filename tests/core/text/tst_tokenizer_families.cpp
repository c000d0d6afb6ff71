// SPDX-License-Identifier: MIT
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/text/tokenizer.h"
#include "tests/core/text/encoding_line.h"
#include "tests/core/text/syllable_texts.h"
#include "tests/core/text/text_test_data.h"

#include <algorithm>
#include <array>
#include <fstream>

#include <QTemporaryDir>

using namespace studio;
using namespace studio::tests;

namespace {

std::filesystem::path familyFolder()
{
    return goldenFolder() / "families";
}

/// texts() of tests/reference/make_family_goldens.py.
std::string familyText(Random& random, int number)
{
    auto text = number % 2 != 0 ? syllableText(random) : randomText(random);
    std::replace(text.begin(), text.end(), '[', '(');
    std::replace(text.begin(), text.end(), '<', '(');
    for (auto at = text.find("en_XX"); at != std::string::npos; at = text.find("en_XX", at))
        text.erase(at, 5);
    return text;
}

} // namespace

class TestTokenizerFamilies : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    [[nodiscard]] std::filesystem::path folder() const { return m_folder.path().toStdString(); }

    /// The folder of a family with its vocabulary files put in.
    std::filesystem::path makeFolder(const std::string& name, const Json& record) const
    {
        const auto target = folder() / name;
        std::filesystem::remove_all(target);
        std::filesystem::copy(familyFolder() / name, target);
        if (record.contains("model")) {
            std::filesystem::copy(
                familyFolder() / "files" / (record.at("model").get<std::string>() + ".model"),
                target / record.at("file").get<std::string>());
        } else {
            for (const char* file : {"vocab.json", "merges.txt"})
                std::filesystem::copy(familyFolder() / "files" / file, target / file);
        }
        return target;
    }

    /// The sentence with which the folder is refused; empty when it is not.
    std::string refusal() const
    {
        try {
            static_cast<void>(Tokenizer::load(folder()));
        } catch (const Error& error) {
            return error.kind() == ErrorKind::Checkpoint ? error.what() : "wrong kind of error";
        }
        return {};
    }

private Q_SLOTS:
    void init()
    {
        for (const auto& entry : std::filesystem::directory_iterator(folder()))
            std::filesystem::remove_all(entry.path());
    }

    void everyFamilyIsReadAsTheReferenceReadsIt_data()
    {
        QTest::addColumn<bool>("unused");
        const auto expected = readJsonFile(familyFolder() / "expected.json");
        for (const auto& [name, record] : expected.items())
            QTest::newRow(name.c_str()) << true;
    }
    void everyFamilyIsReadAsTheReferenceReadsIt()
    {
        const std::string name = QTest::currentDataTag();
        const auto record = readJsonFile(familyFolder() / "expected.json").at(name);
        const bool pieces = record.contains("model");
        const auto tokenizer = Tokenizer::load(makeFolder(name, record));
        const auto idOf = [](const Json& json) { return json.is_null() ? -1 : json.get<int32_t>(); };
        QCOMPARE(tokenizer->vocabularySize(), record.at("size").get<int32_t>());
        QCOMPARE(tokenizer->padId().value_or(-1), idOf(record.at("pad")));
        if (pieces)
            QCOMPARE(tokenizer->unknownId().value_or(-1), idOf(record.at("unknown")));

        const auto check
            = [&](const std::string& text, const Encoding& encoding, const Json& expected, size_t at) {
                  QVERIFY2(encoding.ids == expected[at].get<std::vector<int32_t>>(),
                      concat(text, ": ", joined(encoding.ids), " not ", expected[at].dump()).c_str());
                  QCOMPARE(joined(encoding.typeIds), joined(expected[at + 1].get<std::vector<int32_t>>()));
                  QCOMPARE(tokenizer->decode(encoding.ids, false), expected[at + 2].get<std::string>());
                  QCOMPARE(tokenizer->decode(encoding.ids, true), expected[at + 3].get<std::string>());
              };
        for (const auto& special : record.at("special")) {
            const auto text = special[0].get<std::string>();
            check(text, tokenizer->encode(text), special, 1);
        }
        const std::string second = pieces ? "waits for it." : " waits for it.";
        check("pair", tokenizer->encodePair("The boat", second), record.at("pair"), 0);

        Random random(record.at("seed").get<uint64_t>());
        const auto expected = record.at("digests").get<std::vector<std::string>>();
        const auto count = record.at("count").get<int>();
        const int step = count / static_cast<int>(expected.size());
        int wrong = 0;
        std::string lines;
        for (int i = 0; i < count; ++i) {
            const auto text = familyText(random, i);
            const auto encoding = tokenizer->encode(text);
            QVERIFY(tokenizer->encodeIds(text, nullptr).ids == encoding.ids);
            std::string shown;
            if (!pieces) {
                shown = spansText(encoding.offsets) + "|";
                for (size_t t = 0; t < encoding.tokens.size(); ++t)
                    shown += concat(t == 0 ? "" : "\x1f", tokenizer->idToToken(encoding.ids[t]));
                shown += "|";
            }
            lines += concat(joined(encoding.ids), "|", shown, tokenizer->decode(encoding.ids, false), "|",
                tokenizer->decode(encoding.ids, true), "\n");
            if ((i + 1) % step == 0) {
                wrong += digest(lines) == expected[static_cast<size_t>(i / step)] ? 0 : 1;
                lines.clear();
            }
        }
        QCOMPARE(wrong, 0);
    }

    void mbartWritesTheTargetsLanguage()
    {
        const auto record = readJsonFile(familyFolder() / "expected.json").at("mbart");
        const auto place = makeFolder("mbart", record);
        const auto source = Tokenizer::load(place), target = Tokenizer::load(place, TextRole::Target);
        QCOMPARE(source->encode("boat").ids.back(), source->tokenToId("de_DE").value_or(-1));
        QCOMPARE(target->encode("boat").ids.back(), source->tokenToId("fr_XX").value_or(-1));
        QVERIFY(source->contentHash() != target->contentHash());
    }

    void llamaPutsNoSpaceBeforeATextThatAsksForNone()
    {
        std::filesystem::copy(familyFolder() / "files" / "llama.model", folder() / "tokenizer.model");
        writeFileAtomically(folder() / "config.json", R"({"model_type":"llama"})");
        writeFileAtomically(folder() / "tokenizer_config.json",
            R"({"tokenizer_class":"LlamaTokenizer","add_prefix_space":false})");
        const auto tokenizer = Tokenizer::load(folder());
        const auto encoding = tokenizer->encode("the<s>boat waits");
        QCOMPARE(joined(encoding.ids), std::string("519,259,1,531,439,398"));
        QCOMPARE(joined(tokenizer->encodeIds("the<s>boat waits", nullptr).ids), joined(encoding.ids));
        QCOMPARE(tokenizer->decode(encoding.ids, false), std::string("the<s>boat waits"));
        QCOMPARE(joined(tokenizer->encode(" the").ids), std::string("266"));
    }

    void marianUsesTwoSpellingsAndOneVocabulary()
    {
        std::filesystem::copy(familyFolder() / "files" / "fairseq.model", folder() / "source.spm");
        std::filesystem::copy(familyFolder() / "files" / "llama.model", folder() / "target.spm");
        const auto pieces = Tokenizer::loadFile(familyFolder() / "files" / "fairseq.model");
        Json vocabulary = {{"</s>", 0}, {"<unk>", 1}, {">>fr<<", 2}, {"<pad>", 3}, {"\t", 9}};
        for (int32_t id = 3; id < pieces->vocabularySize(); ++id)
            vocabulary[pieces->idToToken(id)] = id + 10;
        writeFileAtomically(folder() / "vocab.json", vocabulary.dump());
        writeFileAtomically(folder() / "config.json", R"({"model_type":"marian"})");
        const auto source = Tokenizer::load(folder()), target = Tokenizer::load(folder(), TextRole::Target);
        const std::string text = "The small boat runs along the bridge.";
        std::vector<int32_t> expected{2};
        for (const auto id : pieces->encode(text).ids)
            expected.push_back(id == 0 ? 1 : id + 10);
        expected.push_back(0);
        const auto encoding = source->encode(">>fr<<" + text);
        QCOMPARE(joined(encoding.ids), joined(expected));
        QCOMPARE(source->decode(encoding.ids, true), ">>fr<< " + text);
        expected.front() = 9; // white space of every kind goes from the ends
        QCOMPARE(source->decode(expected, true), text);
        QVERIFY(target->encode(text).ids != source->encode(text).ids);
        QCOMPARE(source->padId().value_or(-1), 3);
        QCOMPARE(source->files().size(), size_t{3});
    }

    void filesThatDoNotBelongTogetherAreRefused()
    {
        writeFileAtomically(folder() / "vocab.json", R"({"a":0,"b":1})");
        writeFileAtomically(folder() / "merges.txt", "#version: 0.2\na b\n");
        QVERIFY(QString::fromStdString(refusal()).contains(QStringLiteral("does not say which tokeniser")));
        writeFileAtomically(folder() / "config.json", R"({"model_type":"gpt2"})");
        QVERIFY(QString::fromStdString(refusal()).contains(QStringLiteral("needs the piece \"ab\"")));
        writeFileAtomically(folder() / "merges.txt", "#version: 0.2\na  b\n");
        QVERIFY(QString::fromStdString(refusal()).contains(QStringLiteral("one space between them")));
        writeFileAtomically(folder() / "vocab.json", R"({"a":0,"b":0})");
        writeFileAtomically(folder() / "merges.txt", "#version: 0.2\n");
        QVERIFY(QString::fromStdString(refusal()).contains(QStringLiteral("both have the id 0")));
    }

    void truncatedSentencePieceFilesAreRefused()
    {
        const auto whole = readFile(familyFolder() / "files" / "t5.model");
        writeFileAtomically(folder() / "config.json", R"({"model_type":"t5"})");
        writeFileAtomically(folder() / "spiece.model", whole.substr(0, whole.size() / 2));
        QVERIFY(QString::fromStdString(refusal()).contains(QStringLiteral("is not a SentencePiece model")));
        writeFileAtomically(folder() / "spiece.model", whole);
        QCOMPARE(refusal(), std::string());
    }

    void windowsAreCutAsTheReferenceCutsThem_data()
    {
        QTest::addColumn<int>("index");
        const auto records = readJsonFile(goldenFolder() / "windows.json");
        for (size_t i = 0; i < records.size(); ++i)
            QTest::newRow(records[i].at("name").get<std::string>().c_str()) << static_cast<int>(i);
    }
    void windowsAreCutAsTheReferenceCutsThem()
    {
        QFETCH(int, index);
        const auto record = readJsonFile(goldenFolder() / "windows.json")[static_cast<size_t>(index)];
        auto definition = readJsonFile(goldenFolder() / "models" / "bpe_plain.json");
        definition["post_processor"] = record.at("post_processor");
        writeFileAtomically(folder() / "tokenizer.json", definition.dump());
        const auto tokenizer = Tokenizer::loadFile(folder() / "tokenizer.json");
        Random random(record.at("seed").get<uint64_t>());
        std::string lines;
        size_t windows = 0;
        for (int i = 0; i < 1500; ++i) {
            const auto first = syllableText(random);
            const bool pair = random.below(2) != 0;
            const auto second = pair ? syllableText(random) : std::string();
            EncodeOptions options;
            options.truncation = std::array{TruncationStrategy::LongestFirst, TruncationStrategy::OnlyFirst,
                TruncationStrategy::OnlySecond}[random.below(3)];
            options.maxLength = static_cast<int32_t>(3 + random.below(24));
            options.stride = static_cast<int32_t>(random.below(6));
            if (options.stride + 2 >= *options.maxLength)
                options.stride = 0;
            options.truncationSide = random.below(2) == 0 ? TruncationSide::Right : TruncationSide::Left;
            options.addSpecialTokens = random.below(5) != 0;
            const std::string_view secondView = second;
            const auto* secondText = pair ? &secondView : nullptr;
            try {
                const auto encodings = tokenizer->encodeWindows(first, secondText, options);
                windows += encodings.size() - 1;
                for (const auto& encoding : encodings)
                    lines += encodingLine(*tokenizer, encoding) + "\n";
                const auto whole = pair ? tokenizer->encodePair(first, second, options)
                                        : tokenizer->encode(first, options);
                QCOMPARE(joined(whole.ids), joined(encodings.front().ids));
                QCOMPARE(joined(tokenizer->encodeIds(first, secondText, options).ids), joined(whole.ids));
            } catch (const Error& error) {
                QVERIFY2(error.kind() == ErrorKind::Settings, error.what());
                lines += "error\n";
            }
        }
        QCOMPARE(windows, record.at("windows").get<size_t>());
        QCOMPARE(digest(lines), record.at("digest").get<std::string>());
    }

    void aFileSaysWhichEndIsCut()
    {
        auto definition = readJsonFile(goldenFolder() / "models" / "bpe_plain.json");
        const Json truncation{
            {"direction", "Left"}, {"max_length", 2}, {"strategy", "LongestFirst"}, {"stride", 0}};
        definition["truncation"] = truncation;
        writeFileAtomically(folder() / "tokenizer.json", definition.dump());
        const std::string text = "kalo mine stra";
        const auto tokenizer = Tokenizer::load(folder());
        const auto all = tokenizer->encode(text).ids;
        QVERIFY(all.size() > 2); // the block does not cut by itself
        const auto cut = tokenizer->encode(text, {.maxLength = 2}).ids;
        QCOMPARE(joined(cut), joined(std::vector<int32_t>(all.end() - 2, all.end())));
        writeFileAtomically(folder() / "tokenizer_config.json", R"({"truncation_side":"right"})");
        QCOMPARE(joined(Tokenizer::load(folder())->encode(text, {.maxLength = 2}).ids),
            joined(std::vector<int32_t>(all.begin(), all.begin() + 2)));

        definition["truncation"]["strategy"] = "Sometimes";
        writeFileAtomically(folder() / "tokenizer.json", definition.dump());
        QVERIFY(QString::fromStdString(refusal()).contains(QStringLiteral("\"Sometimes\" is not known")));
        definition["truncation"] = truncation;
        definition["truncation"]["direction"] = 3;
        writeFileAtomically(folder() / "tokenizer.json", definition.dump());
        QVERIFY(QString::fromStdString(refusal()).contains(QStringLiteral("\"direction\"")));
    }
};

QTEST_APPLESS_MAIN(TestTokenizerFamilies)
#include "tst_tokenizer_families.moc"
