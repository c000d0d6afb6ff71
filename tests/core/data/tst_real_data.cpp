// SPDX-License-Identifier: MIT
#include "core/base/file.h"
#include "core/base/json.h"
#include "tests/core/data/data_test_files.h"

#include <algorithm>
#include <numeric>

using namespace studio;
using namespace std::string_literals;

/// Public data sets as they are distributed, opened without any hint.
class TestRealData : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void dataSetsAreUnderstoodWithoutAHint_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QByteArray>("format");
        QTest::addColumn<QByteArray>("encoding");
        QTest::addColumn<QByteArray>("lineEnd");
        QTest::addColumn<bool>("header");
        QTest::addColumn<int>("rows");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("pair");
        QTest::addColumn<QByteArray>("label");
        QTest::addColumn<int>("labels");
        const auto row
            = [](const char* file, const char* format, const char* encoding, const char* lineEnd, bool header,
                  int rows, const char* text, const char* pair, const char* label, int labels) {
                  QTest::newRow(file) << QByteArray(file) << QByteArray(format) << QByteArray(encoding)
                                      << QByteArray(lineEnd) << header << rows << QByteArray(text)
                                      << QByteArray(pair) << QByteArray(label) << labels;
              };
        row("sst/stsa.binary.train", "label-text", "utf-8", "\n", false, 6920, "text", "", "label", 2);
        row("sst/stsa.binary.dev", "label-text", "utf-8", "\n", false, 872, "text", "", "label", 2);
        row("trec/TREC.train.all", "label-text", "iso-8859-1", "\n", false, 5452, "text", "", "label", 6);
        row("trec/TREC.test.all", "label-text", "utf-8", "\n", false, 500, "text", "", "label", 6);
        row("sms_spam/spam.csv", "csv", "windows-1252", "\r\n", true, 5572, "v2", "", "v1", 2);
        row("ag_news/test.csv", "csv", "utf-8", "\n", false, 7600, "column_2", "column_3", "column_1", 4);
        row("thucnews10/dev.txt", "tsv", "utf-8", "\n", false, 10000, "column_1", "", "column_2", 10);
        row("waimai_10k/waimai_10k.csv", "csv", "utf-8", "\n", true, 11987, "review", "", "label", 2);
        row("stsb/stsb-en-train.csv", "csv", "utf-8", "\r\n", false, 5749, "column_1", "column_2", "column_3",
            140);
        row("stsb/stsb-en-dev.csv", "csv", "utf-8", "\r\n", false, 1500, "column_1", "column_2", "column_3",
            78);
        row("fewclue/bustm/train_0.json", "jsonl", "utf-8", "\r\n", false, 32, "sentence1", "sentence2",
            "label", 2);
        row("fewclue/bustm/test_public.json", "jsonl", "utf-8", "\r\n", false, 1772, "sentence1", "sentence2",
            "label", 2);
        row("llamafactory/alpaca_zh_demo.json", "json", "utf-8", "\n", false, 1000, "instruction", "", "", 0);
        row("llamafactory/alpaca_en_demo.json", "json", "utf-8", "\n", false, 999, "instruction", "", "", 0);
        row("tatoeba_cmn_eng/cmn.txt", "tsv", "utf-8", "\n", false, 20133, "column_1", "column_2", "", 0);
        row("gb18030_sighan/msr_test.txt", "lines", "gb18030", "\r\n", false, 3985, "text", "", "", 0);
        row("wnut17/wnut17train.conll", "tsv", "utf-8", "\n", false, 65124, "column_1", "", "column_2", 13);
        row("spm_corpora/botchan.txt", "lines", "utf-8", "\r\n", false, 4288, "text", "", "", 0);
    }

    void dataSetsAreUnderstoodWithoutAHint()
    {
        NEED_REAL_DATA(folder);
        QFETCH(QByteArray, file);
        QFETCH(QByteArray, format);
        QFETCH(QByteArray, encoding);
        QFETCH(QByteArray, lineEnd);
        QFETCH(bool, header);
        QFETCH(int, rows);
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, pair);
        QFETCH(QByteArray, label);
        QFETCH(int, labels);
        const auto table = Table::open(folder / file.toStdString());
        const auto& info = table->info();
        QCOMPARE(QByteArray::fromStdString(formatName(info)), format);
        QCOMPARE(QByteArray::fromStdString(info.encoding), encoding);
        QCOMPARE(QByteArray::fromStdString(info.lineEnd), lineEnd);
        QCOMPARE(info.header, header);
        QCOMPARE(int(info.rows), rows);
        QCOMPARE(table->issueCount(), 0);
        QCOMPARE(info.sha256, sha256File(info.file));
        const auto mapping = suggestMapping(*table);
        QCOMPARE(QByteArray::fromStdString(mapping.text), text);
        QCOMPARE(QByteArray::fromStdString(mapping.textPair), pair);
        QCOMPARE(QByteArray::fromStdString(mapping.labels.empty() ? "" : mapping.labels.front()), label);
        const auto data = Dataset::create(table, {.mapping = mapping});
        QCOMPARE(int(data->labelNames().size()), labels);
        const auto& counts = data->labelCounts();
        QCOMPARE(std::accumulate(counts.begin(), counts.end(), int64_t(0)), labels > 0 ? data->size() : 0);
    }

    void cellsOfTrickyRowsAreExact()
    {
        NEED_REAL_DATA(folder);
        const auto trec = Table::open(folder / "trec" / "TREC.train.all");
        int64_t found = 0;
        for (int64_t row = 0; row < trec->rowCount(); ++row)
            found += contains(trec->cell(row, 1), "a sister\u00F0city with");
        QCOMPARE(found, 1);
        const auto spam = Table::open(folder / "sms_spam" / "spam.csv");
        int64_t returns = 0;
        for (int64_t row = 0; row < spam->rowCount(); ++row)
            returns += contains(spam->cell(row, 1), "\\\"\rham\"");
        QCOMPARE(returns, 2); // a bare CR inside quotes belongs to the text
        const auto news = Table::open(folder / "ag_news" / "test.csv");
        VERIFY_CONTAINS(news->cell(1, 2), "A second\\team of rocketeers");
    }

    void gb18030AndUtf8TwinsAreEqual()
    {
        NEED_REAL_DATA(folder);
        const auto chinese = Table::open(folder / "gb18030_sighan" / "msr_test.txt");
        const auto unicode = Table::open(folder / "gb18030_sighan" / "msr_test.utf8");
        QCOMPARE(chinese->info().encoding, "gb18030"s);
        QCOMPARE(unicode->info().encoding, "utf-8"s);
        QCOMPARE(chinese->rowCount(), unicode->rowCount());
        for (int64_t row = 0; row < chinese->rowCount(); ++row)
            QCOMPARE(chinese->row(row), unicode->row(row));
    }

    void csvSpectrumIsRead()
    {
        NEED_REAL_DATA(folder);
        int files = 0;
        for (const auto& entry : std::filesystem::directory_iterator(folder / "csv_spectrum")) {
            if (entry.path().extension() != ".csv")
                continue;
            ++files;
            auto expectedFile = entry.path();
            expectedFile.replace_extension(".json");
            const auto expected = readJsonFile(expectedFile);
            const auto bytes = readFile(entry.path());
            const auto table = Table::open(entry.path());
            QCOMPARE(table->rowCount(), int64_t(expected.size()));
            for (size_t row = 0; row < expected.size(); ++row) {
                const auto cells = table->row(int64_t(row));
                QCOMPARE(cells.size(), expected[row].size());
                for (size_t column = 0; column < cells.size(); ++column) {
                    auto value = expected[row].at(table->info().columns[column]).get<std::string>();
                    // Copies of these files exist whose CRLF became LF; then the expectation's did too.
                    if (!contains(bytes, "\r"))
                        std::erase(value, '\r');
                    QCOMPARE(cells[column], value);
                }
            }
        }
        QCOMPARE(files, 11);
    }

    void naughtyStringsAreKept()
    {
        NEED_REAL_DATA(folder);
        const auto table = Table::open(folder / "blns" / "blns.json");
        const auto expected = readJsonFile(folder / "blns" / "blns.json");
        QCOMPARE(table->rowCount(), int64_t(expected.size()));
        for (size_t row = 0; row < expected.size(); ++row)
            QCOMPARE(table->cell(int64_t(row), 0), expected[row].get<std::string>());
    }

    void nothingInTheFolderMakesItCrash()
    {
        NEED_REAL_DATA(folder);
        int opened = 0;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
            if (!entry.is_regular_file())
                continue;
            try {
                const auto table = Table::open(entry.path());
                QVERIFY(table->rowCount() > 0);
                (void)table->row(table->rowCount() - 1);
                ++opened;
            } catch (const Error& error) {
                QVERIFY(error.kind() == ErrorKind::Data);
            }
        }
        QVERIFY(opened > 40);
    }
};

QTEST_GUILESS_MAIN(TestRealData)
#include "tst_real_data.moc"
