// SPDX-License-Identifier: MIT
#include "tests/ui/page_fixture.h"
#include "ui/pages/results/results_page.h"
#include "ui/pages/runs/runs_page.h"
#include "ui/pages/tryit/tryit_page.h"

#include "random_run.h"

#include <QAbstractButton>
#include <QComboBox>
#include <QFile>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QRegularExpression>
#include <QTableView>
#include <QXmlStreamReader>

using namespace studio;

namespace {

/// Every text a person can see or hear in the page.
QStringList textsOf(const QWidget& page)
{
    QStringList texts;
    for (const auto* label : page.findChildren<QLabel*>())
        texts << label->text();
    for (const auto* button : page.findChildren<QAbstractButton*>())
        texts << button->text();
    for (const auto* edit : page.findChildren<QLineEdit*>())
        texts << edit->placeholderText();
    for (const auto* edit : page.findChildren<QPlainTextEdit*>())
        texts << edit->placeholderText();
    for (const auto* table : page.findChildren<QTableView*>()) {
        for (int column = 0; column < table->model()->columnCount(); ++column)
            texts << table->model()->headerData(column, Qt::Horizontal).toString();
    }
    for (const auto* widget : page.findChildren<QWidget*>())
        texts << widget->toolTip() << widget->accessibleName();
    return texts;
}

} // namespace

class TestResultsTranslations : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnWarnings(); }

    void noTextIsUnfinished_data()
    {
        QTest::addColumn<QString>("file");
        QTest::newRow("Chinese") << QStringLiteral("results_zh_CN.ts");
        QTest::newRow("English plurals") << QStringLiteral("results_en.ts");
    }

    void noTextIsUnfinished()
    {
        QFETCH(QString, file);
        QFile ts(QStringLiteral(STUDIO_SOURCE_DIR "/translations/") + file);
        QVERIFY(ts.open(QIODevice::ReadOnly));
        QXmlStreamReader xml(&ts);
        QString source;
        int translations = 0;
        while (!xml.atEnd()) {
            xml.readNext();
            if (!xml.isStartElement())
                continue;
            if (xml.name() == QStringLiteral("source")) {
                source = xml.readElementText();
            } else if (xml.name() == QStringLiteral("translation")) {
                QVERIFY2(!xml.attributes().hasAttribute(QStringLiteral("type")), qPrintable(source));
                const auto text = xml.readElementText(QXmlStreamReader::IncludeChildElements).trimmed();
                QVERIFY2(!text.isEmpty(), qPrintable(source));
                for (const auto* place : {"%1", "%2", "%3", "%4", "%n"}) {
                    if (source.contains(QLatin1String(place)))
                        QVERIFY2(text.contains(QLatin1String(place)), qPrintable(source));
                }
                ++translations;
            }
        }
        QVERIFY(!xml.hasError());
        QVERIFY(translations > 5);
    }

    void switchingTheLanguageLeavesNoEnglishBehind()
    {
        PageFixture fixture;
        RandomRunWriter writer(3);
        const auto run = writer.write(fixture.runFolder("甲"));
        writer.write(fixture.runFolder("乙"), {.outcome = ""});
        ResultsPage results(fixture.state());
        RunsPage runs(fixture.state());
        TryItPage tryIt(fixture.state());
        fixture.state().showRun(run.folder);
        QTRY_VERIFY(results.isDone());
        QTRY_COMPARE(fixture.state().runs().runs().size(), size_t{2});
        fixture.language().setLanguage(QStringLiteral("zh_CN"));
        QCoreApplication::sendPostedEvents(); // pages are told by posted events
        // Names of files, of metrics and of the data itself stay as they are.
        static const QRegularExpression known(QStringLiteral(
            "^[^a-zA-Z]*$|[\\x{4e00}-\\x{9fff}]|^(F1|MCC|AUC|R²|apple, green|zebra)$|/|eval_|^[a-z0-9_.]+$"));
        for (const auto* page :
            {static_cast<QWidget*>(&results), static_cast<QWidget*>(&runs), static_cast<QWidget*>(&tryIt)}) {
            for (const auto& text : textsOf(*page))
                QVERIFY2(known.match(text).hasMatch(), qPrintable(text));
        }
        fixture.language().setLanguage(QStringLiteral("en"));
        QCoreApplication::sendPostedEvents(); // pages are told by posted events
        static const QRegularExpression chinese(QStringLiteral("[\\x{4e00}-\\x{9fff}]"));
        for (const auto* page : {static_cast<QWidget*>(&results), static_cast<QWidget*>(&tryIt)}) {
            for (auto text : textsOf(*page))
                QVERIFY2(!text.remove(QStringLiteral("甲")).remove(QStringLiteral("中立")).contains(chinese),
                    qPrintable(text));
        }
    }
};

QTEST_MAIN(TestResultsTranslations)
#include "tst_results_translations.moc"
