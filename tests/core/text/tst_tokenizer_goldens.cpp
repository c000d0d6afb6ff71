// SPDX-License-Identifier: MIT
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/text/tokenizer.h"
#include "tests/core/text/character_tokenizer.h"
#include "tests/core/text/encoding_line.h"
#include "tests/core/text/random_texts.h"
#include "tests/core/text/text_test_data.h"

#include <QTemporaryDir>

using namespace studio;
using namespace studio::tests;

namespace {

/// One of the cases() of tests/reference/make_tokenizer_goldens.py.
struct RandomCase {
    std::vector<std::string> texts;
    EncodeOptions options;
};

RandomCase nextCase(Random& random)
{
    RandomCase result;
    result.texts.push_back(randomText(random));
    if (random.below(2) != 0)
        result.texts.push_back(randomText(random));
    const auto strategy = random.below(4);
    result.options.truncation
        = std::array{TruncationStrategy::DoNotTruncate, TruncationStrategy::LongestFirst,
            TruncationStrategy::OnlyFirst, TruncationStrategy::OnlySecond}[strategy];
    result.options.maxLength = static_cast<int32_t>(3 + random.below(24));
    result.options.addSpecialTokens = random.below(7) != 0;
    return result;
}

/// The line of a case, after checking that encodeIds() agrees with encode().
std::string runCase(const Tokenizer& tokenizer, const RandomCase& test)
{
    const bool pair = test.texts.size() == 2;
    const std::string_view second = pair ? std::string_view(test.texts[1]) : std::string_view();
    const auto ids
        = [&] { return tokenizer.encodeIds(test.texts[0], pair ? &second : nullptr, test.options); };
    Encoding encoding;
    try {
        encoding = pair ? tokenizer.encodePair(test.texts[0], second, test.options)
                        : tokenizer.encode(test.texts[0], test.options);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::Settings)
            return concat("wrong kind of error: ", error.what());
        try {
            static_cast<void>(ids());
        } catch (const Error&) {
            return "error";
        }
        return "encodeIds() did not fail";
    }
    const auto quick = ids();
    if (quick.ids != encoding.ids || quick.typeIds != encoding.typeIds
        || quick.truncated != encoding.truncated)
        return "encodeIds() differs";
    return encodingLine(tokenizer, encoding);
}

/// Digests of `count` cases, one for each `step` of them.
std::vector<std::string> runCases(const Tokenizer& tokenizer, uint64_t seed, int count, int step)
{
    std::vector<std::string> digests;
    Random random(seed);
    std::string lines;
    for (int i = 1; i <= count; ++i) {
        lines += runCase(tokenizer, nextCase(random)) + "\n";
        if (i % step == 0) {
            digests.push_back(digest(lines));
            lines.clear();
        }
    }
    return digests;
}

int differences(const std::vector<std::string>& actual, const std::vector<std::string>& expected)
{
    int count = static_cast<int>(
        std::max(actual.size(), expected.size()) - std::min(actual.size(), expected.size()));
    for (size_t i = 0; i < std::min(actual.size(), expected.size()); ++i)
        count += actual[i] == expected[i] ? 0 : 1;
    return count;
}

} // namespace

class TestTokenizerGoldens : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    std::shared_ptr<const Tokenizer> m_starter;
    std::string m_characterModel;

    [[nodiscard]] std::filesystem::path folder() const { return m_folder.path().toStdString(); }

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_folder.isValid());
        STUDIO_SKIP_WITHOUT(starterFolder(), "the starter model");
        m_starter = Tokenizer::load(starterFolder());
        m_characterModel = characterModel();
    }

    void randomTextsAndPairsAreEncodedAsTheReferenceDoes()
    {
        const auto expected = linesOf(goldenFolder() / "random_starter.txt");
        QCOMPARE(expected.size(), size_t{100});
        QCOMPARE(differences(runCases(*m_starter, 20240501, 5000, 50), expected), 0);
    }

    void readableSamplesAreEncodedAsTheReferenceDoes()
    {
        int compared = 0;
        for (const auto& line : linesOf(goldenFolder() / "random_starter_samples.jsonl")) {
            const auto sample = parseJson(line, "sample");
            if (sample.at("ids").is_null())
                continue;
            EncodeOptions options;
            options.addSpecialTokens = sample.at("special").get<bool>();
            options.maxLength = sample.at("max_length").get<int32_t>();
            const auto& strategy = sample.at("truncation");
            options.truncation = strategy.is_null() ? TruncationStrategy::DoNotTruncate
                : strategy == "longest_first"       ? TruncationStrategy::LongestFirst
                : strategy == "only_first"          ? TruncationStrategy::OnlyFirst
                                                    : TruncationStrategy::OnlySecond;
            const auto texts = sample.at("texts").get<std::vector<std::string>>();
            const auto encoding = texts.size() == 2 ? m_starter->encodePair(texts[0], texts[1], options)
                                                    : m_starter->encode(texts[0], options);
            QCOMPARE(encoding.ids, sample.at("ids").get<std::vector<int32_t>>());
            QCOMPARE(encoding.tokens, sample.at("tokens").get<std::vector<std::string>>());
            std::vector<TokenSpan> offsets;
            for (const auto& span : sample.at("offsets"))
                offsets.push_back({span[0].get<int32_t>(), span[1].get<int32_t>()});
            QVERIFY2(encoding.offsets == offsets, line.c_str());
            ++compared;
        }
        QVERIFY(compared > 30);
    }

    void everyBlockWorksAsInTheReference_data()
    {
        QTest::addColumn<int>("index");
        const auto records = readJsonFile(goldenFolder() / "blocks.json");
        for (size_t i = 0; i < records.size(); ++i)
            QTest::newRow(records[i].at("name").get<std::string>().c_str()) << static_cast<int>(i);
    }
    void everyBlockWorksAsInTheReference()
    {
        QFETCH(int, index);
        const auto records = readJsonFile(goldenFolder() / "blocks.json");
        const auto& record = records[static_cast<size_t>(index)];
        const auto tokenizer = Tokenizer::loadFile(writeTokenizer(folder(), record, m_characterModel));
        const auto expected = record.at("digests").get<std::vector<std::string>>();
        QCOMPARE(expected.size(), size_t{15});
        QCOMPARE(differences(runCases(*tokenizer, record.at("seed").get<uint64_t>(), 300, 20), expected), 0);
    }

    void naughtyStringsAreEncodedAndDecodedAsTheReferenceDoes()
    {
        const auto data = testDataFolder();
        STUDIO_SKIP_WITHOUT(data, "STUDIO_TEST_DATA");
        const auto texts = readJsonFile(data / "blns" / "blns.json");
        const auto expected = linesOf(goldenFolder() / "blns_starter.txt");
        QCOMPARE(texts.size(), expected.size());
        std::vector<std::string> actual;
        for (const auto& entry : texts) {
            const auto text = entry.get<std::string>();
            const auto single = encodingLine(*m_starter, m_starter->encode(text));
            const auto pair = encodingLine(*m_starter, m_starter->encodePair("a pair", text));
            actual.push_back(digest(single + "\n" + pair + "\n"));
        }
        QCOMPARE(differences(actual, expected), 0);
    }

    void addedTokensWithEveryFlagAreFoundAsTheReferenceDoes()
    {
        const auto tokenizer = Tokenizer::load(goldenFolder() / "added_tokens");
        int wrong = 0, compared = 0;
        for (const auto& line : linesOf(goldenFolder() / "added_tokens.jsonl")) {
            const auto record = parseJson(line, "record");
            const auto text = record[0].get<std::string>();
            const auto encoding = tokenizer->encode(text);
            std::vector<TokenSpan> offsets;
            for (const auto& span : record[2])
                offsets.push_back({span[0].get<int32_t>(), span[1].get<int32_t>()});
            const bool equal = encoding.ids == record[1].get<std::vector<int32_t>>()
                && encoding.offsets == offsets && encoding.tokens == record[3].get<std::vector<std::string>>()
                && tokenizer->decode(encoding.ids, false) == record[4].get<std::string>()
                && tokenizer->decode(encoding.ids, true) == record[5].get<std::string>()
                && tokenizer->encodeIds(text, nullptr).ids == encoding.ids;
            if (!equal && ++wrong < 6)
                qWarning("%s\nbut got %s %s", line.c_str(), joined(encoding.ids).c_str(),
                    spansText(encoding.offsets).c_str());
            ++compared;
        }
        QCOMPARE(wrong, 0);
        QCOMPARE(compared, 400);
    }
};

QTEST_APPLESS_MAIN(TestTokenizerGoldens)
#include "tst_tokenizer_goldens.moc"
