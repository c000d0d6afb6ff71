// SPDX-License-Identifier: MIT
#include "tests/ui/page_fixture.h"
#include "ui/pages/data/data_page.h"
#include "ui/widgets/dialogs.h"

#include <numeric>

#include <QAction>
#include <QDir>
#include <QSignalSpy>
#include <QWheelEvent>

using namespace studio;

namespace {

const QByteArray tickets = "id,subject,text,topic\n"
                           "1,Bill,I was charged twice this month and nobody answers,billing\n"
                           "2,Login,The password link in the mail does not work at all,account\n"
                           "3,Bill,\"Please send the invoice, with <b>tax</b>, again\",billing\n"
                           "4,Login,,account\n"
                           "5,Bill,I was charged twice this month and nobody answers,billing\n"
                           "6,Login,My account is locked after one wrong password,account\n"
                           "7,Bill,The discount code is missing from my last invoice,billing\n"
                           "8,Login,Two factor codes arrive hours too late every time,account\n"
                           "9,Bill,Why does the annual plan cost more than twelve months,billing\n"
                           "10,Login,How do I merge two accounts into a single one please,\n";

QString cellText(DataPage& page, int row, int column)
{
    return child<QTableView>(page, "previewTable")->model()->index(row, column).data().toString();
}

} // namespace

class TestDataPage : public QObject {
    Q_OBJECT
private:
    /// Has the file read to the end, dataset included.
    static void open(PageFixture& fixture, const QString& file, DataPart part = DataPart::Train)
    {
        fixture.state().openDataFile(file, part);
        QTRY_VERIFY_WITH_TIMEOUT(fixture.state().data(part).dataset(), 20'000);
    }

private Q_SLOTS:
    void init() { failOnWarnings(); }

    void aFileThatIsOpenedShowsItsRowsAndColumns()
    {
        PageFixture fixture;
        DataPage page(fixture.state());
        page.resize(1200, 700);
        page.show();
        dialogs::setNextPath(fixture.write(QStringLiteral("tickets.csv"), tickets));
        QTest::mouseClick(child<QPushButton>(page, "openDataButton"), Qt::LeftButton);
        QTRY_COMPARE(child<ElidedLabel>(page, "dataFileName")->fullText(), QStringLiteral("tickets.csv"));
        QTRY_COMPARE(child<QTableView>(page, "previewTable")->model()->rowCount(), 10);
        QTRY_COMPARE(cellText(page, 2, 2), QStringLiteral("Please send the invoice, with <b>tax</b>, again"));
        QVERIFY(child<QLabel>(page, "dataFileFacts")->text().contains(QStringLiteral("10 rows")));
        QCOMPARE(child<QComboBox>(page, "textColumnBox")->currentData().toString(), QStringLiteral("text"));
        QCOMPARE(child<QComboBox>(page, "labelColumnBox")->currentData().toString(), QStringLiteral("topic"));
        QTRY_VERIFY(page.isDone());
    }

    void mappedColumnsAreTintedAndTheMappingGoesIntoTheJob()
    {
        PageFixture fixture;
        open(fixture, fixture.write(QStringLiteral("tickets.csv"), tickets));
        DataPage page(fixture.state());
        const auto* model = child<QTableView>(page, "previewTable")->model();
        const auto tinted
            = [&](int column) { return model->index(0, column).data(Qt::BackgroundRole).isValid(); };
        QVERIFY(tinted(2) && tinted(3) && !tinted(1));
        choose(child<QComboBox>(page, "textColumnBox"), QStringLiteral("subject"));
        choose(child<QComboBox>(page, "pairColumnBox"), QStringLiteral("text"));
        QCOMPARE(fixture.state().job().textColumn, "subject");
        QCOMPARE(fixture.state().job().textPairColumn, "text");
        QTRY_VERIFY(fixture.state().data().dataset() && fixture.state().data().dataset()->hasPairs());
        QVERIFY(tinted(1));
        QVERIFY(model->headerData(1, Qt::Horizontal).toString().contains(QStringLiteral("subject")));
    }

    void theSeparatorOfAFileDoesNotReachTheNextOne_data()
    {
        QTest::addColumn<bool>("entered");
        QTest::newRow("entered") << true;
        QTest::newRow("being typed") << false;
    }
    void theSeparatorOfAFileDoesNotReachTheNextOne()
    {
        QFETCH(bool, entered);
        PageFixture fixture;
        open(fixture,
            fixture.write(QStringLiteral("tags.csv"),
                "text,label\na first text,a;b\na second text,a\na third text,b\na fourth text,a;b\n"));
        DataPage page(fixture.state());
        page.resize(1200, 700);
        page.show();
        QVERIFY(QTest::qWaitForWindowActive(&page));
        choose(child<QComboBox>(page, "taskBox"), QStringLiteral("multi_label_classification"));
        auto* separator = child<QLineEdit>(page, "labelSeparatorField");
        QVERIFY(separator->isVisible());
        separator->setFocus();
        QTest::keyClicks(separator, QStringLiteral(";"));
        if (entered)
            QTest::keyClick(separator, Qt::Key_Return);
        QCOMPARE(fixture.state().job().labelSeparator, std::string(entered ? ";" : ""));
        open(fixture, fixture.write(QStringLiteral("tickets.csv"), tickets)); // hides the field in use
        QVERIFY(!separator->isVisible());
        QVERIFY(separator->text().isEmpty());
        QVERIFY(fixture.state().job().labelSeparator.empty());
        QCOMPARE(child<QComboBox>(page, "taskBox")->currentData().toString(), QStringLiteral("auto"));
    }

    void theWheelChangesNoList_data()
    {
        QTest::addColumn<QString>("list");
        for (const auto* list : {"encodingBox", "formatBox", "delimiterBox", "quoteBox", "headerBox",
                 "textColumnBox", "pairColumnBox", "labelColumnBox", "taskBox"})
            QTest::newRow(list) << QString::fromLatin1(list);
    }
    void theWheelChangesNoList()
    {
        QFETCH(QString, list);
        PageFixture fixture;
        open(fixture, fixture.write(QStringLiteral("tickets.csv"), tickets));
        DataPage page(fixture.state());
        page.resize(1200, 700);
        page.show();
        const auto before = fixture.state().job();
        auto* box = child<QComboBox>(page, qPrintable(list));
        for (const int turn : {-120, 120}) {
            QWheelEvent event({5, 5}, box->mapToGlobal(QPointF(5, 5)), {}, {0, turn}, Qt::NoButton,
                Qt::NoModifier, Qt::NoScrollPhase, false);
            QCoreApplication::sendEvent(box, &event);
            QVERIFY(!event.isAccepted());
        }
        QVERIFY(fixture.state().job() == before);
    }

    void anotherEncodingIsReadAtOnce()
    {
        PageFixture fixture;
        // "café" in Windows-1252; read as GB18030 it would be something else.
        open(fixture,
            fixture.write(QStringLiteral("cafe.csv"),
                "text,label\nun caf\xe9 noir,good\nun th\xe9 vert,good\nune bi\xe8re,bad\ndu lait,bad\n"));
        DataPage page(fixture.state());
        choose(child<QComboBox>(page, "encodingBox"), QStringLiteral("windows-1252"));
        QTRY_COMPARE(cellText(page, 0, 0), QStringLiteral("un café noir"));
        choose(child<QComboBox>(page, "encodingBox"), QStringLiteral("utf-8"));
        QTRY_VERIFY(child<ErrorBanner>(page, "errorBanner")->isShowing());
        choose(child<QComboBox>(page, "encodingBox"), QStringLiteral("iso-8859-1"));
        QTRY_COMPARE(cellText(page, 1, 0), QStringLiteral("un thé vert"));
        QVERIFY(!child<ErrorBanner>(page, "errorBanner")->isShowing());
        choose(child<QComboBox>(page, "headerBox"), QStringLiteral("false"));
        QTRY_COMPARE(child<QTableView>(page, "previewTable")->model()->rowCount(), 5);
    }

    void labelsProblemsAndPartsAreCounted()
    {
        PageFixture fixture;
        open(fixture, fixture.write(QStringLiteral("tickets.csv"), tickets));
        DataPage page(fixture.state());
        page.resize(1200, 700);
        page.show();
        const auto& bars = child<BarList>(page, "labelBars")->rows();
        QCOMPARE(bars.size(), 2U);
        QCOMPARE(bars[1].label, QStringLiteral("billing"));
        QVERIFY(bars[1].value.startsWith(QStringLiteral("5 ")));
        const auto* tree = child<QTreeView>(page, "problemTree");
        QStringList problems;
        for (int i = 0; i < tree->model()->rowCount(); ++i)
            problems.append(tree->model()->index(i, 0).data().toString());
        QVERIFY2(problems.contains(QStringLiteral("1 row without a label")), qPrintable(problems.join(u';')));
        QVERIFY2(problems.contains(QStringLiteral("1 repeated row")), qPrintable(problems.join(u';')));
        auto* split = child<QTableWidget>(page, "splitTable");
        QTRY_COMPARE(split->rowCount(), 3);
        const auto sum = [&] {
            int rows = 0;
            for (int column = 0; column < 3; ++column)
                rows += split->item(0, column)->text().toInt();
            return rows;
        };
        QCOMPARE(sum(), static_cast<int>(fixture.state().data().dataset()->size()));
        child<QDoubleSpinBox>(page, "testShareField")->setValue(30);
        QCOMPARE(fixture.state().job().testSplit, 0.3);
        QTRY_VERIFY(split->isVisibleTo(child<Disclosure>(page, "splitDisclosure")->body())
            && split->item(0, 2)->text().toInt() >= 2);
        QCOMPARE(sum(), static_cast<int>(fixture.state().data().dataset()->size()));
    }

    void aClickOnAProblemShowsItsRow()
    {
        PageFixture fixture;
        open(fixture, fixture.write(QStringLiteral("tickets.csv"), tickets));
        DataPage page(fixture.state());
        page.resize(1200, 700);
        page.show();
        auto* tree = child<QTreeView>(page, "problemTree");
        auto* table = child<QTableView>(page, "previewTable");
        for (int i = 0; i < tree->model()->rowCount(); ++i) {
            const auto group = tree->model()->index(i, 0);
            if (!group.data().toString().contains(QStringLiteral("without a label")))
                continue;
            tree->scrollTo(group);
            Q_EMIT tree->clicked(group);
            QCOMPARE(table->currentIndex().row(), 9);
            QTRY_COMPARE(child<QPlainTextEdit>(page, "cellText")->toPlainText(),
                QStringLiteral("How do I merge two accounts into a single one please"));
            return;
        }
        QFAIL("the missing label is not listed");
    }

    void aSingleLabelIsNamedInThePartsSection()
    {
        PageFixture fixture;
        QByteArray rows("text,label\n");
        for (int row = 0; row < 30; ++row)
            rows += "a text of number " + QByteArray::number(row) + ",calm\n";
        fixture.state().editJob([](TrainingArguments& job) { job.modelNameOrPath.clear(); });
        open(fixture, fixture.write(QStringLiteral("alike.csv"), rows));
        DataPage page(fixture.state());
        auto* note = child<QLabel>(page, "splitNote");
        QTRY_VERIFY(note->text().contains(QStringLiteral("the label “calm”")));
        fixture.state().editJob(
            [](TrainingArguments& job) { job.problemType = "multi_label_classification"; });
        QTRY_VERIFY(fixture.state().data().dataset());
        QTRY_VERIFY(note->text().contains(QStringLiteral("the same share"))); // labels that may be absent
    }

    void textsInTwoPartsAreFound()
    {
        PageFixture fixture;
        const auto train = fixture.write(QStringLiteral("train.csv"), tickets);
        const auto test = fixture.write(QStringLiteral("test.csv"),
            "id,subject,text,topic\n1,a,My account is locked after one wrong password,account\n"
            "2,b,A text that only the test file has in it,billing\n3,c,Another one with a new label,other\n");
        DataPage page(fixture.state());
        page.resize(1200, 700);
        drop(&page, {test, train});
        QCOMPARE(fixture.state().job().trainFile, train.toStdString());
        QCOMPARE(fixture.state().job().testFile, test.toStdString());
        const auto* model = child<QTreeView>(page, "problemTree")->model();
        const auto listed = [&](const QString& sentence) {
            for (int i = 0; i < model->rowCount(); ++i) {
                if (model->index(i, 0).data().toString() == sentence)
                    return true;
            }
            return false;
        };
        QTRY_VERIFY(listed(QStringLiteral("1 text in training and in test")));
        QTRY_VERIFY(listed(QStringLiteral("1 test row with an unknown label")));
    }

    void cleaningIsPreviewedBeforeAndAfter()
    {
        PageFixture fixture;
        open(fixture, fixture.write(QStringLiteral("tickets.csv"), tickets));
        DataPage page(fixture.state());
        page.resize(1200, 700);
        page.show();
        child<Disclosure>(page, "cleaningDisclosure")->setOpen(true);
        auto* html = child<QCheckBox>(page, "clean_html");
        QVERIFY(!html->isChecked());
        html->click();
        QCOMPARE(fixture.state().job().clean, std::vector<std::string>{"html"});
        auto* changes = child<QListWidget>(page, "cleaningChanges");
        QTRY_COMPARE(changes->count(), 1);
        const auto text = changes->item(0)->text();
        QVERIFY(text.contains(QStringLiteral("<b>tax</b>")));
        QVERIFY(text.contains(QStringLiteral("+ Please send the invoice, with tax, again")));
    }

    void lengthsAreCountedWithTheChosenModelAndTheLineMoves()
    {
        PageFixture fixture;
        fixture.state().chooseDemo();
        QVERIFY(!fixture.state().job().modelNameOrPath.empty());
        DataPage page(fixture.state());
        page.resize(1200, 700);
        page.show();
        auto* histogram = child<HistogramView>(page, "lengthHistogram");
        auto* cut = child<QLabel>(page, "cutShare");
        QTRY_VERIFY_WITH_TIMEOUT(!histogram->bins().counts.empty(), 30'000);
        QTRY_VERIFY_WITH_TIMEOUT(fixture.state().modelInfo(), 30'000);
        QCOMPARE(cut->text(), QStringLiteral("No row is cut at 512 tokens"));
        QTest::keyClick(histogram, Qt::Key_Home);
        QCOMPARE(fixture.state().job().maxSeqLength, 8);
        QVERIFY2(cut->text().endsWith(QStringLiteral("% of the rows are cut at 8 tokens")),
            qPrintable(cut->text()));
        QTest::mouseClick(histogram, Qt::LeftButton, {}, {histogram->width() / 2, 40});
        const auto dragged = fixture.state().job().maxSeqLength;
        QVERIFY(dragged > 8 && dragged < 512);
        QCOMPARE(child<QSpinBox>(page, "maximumLengthField")->value(), static_cast<int>(dragged));
        QTest::keyClick(histogram, Qt::Key_End);
        QCOMPARE(fixture.state().job().maxSeqLength, 0);
        // English demo texts are known to the starter; Chinese ones are not, so they are not offered.
        QVERIFY(child<QLabel>(page, "unknownShare")->property("role").toString() != QLatin1String("warning"));
        QVERIFY(!child<QAction>(page, "demoChinese")->isEnabled());
    }

    void theChineseDemoIsOfferedWhereTheVocabularyCoversIt()
    {
        PageFixture fixture;
        DataPage page(fixture.state());
        QFile demo(QStringLiteral(STUDIO_SOURCE_DIR "/resources/demo/reviews_zh_test.csv"));
        QVERIFY(demo.open(QIODevice::ReadOnly));
        QStringList pieces{QStringLiteral("[PAD]"), QStringLiteral("[UNK]"), QStringLiteral("[CLS]"),
            QStringLiteral("[SEP]"), QStringLiteral("[MASK]")};
        for (const auto character : QString::fromUtf8(demo.readAll())) {
            if (!character.isSpace() && !pieces.contains(QString(character)))
                pieces.append(character);
        }
        QVERIFY(QDir().mkpath(fixture.path(QStringLiteral("zh"))));
        fixture.write(QStringLiteral("zh/vocab.txt"), pieces.join(u'\n').toUtf8());
        fixture.state().chooseModel(fixture.path(QStringLiteral("zh")));
        auto* action = child<QAction>(page, "demoChinese");
        QTRY_VERIFY_WITH_TIMEOUT(action->isEnabled(), 20'000);
        action->trigger();
        QVERIFY(fixture.state().job().trainFile.ends_with("reviews_zh_train.csv"));
        QCOMPARE(fixture.state().job().modelNameOrPath, fixture.path(QStringLiteral("zh")).toStdString());
    }

    void scoresAreOfferedToBeLearnedAsNumbers()
    {
        PageFixture fixture;
        QByteArray pairs = "sentence1,sentence2,score\n";
        for (int row = 0; row < 40; ++row)
            pairs += QStringLiteral("a first text number %1,and a second text of number %1,%2\n")
                         .arg(row)
                         .arg(row / 8.0)
                         .toUtf8();
        open(fixture, fixture.write(QStringLiteral("scores.csv"), pairs));
        DataPage page(fixture.state());
        page.resize(1200, 700);
        page.show();
        QCOMPARE(fixture.state().data().dataset()->problemType(), ProblemType::SingleLabel); // never guessed
        auto* offer = child<QPushButton>(page, "learnNumbersButton");
        QVERIFY(offer->isVisible());
        offer->click();
        QCOMPARE(fixture.state().job().problemType, problemTypeName(ProblemType::Regression));
        QTRY_VERIFY(child<HistogramView>(page, "targetHistogram")->isVisible());
        const auto& bins = child<HistogramView>(page, "targetHistogram")->bins();
        QCOMPARE(bins.highest, 39 / 8.0);
        QCOMPARE(std::accumulate(bins.counts.begin(), bins.counts.end(), int64_t(0)), 40);
        QVERIFY(!offer->isVisible());
    }

    void theWindowsLanguageReachesEveryText()
    {
        PageFixture fixture;
        open(fixture, fixture.write(QStringLiteral("tickets.csv"), tickets));
        DataPage page(fixture.state());
        page.resize(1200, 700);
        page.show();
        QTRY_VERIFY(child<QTableWidget>(page, "splitTable")->rowCount() == 3);
        fixture.language().setLanguage(QStringLiteral("zh_CN"));
        QCoreApplication::processEvents();
        const QRegularExpression latin(QStringLiteral("[A-Za-z]{4,}"));
        const QStringList allowed{QStringLiteral("tickets"), QStringLiteral("Unicode"),
            QStringLiteral("NFKC"), QStringLiteral("HTML"), QStringLiteral("JSON Lines"),
            QStringLiteral("JSON"), QStringLiteral("Ctrl"), QStringLiteral("https"), QStringLiteral("http"),
            QStringLiteral("Home"), QStringLiteral("account"), QStringLiteral("billing")};
        const auto check = [&](const QWidget* widget, QString text) {
            if (widget->objectName() == QLatin1String("cellText")
                || (widget->parentWidget() && widget->parentWidget()->inherits("QTabBar"))) // Qt's own
                return;
            for (const auto& word : allowed)
                text.remove(word, Qt::CaseInsensitive);
            QVERIFY2(!latin.match(text).hasMatch(),
                qPrintable(widget->objectName() + QStringLiteral(": ") + text));
        };
        for (const auto* widget : page.findChildren<QWidget*>()) {
            check(widget, widget->accessibleName());
            if (!widget->objectName().contains(QLatin1String("problemTree")))
                check(widget, widget->toolTip().remove(fixture.path({})));
            if (const auto* label = qobject_cast<const QLabel*>(widget))
                check(widget, label->text());
            else if (const auto* button = qobject_cast<const QAbstractButton*>(widget))
                check(widget, button->text());
        }
        const auto* tree = child<QTreeView>(page, "problemTree")->model();
        for (int i = 0; i < tree->rowCount(); ++i)
            check(&page, tree->index(i, 0).data().toString());
    }

    void whatCannotBeReadIsASentence()
    {
        PageFixture fixture;
        DataPage page(fixture.state());
        page.resize(1200, 700);
        page.show();
        fixture.state().openDataFile(fixture.write(QStringLiteral("empty.csv"), {}));
        auto* banner = child<ErrorBanner>(page, "errorBanner");
        QTRY_VERIFY(banner->isShowing());
        QCOMPARE(banner->headline(), errorHeadline(ErrorKind::Data));
        QVERIFY(banner->detail().contains(QStringLiteral("empty.csv")));
        open(fixture, fixture.write(QStringLiteral("tickets.csv"), tickets));
        QTRY_VERIFY(!banner->isShowing());
    }

    void withoutAnyFileThereIsOneSentenceAndOneButton()
    {
        PageFixture fixture;
        fixture.state().editJob([](TrainingArguments& job) { job.trainFile.clear(); });
        DataPage page(fixture.state());
        page.resize(1200, 700);
        page.show();
        auto* button = child<EmptyState>(page, "noData")->findChild<QPushButton*>();
        QVERIFY(button->isVisible());
        dialogs::setNextPath(fixture.write(QStringLiteral("tickets.csv"), tickets));
        QTest::mouseClick(button, Qt::LeftButton);
        QTRY_VERIFY(fixture.state().data().dataset());
        QVERIFY(!button->isVisible());
        QVERIFY(fixture.settings().list(Setting::RecentFiles).first().endsWith(QLatin1String("tickets.csv")));
    }

    void everyControlHasANameForScreenReaders()
    {
        PageFixture fixture;
        open(fixture, fixture.write(QStringLiteral("tickets.csv"), tickets));
        DataPage page(fixture.state());
        int controls = 0;
        for (const auto* widget : page.findChildren<QWidget*>()) {
            const auto name = widget->objectName();
            if (name.isEmpty() || name.startsWith(QLatin1String("qt_"))
                || widget->focusPolicy() == Qt::NoFocus
                || (widget->parentWidget() && widget->parentWidget()->inherits("QTabBar")))
                continue;
            const auto* button = qobject_cast<const QAbstractButton*>(widget);
            QVERIFY2(!widget->accessibleName().isEmpty() || (button && !button->text().isEmpty()),
                qPrintable(name));
            ++controls;
        }
        QVERIFY(controls > 20);
    }
};

QTEST_MAIN(TestDataPage)
#include "tst_data_page.moc"
