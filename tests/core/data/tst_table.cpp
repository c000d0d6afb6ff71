// SPDX-License-Identifier: MIT
#include "core/base/file.h"
#include "core/base/unicode.h"
#include "tests/core/data/data_test_files.h"

#include <atomic>
#include <sys/stat.h>
#include <thread>

using namespace studio;
using namespace std::string_literals;
using Row = std::vector<std::string>;

namespace {

std::string utf16(const std::string& utf8, bool little, bool mark)
{
    auto text = QString::fromUtf8(utf8.data(), qsizetype(utf8.size()));
    if (mark)
        text.prepend(QChar(0xFEFF));
    std::string out;
    for (const QChar unit : text) {
        const char low = char(unit.unicode() & 0xFF);
        const char high = char(unit.unicode() >> 8);
        out += little ? low : high;
        out += little ? high : low;
    }
    return out;
}

const std::string chineseGbk
    = "\xB1\xEA\xC7\xA9,\xCE\xC4\xB1\xBE\n1,\xBA\xDC\xBF\xEC\xA3\xAC\xBA\xC3\xB3\xD4\n0,\xB2\xBB\xBA\xC3\n";

} // namespace

class TestTable : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void quotedFieldsFollowRfc4180()
    {
        const auto table
            = m_files.table("a.csv", "text,label\r\n\"a, \"\"b\"\"\r\nc\",1\r\nplain,0\r\n\"\",1\r\n");
        QCOMPARE(table->rowCount(), 3);
        QCOMPARE(table->row(0), (Row{"a, \"b\"\r\nc", "1"}));
        QCOMPARE(table->row(1), (Row{"plain", "0"}));
        QCOMPARE(table->row(2), (Row{"", "1"}));
        QCOMPARE(table->info().lineEnd, "\r\n"s);
        QCOMPARE(table->issueCount(), 0);
    }

    void strayQuotesAndBackslashesAreOrdinary()
    {
        const auto table = m_files.table("a.csv",
            "text,label\nsay \"hi\",1\n5\" disk,0\n\"ends with \\\",1\n\"he said \"no\" to me\",0\na\\,1\n");
        QCOMPARE(table->row(0), (Row{"say \"hi\"", "1"}));
        QCOMPARE(table->row(1), (Row{"5\" disk", "0"}));
        QCOMPARE(table->row(2), (Row{"ends with \\", "1"}));
        QCOMPARE(table->row(3), (Row{"he said \"no\" to me", "0"}));
        QCOMPARE(table->row(4), (Row{"a\\", "1"}));
    }

    void unclosedQuoteIsReportedAndSwallowsNothing()
    {
        const auto table = m_files.table("a.csv", "text,label\nfine,1\n\"open,0\nnext,1\nlast,0\n");
        QCOMPARE(table->rowCount(), 4);
        QCOMPARE(table->row(1), (Row{"\"open", "0"}));
        QCOMPARE(table->row(2), (Row{"next", "1"}));
        QCOMPARE(table->issueCount(), 1);
        QCOMPARE(table->issues().front().kind, TableIssue::Kind::UnclosedQuote);
        QCOMPARE(table->issues().front().row, 2);
        QCOMPARE(table->issues().front().line, 3);
    }

    void quoteOpenedOnAnEarlierLineDoesNotJoinRows()
    {
        const auto table
            = m_files.table("a.csv", "text,label\n\"stray start,0\na \"quoted\" word,1\n\"proper, one\",0\n");
        QCOMPARE(table->rowCount(), 3);
        QCOMPARE(table->row(0), (Row{"\"stray start", "0"}));
        QCOMPARE(table->row(2), (Row{"proper, one", "0"}));
    }

    void raggedRowsAreReportedWithLine()
    {
        const auto table
            = m_files.table("a.csv", "text,label\n\"two\nlines\",1\nonly\na,b,c\nfine,0\nextra,1,,\n");
        QCOMPARE(table->rowCount(), 5);
        QCOMPARE(table->issueCount(), 2);
        QCOMPARE(table->issues()[0].row, 2);
        QCOMPARE(table->issues()[0].line, 4);
        VERIFY_CONTAINS(table->issues()[0].message, "1 cell where 2 are expected");
        QCOMPARE(table->issues()[1].row, 3);
        QCOMPARE(table->row(1), (Row{"only", ""}));
        QCOMPARE(table->rowIssue(1), TableIssue::Kind::RaggedRow);
        QVERIFY(!table->rowIssue(4)); // empty cells behind the last column do no harm
    }

    void quotesBehindTheSampleOfATabSeparatedFileCount()
    {
        std::string plain = "sentence\tlabel\n";
        for (int i = 0; i < 6000; ++i)
            plain += "he said \"no\" " + std::to_string(i) + "\t1\n";
        const auto quoted = m_files.table("a.tsv", plain + "\"Hi \"\"you\"\"\"\t0\n\"one\ttwo\"\t1\n");
        QCOMPARE(quoted->info().quote, '"');
        QCOMPARE(quoted->rowCount(), 6002);
        QCOMPARE(quoted->row(0), (Row{"he said \"no\" 0", "1"}));
        QCOMPARE(quoted->row(6000), (Row{"Hi \"you\"", "0"}));
        QCOMPARE(quoted->row(6001), (Row{"one\ttwo", "1"}));
        QCOMPARE(quoted->issueCount(), 0);
        const auto stray = m_files.table("b.tsv", plain + "\"Hi you\t0\n\"one\" two\t1\n");
        QCOMPARE(stray->info().quote, '\0');
        QCOMPARE(stray->row(6000), (Row{"\"Hi you", "0"}));
        QCOMPARE(m_files.table("c.tsv", plain)->info().quote, '\0');
    }

    void delimiterQuoteAndHeaderAreFound_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QByteArray>("format");
        QTest::addColumn<char>("delimiter");
        QTest::addColumn<bool>("quoted");
        QTest::addColumn<bool>("header");
        QTest::addColumn<int>("columns");
        QTest::addColumn<int>("rows");
        const auto row = [](const char* tag, const char* name, const QByteArray& content, const char* format,
                             char delimiter, bool quoted, bool header, int columns, int rows) {
            QTest::newRow(tag) << QByteArray(name) << content << QByteArray(format) << delimiter << quoted
                               << header << columns << rows;
        };
        row("comma with header", "a.csv", "label,review\n1,good food\n0,bad, cold\n", "csv", ',', true, true,
            2, 2);
        row("semicolon", "a.csv", "a;text\n1;yes, really\n2;no, not\n", "csv", ';', true, true, 2, 2);
        row("bar", "a.txt", "1|good|x\n2|bad|y\n3|ugly|z\n", "csv", '|', true, false, 3, 3);
        row("tab without quoting", "a.tsv", "sentence\tlabel\n\"Hi\" she said\t1\nplain\t0\n", "tsv", '\t',
            false, true, 2, 2);
        row("tab with doubled quotes", "a.tsv", "sentence\tlabel\n\"Hi \"\"you\"\"\"\t1\nplain\t0\n", "tsv",
            '\t', true, true, 2, 2);
        row("tab, a quote as token", "a.txt", "the\tO\n\"\tO\ncat\tO\n\"\tO\n", "tsv", '\t', false, false, 2,
            4);
        row("no header, numbers first", "a.csv",
            "\"3\",\"Fears for pension\",\"Unions say\"\n\"4\",\"The Race\",\"Space\"\n", "csv", ',', true,
            false, 3, 2);
        row("no header, label comes back", "a.csv",
            "ham,Ok lar\nspam,Free entry in a weekly comp\nham,U dun say\n", "csv", ',', true, false, 2, 3);
        row("unknown names over classes", "a.csv",
            "Opinion,Verdict\nI love it,good\nI hate it,bad\nso so,bad\nfine,good\nno,bad\nyes,good\n", "csv",
            ',', true, true, 2, 6);
        row("unknown names with underscores", "a.csv",
            "tweet_body,who_said\nhello there you,Ann\nwhat is that,Bob\n", "csv", ',', true, true, 2, 2);
        row("Chinese header", "a.csv", "标签,文本\n1,很好\n0,不好\n", "csv", ',', true, true, 2, 2);
        row("one quoted column", "a.csv", "text\n\"one, two\"\n\"three\"\n", "csv", ',', true, true, 1, 2);
        row("label text", "a.txt", "1 a good film\n0 a bad film\n1 fine , really\n0 no\n", "label-text", ',',
            false, false, 2, 4);
        row("fastText", "a.txt", "__label__pos good\n__label__neg bad\n", "label-text", ',', false, false, 2,
            2);
        row("lines", "a.txt", "Call me Ishmael.\nSome years ago, never mind how long.\n\nEnd.\n", "lines",
            ',', false, false, 1, 4);
        row("lines with a name", "a.txt", "text\nfirst line\nsecond line\n", "lines", ',', false, true, 1, 2);
        row("prose with commas", "a.txt", "Well, yes.\nOh, no.\nSo, what.\n", "lines", ',', false, false, 1,
            3);
        row("bare carriage returns", "a.csv", "text,label\rone,1\rtwo,0\r", "csv", ',', true, true, 2, 2);
        row("JSON lines", "a.json", "{\"text\":\"a\",\"label\":1}\n{\"text\":\"b\",\"label\":0}\n", "jsonl",
            ',', false, false, 2, 2);
        row("JSON array", "a.json", "[\n {\"text\":\"a\"},\n {\"text\":\"b\"}\n]\n", "json", ',', false,
            false, 1, 2);
        row("JSON array on one line", "data.txt", "[{\"text\":\"a\"},{\"text\":\"b\"}]", "json", ',', false,
            false, 1, 2);
        row("JSON object", "a.json", "{\"version\":1,\"data\":[{\"text\":\"a\"}]}", "json", ',', false, false,
            1, 1);
        row("text that begins with a bracket", "a.txt", "[Music] hello\n[Silence] there\n", "lines", ',',
            false, false, 1, 2);
    }

    void delimiterQuoteAndHeaderAreFound()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, content);
        QFETCH(QByteArray, format);
        QFETCH(char, delimiter);
        QFETCH(bool, quoted);
        QFETCH(bool, header);
        QFETCH(int, columns);
        QFETCH(int, rows);
        const auto table = m_files.table(name.toStdString(), content.toStdString());
        const auto& info = table->info();
        QCOMPARE(QByteArray::fromStdString(formatName(info)), format);
        if (info.format == FileFormat::Delimited) {
            QCOMPARE(info.delimiter, delimiter);
            QCOMPARE(info.quote != '\0', quoted);
        }
        QCOMPARE(info.header, header);
        QCOMPARE(int(info.columns.size()), columns);
        QCOMPARE(int(info.rows), rows);
    }

    void lineThatNamesTheDelimiterIsNoRow()
    {
        const std::string rows = "text;label\r\nyes, really;1\r\nno, not;0\r\nshort\r\n";
        for (const std::string first : {"sep=;\r\n", "\xEF\xBB\xBFSEP=;\n", "\"sep=;\"\r\n"}) {
            const auto table = m_files.table("a.csv", first + rows);
            QCOMPARE(table->info().delimiter, ';');
            QCOMPARE(table->info().columns, (Row{"text", "label"}));
            QCOMPARE(table->rowCount(), 3);
            QCOMPARE(table->row(1), (Row{"no, not", "0"}));
            QCOMPARE(table->issues().front().line, 5);
        }
        const auto bar = m_files.table("b.txt", "sep=|\none|1\ntwo|0\n");
        QCOMPARE(bar->row(0), (Row{"one", "1"}));
        const auto plain = m_files.table("c.txt", "sep=;\none;1\n", {.format = FileFormat::Lines});
        QCOMPARE(plain->rowCount(), 2);
        const auto wrong = m_files.table("e.csv", "sep=;\ntext,label\none,1\ntwo,0\n");
        QCOMPARE(wrong->info().columns, (Row{"text", "label"}));
        QCOMPARE(wrong->row(1), (Row{"two", "0"}));
        VERIFY_CONTAINS(errorOf([&] { (void)m_files.table("d.csv", "sep=;\n"); }), "holds no row");
    }

    void severalFastTextLabelsAreAList()
    {
        const auto table = m_files.table("a.txt",
            "__label__a the first\n__label__b  __label__\"q\"\ttext with __label__a\n__label__c "
            "__label__a\n");
        QCOMPARE(formatName(table->info()), "label-text"s);
        QCOMPARE(table->row(0), (Row{"[\"__label__a\"]", "the first"}));
        QCOMPARE(table->row(1), (Row{"[\"__label__b\",\"__label__\\\"q\\\"\"]", "text with __label__a"}));
        QCOMPARE(table->row(2), (Row{"[\"__label__c\",\"__label__a\"]", ""}));
        const auto single = m_files.table("b.txt", "__label__a one\n__label__b two __label__a\n");
        QCOMPARE(single->row(1), (Row{"__label__b", "two __label__a"}));
        std::string many;
        for (int i = 0; i < 40'000; ++i)
            many += "__label__a __label__b a text like others\n";
        const auto unlabelled = m_files.table("c.txt", many + "no label here\n");
        QCOMPARE(unlabelled->row(40'000), (Row{"", "no label here"}));
        const auto words = m_files.table(
            "d.txt", "pos so good\n__label__a __label__b bad\n", {.format = FileFormat::LabelText});
        QCOMPARE(words->row(1), (Row{"__label__a", "__label__b bad"}));
    }

    void encodingsGiveTheSameRows_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QByteArray>("encoding");
        QTest::addColumn<bool>("mark");
        const std::string text = "标签,文本\n1,很快，好吃\n0,不好\n";
        const auto row = [](const char* tag, const std::string& content, const char* encoding, bool mark) {
            QTest::newRow(tag) << QByteArray::fromStdString(content) << QByteArray(encoding) << mark;
        };
        row("utf-8", text, "utf-8", false);
        row("utf-8 with mark", "\xEF\xBB\xBF" + text, "utf-8", true);
        row("utf-16le with mark", utf16(text, true, true), "utf-16le", true);
        row("utf-16be with mark", utf16(text, false, true), "utf-16be", true);
        row("utf-16le", utf16(text, true, false), "utf-16le", false);
        row("utf-16be", utf16(text, false, false), "utf-16be", false);
        row("gb18030", chineseGbk, "gb18030", false);
    }

    void encodingsGiveTheSameRows()
    {
        QFETCH(QByteArray, content);
        QFETCH(QByteArray, encoding);
        QFETCH(bool, mark);
        const auto table = m_files.table("a.csv", content.toStdString());
        QCOMPARE(QByteArray::fromStdString(table->info().encoding), encoding);
        QCOMPARE(table->info().byteOrderMark, mark);
        QCOMPARE(table->info().columns, (Row{"标签", "文本"}));
        QCOMPARE(table->row(0), (Row{"1", "很快，好吃"}));
        QCOMPARE(table->row(1), (Row{"0", "不好"}));
        QCOMPARE(table->issueCount(), 0);
        // The same when it is named instead of found.
        const auto named
            = m_files.table("b.csv", content.toStdString(), {.encoding = encoding.toStdString()});
        QCOMPARE(named->row(1), table->row(1));
        QCOMPARE(named->info().sha256, sha256(content.toStdString()));
    }

    void asciiInSixteenBitsIsFound()
    {
        const auto table = m_files.table("a.csv", utf16("text,label\nhello there,1\nbye,0\n", true, false));
        QCOMPARE(table->info().encoding, "utf-16le"s);
        QCOMPARE(table->row(0), (Row{"hello there", "1"}));
    }

    void legacyEncodingsAreFoundByTheirCharacters_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("encoding");
        QTest::addColumn<QByteArray>("text");
        const auto row = [](const char* tag, const char* hex, const char* encoding, const char* text) {
            QTest::newRow(tag) << QByteArray::fromHex(hex) << QByteArray(encoding) << QByteArray(text);
        };
        row("Big5",
            "b36fae61a9b1aabab5e6ab44b160a66ea659a141aa41b0c8ba41abd7a45dabdcbcf6b1a1a141a455a6b8c1d9"
            "b77ca641a8d3a143",
            "big5", "這家店的菜非常好吃，服務態度也很熱情，下次還會再來。");
        row("Shift-JIS",
            "82b182cc935882cc97bf979d82cd82c682c482e094fc96a182b582ad82c481418354815b8372835882e0929a"
            "944a82c582b582bd8142",
            "shift-jis", "この店の料理はとても美味しくて、サービスも丁寧でした。");
        row("EUC-JP",
            "a4b3a4cec5b9a4cecec1cdfda4cfa4c8a4c6a4e2c8fecca3a4b7a4afa4c6a1a2a5b5a1bca5d3a5b9a4e2c3fa"
            "c7aba4c7a4b7a4bfa1a3",
            "euc-jp", "この店の料理はとても美味しくて、サービスも丁寧でした。");
        row("EUC-KR",
            "c0cc20bdc4b4e7c0c720c0bdbdc4c0ba20c1a4b8bb20b8c0c0d6b0ed20bcadbaf1bdbab5b520c4a3c0fdc7df"
            "bdc0b4cfb4d92e",
            "windows-949", "이 식당의 음식은 정말 맛있고 서비스도 친절했습니다.");
        row("windows-1251",
            "c5e4e020e220fdf2eeec20f0e5f1f2eef0e0ede520e1fbebe020eef7e5edfc20e2eaf3f1edeee92c20eee1f1"
            "ebf3e6e8e2e0ede8e520e2e5e6ebe8e2eee52e",
            "windows-1251", "Еда в этом ресторане была очень вкусной, обслуживание вежливое.");
        row("KOI8-R",
            "e5c4c120d720dcd4cfcd20d2c5d3d4cfd2c1cec520c2d9ccc120cfdec5ced820d7cbd5d3cecfca2c20cfc2d3"
            "ccd5d6c9d7c1cec9c520d7c5d6ccc9d7cfc52e",
            "koi8-r", "Еда в этом ресторане была очень вкусной, обслуживание вежливое.");
        row("GB18030, traditional",
            "df40bcd2b5eab5c4b2cbb7c7b3a3bac3b3d4a3acb7fe84d59142b6c8d2b2badc9fe1c7e9a3accfc2b4cedf80"
            "95fed4d981eda1a3",
            "gb18030", "這家店的菜非常好吃，服務態度也很熱情，下次還會再來。");
        row("GB18030",
            "d5e2bcd2b5eab5c4b2cbb7c7b3a3bac3b3d4a3acb7fecef1ccacb6c8d2b2badcc8c8c7e9a3accfc2b4cebbb9"
            "bbe1d4d9c0b4a1a3",
            "gb18030", "这家店的菜非常好吃，服务态度也很热情，下次还会再来。");
        row("windows-1252",
            "4c92696e74726967756520657374207472e87320656e6e7579657573652c206a926169206661696c6c69206d"
            "92656e646f726d69722e",
            "windows-1252", "L’intrigue est très ennuyeuse, j’ai failli m’endormir.");
        row("iso-8859-1",
            "44617320457373656e20776172206bf673746c6963682c20646173204672fc687374fc636b206de4df69672c"
            "206772f6df657220616c73207a75766f722e",
            "iso-8859-1", "Das Essen war köstlich, das Frühstück mäßig, größer als zuvor.");
    }

    void chineseLabelsOfEnglishTextsAreNoKorean()
    {
        // 积极 and 消极, 酒店 and 旅游, in GB18030
        for (const auto& [first, second] : {std::pair("\xBB\xFD\xBC\xAB", "\xCF\xFB\xBC\xAB"),
                 std::pair("\xBE\xC6\xB5\xEA", "\xC2\xC3\xD3\xCE")}) {
            std::string content = "text,label\n";
            for (int i = 0; i < 60; ++i)
                content += "fine product " + std::to_string(i) + ',' + (i % 2 ? first : second) + '\n';
            QCOMPARE(m_files.table("labels.csv", content)->info().encoding, "gb18030"s);
        }
    }

    void legacyEncodingsAreFoundByTheirCharacters()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, encoding);
        QFETCH(QByteArray, text);
        for (const int count : {1, 300}) {
            std::string content = "text,label\n";
            for (int i = 0; i < 2000; ++i) // what tells the encoding stands in few rows
                content += "plain words,0\n";
            for (int i = 0; i < count; ++i)
                content += "\"" + bytes.toStdString() + "\"," + std::to_string(i) + "\n";
            const auto table = m_files.table("a.csv", content);
            QCOMPARE(QByteArray::fromStdString(table->info().encoding), encoding);
            QCOMPARE(QByteArray::fromStdString(table->row(2000)[0]), text);
            QCOMPARE(table->issueCount(), 0);
        }
    }

    void westernTextIsNotTakenForChinese()
    {
        // 0xF0 before a letter is a valid pair in GB18030.
        const auto latin = m_files.table("a.txt",
            "0 a sister\xF0"
            "city with it\n1 another one\n0 more\n1 end\n");
        QCOMPARE(latin->info().encoding, "iso-8859-1"s);
        QCOMPARE(latin->row(0)[1], "a sister\u00F0city with it"s);
        const auto quotes
            = m_files.table("b.csv", "text,label\n\x93smart\x94 caf\xE9 \x80 5,1\nna\xEFve,0\n");
        QCOMPARE(quotes->info().encoding, "windows-1252"s);
        QCOMPARE(quotes->row(0)[0], "“smart” café € 5"s);
    }

    void aBrokenByteBehindAnOpenQuoteIsRepaired()
    {
        const auto table = m_files.table("open.csv", "\xEF\xBB\xBFtext,label\ngood,1\n\"br\xE9 oken,0\n");
        QCOMPARE(table->rowCount(), 2);
        QVERIFY(table->rowIssue(1).has_value());
        for (const auto& cell : table->row(1))
            QVERIFY2(isValidUtf8(cell), cell.c_str());
    }

    void utf8WithABrokenByteStaysUtf8()
    {
        std::string content = "text,label\n";
        for (int i = 0; i < 50; ++i)
            content += "很好吃，下次还来,1\n";
        content += "坏\xFF的,0\n好,1\n";
        const auto table = m_files.table("a.csv", content);
        QCOMPARE(table->info().encoding, "utf-8"s);
        QCOMPARE(table->issueCount(), 1);
        QCOMPARE(table->issues().front().kind, TableIssue::Kind::UndecodableBytes);
        QCOMPARE(table->issues().front().row, 51);
        QCOMPARE(table->cell(50, 0), "坏\uFFFD的"s);
    }

    void zeroBytesAreReported()
    {
        const auto table = m_files.table("a.csv", "text,label\none,1\ntw\0o,0\nthree,1\n"s);
        QCOMPARE(table->rowCount(), 3);
        QCOMPARE(table->issueCount(), 1);
        QCOMPARE(table->issues().front().kind, TableIssue::Kind::NulByte);
        QCOMPARE(table->issues().front().row, 2);
    }

    void jsonValuesKeepTheirText()
    {
        const auto table = m_files.table("a.jsonl",
            "{\"text\": \"a\\n\\u4e2d\\\"\", \"n\": 3.80, \"flag\": true, \"none\": null, \"list\": [\"x\", "
            "1]}\n"
            "{\"label\": 7, \"text\": \"b\"}\r\n\n{\"text\": \"c\", \"object\": {\"k\": 1}}\n");
        QCOMPARE(table->info().columns, (Row{"text", "n", "flag", "none", "list", "label", "object"}));
        QCOMPARE(table->rowCount(), 3);
        QCOMPARE(table->row(0), (Row{"a\n中\"", "3.80", "true", "", "[\"x\", 1]", "", ""}));
        QCOMPARE(table->row(1), (Row{"b", "", "", "", "", "7", ""}));
        QCOMPARE(table->row(2), (Row{"c", "", "", "", "", "", "{\"k\": 1}"}));
    }

    void jsonOfStringsAndOfListsAreTables()
    {
        QCOMPARE(m_files.table("a.json", "[\"one\", \"t\\\\wo\", null]")->row(1), Row{"t\\wo"});
        const auto lists = m_files.table("b.json", "[[\"good\", 1], [\"bad\", 0]]");
        QCOMPARE(lists->info().columns, (Row{"column_1", "column_2"}));
        QCOMPARE(lists->row(1), (Row{"bad", "0"}));
    }

    void faultyJsonRowsAreReported()
    {
        const auto lines = m_files.table("a.jsonl", "{\"text\":\"a\"}\n{\"text\": oops}\n{\"text\":\"c\"}\n");
        QCOMPARE(lines->rowCount(), 3);
        QCOMPARE(lines->issueCount(), 1);
        QCOMPARE(lines->issues().front().kind, TableIssue::Kind::InvalidJson);
        QCOMPARE(lines->issues().front().line, 2);
        const auto cut = m_files.table("b.json", "[{\"text\":\"a\"},\n{\"text\":\"b\"},\n{\"text\":\"c");
        QCOMPARE(cut->rowCount(), 3);
        QCOMPARE(cut->rowIssue(2), TableIssue::Kind::InvalidJson);
        QCOMPARE(cut->cell(1, 0), "b"s);
    }

    void numbersOfAnySizeAreJson()
    {
        const auto table = m_files.table("a.jsonl",
            "{\"text\":\"a 1e\\\"400\",\"id\":123456789012345678901234567890,\"more\":[1e400,-1E+999]}\n"
            "{\"text\":\"b\",\"id\":1e400}\n123456789012345678901234567890\n"
            "{\"text\":\"c\",\"id\":0123}\n{\"text\":\"d\",\"id\":1e400,\"more\":[1.]}\n"
            "{\"text\":\"e\",\"id\":1e400x}\n{\"text\":\"f\",\"id\":-}\n");
        QCOMPARE(table->row(0), (Row{"a 1e\"400", "123456789012345678901234567890", "[1e400,-1E+999]"}));
        QCOMPARE(table->row(1), (Row{"b", "1e400", ""}));
        QCOMPARE(table->row(2), (Row{"123456789012345678901234567890", "", ""}));
        QCOMPARE(table->issueCount(), 4);
        for (int row = 3; row < 7; ++row)
            QCOMPARE(table->rowIssue(row), TableIssue::Kind::InvalidJson);
        const auto array = m_files.table(
            "b.json", "[{\"text\":\"a\",\"id\":-99999999999999999999999},\n{\"text\":\"b\",\"id\":1}]\n");
        QCOMPARE(array->issueCount(), 0);
        QCOMPARE(array->row(0), (Row{"a", "-99999999999999999999999"}));
    }

    void columnsAreNamedUniquely()
    {
        const auto table
            = m_files.table("a.csv", "v1, text ,text,,\nham,a,b,,\nspam,c,d,,\n", {.header = true});
        QCOMPARE(table->info().columns, (Row{"v1", "text", "text_2", "column_4", "column_5"}));
        QCOMPARE(table->columnIndex("text_2"), 2);
        QCOMPARE(table->columnIndex("3"), 2);
        VERIFY_CONTAINS(errorOf([&] { (void)table->columnIndex("review"); }),
            "has no column 'review'; its columns are 'v1', 'text', 'text_2'");
    }

    void detectionCanBeOverridden()
    {
        const auto header = m_files.table("a.csv", "text,label\na,1\n", {.header = false});
        QCOMPARE(header->rowCount(), 2);
        QCOMPARE(header->info().columns, (Row{"column_1", "column_2"}));
        const auto quote = m_files.table("b.csv", "'a,b',1\n'c',2\n", {.quote = '\''});
        QCOMPARE(quote->row(0), (Row{"a,b", "1"}));
        const auto none = m_files.table("c.csv", "\"a\",1\n\"b\",2\n", {.quote = '\0'});
        QCOMPARE(none->row(0), (Row{"\"a\"", "1"}));
        const auto delimiter = m_files.table("d.txt", "a^b^c\nd^e^f\n", {.delimiter = '^'});
        QCOMPARE(delimiter->row(1), (Row{"d", "e", "f"}));
        const auto lines = m_files.table("e.csv", "a,b\nc,d\n", {.format = FileFormat::Lines});
        QCOMPARE(lines->row(0), Row{"a,b"});
        const auto labels
            = m_files.table("f.txt", "pos so good\nneg so bad\n", {.format = FileFormat::LabelText});
        QCOMPARE(labels->row(1), (Row{"neg", "so bad"}));
        TableOptions options;
        applyFormatName(options, "tsv");
        QCOMPARE(options.delimiter, '\t');
        QCOMPARE(m_files.table("g.txt", "a\tb, c\nd\te, f\n", options)->row(0), (Row{"a", "b, c"}));
    }

    void unusableFilesAndOverridesGetASentence_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QByteArray>("format");
        QTest::addColumn<QByteArray>("encoding");
        QTest::addColumn<QByteArray>("sentence");
        const auto row = [](const char* tag, const std::string& content, const char* format,
                             const char* encoding, const char* sentence) {
            QTest::newRow(tag) << QByteArray::fromStdString(content) << QByteArray(format)
                               << QByteArray(encoding) << QByteArray(sentence);
        };
        row("empty", "", "auto", "auto", "data: '%' is empty; a data file with at least one row");
        row("mark alone", "\xEF\xBB\xBF", "auto", "auto", "holds no row");
        row("white space", "\n\n\n", "csv", "auto", "holds no row");
        row("header alone", "text,label\n", "auto", "auto", "holds a header and no row");
        row("empty array", "[]", "json", "auto", "holds no row");
        row("object without rows", "{\"a\": 1}", "json", "auto", "holds no array of rows");
        row("object with two arrays", "{\"a\": [1], \"b\": [2]}", "json", "auto",
            "holds 2 arrays ('a', 'b')");
        row("not JSON", "text,label\na,1\n", "json", "auto",
            "begins with 'text,lab…' where '[' or '{' is expected");
        row("no JSON line", "text,label\na,1\n", "jsonl", "auto", "none of its 2 rows is JSON");
        row("broken array", "[{\"a\":1} {\"a\":2}]", "json", "auto",
            "line 1: '{…' where ',' or ']' is expected");
        row("no label text", "one\ntwo\n", "label-text", "auto",
            "none of its 2 rows is a label, a space and a text");
        row("zip", "PK\x03\x04\x14\0\0\0\0\0"s, "auto", "auto", "ZIP archive or an Excel workbook");
        row("gzip", "\x1F\x8B\x08\0\0\0\0\0"s, "auto", "auto", "compressed with gzip");
        row("binary", std::string(2000, '\0') + std::string(1000, 'x') + "\xFF\xFE\xFD", "auto", "auto",
            "looks like a binary file");
        row("unknown encoding", "a,b\n", "auto", "klingon", "settings: Unknown encoding 'klingon'");
        row("not UTF-16", "text,label\nhello world,1\n!", "auto", "utf-16le",
            "so it is not utf-16le; choose utf-8");
        row("odd UTF-16", "text,label\nhello world,1\n", "auto", "utf-16le", "odd number of bytes (25)");
        row("other mark",
            "\xFF\xFE"
            "a\0b\0"s,
            "auto", "utf-8", "begins with the byte order mark of utf-16le");
        row("not UTF-8", chineseGbk, "auto", "utf-8", "is not utf-8");
        row("not GB18030", std::string(50, '\xFF') + "\n", "auto", "gb18030", "is not gb18030: 50 of its");
    }

    void unusableFilesAndOverridesGetASentence()
    {
        QFETCH(QByteArray, content);
        QFETCH(QByteArray, format);
        QFETCH(QByteArray, encoding);
        QFETCH(QByteArray, sentence);
        const auto file = m_files.write("bad.csv", content.toStdString());
        TableOptions options;
        applyFormatName(options, format.toStdString());
        options.encoding = encoding.toStdString();
        sentence.replace("%", QByteArray::fromStdString(pathText(file)));
        VERIFY_CONTAINS(errorOf([&] { (void)Table::open(file, options); }), sentence.toStdString());
    }

    void unusablePathsGetASentence()
    {
        VERIFY_CONTAINS(
            errorOf([&] { (void)Table::open(m_files.folder() / "absent.csv"); }), "file: Cannot open");
        VERIFY_CONTAINS(
            errorOf([&] { (void)Table::open(m_files.folder()); }), "is a folder, but a file is needed");
        const auto pipe = m_files.folder() / "pipe";
        QCOMPARE(::mkfifo(pipe.c_str(), 0600), 0);
        VERIFY_CONTAINS(errorOf([&] { (void)Table::open(pipe); }), "is a pipe, which can be read only once");
    }

    void wrongDelimiterNamesTheOneThatFits()
    {
        VERIFY_CONTAINS(errorOf([&] { (void)m_files.table("a.csv", "a,b\n1,2\n3,4\n", {.delimiter = ';'}); }),
            "the delimiter ';' cuts the rows into one column only; ',' would give 2 columns");
        VERIFY_CONTAINS(
            errorOf([&] { (void)m_files.table("a.csv", "a,b\n", {.delimiter = ',', .quote = ','}); }),
            "settings: Delimiter and quote are both ','");
        VERIFY_CONTAINS(errorOf([&] { (void)m_files.table("a.csv", "a,b\n", {.delimiter = '\n'}); }),
            "settings: The delimiter must be");
        VERIFY_CONTAINS(errorOf([] {
            TableOptions options;
            applyFormatName(options, "xlsx");
        }),
            "settings: Unknown file format 'xlsx'");
    }

    void oneEndlessLineIsRefused()
    {
        VERIFY_CONTAINS(errorOf([&] { (void)m_files.table("a.txt", std::string(17 << 20, 'x')); }),
            "line 1: a row of 17825792 bytes; a row has at most 16777216");
        VERIFY_CONTAINS(errorOf([&] {
            (void)m_files.table("a.csv", "text,label\na,1\n\"" + std::string(17 << 20, 'x') + "\",1\n");
        }),
            "line 3: a row of");
    }

    void largeTextInAnotherEncodingIsSpilled()
    {
        std::string content = "文本,标签\n";
        std::string rows;
        for (int i = 0; i < 1000; ++i)
            rows += "\xBA\xDC\xBF\xEC\xA3\xAC\xBA\xC3\xB3\xD4,1\n";
        content = "\xCE\xC4\xB1\xBE,\xB1\xEA\xC7\xA9\n";
        for (int i = 0; i < 4500; ++i)
            content += rows;
        const auto table = m_files.table("a.csv", content);
        QCOMPARE(table->info().encoding, "gb18030"s);
        QCOMPARE(table->rowCount(), 4'500'000);
        QCOMPARE(table->row(4'499'999), (Row{"很快，好吃", "1"}));
    }

    void openingReportsProgressAndCanBeStopped()
    {
        std::string content = "text,label\n";
        while (content.size() < (20 << 20))
            content += "some text of a row that is long enough to be read in a while,1\n";
        const auto file = m_files.write("a.csv", content);
        std::vector<Progress> seen;
        TaskControl control;
        control.onProgress = [&](const Progress& progress) { seen.push_back(progress); };
        (void)Table::open(file, {}, control);
        QVERIFY(seen.size() >= 3);
        QCOMPARE(seen.back().done, int64_t(content.size()));
        for (size_t i = 1; i < seen.size(); ++i)
            QVERIFY(seen[i].done >= seen[i - 1].done);
        std::stop_source source;
        control.stop = source.get_token();
        control.onProgress = [&](const Progress&) { source.request_stop(); };
        VERIFY_CONTAINS(errorOf([&] { (void)Table::open(file, {}, control); }), "cancelled:");
    }

    void rowsAreReadFromManyThreads()
    {
        std::string csv = "text,label\n";
        std::string jsonl;
        for (int i = 0; i < 2000; ++i) {
            csv += "\"row " + std::to_string(i) + ", \"\"quoted\"\"\"," + std::to_string(i) + "\n";
            jsonl += "{\"text\":\"row " + std::to_string(i) + "\"}\n";
        }
        const auto table = m_files.table("a.csv", csv);
        const auto json = m_files.table("a.jsonl", jsonl);
        std::atomic<int> wrong = 0;
        {
            std::vector<std::jthread> threads;
            for (int t = 0; t < 8; ++t) {
                threads.emplace_back([&, t] {
                    for (int i = t; i < 2000; i += 3) {
                        const auto number = std::to_string(i);
                        wrong += table->row(i) != Row{"row " + number + ", \"quoted\"", number};
                        wrong += json->cell(i, 0) != "row " + number;
                    }
                });
            }
        }
        QCOMPARE(wrong.load(), 0);
    }

private:
    TestFiles m_files;
};

QTEST_GUILESS_MAIN(TestTable)
#include "tst_table.moc"
