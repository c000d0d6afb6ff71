// SPDX-License-Identifier: MIT
#include "core/data/table.h"
#include "tests/ui/page_fixture.h"
#include "ui/pages/results/class_table_model.h"
#include "ui/pages/results/confusion_view.h"
#include "ui/pages/results/results_page.h"
#include "ui/pages/results/scatter_view.h"
#include "ui/widgets/dialogs.h"
#include "ui/widgets/format.h"

#include "random_run.h"
#include <set>

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QRandomGenerator>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTableView>

using namespace studio;

namespace {

using RowKey = std::pair<std::string, int64_t>; ///< part, row

std::set<RowKey> shownKeys(const QTableView& table)
{
    const auto* proxy = qobject_cast<const PredictionsFilterModel*>(table.model());
    std::set<RowKey> keys;
    for (const auto& row : proxy->shownRows())
        keys.insert({row.part, row.row});
    return keys;
}

template <typename Wanted>
std::set<RowKey> keysOf(const RandomRun& run, const Wanted& wanted)
{
    std::set<RowKey> keys;
    for (const auto& row : run.rows) {
        if (wanted(row))
            keys.insert({row.part, row.row});
    }
    return keys;
}

bool holds(const std::vector<std::string>& labels, const std::string& label)
{
    return std::find(labels.begin(), labels.end(), label) != labels.end();
}

/// A page that shows the run, laid out as in a window.
std::unique_ptr<ResultsPage> openPage(PageFixture& fixture, const RandomRun& run)
{
    auto page = std::make_unique<ResultsPage>(fixture.state());
    page->resize(1200, 900);
    page->show();
    fixture.state().showRun(run.folder);
    [&] { QTRY_VERIFY(page->isDone()); }();
    return page;
}

} // namespace

class TestResultsPage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_seed = QRandomGenerator::global()->generate(); }
    void init()
    {
        failOnWarnings();
        qInfo("seed %u", m_seed); // of the random run, to repeat a failure
        m_fixture = std::make_unique<PageFixture>();
    }
    void cleanup() { m_fixture.reset(); }

    void aRunWithoutResultsLeadsToTheRunsPage()
    {
        const auto run = makeRun({});
        std::filesystem::remove(run.folder / "eval_predictions.jsonl");
        std::filesystem::resize_file(run.folder / "metrics.jsonl", 0);
        ResultsPage page(m_fixture->state());
        page.show();
        m_fixture->state().showRun(run.folder);
        auto* button = page.findChild<QPushButton*>(QStringLiteral("emptyStateButton"));
        QTRY_COMPARE(button->text(), QStringLiteral("Go to Runs"));
        QSignalSpy asked(&m_fixture->state(), &StudioState::pageRequested);
        button->click();
        QCOMPARE(asked.takeFirst().at(0).value<PageId>(), PageId::Runs);
    }

    void everyFigureEqualsMetricsJsonl_data()
    {
        QTest::addColumn<int>("problemType");
        QTest::newRow("single label") << static_cast<int>(ProblemType::SingleLabel);
        QTest::newRow("multi-label") << static_cast<int>(ProblemType::MultiLabel);
        QTest::newRow("regression") << static_cast<int>(ProblemType::Regression);
    }

    void everyFigureEqualsMetricsJsonl()
    {
        QFETCH(int, problemType);
        const auto run = makeRun({.problemType = static_cast<ProblemType>(problemType)});
        const auto page = openPage(*m_fixture, run);
        const auto figures
            = page->findChildren<QLabel*>(QRegularExpression(QStringLiteral("^(eval|test)_.*Figure$")));
        QCOMPARE(figures.size(), 10); // five headlines of two parts
        for (const auto* figure : figures) {
            const auto key = figure->objectName().chopped(6).toStdString();
            const auto& line = key.starts_with("test_") ? run.test : run.validation;
            QVERIFY2(line.contains(key), key.c_str());
            if (line.at(key).is_null()) {
                QCOMPARE(figure->text(), QStringLiteral("–"));
                continue;
            }
            const double value = line.at(key).get<double>();
            const bool percent = key.ends_with("accuracy") || key.find("_f1") != key.npos;
            QCOMPARE(figure->text(), percent ? percentText(value) : significantText(value));
            QCOMPARE(figure->toolTip(), exactText(value));
        }
    }

    void classTableEqualsMetricsJsonl()
    {
        const auto run = makeRun();
        const auto page = openPage(*m_fixture, run);
        const auto* table = child<QTableView>(*page, "classTable")->model();
        auto* part = child<QComboBox>(*page, "resultsPart");
        for (const auto* name : {"test", "validation"}) {
            part->setCurrentIndex(part->findData(QLatin1String(name)));
            const bool test = std::string(name) == "test";
            const auto& classes
                = (test ? run.test : run.validation).at(test ? "test_per_class" : "eval_per_class");
            QCOMPARE(static_cast<size_t>(table->rowCount()), classes.size());
            for (int row = 0; row < table->rowCount(); ++row) {
                const auto raw = [&](int column) { return table->index(row, column).data(Qt::UserRole); };
                const auto text = [&](int column) { return table->index(row, column).data().toString(); };
                const auto& line = classes.at(static_cast<size_t>(row));
                QCOMPARE(
                    raw(ClassTableModel::Label).toString(), fromCore(line.at("label").get<std::string>()));
                QCOMPARE(raw(ClassTableModel::Precision).toDouble(), line.at("precision").get<double>());
                QCOMPARE(raw(ClassTableModel::Recall).toDouble(), line.at("recall").get<double>());
                QCOMPARE(raw(ClassTableModel::F1).toDouble(), line.at("f1").get<double>());
                QCOMPARE(text(ClassTableModel::F1), percentText(line.at("f1").get<double>()));
                QCOMPARE(text(ClassTableModel::Support), countText(line.at("support").get<int64_t>()));
            }
        }
    }

    void aClickOnACellShowsExactlyItsRows()
    {
        const auto run = makeRun();
        const auto page = openPage(*m_fixture, run);
        auto* matrix = child<ConfusionView>(*page, "confusionMatrix");
        const auto* table = child<QTableView>(*page, "rowTable");
        const auto& counts = run.test.at("test_confusion_matrix");
        for (int row = 0; row < 3; ++row) {
            for (int column = 0; column < 3; ++column) {
                QTest::mouseClick(matrix, Qt::LeftButton, {}, matrix->cellRect(row, column).center());
                const auto wanted = keysOf(run, [&](const PredictionRow& line) {
                    return line.part == "test" && line.labels.front() == run.labels[static_cast<size_t>(row)]
                        && line.predictions.front() == run.labels[static_cast<size_t>(column)];
                });
                QCOMPARE(static_cast<int64_t>(wanted.size()),
                    counts.at(static_cast<size_t>(row)).at(static_cast<size_t>(column)).get<int64_t>());
                QVERIFY(shownKeys(*table) == wanted);
            }
        }
        // A true label alone: its whole row. The same again: everything.
        const QPoint label(4, matrix->cellRect(1, 0).center().y());
        QTest::mouseClick(matrix, Qt::LeftButton, {}, label);
        QVERIFY(shownKeys(*table) == keysOf(run, [&](const PredictionRow& line) {
            return line.part == "test" && line.labels.front() == run.labels[1];
        }));
        QTest::mouseClick(matrix, Qt::LeftButton, {}, label);
        QCOMPARE(table->model()->rowCount(), 120);
    }

    void aClassIsChosenInTheMatrixToo_data()
    {
        QTest::addColumn<int>("problemType");
        QTest::newRow("single label") << static_cast<int>(ProblemType::SingleLabel);
        QTest::newRow("multi-label") << static_cast<int>(ProblemType::MultiLabel);
    }

    void aClassIsChosenInTheMatrixToo()
    {
        QFETCH(int, problemType);
        const auto run = makeRun({.problemType = static_cast<ProblemType>(problemType)});
        const auto page = openPage(*m_fixture, run);
        const auto* matrix = child<ConfusionView>(*page, "confusionMatrix");
        const auto* choice = child<ElidedLabel>(*page, "choiceText");
        auto* classes = child<QTableView>(*page, "classTable");
        classes->sortByColumn(ClassTableModel::Label, Qt::DescendingOrder);
        for (int row = 0; row < 3; ++row) {
            const auto index = classes->model()->index(row, ClassTableModel::Label);
            const auto name = index.data().toString();
            const auto place = classes->visualRect(index).center();
            QTest::mouseClick(classes->viewport(), Qt::LeftButton, {}, place);
            QTest::mouseDClick(classes->viewport(), Qt::LeftButton, {}, place);
            QCOMPARE(choice->fullText(), QStringLiteral("True: ") + name);
            QCOMPARE(matrix->chosenColumn(), -1);
            if (run.rows.front().severalLabels) {
                QCOMPARE(child<QComboBox>(*page, "matrixLabel")->currentText(), name);
                QCOMPARE(matrix->chosenRow(), 1);
            } else {
                QCOMPARE(fromCore(run.labels.at(static_cast<size_t>(matrix->chosenRow()))), name);
            }
            QVERIFY(shownKeys(*child<QTableView>(*page, "rowTable"))
                == keysOf(run, [&](const PredictionRow& line) {
                       return line.part == "test" && holds(line.labels, name.toStdString());
                   }));
        }
    }

    void cellsAreChosenByKeyboardToo()
    {
        const auto run = makeRun();
        const auto page = openPage(*m_fixture, run);
        auto* matrix = child<ConfusionView>(*page, "confusionMatrix");
        matrix->setFocus();
        QTest::keyClick(matrix, Qt::Key_Down);
        QVERIFY(matrix->chosenRow() >= 0);
        QVERIFY(child<QTableView>(*page, "rowTable")->model()->rowCount() < 120);
        QTest::mouseClick(child<QPushButton>(*page, "clearChoice"), Qt::LeftButton);
        QCOMPARE(matrix->chosenRow(), -1);
        QCOMPARE(child<QTableView>(*page, "rowTable")->model()->rowCount(), 120);
    }

    void aLargeMatrixKeepsItsLabelsInSight()
    {
        std::vector<std::string> labels;
        for (int i = 0; i < 15; ++i)
            labels.push_back("label " + std::to_string(i));
        const auto run = makeRun({.labels = labels});
        const auto page = openPage(*m_fixture, run);
        auto* matrix = child<ConfusionView>(*page, "confusionMatrix");
        auto* viewport = matrix->parentWidget();
        QTRY_VERIFY(matrix->width() > viewport->width() && matrix->height() > viewport->height());
        matrix->setFocus();
        // What is chosen by keyboard comes into view, also at the way back.
        const auto isInSight = [&] {
            const auto cell = matrix->cellRect(matrix->chosenRow(), std::max(matrix->chosenColumn(), 0));
            const QRect free(matrix->cellRect(0, 0).topLeft(), viewport->rect().bottomRight());
            return free.contains(cell.translated(matrix->pos()));
        };
        for (int i = 0; i < 15; ++i) {
            QTest::keyClick(matrix, Qt::Key_Down);
            QTest::keyClick(matrix, Qt::Key_Right);
            QVERIFY(isInSight());
        }
        QCOMPARE(matrix->chosenRow(), 14);
        QCOMPARE(matrix->chosenColumn(), 14);
        QVERIFY(matrix->x() < 0 && matrix->y() < 0);
        const auto* choice = child<ElidedLabel>(*page, "choiceText");
        QCOMPARE(choice->fullText(), QStringLiteral("True: label 14 → predicted: label 14"));

        // The names stand at the edge, and beside them nothing of the cells below.
        const auto headers = matrix->cellRect(0, 0).topLeft();
        const auto picture = viewport->grab().toImage();
        const auto ground = picture.pixel(headers.x() - 4, headers.y() + 4);
        int inked = 0;
        for (int y = headers.y(); y < viewport->height(); ++y) {
            QCOMPARE(picture.pixel(headers.x() - 4, y), ground);
            for (int x = 0; x < headers.x() - 8; ++x)
                inked += picture.pixel(x, y) != ground;
        }
        QVERIFY(inked > 50);
        const auto cell = matrix->cellRect(13, 14);
        QTest::mouseClick(matrix, Qt::LeftButton, {}, QPoint(cell.center().x(), 8 - matrix->y()));
        QCOMPARE(matrix->chosenRow(), 14); // a name of a column chooses nothing
        QTest::mouseClick(matrix, Qt::LeftButton, {}, QPoint(4 - matrix->x(), cell.center().y()));
        QCOMPARE(matrix->chosenRow(), 13);
        QCOMPARE(matrix->chosenColumn(), -1);
        QVERIFY(matrix->x() < 0); // a row is chosen where it is
        QCOMPARE(choice->fullText(), QStringLiteral("True: label 13"));
        m_fixture->language().setLanguage(QStringLiteral("zh_CN"));
        QCoreApplication::sendPostedEvents(); // pages are told by posted events
        QCOMPARE(choice->fullText(), QStringLiteral("真实：label 13"));
        QTest::keyClick(matrix, Qt::Key_Right);
        QVERIFY(isInSight());
        QTest::keyClick(matrix, Qt::Key_Escape);
        QVERIFY(choice->fullText().isEmpty());
    }

    void aMatrixThatCameWhileThePageWasHiddenFillsItsPlace()
    {
        std::vector<std::string> labels;
        for (int i = 0; i < 15; ++i)
            labels.push_back("label " + std::to_string(i));
        const auto page = openPage(*m_fixture, makeRun({.labels = labels}));
        const auto* matrix = child<ConfusionView>(*page, "confusionMatrix");
        QTRY_VERIFY(matrix->height() > matrix->parentWidget()->height());
        page->hide();
        const auto small = RandomRunWriter(m_seed).write(
            m_fixture->runFolder("small"), {.problemType = ProblemType::MultiLabel});
        m_fixture->state().showRun(small.folder);
        QTRY_VERIFY(page->results().problemType == ProblemType::MultiLabel);
        page->show();
        QTRY_COMPARE(matrix->size(), matrix->parentWidget()->size()); // no scroll bars
    }

    void filtersAndSortingKeepTheRightRows()
    {
        const auto run = makeRun();
        const auto page = openPage(*m_fixture, run);
        auto* table = child<QTableView>(*page, "rowTable");
        child<QCheckBox>(*page, "mistakesOnly")->click();
        const auto mistakes = keysOf(run,
            [](const PredictionRow& row) { return row.part == "test" && row.labels != row.predictions; });
        QVERIFY(shownKeys(*table) == mistakes);
        QCOMPARE(child<QLabel>(*page, "rowCount")->text(), QStringLiteral("%1 rows").arg(mistakes.size()));
        child<QCheckBox>(*page, "mistakesOnly")->click();

        QTest::keyClicks(child<QLineEdit>(*page, "resultsSearch"), QStringLiteral("TEXT 7"));
        QVERIFY(shownKeys(*table) == keysOf(run, [](const PredictionRow& row) {
            return row.part == "test" && row.text.find("text 7") != std::string::npos;
        }));
        child<QLineEdit>(*page, "resultsSearch")->clear();

        for (const int column :
            {PredictionsModel::Confidence, PredictionsModel::Loss, PredictionsModel::Row}) {
            table->sortByColumn(column, Qt::DescendingOrder);
            for (int row = 1; row < table->model()->rowCount(); ++row) {
                QVERIFY(table->model()->index(row - 1, column).data(Qt::UserRole).toDouble()
                    >= table->model()->index(row, column).data(Qt::UserRole).toDouble());
            }
        }
    }

    void exportWritesTheRowsShown()
    {
        const auto run = makeRun();
        const auto page = openPage(*m_fixture, run);
        child<QCheckBox>(*page, "mistakesOnly")->click();
        const auto wanted
            = qobject_cast<const PredictionsFilterModel*>(child<QTableView>(*page, "rowTable")->model())
                  ->shownRows();
        QVERIFY(!wanted.empty());
        const auto file = m_fixture->file("rows.csv");
        dialogs::setNextPath(QString::fromStdString(file.string()));
        QTest::mouseClick(child<QPushButton>(*page, "exportRows"), Qt::LeftButton);
        QTRY_VERIFY(std::filesystem::exists(file));
        const auto table = Table::open(file);
        QCOMPARE(table->rowCount(), static_cast<int64_t>(wanted.size()));
        const auto column = [&](const std::string& name) { return table->columnIndex(name); };
        for (int64_t i = 0; i < table->rowCount(); ++i) {
            const auto& row = wanted[static_cast<size_t>(i)];
            QCOMPARE(table->cell(i, column("part")), row.part);
            QCOMPARE(table->cell(i, column("row")), std::to_string(row.row));
            QCOMPARE(table->cell(i, column("text")), row.text);
            QCOMPARE(table->cell(i, column("label")), row.labels.front());
            QCOMPARE(table->cell(i, column("prediction")), row.predictions.front());
            for (size_t label = 0; label < run.labels.size(); ++label) {
                const auto cell = table->cell(i, column("score_" + run.labels[label]));
                QCOMPARE(QString::fromStdString(cell).toFloat(), row.scores[label]);
            }
        }
    }

    void multiLabelShowsAMatrixPerLabel()
    {
        const auto run = makeRun({.problemType = ProblemType::MultiLabel});
        const auto page = openPage(*m_fixture, run);
        auto* matrix = child<ConfusionView>(*page, "confusionMatrix");
        auto* label = child<QComboBox>(*page, "matrixLabel");
        QVERIFY(label->isVisible());
        QCOMPARE(label->count(), 3);
        const auto* table = child<QTableView>(*page, "rowTable");
        for (int chosen = 0; chosen < 3; ++chosen) {
            label->setCurrentIndex(chosen);
            const auto& name = run.labels[static_cast<size_t>(chosen)];
            const auto& cells = run.test.at("test_confusion_matrix").at(static_cast<size_t>(chosen));
            for (int cell = 0; cell < 4; ++cell) {
                QTest::mouseClick(matrix, Qt::LeftButton, {}, matrix->cellRect(cell / 2, cell % 2).center());
                const auto wanted = keysOf(run, [&](const PredictionRow& row) {
                    return row.part == "test" && holds(row.labels, name) == (cell / 2 == 1)
                        && holds(row.predictions, name) == (cell % 2 == 1);
                });
                QCOMPARE(
                    static_cast<int64_t>(wanted.size()), cells.at(static_cast<size_t>(cell)).get<int64_t>());
                QVERIFY(shownKeys(*table) == wanted);
            }
        }
    }

    void regressionShowsPredictedAgainstTrue()
    {
        const auto run = makeRun({.problemType = ProblemType::Regression});
        const auto page = openPage(*m_fixture, run);
        auto* scatter = child<ScatterView>(*page, "scatter");
        QVERIFY(scatter->isVisible());
        QVERIFY(!child<ConfusionView>(*page, "confusionMatrix")->isVisible());
        auto* table = child<QTableView>(*page, "rowTable");
        QCOMPARE(table->model()->rowCount(), 120);
        // Largest error first.
        const auto error = [&](int row) {
            return table->model()->index(row, PredictionsModel::Confidence).data(Qt::UserRole).toDouble();
        };
        for (int row = 1; row < 120; ++row)
            QVERIFY(error(row - 1) >= error(row));
        // The point farthest to the right and up is certainly one point: a click near it selects some row.
        QTest::mouseClick(scatter, Qt::LeftButton, {}, scatter->rect().center());
        for (int x = 0; x < scatter->width() && !table->selectionModel()->hasSelection(); x += 8)
            QTest::mouseClick(scatter, Qt::LeftButton, {}, QPoint(x, scatter->height() * 3 / 4));
        QVERIFY(table->selectionModel()->hasSelection());
    }

    void onlyMistakesHoldsForNoNumbers()
    {
        const auto page = openPage(*m_fixture, makeRun());
        child<QCheckBox>(*page, "mistakesOnly")->click();
        const auto numbers = RandomRunWriter(m_seed).write(
            m_fixture->runFolder("numbers"), {.problemType = ProblemType::Regression});
        m_fixture->state().showRun(numbers.folder);
        QTRY_COMPARE(page->results().problemType, ProblemType::Regression);
        QCOMPARE(child<QTableView>(*page, "rowTable")->model()->rowCount(), 120);
    }

    void theNewestRunIsShownWhenNoneWasAskedFor()
    {
        RandomRunWriter writer(m_seed);
        writer.write(m_fixture->runFolder("old"), {.startedAt = "2026-11-20T10:00:00Z"});
        writer.write(m_fixture->runFolder("new"), {.startedAt = "2026-11-21T10:00:00Z"});
        ResultsPage page(m_fixture->state());
        page.show();
        page.activated();
        QTRY_COMPARE(m_fixture->state().shownRun(), m_fixture->runFolder("new"));
        QTRY_VERIFY(page.isDone());
        QCOMPARE(child<QComboBox>(page, "resultsRun")->currentText(), QStringLiteral("new"));
    }

    void aRunOfAnotherWorkspaceIsShownNoMore()
    {
        const auto page = openPage(*m_fixture, makeRun());
        m_fixture->settings().setValue(Setting::Workspace, m_fixture->path(QStringLiteral("other")));
        QVERIFY(m_fixture->state().shownRun().empty());
        QVERIFY(!page->isDone());
        QSignalSpy listed(&m_fixture->state().runs(), &RunStore::runsChanged);
        QVERIFY(listed.wait());
        QVERIFY(m_fixture->state().shownRun().empty());
        QCOMPARE(child<QComboBox>(*page, "resultsRun")->count(), 0);
    }

    void aRunWithoutEvaluationSaysSo()
    {
        const auto run = makeRun();
        std::filesystem::remove(run.folder / "eval_predictions.jsonl");
        std::filesystem::resize_file(run.folder / "metrics.jsonl", 0);
        ResultsPage page(m_fixture->state());
        page.show();
        m_fixture->state().showRun(run.folder);
        QTRY_VERIFY(std::ranges::any_of(page.findChildren<QLabel*>(), [](const QLabel* label) {
            return label->isVisible() && label->text().startsWith(QStringLiteral("This run has not been"));
        }));
        QVERIFY(!page.isDone());
    }

    void theToolTipOfATextIsNoHtml()
    {
        PredictionRow row;
        row.text = "a <b>bold</b> claim\nin two lines";
        PredictionsModel predictions;
        predictions.setRows({row, {}}, false);
        const auto tip = [&](int at) {
            return predictions.index(at, PredictionsModel::Text).data(Qt::ToolTipRole).toString();
        };
        QVERIFY2(tip(0).contains(QStringLiteral("a &lt;b&gt;bold&lt;/b&gt; claim\nin")), qPrintable(tip(0)));
        QCOMPARE(tip(1), QString());
    }

    void modelsKeepTheRulesOfItemModels()
    {
        const auto run = makeRun();
        PredictionsModel predictions;
        PredictionsFilterModel filter(&predictions);
        ClassTableModel classes;
        const QAbstractItemModelTester first(&predictions), second(&filter), third(&classes);
        predictions.setRows(run.rows, false);
        PredictionFilter wanted;
        wanted.part = QStringLiteral("test");
        wanted.mistakesOnly = true;
        filter.setFilter(wanted);
        filter.sort(PredictionsModel::Loss);
        predictions.retranslate();
        predictions.setRows({}, true);
        classes.setClasses(metricReportFromJson(run.test, "test").perClass);
        classes.retranslate();
        QCOMPARE(classes.rowCount(), 3);
        classes.setClasses({});
    }

private:
    RandomRun makeRun(const RandomRunOptions& options = {})
    {
        return RandomRunWriter(m_seed).write(m_fixture->runFolder("random"), options);
    }

    uint32_t m_seed = 0;
    std::unique_ptr<PageFixture> m_fixture;
};

QTEST_MAIN(TestResultsPage)
#include "tst_results_page.moc"
