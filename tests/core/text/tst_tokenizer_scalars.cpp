// SPDX-License-Identifier: MIT
#include "core/base/json.h"
#include "core/base/unicode.h"
#include "core/text/tokenizer.h"
#include "tests/core/text/character_tokenizer.h"
#include "tests/core/text/encoding_line.h"
#include "tests/core/text/text_test_data.h"

#include <atomic>
#include <map>
#include <sstream>
#include <thread>

#include <QTemporaryDir>

using namespace studio;
using namespace studio::tests;

class TestTokenizerScalars : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;

    [[nodiscard]] std::filesystem::path folder() const { return m_folder.path().toStdString(); }

    /// The starter's tokenizer.json with another normaliser.
    std::shared_ptr<const Tokenizer> starterWith(const std::string& normalizer) const
    {
        auto text = readFile(starterFolder() / "tokenizer.json");
        const auto start = text.find("\"normalizer\":");
        const auto end = text.find('}', start) + 1;
        text.replace(start, end - start, "\"normalizer\":" + normalizer);
        writeFileAtomically(folder() / "tokenizer.json", text);
        return Tokenizer::loadFile(folder() / "tokenizer.json");
    }

private Q_SLOTS:
    void everyScalarValueIsTokenizedAsTheReferenceDoes_data()
    {
        QTest::addColumn<QString>("normalizer");
        QTest::newRow("starter") << QString();
        QTest::newRow("cased") << QStringLiteral(
            R"({"type":"BertNormalizer","clean_text":true,)"
            R"("handle_chinese_chars":true,"strip_accents":null,"lowercase":false})");
        QTest::newRow("plain") << QStringLiteral(
            R"({"type":"BertNormalizer","clean_text":false,)"
            R"("handle_chinese_chars":false,"strip_accents":false,"lowercase":true})");
        QTest::newRow("characters") << QString();
    }
    void everyScalarValueIsTokenizedAsTheReferenceDoes()
    {
        QFETCH(QString, normalizer);
        const std::string variant = QTest::currentDataTag();
        STUDIO_SKIP_WITHOUT(starterFolder(), "the starter model");
        std::shared_ptr<const Tokenizer> tokenizer;
        if (variant == "starter") {
            tokenizer = Tokenizer::load(starterFolder());
        } else if (variant != "characters") {
            tokenizer = starterWith(normalizer.toStdString());
        } else {
            const auto blocks = Json::parse(R"({"normalizer":{"type":"BertNormalizer","clean_text":true,
                "handle_chinese_chars":true,"strip_accents":null,"lowercase":true},"pre_tokenizer":
                {"type":"BertPreTokenizer"},"post_processor":null,"decoder":null})");
            tokenizer = Tokenizer::loadFile(writeTokenizer(folder(), blocks, characterModel()));
        }
        std::map<char32_t, std::string> expected;
        for (const auto& line : linesOf(goldenFolder() / "scalars.txt")) {
            std::istringstream fields(line);
            std::string name, first, hash;
            fields >> name >> first >> hash;
            if (name == variant)
                expected[static_cast<char32_t>(std::stoul(first, nullptr, 16))] = hash;
        }
        QVERIFY(expected.size() >= 48);
        std::vector<std::pair<char32_t, std::string>> blocks(expected.begin(), expected.end());
        std::atomic<size_t> next = 0;
        std::atomic<int> wrong = 0, disagreements = 0;
        const auto work = [&] {
            for (size_t i = next++; i < blocks.size(); i = next++) {
                std::string lines;
                for (char32_t c = blocks[i].first; c < blocks[i].first + 4096; ++c) {
                    if (c >= 0xD800 && c < 0xE000)
                        continue;
                    const auto alone = toUtf8(std::u32string_view(&c, 1));
                    for (const auto& text : {alone, "a" + alone + "b"}) {
                        const auto encoding = tokenizer->encode(text);
                        if (tokenizer->encodeIds(text, nullptr).ids != encoding.ids)
                            ++disagreements;
                        lines += shortLine(encoding) + "\n";
                    }
                }
                if (digest(lines) != blocks[i].second) {
                    qWarning("block %06X differs", static_cast<unsigned>(blocks[i].first));
                    ++wrong;
                }
            }
        };
        {
            const std::jthread helper(work);
            work();
        }
        QCOMPARE(wrong.load(), 0);
        QCOMPARE(disagreements.load(), 0);
    }
};

QTEST_APPLESS_MAIN(TestTokenizerScalars)
#include "tst_tokenizer_scalars.moc"
