// SPDX-License-Identifier: MIT
#include "core/base/file.h"
#include "core/data/token_supply.h"
#include "tests/core/data/data_test_files.h"

#include <algorithm>
#include <chrono>

using namespace studio;
using namespace std::string_literals;

namespace {

const char* const vocabulary
    = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nthe\nfood\nwas\ngood\nbad\n##ly\nvery\n一\n二\n";

std::string content(int rows)
{
    const char* const words[] = {"the", "food", "was", "good", "badly", "very", "unknownword", "一二"};
    std::string out = "text,pair,label\n";
    for (int i = 0; i < rows; ++i) {
        for (int k = 0; k <= i % 23; ++k)
            out += words[(i + k * 3) % 8] + " "s;
        out += std::to_string(i) + ",the pair " + words[i % 8] + "," + std::to_string(i % 2) + "\n";
    }
    return out;
}

size_t fileCount(const std::filesystem::path& folder)
{
    return size_t(
        std::distance(std::filesystem::directory_iterator(folder), std::filesystem::directory_iterator()));
}

} // namespace

class TestTokenizedDataset : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        m_tokenizer = Tokenizer::loadFile(m_files.write("vocab.txt", vocabulary));
        m_table = m_files.table("data.csv", content(3000));
    }

    void idsEqualThoseOfTheTokenizer_data()
    {
        QTest::addColumn<bool>("pair");
        QTest::addColumn<int>("threads");
        QTest::addColumn<bool>("cached");
        for (const bool pair : {false, true}) {
            for (const int threads : {1, 4}) {
                for (const bool cached : {false, true})
                    QTest::addRow("pair %d threads %d cached %d", pair, threads, cached)
                        << pair << threads << cached;
            }
        }
    }

    void idsEqualThoseOfTheTokenizer()
    {
        QFETCH(bool, pair);
        QFETCH(int, threads);
        QFETCH(bool, cached);
        const QTemporaryDir cache;
        const auto data = dataset(pair);
        const TokenizeOptions options{.maxLength = 16,
            .threads = threads,
            .cacheFolder
            = cached ? std::filesystem::path(cache.path().toStdString()) : std::filesystem::path()};
        const auto tokens = TokenizedDataset::create(*data, *m_tokenizer, options);
        QCOMPARE(tokens->size(), data->size());
        QVERIFY(!tokens->fromCache());
        EncodeOptions encode;
        encode.maxLength = 16;
        int64_t total = 0;
        int64_t cut = 0;
        int64_t unknown = 0;
        int32_t longest = 0;
        for (int64_t i = 0; i < data->size(); ++i) {
            const auto text = data->text(i);
            const auto second = data->textPair(i);
            const std::string_view secondView = second;
            const auto expected = m_tokenizer->encodeIds(text, pair ? &secondView : nullptr, encode);
            QVERIFY(std::ranges::equal(tokens->ids(i), expected.ids));
            QVERIFY(std::ranges::equal(tokens->typeIds(i), expected.typeIds));
            QCOMPARE(tokens->truncated(i), expected.truncated);
            QCOMPARE(size_t(tokens->length(i)), expected.ids.size());
            total += int64_t(expected.ids.size());
            cut += expected.truncated;
            unknown += expected.unknownCount;
            longest = std::max(longest, tokens->length(i));
        }
        QVERIFY(cut > 0 && cut < data->size());
        QVERIFY(unknown > 0);
        QCOMPARE(tokens->tokenCount(), total);
        QCOMPARE(tokens->truncatedCount(), cut);
        QCOMPARE(tokens->unknownTokenCount(), unknown);
        QCOMPARE(tokens->lengths().max, longest);
        QCOMPARE(tokens->lengths().mean, double(total) / double(data->size()));
    }

    void rowsWantedBeforeAllAreDoneAreTheSame()
    {
        m_table = m_files.table("large.csv", content(40'000));
        for (const bool pair : {false, true}) {
            const auto data = dataset(pair);
            const TokenSupply supply(data, m_tokenizer, {.maxLength = 16, .threads = 1});
            std::vector<TokenRow> early;
            for (int64_t i = data->size() - 1; i >= data->size() - 50; --i)
                early.push_back(supply.row(i));
            const auto& whole = supply.whole();
            QVERIFY(supply.readyWithin(std::chrono::milliseconds(0)));
            QCOMPARE(supply.progress().done, data->size());
            QCOMPARE(supply.progress().total, data->size());
            for (size_t i = 0; i < early.size(); ++i) {
                const auto index = data->size() - 1 - int64_t(i);
                QVERIFY(std::ranges::equal(early[i].ids(), whole.ids(index)));
                QVERIFY(std::ranges::equal(early[i].typeIds(), whole.typeIds(index)));
                QCOMPARE(supply.row(index).ids().data(), whole.ids(index).data());
            }
        }
        m_table = m_files.table("data.csv", content(3000));
    }

    void aSupplyEndsBeforeItsWorkAndPassesOnWhatFails()
    {
        m_table = m_files.table("large.csv", content(40'000));
        const auto begin = std::chrono::steady_clock::now();
        QVERIFY(!TokenSupply(dataset(false), m_tokenizer, {.maxLength = 16}).row(7).ids().empty());
        QVERIFY(std::chrono::steady_clock::now() - begin < std::chrono::seconds(60));
        const TokenSupply failing(dataset(false), m_tokenizer, {.maxLength = 0});
        QVERIFY(failing.readyWithin(std::chrono::seconds(60)));
        QVERIFY(errorOf([&] { (void)failing.whole(); }).find("max_seq_length is 0") != std::string::npos);
        m_table = m_files.table("data.csv", content(3000));
    }

    void theCacheIsUsedForEqualInputsOnly()
    {
        const QTemporaryDir cache;
        const std::filesystem::path folder = cache.path().toStdString();
        const auto make = [&](const Dataset& data, int32_t maxLength = 16,
                              TruncationStrategy strategy = TruncationStrategy::LongestFirst) {
            return TokenizedDataset::create(data, *m_tokenizer,
                {.maxLength = maxLength, .truncation = strategy, .threads = 2, .cacheFolder = folder});
        };
        const auto data = dataset(true);
        const auto first = make(*data);
        const auto again = make(*data);
        QVERIFY(!first->fromCache());
        QVERIFY(again->fromCache());
        QCOMPARE(fileCount(folder), size_t(1));
        for (int64_t i = 0; i < data->size(); ++i)
            QVERIFY(std::ranges::equal(first->ids(i), again->ids(i)));
        QCOMPARE(again->tokenCount(), first->tokenCount());
        QCOMPARE(again->unknownTokenCount(), first->unknownTokenCount());
        // Anything that decides the ids makes another key.
        QVERIFY(!make(*data, 17)->fromCache());
        QVERIFY(!make(*data, 16, TruncationStrategy::OnlyFirst)->fromCache());
        QVERIFY(!make(*dataset(false))->fromCache());
        DatasetOptions swapped;
        swapped.mapping = {.text = "pair", .textPair = "text", .labels = {"label"}};
        QVERIFY(!make(*Dataset::create(m_table, swapped))->fromCache());
        DatasetOptions cleaned;
        cleaned.mapping = {.text = "text", .textPair = "pair", .labels = {"label"}};
        cleaned.cleaning.whitespace = true;
        QVERIFY(!make(*Dataset::create(m_table, cleaned))->fromCache());
        auto changed = content(3000);
        changed[changed.size() - 20] = 'x';
        DatasetOptions same;
        same.mapping = {.text = "text", .textPair = "pair", .labels = {"label"}};
        QVERIFY(!make(*Dataset::create(m_files.table("other.csv", changed), same))->fromCache());
        const auto other = Tokenizer::loadFile(m_files.write("other_vocab.txt", vocabulary + "new\n"s));
        QVERIFY(
            !TokenizedDataset::create(*data, *other, {.maxLength = 16, .cacheFolder = folder})->fromCache());
        // The label column does not.
        DatasetOptions unlabelled;
        unlabelled.mapping = {.text = "text", .textPair = "pair"};
        QVERIFY(make(*Dataset::create(m_table, unlabelled))->fromCache());
    }

    void aDamagedCacheIsMadeAnew_data()
    {
        QTest::addColumn<int>("damage");
        QTest::newRow("byte changed") << 0;
        QTest::newRow("cut") << 1;
        QTest::newRow("empty") << 2;
        QTest::newRow("other file") << 3;
        QTest::newRow("footer changed") << 4;
    }

    void aDamagedCacheIsMadeAnew()
    {
        QFETCH(int, damage);
        const QTemporaryDir cache;
        const std::filesystem::path folder = cache.path().toStdString();
        const auto data = dataset(false);
        const TokenizeOptions options{.maxLength = 32, .threads = 2, .cacheFolder = folder};
        const auto good = TokenizedDataset::create(*data, *m_tokenizer, options);
        const auto file = std::filesystem::directory_iterator(folder)->path();
        auto bytes = readFile(file);
        if (damage == 0)
            bytes[bytes.size() / 2] = char(bytes[bytes.size() / 2] ^ 1);
        else if (damage == 1)
            bytes.resize(bytes.size() - 100);
        else if (damage == 2)
            bytes.clear();
        else if (damage == 3)
            bytes = std::string(bytes.size(), 'x');
        else
            bytes[bytes.size() - 40] = char(bytes[bytes.size() - 40] ^ 1);
        std::filesystem::remove(file);
        std::ofstream(file, std::ios::binary).write(bytes.data(), std::streamsize(bytes.size()));
        const auto again = TokenizedDataset::create(*data, *m_tokenizer, options);
        QVERIFY(!again->fromCache());
        for (int64_t i = 0; i < data->size(); ++i)
            QVERIFY(std::ranges::equal(good->ids(i), again->ids(i)));
        QVERIFY(TokenizedDataset::create(*data, *m_tokenizer, options)->fromCache());
    }

    void anUnusableCacheFolderIsNoObstacle()
    {
        const auto blocked = m_files.write("a_file", "x");
        const auto data = dataset(false);
        const auto tokens = TokenizedDataset::create(
            *data, *m_tokenizer, {.maxLength = 16, .cacheFolder = blocked / "cache"});
        QCOMPARE(tokens->size(), data->size());
        QVERIFY(!tokens->fromCache());
    }

    void tokenisingReportsProgressAndLeavesNothingWhenStopped()
    {
        const QTemporaryDir cache;
        const std::filesystem::path folder = cache.path().toStdString();
        const auto data = dataset(false);
        std::vector<int64_t> seen;
        TaskControl control;
        control.onProgress = [&](const Progress& progress) { seen.push_back(progress.done); };
        (void)TokenizedDataset::create(*data, *m_tokenizer, {.maxLength = 16, .threads = 2}, control);
        QVERIFY(std::is_sorted(seen.begin(), seen.end()));
        QCOMPARE(seen.back(), data->size());
        std::stop_source source;
        control.stop = source.get_token();
        control.onProgress = [&](const Progress&) { source.request_stop(); };
        VERIFY_CONTAINS(errorOf([&] {
            (void)TokenizedDataset::create(
                *data, *m_tokenizer, {.maxLength = 16, .threads = 2, .cacheFolder = folder}, control);
        }),
            "cancelled:");
        QCOMPARE(fileCount(folder), size_t(0));
    }

    void emptyTextsAreOnePaddingToken()
    {
        createFolders(m_files.folder() / "plain");
        m_files.write("plain/tokenizer_config.json", R"({"pad_token":"<pad>"})");
        const auto file = m_files.write("plain/tokenizer.json",
            R"({"version":"1.0","added_tokens":[],"pre_tokenizer":{"type":"WhitespaceSplit"},"model":)"
            R"({"type":"WordLevel","unk_token":"<unk>","vocab":{"<unk>":0,"good":1,"<pad>":2}}})");
        const auto tokenizer = Tokenizer::load(std::filesystem::path(file).parent_path());
        DatasetOptions options;
        options.mapping = {.text = "text", .labels = {"label"}};
        const auto table = m_files.table("empty.csv", "text,label\ngood,a\n,b\n\" \",a\nbad good,b\n");
        const auto tokens = TokenizedDataset::create(*Dataset::create(table, options), *tokenizer, {});
        const std::vector<std::vector<int32_t>> expected{{1}, {2}, {2}, {0, 1}};
        QCOMPARE(tokens->size(), int64_t(expected.size()));
        for (size_t i = 0; i < expected.size(); ++i)
            QVERIFY(std::ranges::equal(tokens->ids(int64_t(i)), expected[i]));

        std::string many = "text,label\n";
        for (int i = 0; i < 40'000; ++i)
            many += "good bad good bad,a\n";
        const TokenSupply early(
            Dataset::create(m_files.table("many.csv", many + ",b\n"), options), tokenizer, {.threads = 1});
        QVERIFY(std::ranges::equal(early.row(40'000).ids(), expected[1])); // before the others are done
    }

    void lengthBelowOneIsRefused()
    {
        VERIFY_CONTAINS(
            errorOf([&] { (void)TokenizedDataset::create(*dataset(false), *m_tokenizer, {.maxLength = 0}); }),
            "settings: max_seq_length is 0");
    }

private:
    std::shared_ptr<const Dataset> dataset(bool pair) const
    {
        DatasetOptions options;
        options.mapping = {.text = "text", .textPair = pair ? "pair" : "", .labels = {"label"}};
        return Dataset::create(m_table, options);
    }

    TestFiles m_files;
    std::shared_ptr<const Tokenizer> m_tokenizer;
    std::shared_ptr<const Table> m_table;
};

QTEST_GUILESS_MAIN(TestTokenizedDataset)
#include "tst_tokenized_dataset.moc"
