// SPDX-License-Identifier: MIT
#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QSet>
#include <QTest>
#include <QXmlStreamReader>

/// Every text of the window has a Chinese translation that keeps its numbers and its access key; English has
/// its plural forms.
class TestTranslations : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyMessageIsTranslated_data()
    {
        QTest::addColumn<QString>("file");
        const QDir folder(QStringLiteral(STUDIO_SOURCE_DIR "/translations"));
        const auto files = folder.entryList({QStringLiteral("*.ts")});
        QVERIFY(files.size() >= 4);
        for (const auto& file : files)
            QTest::newRow(qPrintable(file)) << folder.filePath(file);
    }
    void everyMessageIsTranslated()
    {
        QFETCH(QString, file);
        QFile content(file);
        QVERIFY(content.open(QIODevice::ReadOnly));
        QXmlStreamReader reader(&content);
        QString source, context;
        QStringList forms;
        bool unfinished = false;
        int messages = 0;
        while (!reader.atEnd()) {
            reader.readNext();
            const auto name = reader.name();
            if (reader.isStartElement() && name == QLatin1String("name")) {
                context = reader.readElementText();
                QVERIFY2(context.startsWith(QLatin1String("studio::")), qPrintable(context));
            } else if (reader.isStartElement() && name == QLatin1String("message")) {
                forms.clear();
            } else if (reader.isStartElement() && name == QLatin1String("source")) {
                source = reader.readElementText();
            } else if (reader.isStartElement() && name == QLatin1String("translation")) {
                unfinished = reader.attributes().value(QLatin1String("type")) == QLatin1String("unfinished");
                forms.append(reader.readElementText(QXmlStreamReader::IncludeChildElements).trimmed());
            } else if (reader.isEndElement() && name == QLatin1String("message")) {
                ++messages;
                const auto where = context + QStringLiteral(": ") + source;
                QVERIFY2(!unfinished, qPrintable(where));
                QVERIFY2(!forms.join(QString()).isEmpty(), qPrintable(where));
                QVERIFY2(placeholders(source) == placeholders(forms.join(QString())), qPrintable(where));
                if (file.contains(QLatin1String("zh_CN")) && hasAccessKey(source))
                    QVERIFY2(hasAccessKey(forms.first()), qPrintable(where));
            }
        }
        QVERIFY2(!reader.hasError(), qPrintable(reader.errorString()));
        QVERIFY(messages > 0 || file.contains(QLatin1String("_en")));
    }

private:
    static QSet<QString> placeholders(const QString& text)
    {
        static const QRegularExpression pattern(QStringLiteral("%(?:\\d|n)"));
        QSet<QString> found;
        for (auto match = pattern.globalMatch(text); match.hasNext();)
            found.insert(match.next().captured());
        return found;
    }
    static bool hasAccessKey(const QString& text)
    {
        static const QRegularExpression pattern(QStringLiteral("&(?!amp;)[A-Za-z]"));
        return pattern.match(text).hasMatch();
    }
};

QTEST_APPLESS_MAIN(TestTranslations)
#include "tst_translations.moc"
