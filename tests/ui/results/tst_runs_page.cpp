// SPDX-License-Identifier: MIT
#include "tests/ui/page_fixture.h"
#include "ui/charts/metric_chart.h"
#include "ui/pages/runs/resume_delegate.h"
#include "ui/pages/runs/run_comparison.h"
#include "ui/pages/runs/runs_page.h"
#include "ui/session/training_session.h"
#include "ui/widgets/dialogs.h"
#include "ui/widgets/format.h"

#include "random_run.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QComboBox>
#include <QDialog>
#include <QDir>
#include <QDirIterator>
#include <QFont>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTableView>

using namespace studio;

class TestRunsPage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        failOnWarnings();
        m_fixture = std::make_unique<PageFixture>();
        RandomRunWriter writer(7);
        writer.write(folder("first"), {.startedAt = "2026-11-20T08:00:00Z", .learningRate = 1e-4});
        writer.write(folder("second"),
            {.startedAt = "2026-11-21T08:00:00Z", .outcome = "stopped", .model = "models/other"});
        writer.write(folder("third"), {.startedAt = "2026-11-22T08:00:00Z", .outcome = ""});
        m_page = std::make_unique<RunsPage>(m_fixture->state());
        m_page->resize(1300, 800);
        m_page->show();
        m_table = child<QTableView>(*m_page, "runsTable");
        QTRY_COMPARE(m_table->model()->rowCount(), 3);
    }
    void cleanup()
    {
        m_page.reset();
        m_fixture.reset();
    }

    void newestRunComesFirstWithItsNumbers()
    {
        QCOMPARE(names(),
            (QStringList{QStringLiteral("third"), QStringLiteral("second"), QStringLiteral("first")}));
        const auto summary = readRunSummary(folder("third"));
        QCOMPARE(cell(0, RunsModel::Accuracy), percentText(summary.accuracy));
        QCOMPARE(cell(0, RunsModel::F1), percentText(summary.f1));
        QCOMPARE(cell(0, RunsModel::State),
            QStringLiteral("Interrupted · 20 of 40").replace(QStringLiteral("20"), countText(summary.step)));
        QCOMPARE(cell(2, RunsModel::LearningRate), significantText(1e-4));
        m_table->sortByColumn(RunsModel::LearningRate, Qt::DescendingOrder);
        QCOMPARE(names().front(), QStringLiteral("first"));
    }

    void theStateOfARunIsReadableBesideItsButton()
    {
        const auto log = folder("third") / "metrics.jsonl";
        auto lines = QString::fromStdString(readFile(log));
        lines.replace(
            QStringLiteral("\"total_steps\":40"), QStringLiteral("\"total_steps\":12345678901234567"));
        writeFileAtomically(log, lines.toStdString());
        const int before = m_table->columnWidth(RunsModel::State);
        const auto needed = [this] { // public in the base class only
            return static_cast<QAbstractItemView*>(m_table)->sizeHintForColumn(RunsModel::State);
        };
        m_fixture->state().runs().refresh();
        QTRY_VERIFY(needed() > before);
        QCOMPARE(m_table->columnWidth(RunsModel::State), needed());
        m_table->setColumnWidth(RunsModel::State, 90);
        QSignalSpy changed(&m_fixture->state().runs(), &RunStore::runsChanged);
        m_fixture->state().runs().refresh();
        QTRY_VERIFY(!changed.isEmpty());
        QCOMPARE(m_table->columnWidth(RunsModel::State), 90); // as the person wants it
    }

    void searchFindsNameModelAndState()
    {
        auto* search = child<QLineEdit>(*m_page, "runsSearch");
        search->setText(QStringLiteral("OTHER"));
        QCOMPARE(names(), QStringList{QStringLiteral("second")});
        search->setText(QStringLiteral("interrupted"));
        QCOMPARE(names(), QStringList{QStringLiteral("third")});
        search->setText(QStringLiteral("no such run"));
        QCOMPARE(names(), QStringList());
    }

    void aNewNameIsKeptInTheRunFolder()
    {
        auto* editor = editorOfName(1);
        QVERIFY(editor);
        editor->setText(QStringLiteral("我的运行"));
        QTest::keyClick(editor, Qt::Key_Return);
        QTRY_COMPARE(readRunSummary(folder("second")).name, std::string("我的运行"));
        QTRY_COMPARE(cell(1, RunsModel::Name), QStringLiteral("我的运行"));
    }

    void progressOfARunTakesNothingFromWhoTypesItsName()
    {
        auto* editor = editorOfName(0);
        QVERIFY(editor);
        editor->setText(QStringLiteral("half a na"));
        LiveRun live;
        live.arguments.outputDir = folder("third").string();
        live.start = StartEvent{.totalSteps = 70};
        live.lastStep = StepEvent{.step = 33};
        live.bestEvaluation = EvaluateEvent{.step = 30, .best = true};
        live.bestEvaluation->metrics.accuracy = 0.625;
        auto* shown = qobject_cast<QSortFilterProxyModel*>(m_table->model());
        qobject_cast<RunsModel*>(shown->sourceModel())->setProgress(live);
        QVERIFY(cell(0, RunsModel::State).endsWith(QStringLiteral("33 of 70")));
        QCOMPARE(cell(0, RunsModel::Accuracy), percentText(0.625));
        QCOMPARE(editor->text(), QStringLiteral("half a na"));
        QTest::keyClick(editor, Qt::Key_Escape);
        live.arguments.outputDir = "no run of the list";
        qobject_cast<RunsModel*>(shown->sourceModel())->setProgress(live);
    }

    void aNoteIsKeptAndNeverOverwritesWhatIsBeingTyped()
    {
        selectRows({2});
        auto* note = child<QPlainTextEdit>(*m_page, "runNote");
        note->setFocus();
        QTest::keyClicks(note, QStringLiteral("lower rate"));
        m_fixture->state().runs().refresh(); // reads the folders while the note is being typed
        QSignalSpy changed(&m_fixture->state().runs(), &RunStore::runsChanged);
        QTRY_VERIFY(!changed.isEmpty());
        QTest::keyClicks(note, QStringLiteral(" next"));
        QCOMPARE(note->toPlainText(), QStringLiteral("lower rate next"));
        QTRY_COMPARE(readRunSummary(folder("first")).note, std::string("lower rate next"));
        QCOMPARE(readRunSummary(folder("first")).name, std::string("first"));
        selectRows({0});
        QCOMPARE(note->toPlainText(), QString());
        selectRows({2});
        QTRY_COMPARE(note->toPlainText(), QStringLiteral("lower rate next"));
    }

    void aNoteThatWasGivenJustBeforeTheEndIsKept()
    {
        auto& store = m_fixture->state().runs();
        for (int i = 0; i < 20; ++i)
            store.refresh(); // keeps the worker busy
        store.setNotes(folder("gone"), "gone", "of a run that is no more");
        store.setNotes(folder("first"), "first", "kept");
        m_page.reset();
        m_fixture->restart();
        QCOMPARE(readRunSummary(folder("first")).note, std::string("kept"));
        QVERIFY(!std::filesystem::exists(folder("gone")));
    }

    void theToolTipOfANoteIsNoHtml()
    {
        RunSummary run;
        run.note = "<i>lower</i> rate";
        RunsModel runs;
        runs.setRuns({run});
        const auto tip = runs.index(0, RunsModel::Name).data(Qt::ToolTipRole).toString();
        QVERIFY2(tip.contains(QStringLiteral("&lt;i&gt;lower&lt;/i&gt; rate")), qPrintable(tip));
    }

    void aListThatWasReadBeforeANoteWasWrittenHasTheNote()
    {
        auto& store = m_fixture->state().runs();
        int lists = 0;
        connect(&store, &RunStore::runsChanged, this, [&] {
            ++lists;
            QCOMPARE(store.find(folder("first"))->note, std::string("newer"));
        });
        store.refresh(); // is read first and arrives later
        store.setNotes(folder("first"), "first", "newer");
        QCOMPARE(store.find(folder("first"))->note, std::string("newer"));
        QTRY_COMPARE(lists, 2);
        writeRunNotes(folder("first"), "first", "from elsewhere");
        disconnect(&store, &RunStore::runsChanged, this, nullptr);
        store.refresh();
        QTRY_COMPARE(store.find(folder("first"))->note, std::string("from elsewhere"));
    }

    void comparingMarksWhatDiffers()
    {
        selectRows({0, 2});
        auto* settings = child<QTableView>(*m_page, "settingsTable");
        QTRY_COMPARE(settings->model()->columnCount(), 3);
        QStringList bold;
        for (int row = 0; row < settings->model()->rowCount(); ++row) {
            if (settings->model()->index(row, 0).data(Qt::FontRole).value<QFont>().bold())
                bold << settings->model()->index(row, 0).data(Qt::ToolTipRole).toString();
        }
        QVERIFY(bold.contains(QStringLiteral("learning_rate")));
        QVERIFY(!bold.contains(QStringLiteral("model_name_or_path")));
        QVERIFY(bold.size() < settings->model()->rowCount());
        child<QCheckBox>(*m_page, "differencesOnly")->click();
        QCOMPARE(settings->model()->rowCount(), bold.size());
        QCOMPARE(child<MetricChart>(*m_page, "compareChart")->seriesCount(), 2);
    }

    void curvesAreThoseOfAMetricThatTheRunsHave()
    {
        // A run without a validation part has no accuracy.
        const auto log = folder("second") / "metrics.jsonl";
        QString steps;
        for (const auto& line : QString::fromStdString(readFile(log)).split(QLatin1Char('\n'))) {
            if (!line.contains(QStringLiteral("\"evaluate\"")) && !line.isEmpty())
                steps += line + QLatin1Char('\n');
        }
        writeFileAtomically(log, steps.toStdString());
        auto* metric = child<QComboBox>(*m_page, "compareMetric");
        auto* chart = child<MetricChart>(*m_page, "compareChart");
        selectRows({1});
        QTRY_COMPARE(metric->currentData().toString(), QStringLiteral("loss"));
        QCOMPARE(chart->buffer(0).size(), size_t{20});
        const auto selectable = [&](const char* name) {
            return metric->model()
                ->index(metric->findData(QLatin1String(name)), 0)
                .flags()
                .testFlag(Qt::ItemIsEnabled);
        };
        QVERIFY(!selectable("eval_accuracy") && !selectable("eval_loss") && selectable("learning_rate"));
        selectRows({2});
        QTRY_COMPARE(metric->currentData().toString(), QStringLiteral("eval_accuracy"));
        QVERIFY(selectable("eval_loss") && !selectable("eval_pearson"));
        // What was chosen by hand stays where it can.
        metric->setFocus();
        QTest::keyClick(metric, Qt::Key_End);
        QCOMPARE(metric->currentData().toString(), QStringLiteral("learning_rate"));
        selectRows({1});
        QTRY_COMPARE(chart->buffer(0).size(), size_t{20});
        QCOMPARE(metric->currentData().toString(), QStringLiteral("learning_rate"));
    }

    void resumeStandsInTheRowOfRunsThatCanGoOn()
    {
        auto* delegate = m_table->findChild<ResumeDelegate*>();
        QVERIFY(delegate);
        QSignalSpy resumed(delegate, &ResumeDelegate::resumeClicked);
        const auto button = [&](int row) {
            const auto index = m_table->model()->index(row, RunsModel::State);
            QStyleOptionViewItem option;
            option.initFrom(m_table->viewport());
            option.rect = m_table->visualRect(index);
            return delegate->buttonRect(option, index);
        };
        QVERIFY(!button(0).isEmpty()); // interrupted
        QVERIFY(!button(1).isEmpty()); // stopped
        QVERIFY(button(2).isEmpty()); // completed
        // The model folder of the run does not exist: the click must end in a sentence, not in a run.
        QSignalSpy failed(&m_fixture->state(), &StudioState::startFailed);
        QSignalSpy page(&m_fixture->state(), &StudioState::pageRequested);
        QSignalSpy ended(&m_fixture->state().training(), &TrainingSession::failed);
        QTest::mouseClick(m_table->viewport(), Qt::LeftButton, {}, button(0).center());
        QCOMPARE(resumed.size(), 1);
        QCOMPARE(resumed.front().front().value<QModelIndex>().row(), 0);
        QCOMPARE(page.front().front().value<PageId>(), PageId::Train);
        QTRY_VERIFY(!failed.isEmpty() || !ended.isEmpty());
        QTRY_VERIFY(!m_fixture->state().training().isRunning());
        // Outside of the button nothing is resumed.
        QTest::mouseClick(m_table->viewport(), Qt::LeftButton, {},
            m_table->visualRect(m_table->model()->index(1, RunsModel::State)).topLeft() + QPoint(5, 5));
        QCOMPARE(resumed.size(), 1);
    }

    void startingAgainKeepsTheSettingsOfTheRun()
    {
        auto& state = m_fixture->state();
        state.setPreset(QStringLiteral("quick"));
        selectRows({2});
        QSignalSpy ended(&state.training(), &TrainingSession::failed); // there is no such model
        QTest::mouseClick(child<QPushButton>(*m_page, "runAgain"), Qt::LeftButton);
        QCOMPARE(state.preset(), QStringLiteral("custom"));
        QCOMPARE(state.job().learningRate, 1e-4);
        QTRY_COMPARE(ended.count(), 1);
    }

    void buttonsFollowTheSelection()
    {
        selectRows({0});
        QVERIFY(child<QPushButton>(*m_page, "runResume")->isEnabled());
        QVERIFY(child<QPushButton>(*m_page, "runDelete")->isEnabled());
        selectRows({2});
        QVERIFY(!child<QPushButton>(*m_page, "runResume")->isEnabled());
        QVERIFY(child<QPushButton>(*m_page, "runTry")->isEnabled());
        selectRows({0, 1});
        QVERIFY(!child<QPushButton>(*m_page, "runResults")->isEnabled());
        QSignalSpy shown(&m_fixture->state(), &StudioState::shownRunChanged);
        selectRows({2});
        QTest::mouseClick(child<QPushButton>(*m_page, "runResults"), Qt::LeftButton);
        QCOMPARE(shown.size(), 1);
        QVERIFY(m_fixture->state().shownRun() == folder("first"));
    }

    void deleteAsksAndMovesToTheWastebasket()
    {
        selectRows({2});
        dialogs::setNextAnswer(1); // cancel
        QTest::mouseClick(child<QPushButton>(*m_page, "runDelete"), Qt::LeftButton);
        QVERIFY(dialogs::lastQuestion().contains(QStringLiteral("wastebasket")));
        QVERIFY(std::filesystem::exists(folder("first")));
        dialogs::setNextAnswer(0);
        QTest::mouseClick(child<QPushButton>(*m_page, "runDelete"), Qt::LeftButton);
        QTRY_VERIFY(!std::filesystem::exists(folder("first")));
        QTRY_COMPARE(names(), (QStringList{QStringLiteral("third"), QStringLiteral("second")}));
        // It can be taken back out of the wastebasket: this HOME's, or that of the file system it was on.
        const QDir trash(QFile::decodeName(qgetenv("XDG_DATA_HOME")) + QStringLiteral("/Trash/files"));
        if (trash.exists())
            QVERIFY(trash.exists(QStringLiteral("first/metrics.jsonl")));
        QVERIFY(!QDir::current().exists(QStringLiteral("files/first")));
    }

    void aRunThatIsDeletedIsShownNoMore()
    {
        auto& state = m_fixture->state();
        state.showRun(folder("first"));
        m_fixture->settings().setValue(Setting::ConfirmDelete, false);
        selectRows({1});
        QTest::mouseClick(child<QPushButton>(*m_page, "runDelete"), Qt::LeftButton);
        QTRY_COMPARE(names(), (QStringList{QStringLiteral("third"), QStringLiteral("first")}));
        QCOMPARE(state.shownRun(), folder("first"));
        selectRows({1});
        QTest::mouseClick(child<QPushButton>(*m_page, "runDelete"), Qt::LeftButton);
        QTRY_COMPARE(names(), QStringList{QStringLiteral("third")});
        QVERIFY(state.shownRun().empty());
    }

    void theDeleteKeyOfTheTableAsksAsTheButtonDoes()
    {
        m_page->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
        selectRows({2});
        auto* search = child<QLineEdit>(*m_page, "runsSearch");
        search->setFocus();
        QTest::keyClick(search, Qt::Key_Delete);
        QVERIFY(!m_page->findChild<QDialog*>());
        m_table->setFocus();
        dialogs::setNextAnswer(1); // cancel
        QTest::keyClick(m_table, Qt::Key_Delete);
        QVERIFY(dialogs::lastQuestion().contains(QStringLiteral("wastebasket")));
        QVERIFY(std::filesystem::exists(folder("first")));
        dialogs::setNextAnswer(0);
        QTest::keyClick(m_table, Qt::Key_Delete);
        QTRY_COMPARE(names(), (QStringList{QStringLiteral("third"), QStringLiteral("second")}));
    }

    void nothingIsShownOfRunsThatWereDeletedUnderASearch()
    {
        auto* search = child<QLineEdit>(*m_page, "runsSearch");
        const auto* hint = child<QLabel>(*m_page, "noMatch");
        const auto* chart = child<MetricChart>(*m_page, "compareChart");
        search->setText(QStringLiteral("first"));
        QVERIFY(!hint->isVisible());
        selectRows({0});
        QTRY_COMPARE(chart->seriesCount(), 1);
        QVERIFY(child<QLabel>(*m_page, "runDetail")->text().endsWith(QStringLiteral("first")));
        dialogs::setNextAnswer(0);
        QTest::mouseClick(child<QPushButton>(*m_page, "runDelete"), Qt::LeftButton);
        QTRY_COMPARE(names(), QStringList());
        QVERIFY(hint->isVisible());
        QVERIFY(child<QLabel>(*m_page, "runDetail")->text().startsWith(QStringLiteral("Select one run")));
        QTRY_COMPARE(chart->seriesCount(), 0);
        QCOMPARE(child<QTableView>(*m_page, "settingsTable")->model()->rowCount(), 0);
        search->clear();
        QVERIFY(!hint->isVisible());
        QCOMPARE(names().size(), 2);
    }

    void withoutAWastebasketItAsksAgain()
    {
        const auto before = qgetenv("XDG_DATA_HOME");
        writeFileAtomically(m_fixture->file("no-folder"), "");
        qputenv("XDG_DATA_HOME", (m_fixture->file("no-folder") / "data").c_str());
        selectRows({2});
        dialogs::setNextAnswer(0);
        QTest::mouseClick(child<QPushButton>(*m_page, "runDelete"), Qt::LeftButton);
        dialogs::setNextAnswer(0); // for good
        QTRY_VERIFY(!std::filesystem::exists(folder("first")));
        QVERIFY(dialogs::lastQuestion().contains(QStringLiteral("for good")));
        qputenv("XDG_DATA_HOME", before);
    }

    void modelsKeepTheRulesOfItemModels()
    {
        RunsModel runs;
        RunsFilterModel filter(&runs);
        SettingsModel settings;
        const QAbstractItemModelTester first(&runs), second(&filter), third(&settings);
        runs.setRuns({readRunSummary(folder("first")), readRunSummary(folder("third"))});
        filter.setSearch(QStringLiteral("third"));
        QCOMPARE(filter.rowCount(), 1);
        filter.sort(RunsModel::State);
        QVERIFY(runs.setData(runs.index(0, RunsModel::Name), QStringLiteral("new"), Qt::EditRole));
        QVERIFY(!runs.setData(runs.index(0, RunsModel::Name), QStringLiteral("  "), Qt::EditRole));
        QVERIFY(!runs.setData(runs.index(0, RunsModel::State), QStringLiteral("x"), Qt::EditRole));
        runs.retranslate();
        settings.setRuns({loadRunCurves(folder("first")), loadRunCurves(folder("third"))}, false);
        settings.retranslate();
        settings.setRuns({}, false);
        runs.setRuns({});
    }

private:
    QLineEdit* editorOfName(int row)
    {
        const auto index = m_table->model()->index(row, RunsModel::Name);
        m_table->setCurrentIndex(index);
        m_table->edit(index);
        return m_table->viewport()->findChild<QLineEdit*>();
    }
    [[nodiscard]] std::filesystem::path folder(const std::string& name) const
    {
        return m_fixture->runFolder(name);
    }
    [[nodiscard]] QString cell(int row, int column) const
    {
        return m_table->model()->index(row, column).data().toString();
    }
    [[nodiscard]] QStringList names() const
    {
        QStringList all;
        for (int row = 0; row < m_table->model()->rowCount(); ++row)
            all << cell(row, RunsModel::Name);
        return all;
    }
    void selectRows(const QList<int>& rows)
    {
        QItemSelection selection;
        for (const int row : rows)
            selection.select(m_table->model()->index(row, 0), m_table->model()->index(row, 0));
        m_table->selectionModel()->select(
            selection, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    }

    std::unique_ptr<PageFixture> m_fixture;
    std::unique_ptr<RunsPage> m_page;
    QTableView* m_table = nullptr;
};

QTEST_MAIN(TestRunsPage)
#include "tst_runs_page.moc"
