// SPDX-License-Identifier: MIT
#include "tests/ui/page_fixture.h"
#include "ui/models/problem_tree_model.h"
#include "ui/models/table_preview_model.h"
#include "ui/pages/data/data_figures.h"
#include "ui/widgets/histogram_view.h"

#include <algorithm>

#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTableView>

using namespace studio;

namespace {

std::shared_ptr<const Table> tableOf(const QString& file)
{
    return Table::open(std::filesystem::path(file.toStdString()));
}

} // namespace

class TestDataModels : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { failOnWarnings(); }

    void tableRowsComeFromTheFile()
    {
        QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("rows.csv")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("text,label\n");
        for (int row = 1; row <= 1000; ++row)
            file.write(QStringLiteral("\"text %1\nsecond line\",%2\n").arg(row).arg(row % 3).toUtf8());
        file.close();
        TablePreviewModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setTable(tableOf(file.fileName()));
        model.setMapping({.text = "text", .textPair = {}, .labels = {"label"}, .labelSeparator = {}});
        QCOMPARE(model.rowCount(), 1000);
        QCOMPARE(model.columnCount(), 2);
        QCOMPARE(model.columnUse(0), TablePreviewModel::ColumnUse::Text);
        QCOMPARE(model.columnUse(1), TablePreviewModel::ColumnUse::Label);
        for (const int row : {0, 999, 500}) {
            const auto index = model.index(row, 0);
            QTRY_COMPARE(
                index.data(Qt::UserRole).toString(), QStringLiteral("text %1\nsecond line").arg(row + 1));
            QCOMPARE(index.data().toString(), QStringLiteral("text %1\u21b5second line").arg(row + 1));
            QCOMPARE(model.index(row, 1).data().toString(), QString::number((row + 1) % 3));
        }
        QCOMPARE(model.headerData(41, Qt::Vertical, Qt::UserRole).toInt(), 42);
        model.setTable(nullptr);
        QCOMPARE(model.rowCount(), 0);
    }

    void problemsAreGroupsWithTheirRows()
    {
        ProblemTreeModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        DataProblem empty{DataProblem::Kind::EmptyText, "2 rows have an empty text.", 2, {3, 17}, true};
        DataProblem twice{DataProblem::Kind::DuplicateRow, "5 rows repeat.", 5, {4, 5, 6, 7, 8}, false};
        model.setProblems(
            {{DataPart::Train, DataPart::Train, twice}, {DataPart::Test, DataPart::Test, empty}});
        QCOMPARE(model.rowCount(), 2);
        const auto first = model.index(0, 0); // unusable rows come first
        QVERIFY(first.data(ProblemTreeModel::UnusableRole).toBool());
        QCOMPARE(model.rowCount(first), 2);
        QCOMPARE(model.index(1, 0, first).data(Qt::UserRole).toInt(), 17);
        QCOMPARE(model.index(1, 0, first).data(ProblemTreeModel::FileRole).toInt(),
            static_cast<int>(DataPart::Test));
        QCOMPARE(model.index(1, 0, first).parent(), first);
        model.setProblems({});
        QCOMPARE(model.rowCount(), 0);
    }

    void lengthsAreThoseOfTheTokeniser()
    {
        QTemporaryDir folder;
        QFile vocabulary(folder.filePath(QStringLiteral("vocab.txt")));
        QVERIFY(vocabulary.open(QIODevice::WriteOnly));
        vocabulary.write("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\ngood\nbad\nfilm\n");
        vocabulary.close();
        QFile data(folder.filePath(QStringLiteral("data.csv")));
        QVERIFY(data.open(QIODevice::WriteOnly));
        data.write("text,label\ngood film,1\nbad,0\ngood bad film film,1\nxyzxyz film,0\n");
        data.close();
        const auto dataset = Dataset::create(tableOf(data.fileName()),
            {{.text = "text", .textPair = {}, .labels = {"label"}, .labelSeparator = {}}, ProblemType::Auto,
                {}});
        const auto lengths = measureTokenLengths(*dataset, folder.path().toStdString(), {});
        QCOMPARE(lengths.lengths, (std::vector<int32_t>{3, 4, 4, 6})); // [CLS] and [SEP] count
        QCOMPARE(lengths.rows, 4);
        QVERIFY(!lengths.isSample());
        QCOMPARE(lengths.shareAbove(4), 0.25);
        QCOMPARE(lengths.shareAbove(6), 0.0);
        QCOMPARE(lengths.percentile(0.5), 4);
        QCOMPARE(lengths.percentile(1), 6);
        // 6 of the 36 characters that are no white space are in an unknown word.
        QCOMPARE(lengths.unknownShare, 6.0 / 36.0);
    }

    void splitCountsAddUpAndSharedTextsAreFound()
    {
        QTemporaryDir folder;
        QFile data(folder.filePath(QStringLiteral("data.csv")));
        QVERIFY(data.open(QIODevice::WriteOnly));
        data.write("text,label\n");
        for (int row = 0; row < 200; ++row) // every text twice
            data.write(QStringLiteral("a text with number %1 in it,%2\n")
                           .arg(row / 2)
                           .arg(row / 2 % 4 == 0)
                           .toUtf8());
        data.close();
        const auto dataset = Dataset::create(tableOf(data.fileName()),
            {{.text = "text", .textPair = {}, .labels = {"label"}, .labelSeparator = {}}, ProblemType::Auto,
                {}});
        const auto figures = splitFigures(*dataset, {.validation = 0.2, .test = 0.1, .seed = 1}, {});
        QCOMPARE(figures.train.rows + figures.validation.rows + figures.test.rows, 200);
        QCOMPARE(figures.validation.rows, 40);
        for (size_t label = 0; label < 2; ++label)
            QCOMPARE(figures.train.perLabel[label] + figures.validation.perLabel[label]
                    + figures.test.perLabel[label],
                dataset->labelCounts()[label]);
        QVERIFY(figures.checkedTexts);
        const auto split = stratifiedSplit(*dataset, {.validation = 0.2, .test = 0.1, .seed = 1});
        int64_t shared = 0;
        for (const auto index : split.validation)
            shared += std::binary_search(split.train.begin(), split.train.end(), index ^ 1);
        QVERIFY(shared > 0);
        QCOMPARE(figures.sharedTexts[0].count, shared);
    }

    void theLineStaysWithinItsLimits()
    {
        HistogramView view;
        view.resize(300, 120);
        view.setBins({0, 100, std::vector<int64_t>(10, 5)});
        view.setMarker(512, 8, 512);
        QSignalSpy chosen(&view, &HistogramView::markerChosen);
        QTest::keyClick(&view, Qt::Key_Left); // from beyond the data to its edge
        QCOMPARE(view.marker(), std::optional<int>(100));
        QTest::keyClick(&view, Qt::Key_PageDown);
        QCOMPARE(view.marker(), std::optional<int>(84));
        QTest::mousePress(&view, Qt::LeftButton, {}, {150, 50});
        QTest::mouseMove(&view, {1, 50});
        QTest::mouseRelease(&view, Qt::LeftButton, {}, {1, 50});
        QCOMPARE(view.marker(), std::optional<int>(8));
        QTest::mouseClick(&view, Qt::LeftButton, {}, {299, 50}); // past the data: as far as it goes
        QCOMPARE(view.marker(), std::optional<int>(512));
        QCOMPARE(chosen.count(), 4);
    }

    void ticksAreRound_data()
    {
        QTest::addColumn<double>("lowest");
        QTest::addColumn<double>("highest");
        QTest::addColumn<std::vector<double>>("ticks");
        QTest::newRow("tokens") << 0.0 << 48.0 << std::vector<double>{0, 10, 20, 30, 40};
        QTest::newRow("scores") << 0.0 << 5.0 << std::vector<double>{0, 1, 2, 3, 4, 5};
        QTest::newRow("below zero") << -1.0 << 1.0 << std::vector<double>{-1, -0.5, 0, 0.5, 1};
        QTest::newRow("nothing") << 1.0 << 1.0 << std::vector<double>{};
    }
    void ticksAreRound()
    {
        QFETCH(double, lowest);
        QFETCH(double, highest);
        QFETCH(std::vector<double>, ticks);
        QCOMPARE(roundTicks(lowest, highest, 5), ticks);
    }
};

QTEST_MAIN(TestDataModels)
#include "tst_data_models.moc"
