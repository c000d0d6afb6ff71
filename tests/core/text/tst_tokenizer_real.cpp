// SPDX-License-Identifier: MIT
// Real vocabularies on real texts.
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/unicode.h"
#include "core/text/tokenizer.h"
#include "tests/core/text/encoding_line.h"
#include "tests/core/text/hard_texts.h"

#include <algorithm>

#include <QTemporaryDir>

using namespace studio;
using namespace studio::tests;

class TestTokenizerReal : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    Json m_goldens;
    std::vector<std::string> m_texts;

    /// A byte-level vocabulary with GPT-2's merges, or a vocab.txt.
    std::shared_ptr<const Tokenizer> tokenizerOf(const QString& vocabulary) const
    {
        const auto data = testDataFolder();
        const auto file = data / vocabulary.toStdString();
        if (file.extension() != ".json")
            return file.extension() == ".gguf" ? Tokenizer::load(file) : Tokenizer::loadFile(file);
        auto definition = m_goldens.at("byte_level");
        definition["model"]["vocab"] = parseJson(readFile(file), "vocabulary");
        definition["model"]["merges"] = Json::array();
        for (const auto& line : linesOf(data / "gpt2_bpe" / "vocab.bpe")) {
            if (!line.empty() && !line.starts_with("#version"))
                definition["model"]["merges"].push_back(line);
        }
        const auto written = std::filesystem::path(m_folder.path().toStdString()) / "tokenizer.json";
        writeFileAtomically(written, jsonLine(definition));
        return Tokenizer::loadFile(written);
    }

private Q_SLOTS:
    void initTestCase()
    {
        const auto data = testDataFolder();
        STUDIO_SKIP_WITHOUT(data, "STUDIO_TEST_DATA");
        m_goldens = readJsonFile(goldenFolder() / "real.json");
        for (const auto& entry : m_goldens.at("texts")) {
            const auto lines = linesOf(data / entry[0].get<std::string>());
            for (size_t i = 0; i < lines.size(); i += entry[1].get<size_t>())
                m_texts.push_back(repairUtf8(lines[i]));
        }
        for (auto& text : hardTexts())
            m_texts.push_back(std::move(text));
        QCOMPARE(m_texts.size(), m_goldens.at("count").get<size_t>());
        QVERIFY(m_texts.size() > 5000);
    }

    void textsAreEncodedAsTheReferenceDoes_data()
    {
        QTest::addColumn<bool>("unused");
        for (const auto* vocabulary : {"gpt2_bpe/encoder.json", "ortx_tok/roberta-base/vocab.json",
                 "bert_tok_squad/vocab.txt", "zh_bert_vocab/vocab.txt"})
            QTest::newRow(vocabulary) << true;
    }
    void textsAreEncodedAsTheReferenceDoes()
    {
        const auto name = QString::fromUtf8(QTest::currentDataTag());
        const auto tokenizer = tokenizerOf(name);
        const auto& expected = m_goldens.at("digests").at(name.toStdString());
        const auto step = m_goldens.at("step").get<size_t>();
        for (size_t i = 0; i < m_texts.size(); i += step) {
            std::string lines;
            for (size_t j = i; j < std::min(i + step, m_texts.size()); ++j) {
                const auto encoding = tokenizer->encode(m_texts[j]);
                if (tokenizer->encodeIds(m_texts[j], nullptr).ids != encoding.ids)
                    QFAIL(concat("encodeIds() differs for \"", elided(m_texts[j], 200), "\"").c_str());
                lines += encodingLine(*tokenizer, encoding) + "\n";
            }
            QVERIFY2(
                digest(lines) == expected.at(i / step).get<std::string>(), concat("texts from ", i).c_str());
        }
    }

    void pairsOfLlamaCppAreMet_data()
    {
        QTest::addColumn<QString>("vocabulary");
        QTest::addColumn<QString>("pairs");
        QTest::newRow("gpt-2") << QStringLiteral("gpt2_bpe/encoder.json") << QStringLiteral("gpt-2");
        QTest::newRow("gpt-2, GGUF") << QStringLiteral("llamacpp_vocab/ggml-vocab-gpt-2.gguf")
                                     << QStringLiteral("gpt-2");
        QTest::newRow("roberta") << QStringLiteral("ortx_tok/roberta-base/vocab.json")
                                 << QStringLiteral("roberta-bpe");
        QTest::newRow("llama, GGUF") << QStringLiteral("llamacpp_vocab/ggml-vocab-llama-spm.gguf")
                                     << QStringLiteral("llama-spm");
        QTest::newRow("bert") << QStringLiteral("bert_tok_squad/vocab.txt") << QStringLiteral("bert-bge");
    }
    void pairsOfLlamaCppAreMet()
    {
        QFETCH(QString, vocabulary);
        QFETCH(QString, pairs);
        const auto tokenizer = tokenizerOf(vocabulary);
        const auto place
            = testDataFolder() / "llamacpp_vocab" / concat("ggml-vocab-", pairs.toStdString(), ".gguf");
        const auto texts = readFile(place.string() + ".inp");
        const std::string_view mark = "\n__ggml_vocab_test__\n";
        size_t start = 0;
        int compared = 0;
        for (const auto& line : linesOf(place.string() + ".out")) {
            const auto end = texts.find(mark, start);
            QVERIFY(end != std::string::npos);
            const auto text = texts.substr(start, end - start);
            start = end + mark.size();
            const auto encoding = tokenizer->encode(text, {.addSpecialTokens = false});
            std::vector<int32_t> expected;
            std::istringstream numbers(line);
            for (int32_t id = 0; numbers >> id;)
                expected.push_back(id);
            QVERIFY2(encoding.ids == expected,
                concat("\"", text, "\": ", joined(encoding.ids), " instead of ", line).c_str());
            ++compared;
        }
        QCOMPARE(compared, 46);
    }
};

QTEST_APPLESS_MAIN(TestTokenizerReal)
#include "tst_tokenizer_real.moc"
