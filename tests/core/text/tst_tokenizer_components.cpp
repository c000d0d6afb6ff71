// SPDX-License-Identifier: MIT
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/text/normalizer.h"
#include "core/text/pre_tokenizer.h"
#include "core/text/regular_expression.h"
#include "core/text/token_decoder.h"
#include "core/text/tokenizer.h"
#include "tests/core/text/character_tokenizer.h"
#include "tests/core/text/component_texts.h"
#include "tests/core/text/encoding_line.h"
#include "tests/core/text/hard_texts.h"
#include "tests/core/text/text_test_data.h"

#include <QTemporaryDir>

using namespace studio;
using namespace studio::tests;

namespace {

using Words = std::vector<NormalizedText>;

std::string wordLine(const Words& words)
{
    std::string line;
    for (const auto& word : words)
        line += concat(line.empty() ? "" : "\x1f", toUtf8(word.text()), "@", word.source().start, "-",
            word.source().end);
    return line;
}

/// The words, and every character of theirs, with their places: component_line() of
/// tests/reference/make_component_goldens.py.
std::string componentLine(
    const Normalizer* normalizer, const PreTokenizer* preTokenizer, const std::string& text)
{
    NormalizedText whole(toUtf32(text));
    if (normalizer)
        normalizer->normalize(whole);
    Words words, characters;
    if (preTokenizer)
        preTokenizer->split(whole, words);
    else
        words.push_back(whole);
    for (const auto& word : words) {
        for (size_t i = 0; i < word.text().size(); ++i)
            characters.push_back(word.slice(i, i + 1));
    }
    return wordLine(words) + "|" + wordLine(characters);
}

/// What the way that needs ids alone makes of a text, or what it should make.
std::string plainDifference(
    const Normalizer* normalizer, const PreTokenizer* preTokenizer, const std::string& text)
{
    std::string plain = repairUtf8(text);
    NormalizedText whole(toUtf32(text));
    if (normalizer) {
        normalizer->normalize(whole);
        if (!normalizer->normalizePlain(plain))
            return {}; // left to normalize()
        if (plain != toUtf8(whole.text()))
            return concat("normalised to \"", plain, "\" instead of \"", toUtf8(whole.text()), "\"");
    }
    if (!preTokenizer || !preTokenizer->hasPlainWay())
        return {};
    Words words;
    preTokenizer->split(whole, words);
    std::string expected, actual;
    for (const auto& word : words)
        expected += toUtf8(word.text()) + "\x1f";
    PlainWords plainWords;
    plainWords.assign(plain, whole.source().start == 0);
    preTokenizer->splitPlain(plainWords, false);
    for (size_t i = 0; i < plainWords.words.size(); ++i)
        actual += concat(plainWords[i], "\x1f");
    return actual == expected ? std::string() : concat("cut to ", actual, " instead of ", expected);
}

/// Digests of the lines, one for each `step` of them.
QStringList digestsOf(const std::vector<std::string>& lines, size_t step)
{
    QStringList digests;
    for (size_t i = 0; i < lines.size(); i += step) {
        std::string joinedLines;
        for (size_t j = i; j < std::min(i + step, lines.size()); ++j)
            joinedLines += lines[j] + "\n";
        digests.push_back(QString::fromStdString(digest(joinedLines)));
    }
    return digests;
}

QStringList expectedDigests(const Json& record, const char* key = "digests")
{
    QStringList digests;
    for (const auto& value : record.at(key))
        digests.push_back(QString::fromStdString(value.get<std::string>()));
    return digests;
}

} // namespace

class TestTokenizerComponents : public QObject {
    Q_OBJECT

private:
    Json m_goldens, m_pipelines;

    void addRows(const char* kind)
    {
        QTest::addColumn<int>("index");
        int index = 0;
        for (const auto& record : m_goldens.at(kind))
            QTest::newRow(record.at("name").get<std::string>().c_str()) << index++;
    }
    [[nodiscard]] const Json& record(const char* kind) const
    {
        QFETCH(int, index);
        return m_goldens.at(kind).at(static_cast<size_t>(index));
    }
    [[nodiscard]] size_t count() const { return m_goldens.at("count").get<size_t>(); }
    [[nodiscard]] size_t step() const { return m_goldens.at("step").get<size_t>(); }

private Q_SLOTS:
    void initTestCase()
    {
        m_goldens = parseJson(readFile(goldenFolder() / "components.json"), "goldens");
        m_pipelines = parseJson(readFile(goldenFolder() / "pipelines.json"), "goldens");
    }

    void normalizersChangeTextsAsTheReferenceDoes_data() { addRows("normalizers"); }
    void normalizersChangeTextsAsTheReferenceDoes()
    {
        const auto& golden = record("normalizers");
        const auto normalizer = createNormalizer(TokenizerBlock(golden.at("block"), "normalizer"));
        Random random(golden.at("seed").get<uint64_t>());
        std::vector<std::string> lines;
        for (size_t i = 0; i < count(); ++i) {
            const auto text = componentText(random);
            lines.push_back(componentLine(normalizer.get(), nullptr, text));
            QCOMPARE(plainDifference(normalizer.get(), nullptr, text), std::string());
        }
        QCOMPARE(digestsOf(lines, step()), expectedDigests(golden));
    }

    void preTokenizersCutTextsAsTheReferenceDoes_data() { addRows("pre_tokenizers"); }
    void preTokenizersCutTextsAsTheReferenceDoes()
    {
        const auto& golden = record("pre_tokenizers");
        const auto preTokenizer = createPreTokenizer(TokenizerBlock(golden.at("block"), "pre_tokenizer"));
        const Json strip{{"type", "Strip"}, {"strip_left", true}, {"strip_right", true}};
        const auto normalizer = createNormalizer(TokenizerBlock(strip, "normalizer"));
        Random random(golden.at("seed").get<uint64_t>());
        std::vector<std::string> lines;
        for (size_t i = 0; i < count(); ++i) {
            const auto text = componentText(random);
            const auto* before = i % 4 == 3 ? normalizer.get() : nullptr;
            lines.push_back(componentLine(before, preTokenizer.get(), text));
            QCOMPARE(plainDifference(before, preTokenizer.get(), text), std::string());
        }
        QCOMPARE(digestsOf(lines, step()), expectedDigests(golden));
    }

    void decodersJoinTokensAsTheReferenceDoes_data() { addRows("decoders"); }
    void decodersJoinTokensAsTheReferenceDoes()
    {
        const auto& golden = record("decoders");
        const auto decoder = createTokenDecoder(TokenizerBlock(golden.at("block"), "decoder"));
        const auto tokens = m_goldens.at("tokens").get<std::vector<std::string>>();
        Random random(golden.at("seed").get<uint64_t>());
        std::vector<std::string> lines;
        for (size_t i = 0; i < count(); ++i) {
            std::vector<std::string> chosen;
            const auto length = 1 + random.below(12);
            for (uint64_t j = 0; j < length; ++j)
                chosen.push_back(tokens[random.below(tokens.size())]);
            decoder->decode(chosen);
            lines.emplace_back();
            for (const auto& part : chosen)
                lines.back() += part;
        }
        QCOMPARE(digestsOf(lines, step()), expectedDigests(golden));
    }

    void postProcessorsFrameTokensAsTheReferenceDoes_data() { addRows("post_processors"); }
    void postProcessorsFrameTokensAsTheReferenceDoes()
    {
        const auto& golden = record("post_processors");
        const auto seed = golden.at("seed").get<uint64_t>();
        auto definition = m_goldens.at("byte_level_tokenizer");
        definition["post_processor"] = golden.at("block");
        definition["pre_tokenizer"]["add_prefix_space"] = seed % 2 == 0;
        QTemporaryDir folder;
        const auto file = std::filesystem::path(folder.path().toStdString()) / "tokenizer.json";
        writeFileAtomically(file, jsonLine(definition));
        const auto tokenizer = Tokenizer::loadFile(file);
        Random random(seed);
        std::vector<std::string> lines;
        for (int i = 0; i < 200; ++i) {
            const auto first = componentText(random);
            const bool pair = random.below(2) != 0;
            const auto second = pair ? componentText(random) : std::string();
            EncodeOptions options{.truncation = TruncationStrategy::DoNotTruncate};
            options.addSpecialTokens = random.below(4) != 0;
            if (random.below(2) != 0) {
                options.maxLength = static_cast<int32_t>(8 + random.below(20));
                options.truncation = TruncationStrategy::LongestFirst;
            }
            try {
                const auto encoding = pair ? tokenizer->encodePair(first, second, options)
                                           : tokenizer->encode(first, options);
                const std::string_view secondView(second);
                const auto ids = tokenizer->encodeIds(first, pair ? &secondView : nullptr, options);
                QCOMPARE(ids.ids, encoding.ids);
                QCOMPARE(ids.typeIds, encoding.typeIds);
                lines.push_back(encodingLine(*tokenizer, encoding));
            } catch (const Error&) {
                lines.emplace_back("error");
            }
        }
        QCOMPARE(digestsOf(lines, step()), expectedDigests(golden));
    }

    void wholeTokenizersEncodeAsTheReferenceDoes_data()
    {
        QTest::addColumn<int>("index");
        int index = 0;
        for (const auto& pipeline : m_pipelines.at("pipelines"))
            QTest::newRow(pipeline.at("name").get<std::string>().c_str()) << index++;
    }
    void wholeTokenizersEncodeAsTheReferenceDoes()
    {
        QFETCH(int, index);
        const auto& golden = m_pipelines.at("pipelines").at(static_cast<size_t>(index));
        QTemporaryDir folder;
        const auto file = std::filesystem::path(folder.path().toStdString()) / "tokenizer.json";
        writeFileAtomically(file, jsonLine(golden.at("tokenizer")));
        const auto tokenizer = Tokenizer::loadFile(file);
        Random random(golden.at("seed").get<uint64_t>());
        std::vector<std::string> lines;
        for (size_t i = 0; i < m_pipelines.at("count").get<size_t>(); ++i) {
            const auto first = componentText(random);
            const auto second = i % 4 == 0 ? componentText(random) : std::string();
            const std::string_view secondView(second);
            const auto encoding
                = i % 4 == 0 ? tokenizer->encodePair(first, second) : tokenizer->encode(first);
            if (tokenizer->encodeIds(first, i % 4 == 0 ? &secondView : nullptr).ids != encoding.ids)
                QFAIL(concat("encodeIds() differs for \"", first, "\"").c_str());
            lines.push_back(encodingLine(*tokenizer, encoding));
        }
        QCOMPARE(digestsOf(lines, m_pipelines.at("step").get<size_t>()), expectedDigests(golden));
        lines.clear();
        for (const auto& text : hardTexts()) {
            const auto encoding = tokenizer->encode(text);
            if (tokenizer->encodeIds(text, nullptr).ids != encoding.ids)
                QFAIL(concat("encodeIds() differs for \"", elided(text, 200), "\"").c_str());
            lines.push_back(encodingLine(*tokenizer, encoding));
        }
        QCOMPARE(digestsOf(lines, 10), expectedDigests(golden, "hard"));
    }

    void characterClassesAreTheReferences_data()
    {
        QTest::addColumn<QString>("name");
        for (const auto& [name, ignored] : m_goldens.at("classes").items())
            QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }
    void characterClassesAreTheReferences()
    {
        QFETCH(QString, name);
        const bool isBlock = name == QStringLiteral("UnicodeScripts") || name == QStringLiteral("Digits");
        const Json block = isBlock ? Json{{"type", name.toStdString()}, {"individual_digits", true}}
                                   : Json{{"type", "Split"}, {"pattern", {{"Regex", name.toStdString()}}},
                                       {"behavior", "Removed"}, {"invert", false}};
        const auto preTokenizer = createPreTokenizer(TokenizerBlock(block, "pre_tokenizer"));
        std::string lines;
        const auto add = [&](std::u32string text) {
            Words words;
            preTokenizer->split(NormalizedText(std::move(text)), words);
            lines += wordLine(words) + "\n";
        };
        const auto isScalar = [](char32_t c) { return c < 0xD800 || c >= 0xE000; };
        for (char32_t first = 0; first < 0x110000; first += isBlock ? 1 : 4096) {
            std::u32string text;
            for (char32_t c = first; c < first + 4096 && !isBlock; ++c) {
                if (isScalar(c))
                    text.push_back(c);
            }
            if (isBlock && isScalar(first))
                text = {U'a', first, U'\u0436'};
            if (!text.empty())
                add(std::move(text));
        }
        QCOMPARE(digest(lines), m_goldens.at("classes").at(name.toStdString()).get<std::string>());
    }

    void handWrittenPatternsMatchAsOnigurumaDoes_data()
    {
        QTest::addColumn<int>("pattern");
        for (size_t i = 0; i < wordPatternCount; ++i)
            QTest::newRow(std::string(regexOf(static_cast<WordPattern>(i))).substr(0, 60).c_str())
                << static_cast<int>(i);
    }
    void handWrittenPatternsMatchAsOnigurumaDoes()
    {
        QFETCH(int, pattern);
        const auto words = static_cast<WordPattern>(pattern);
        QCOMPARE(wordPatternOf(regexOf(words)), std::optional(words));
        const RegularExpression regex(regexOf(words), "test");
        Random random(500 + static_cast<uint64_t>(pattern));
        size_t found = 0;
        for (int i = 0; i < 2000; ++i) {
            const auto text = repairUtf8(componentText(random));
            std::vector<PatternMatch> expected, actual, characters;
            regex.find(text, expected);
            findWords(words, std::string_view(text), actual);
            if (actual != expected)
                QFAIL(concat("other matches in \"", text, "\"").c_str());
            findWords(words, std::u32string_view(toUtf32(text)), characters);
            QCOMPARE(characters.size(), expected.size());
            for (size_t j = 0; j < characters.size(); ++j)
                QCOMPARE(static_cast<int64_t>(characters[j].end),
                    codePointCount(std::string_view(text).substr(0, expected[j].end)));
            found += expected.size();
        }
        QVERIFY(found > 100);
    }

    void unknownComponentsAreNamed()
    {
        const Json unknown{{"type", "Mystery"}};
        const TokenizerBlock block(unknown, "file");
        QVERIFY_THROWS_EXCEPTION(Error, static_cast<void>(createNormalizer(block)));
        QVERIFY_THROWS_EXCEPTION(Error, static_cast<void>(createPreTokenizer(block)));
        try {
            static_cast<void>(createTokenDecoder(block));
            QFAIL("an unknown decoder was accepted");
        } catch (const Error& error) {
            QVERIFY(QString::fromUtf8(error.what()).contains(QStringLiteral("Mystery")));
        }
    }

    void unusableBlocksSaySo_data()
    {
        QTest::addColumn<QString>("json");
        QTest::addColumn<QString>("said");
        const auto row = [](const char* name, const char* json, const char* said) {
            QTest::newRow(name) << QString::fromUtf8(json).replace(QLatin1Char('\''), QLatin1Char('"'))
                                << QString::fromUtf8(said);
        };
        row("pattern", "{'type':'Split','pattern':{'Regex':'(a'},'behavior':'Isolated','invert':false}",
            "(a");
        row("behavior", "{'type':'Split','pattern':{'String':'a'},'behavior':'Gone','invert':false}", "Gone");
        row("no pattern", "{'type':'Split','behavior':'Isolated','invert':false}", "pattern");
        row("delimiter", "{'type':'CharDelimiterSplit','delimiter':'ab'}", "one character");
        row("length", "{'type':'FixedLength','length':0}", "length");
        row("scheme", "{'type':'Metaspace','replacement':'_','prepend_scheme':'often'}", "often");
        row("contradiction",
            "{'type':'Metaspace','replacement':'_','prepend_scheme':'always','add_prefix_space':false}",
            "contradicts");
        row("part", "{'type':'Sequence','pretokenizers':[{'type':'Whitespace'},{'type':'Odd'}]}",
            "pretokenizers[1]");
    }
    void unusableBlocksSaySo()
    {
        QFETCH(QString, json);
        QFETCH(QString, said);
        const auto block = parseJson(json.toStdString(), "block");
        try {
            static_cast<void>(createPreTokenizer(TokenizerBlock(block, "file")));
            QFAIL("the block was accepted");
        } catch (const Error& error) {
            QCOMPARE(error.kind(), ErrorKind::Checkpoint);
            QVERIFY2(QString::fromUtf8(error.what()).contains(said), error.what());
        }
    }
};

QTEST_APPLESS_MAIN(TestTokenizerComponents)
#include "tst_tokenizer_components.moc"
