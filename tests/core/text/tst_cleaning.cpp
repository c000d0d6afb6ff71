// SPDX-License-Identifier: MIT
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/text/cleaning.h"
#include "core/text/html_entities.h"
#include "core/text/html_text.h"
#include "tests/core/text/text_test_data.h"

#include <sstream>

using namespace studio;

class TestCleaning : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void tagsAreStripped_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char* name, const char* text, const char* expected) {
            QTest::newRow(name) << QByteArray(text) << QByteArray(expected);
        };
        row("none", "plain", "plain");
        row("inline joins", "un<b>believ</b>able", "unbelievable");
        row("block separates", "<p>one</p><p>two</p>", "one two");
        row("line break", "one<br /><br />two", "one two");
        row("space kept once", "one <br> two", "one  two");
        row("comment", "a<!-- <b>x</b> > -->b", "ab");
        row("quoted greater-than", "<a title=\"x > y\" href='z>'>link</a>", "link");
        row("unclosed quote", "<a href=\"x>link</a> it's", "link it's");
        row("script", "x<script>if (a < b) alert('</b>');</script>y", "x y");
        row("style", "<STYLE type=x>p{}</Style>text", "text");
        row("doctype", "<!DOCTYPE html><html>t</html>", "t");
        row("less-than", "a < b and c > d, <3 you", "a < b and c > d, <3 you");
        row("unclosed tag", "see <b now", "see <b now");
        row("unclosed comment", "a <!-- b", "a <!-- b");
        row("closing only", "</div>x", "x");
        row("chinese", "<p>\xE5\xA5\xBD<br>\xE5\x90\x83</p>", "\xE5\xA5\xBD \xE5\x90\x83");
    }
    void tagsAreStripped()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, expected);
        QCOMPARE(QByteArray::fromStdString(stripHtmlTags(text.toStdString())), expected);
    }

    void entitiesDecodeAsPythonsHtmlUnescapeDoes()
    {
        std::istringstream records(readFile(goldenFolder() / "html_unescape.jsonl"));
        int compared = 0;
        for (std::string line; std::getline(records, line); ++compared) {
            const auto record = parseJson(line, "record");
            QCOMPARE(decodeHtmlEntities(record[0].get<std::string>()), record[1].get<std::string>());
        }
        QVERIFY(compared > 600);
        QCOMPARE(htmlEntities().size(), size_t{2231});
    }

    void urlsAreRemoved_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char* name, const char* text, const char* expected) {
            QTest::newRow(name) << QByteArray(text) << QByteArray(expected);
        };
        row("https", "see https://example.org/a?b=c#d now", "see now");
        row("upper case", "HTTP://EXAMPLE.ORG", "");
        row("www", "go to www.example.org.", "go to .");
        row("in parentheses", "it (http://example.org/a_(b)) is", "it () is");
        row("chinese follows", "\xE7\x9C\x8Bhttp://t.cn/abc\xE5\xBE\x88\xE5\xA5\xBD",
            "\xE7\x9C\x8B\xE5\xBE\x88\xE5\xA5\xBD");
        row("no address", "the http:// prefix and awww.x", "the http:// prefix and awww.x");
        row("quoted", "\"http://a.b\"", "\"\"");
    }
    void urlsAreRemoved()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, expected);
        QCOMPARE(QByteArray::fromStdString(cleanText(text.toStdString(), {.urls = true})), expected);
    }

    void whiteSpaceOfAllKindsCollapses()
    {
        const CleaningOptions options{.whitespace = true};
        QCOMPARE(cleanText(" \t a\xC2\xA0\xE3\x80\x80 b\r\n\xE2\x80\xA8"
                           "c \n",
                     options),
            std::string("a b c"));
        QCOMPARE(cleanText(" \n", options), std::string());
    }

    void nfkcFoldsCompatibilityForms()
    {
        QCOMPARE(cleanText("\xEF\xAC\x81\xEF\xBC\xA1\xE2\x91\xA0 e\xCC\x81", {.nfkc = true}),
            std::string("fiA1 \xC3\xA9"));
    }

    void stepsRunInTheirOrder()
    {
        const CleaningOptions all{.html = true, .urls = true, .nfkc = true, .whitespace = true};
        // The reference decodes before the address goes, the address goes before full-width letters could
        // make one.
        QCOMPARE(
            cleanText("<p>a&nbsp;&nbsp;http&#58;//x.y</p> <p>\xEF\xBC\xA2</p>", all), std::string("a B"));
    }

    void nothingIsDoneByDefault()
    {
        QCOMPARE(cleanText("<b> &amp; </b>", {}), std::string("<b> &amp; </b>"));
        QCOMPARE(cleanText("a\xFF"
                           "b",
                     {}),
            std::string("a\xEF\xBF\xBD"
                        "b"));
    }

    void manyUnclosedTagsTakeLinearTime()
    {
        const std::string text(400'000, '<');
        QCOMPARE(stripHtmlTags(text), text);
        for (const std::string_view opening : {"<a ", "<!-- ", "<a href=\"", "<?x "}) {
            std::string opened;
            for (int i = 0; i < 100'000; ++i)
                opened += opening;
            QCOMPARE(stripHtmlTags(opened), opened);
        }
        std::string scripts;
        for (int i = 0; i < 100'000; ++i)
            scripts += "<script>";
        QCOMPARE(stripHtmlTags(scripts), std::string());
    }

    void namesAreParsedAndWritten()
    {
        const auto options = parseCleaning("whitespace, html,drop-duplicates,");
        QCOMPARE(options, (CleaningOptions{.html = true, .whitespace = true, .dropDuplicates = true}));
        QCOMPARE(cleaningNames(options), (std::vector<std::string>{"html", "whitespace", "drop_duplicates"}));
        QCOMPARE(parseCleaning(""), CleaningOptions{});
        try {
            static_cast<void>(parseCleaning("html,soap"));
            QFAIL("an unknown step was accepted");
        } catch (const Error& error) {
            QCOMPARE(error.kind(), ErrorKind::Settings);
            QCOMPARE(std::string(error.what()),
                std::string("The cleaning step \"soap\" is not known; known are html, urls, nfkc, "
                            "whitespace, drop_empty, "
                            "drop_duplicates."));
        }
    }
};

QTEST_APPLESS_MAIN(TestCleaning)
#include "tst_cleaning.moc"
