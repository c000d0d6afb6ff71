// SPDX-License-Identifier: MIT
#include "ui/pages/runs/runs_page.h"

#include "core/models/checkpoint_info.h"
#include "ui/pages/runs/resume_delegate.h"
#include "ui/pages/runs/run_comparison.h"
#include "ui/shell/rail.h"
#include "ui/widgets/dialogs.h"
#include "ui/widgets/format.h"
#include "ui/widgets/warning_text.h"

#include <algorithm>

#include <QDesktopServices>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QShortcut>
#include <QSignalBlocker>
#include <QSplitter>
#include <QStandardPaths>
#include <QTableView>
#include <QUrl>
#include <QVBoxLayout>

namespace studio {

namespace {

constexpr size_t mostOverlaid = 8;
constexpr int notePauseMs = 800;

QString folderText(const std::filesystem::path& folder)
{
    return QString::fromStdString(folder.string());
}

} // namespace

RunsPage::RunsPage(StudioState& state, QWidget* parent)
    : Page(PageId::Runs, state, parent)
    , m_model(new RunsModel(this))
    , m_shown(new RunsFilterModel(m_model, this))
{
    build();
    connectAll();
    retranslate();
    fill();
}

void RunsPage::build()
{
    m_listCard = new Card(content());
    m_search = new QLineEdit(m_listCard);
    m_search->setObjectName(QStringLiteral("runsSearch"));
    m_search->setClearButtonEnabled(true);
    m_table = new QTableView(m_listCard);
    m_table->setObjectName(QStringLiteral("runsTable"));
    m_table->setModel(m_shown);
    m_resumeInRow = new ResumeDelegate(m_table);
    m_table->setItemDelegateForColumn(RunsModel::State, m_resumeInRow);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->setEditTriggers(QAbstractItemView::EditKeyPressed | QAbstractItemView::SelectedClicked);
    m_table->setSortingEnabled(true);
    m_table->setWordWrap(false);
    m_table->setTextElideMode(Qt::ElideMiddle); // names differ at their end
    m_table->setShowGrid(false);
    m_table->setAlternatingRowColors(true);
    m_table->setTabKeyNavigation(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(28);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->sortByColumn(RunsModel::Started, Qt::DescendingOrder);
    const int widths[] = {170, 250, 84, 64, 146, 130, 130, 116, 80, 80, 130};
    for (int column = 0; column < RunsModel::ColumnCount; ++column)
        m_table->setColumnWidth(column, widths[column]);

    const auto button = [this](const QString& name) {
        auto* made = new QPushButton(m_listCard);
        made->setObjectName(name);
        return made;
    };
    m_results = button(QStringLiteral("runResults"));
    m_try = button(QStringLiteral("runTry"));
    m_resume = button(QStringLiteral("runResume"));
    m_again = button(QStringLiteral("runAgain"));
    m_folder = button(QStringLiteral("runFolder"));
    m_export = button(QStringLiteral("runExport"));
    m_remove = button(QStringLiteral("runDelete"));
    auto* first = new QHBoxLayout;
    auto* second = new QHBoxLayout;
    for (auto* made : {m_results, m_try, m_resume})
        first->addWidget(made);
    first->addStretch();
    first->addWidget(m_again);
    for (auto* made : {m_folder, m_export})
        second->addWidget(made);
    second->addStretch();
    second->addWidget(m_remove);
    m_exportDone = makeLabel(m_listCard, "good");
    m_exportDone->setObjectName(QStringLiteral("exportNote"));
    m_exportDone->setWordWrap(true);
    m_exportDone->hide();
    m_otherWindow = makeLabel(m_listCard, "small");
    m_otherWindow->setObjectName(QStringLiteral("otherWindow"));
    m_otherWindow->setWordWrap(true);
    m_otherWindow->hide();
    m_listCard->content()->addWidget(m_otherWindow);
    m_noMatch = makeLabel(m_listCard, "muted");
    m_noMatch->setObjectName(QStringLiteral("noMatch"));
    m_noMatch->hide();
    m_listCard->content()->addWidget(m_search);
    m_listCard->content()->addWidget(m_noMatch);
    m_listCard->content()->addWidget(m_table, 1);
    m_listCard->content()->addLayout(first);
    m_listCard->content()->addLayout(second);
    m_listCard->content()->addWidget(m_exportDone);

    m_detailCard = new Card(content());
    m_detail = makeLabel(m_detailCard, "small");
    m_detail->setObjectName(QStringLiteral("runDetail"));
    m_detail->setWordWrap(true);
    m_detail->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_comparison = new RunComparison(m_detailCard);
    m_noteLabel = makeLabel(m_detailCard, "small");
    m_note = new QPlainTextEdit(m_detailCard);
    m_note->setObjectName(QStringLiteral("runNote"));
    m_note->setTabChangesFocus(true);
    m_note->setFixedHeight(64);
    m_noteLabel->setBuddy(m_note);
    m_detailCard->content()->addWidget(m_detail);
    m_detailCard->content()->addWidget(m_comparison, 1);
    m_detailCard->content()->addWidget(m_noteLabel);
    m_detailCard->content()->addWidget(m_note);

    auto* splitter = new QSplitter(Qt::Horizontal, content());
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(spacing::medium);
    splitter->addWidget(m_listCard);
    splitter->addWidget(m_detailCard);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    auto* layout = new QVBoxLayout(content());
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(splitter);
}

void RunsPage::showOtherWindow()
{
    const auto other = state().runs().otherWindow();
    m_otherWindow->setText(
        tr("Another window has this workspace open as well (%1). Both may be used; a run is "
           "written by one of them at a time.")
            .arg(warningText(other.toStdString())));
    m_otherWindow->setVisible(!other.isEmpty());
}

void RunsPage::connectAll()
{
    connect(&state().runs(), &RunStore::otherWindowChanged, this, &RunsPage::showOtherWindow);
    connect(&state().runs(), &RunStore::runsChanged, this, &RunsPage::fill);
    connect(&state().runs(), &RunStore::failed, this,
        [this](ErrorKind kind, const QString& detail) { banner().showError(kind, detail); });
    connect(&state().training(), &TrainingSession::stateChanged, this, [this] {
        updateButtons();
        state().runs().refresh();
    });
    connect(&state().training(), &TrainingSession::eventsReported, this, &RunsPage::showProgress);
    connect(emptyState(QStringLiteral("runs")), &EmptyState::clicked, this,
        [this] { state().openPage(PageId::Train); });
    connect(m_search, &QLineEdit::textChanged, this, [this](const QString& text) {
        m_shown->setSearch(text);
        showMatches();
    });
    connect(
        m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &RunsPage::selectionChanged);
    connect(m_table, &QTableView::doubleClicked, this, [this](const QModelIndex& index) {
        if (index.column() != RunsModel::Name)
            m_results->click();
    });
    connect(
        m_model, &RunsModel::renamed, this, [this](const std::filesystem::path& folder, const QString& name) {
            state().runs().setNotes(folder, name.toStdString(), m_model->run(m_model->rowOf(folder)).note);
        });
    connect(m_results, &QPushButton::clicked, this, [this] {
        if (const auto runs = selected(); runs.size() == 1)
            state().showRun(runs.front().folder);
    });
    connect(m_try, &QPushButton::clicked, this, [this] {
        if (const auto runs = selected(); runs.size() == 1)
            state().tryModel(folderText(runs.front().folder));
    });
    connect(m_resume, &QPushButton::clicked, this, [this] {
        if (const auto runs = selected(); runs.size() == 1)
            resume(runs.front());
    });
    connect(m_resumeInRow, &ResumeDelegate::resumeClicked, this,
        [this](const QModelIndex& index) { resume(m_model->run(m_shown->mapToSource(index).row())); });
    connect(m_again, &QPushButton::clicked, this, &RunsPage::startAgain);
    connect(m_folder, &QPushButton::clicked, this, [this] {
        for (const auto& run : selected())
            QDesktopServices::openUrl(QUrl::fromLocalFile(folderText(run.folder)));
    });
    connect(m_export, &QPushButton::clicked, this, &RunsPage::exportRun);
    connect(m_remove, &QPushButton::clicked, this, &RunsPage::deleteRuns);
    auto* remove = new QShortcut(QKeySequence::Delete, m_table);
    remove->setContext(Qt::WidgetShortcut);
    connect(remove, &QShortcut::activated, m_remove, &QPushButton::click);
    m_noteTimer.setSingleShot(true);
    m_noteTimer.setInterval(notePauseMs);
    connect(&m_noteTimer, &QTimer::timeout, this, &RunsPage::saveNote);
    connect(m_note, &QPlainTextEdit::textChanged, &m_noteTimer, qOverload<>(&QTimer::start));
    connect(&m_load, &JobSlot::failed, this,
        [this](ErrorKind kind, const QString& detail) { banner().showError(kind, detail); });
    connect(&m_delete, &JobSlot::failed, this, [this](ErrorKind kind, const QString& detail) {
        banner().showError(kind, detail);
        state().runs().refresh();
    });
}

void RunsPage::activated()
{
    state().runs().refresh();
}

void RunsPage::hideEvent(QHideEvent* event)
{
    saveNote();
    Page::hideEvent(event);
}

void RunsPage::resume(const RunSummary& run)
{
    state().resumeRun(run.folder);
    state().openPage(PageId::Train);
}

std::vector<RunSummary> RunsPage::selected() const
{
    std::vector<RunSummary> runs;
    for (const auto& index : m_table->selectionModel()->selectedRows())
        runs.push_back(m_model->run(m_shown->mapToSource(index).row()));
    return runs;
}

void RunsPage::fill()
{
    saveNote();
    std::vector<std::filesystem::path> before;
    for (const auto& run : selected())
        before.push_back(run.folder);
    m_model->setRuns(state().runs().runs());
    showProgress();
    setEmpty(m_model->rowCount() == 0);
    showMatches();
    fitState();
    QItemSelection selection;
    for (const auto& folder : before) {
        const int row = m_model->rowOf(folder);
        if (row >= 0) {
            const auto index = m_shown->mapFromSource(m_model->index(row, 0));
            selection.select(index, index);
        }
    }
    if (selection.isEmpty() && m_shown->rowCount() > 0)
        selection.select(m_shown->index(0, 0), m_shown->index(0, 0));
    auto* selecting = m_table->selectionModel();
    if (!selection.isEmpty())
        selecting->setCurrentIndex(selection.indexes().front(), QItemSelectionModel::NoUpdate);
    selecting->select(selection, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    updateButtons();
    if (selection.isEmpty())
        showDetails(); // a list that was set anew has no selection already: nothing changes
}

void RunsPage::showMatches()
{
    m_noMatch->setVisible(m_model->rowCount() > 0 && m_shown->rowCount() == 0);
}

void RunsPage::fitState()
{
    // Grows with what was never as wide before: the width that a person gave the column stays otherwise.
    const int needed = static_cast<QAbstractItemView*>(m_table)->sizeHintForColumn(RunsModel::State);
    if (needed <= m_stateWidth)
        return;
    m_stateWidth = needed;
    m_table->setColumnWidth(RunsModel::State, std::max(m_table->columnWidth(RunsModel::State), needed));
}

void RunsPage::showProgress()
{
    if (state().training().isRunning())
        m_model->setProgress(*state().training().run());
}

void RunsPage::selectionChanged()
{
    saveNote();
    m_exportDone->hide();
    updateButtons();
    showDetails();
}

void RunsPage::updateButtons()
{
    const auto runs = selected();
    const bool one = runs.size() == 1;
    const bool busy = state().training().isRunning();
    const auto finished
        = [](const RunSummary& run) { return run.state == RunState::Completed || run.bestStep; };
    const auto running = [](const RunSummary& run) { return run.state == RunState::Running; };
    const bool noneRuns = std::none_of(runs.begin(), runs.end(), running);
    m_results->setEnabled(one && finished(runs.front()));
    m_try->setEnabled(one && noneRuns && finished(runs.front()));
    m_resume->setEnabled(one && isResumable(runs.front()) && !busy);
    m_resumeInRow->setAvailable(!busy);
    m_table->viewport()->update();
    m_again->setEnabled(one && !busy);
    m_folder->setEnabled(!runs.empty());
    m_export->setEnabled(one && noneRuns && finished(runs.front()));
    m_remove->setEnabled(!runs.empty() && noneRuns);
}

void RunsPage::showDetails()
{
    auto runs = selected();
    const bool one = runs.size() == 1;
    m_note->setVisible(one);
    m_noteLabel->setVisible(one);
    // The note of the run that stays chosen is the person's: it may be newer than what was read.
    const auto chosen = one ? runs.front().folder : std::filesystem::path();
    if (chosen != m_noteOf || !(m_note->document()->isModified() || m_note->hasFocus())) {
        m_noteOf = chosen;
        const QSignalBlocker blocker(m_note);
        m_note->setPlainText(one ? fromCore(runs.front().note) : QString());
        m_note->document()->setModified(false);
    }
    if (runs.empty())
        m_detail->setText(tr("Select one run to see it, or several to compare them."));
    else if (one)
        m_detail->setText(folderText(runs.front().folder));
    else if (runs.size() > mostOverlaid)
        m_detail->setText(tr("The first %n of the selected runs are drawn.", nullptr, mostOverlaid));
    else
        m_detail->setText(tr("%n run(s) compared", nullptr, static_cast<int>(runs.size())));
    runs.resize(std::min(runs.size(), mostOverlaid));
    std::vector<std::filesystem::path> folders;
    for (const auto& run : runs)
        folders.push_back(run.folder);
    m_load.start(
        [folders](const TaskControl& control) {
            std::vector<RunCurves> curves;
            for (const auto& folder : folders) {
                control.throwIfStopped();
                curves.push_back(loadRunCurves(folder));
            }
            return curves;
        },
        [this](std::vector<RunCurves> curves) { m_comparison->setRuns(std::move(curves)); });
}

void RunsPage::saveNote()
{
    if (m_noteOf.empty() || !m_note->document()->isModified())
        return;
    m_note->document()->setModified(false);
    const int row = m_model->rowOf(m_noteOf);
    if (row < 0)
        return;
    const auto note = m_note->toPlainText().toStdString();
    state().runs().setNotes(m_noteOf, m_model->run(row).name, note);
    m_model->setNote(row, note);
}

void RunsPage::startAgain()
{
    const auto runs = selected();
    if (runs.size() != 1)
        return;
    try {
        auto arguments = readRunArguments(runs.front().folder);
        arguments.resumeFromCheckpoint.reset();
        arguments.outputDir.clear();
        state().setPreset(QStringLiteral("custom")); // no preset takes the settings of the run away again
        state().setJob(arguments);
        state().openPage(PageId::Train);
        state().startTraining();
    } catch (const Error& error) {
        banner().showError(error.kind(), QString::fromUtf8(error.what()));
    }
}

void RunsPage::exportRun()
{
    const auto runs = selected();
    if (runs.size() != 1)
        return;
    dialogs::openFolder(
        this, tr("Export into an empty folder"), [this, source = runs.front().folder](const QString& target) {
            m_exportDone->hide();
            m_export->setEnabled(false);
            state().inference().run([options = ExportOptions{source, target.toStdString()}](
                                        const TaskControl&) { return exportCheckpoint(options); },
                [this, target](double difference) {
                    m_exportDone->setText(
                        tr("Exported to %1 and checked: the largest difference of the logits is %2.")
                            .arg(target, significantText(difference)));
                    m_exportDone->show();
                    updateButtons();
                },
                [this](const CaughtError& error) {
                    banner().showError(error.kind, error.detail);
                    updateButtons();
                });
        });
}

void RunsPage::deleteRuns()
{
    std::vector<std::filesystem::path> folders;
    QStringList names;
    for (const auto& run : selected()) {
        folders.push_back(run.folder);
        names << fromCore(run.name);
    }
    if (folders.empty())
        return;
    if (!state().settings().flag(Setting::ConfirmDelete)) {
        moveToTrash(folders);
        return;
    }
    dialogs::ask(this, tr("Delete runs"),
        tr("Move %n run(s) to the wastebasket?", nullptr, static_cast<int>(folders.size())), names,
        {{tr("Move to wastebasket"), dialogs::ButtonRole::Destructive},
            {tr("Cancel"), dialogs::ButtonRole::Cancel}},
        [this, folders](int chosen) {
            if (chosen == 0)
                moveToTrash(folders);
        });
}

void RunsPage::moveToTrash(const std::vector<std::filesystem::path>& folders)
{
    for (const auto& folder : folders)
        state().inference().forget(folderText(folder));
    m_delete.start(
        [folders](const TaskControl&) {
            // Qt 6.4 moves files below the working folder when it cannot make the wastebasket, so see to it
            // first: the data folder is absent for a new user.
            const auto dataHome = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation);
            if (!QDir().mkpath(dataHome) || !QFileInfo(dataHome).isWritable())
                return folders;
            std::vector<std::filesystem::path> kept;
            for (const auto& folder : folders) {
                if (!QFile::moveToTrash(folderText(folder)))
                    kept.push_back(folder);
            }
            return kept;
        },
        [this, folders](const std::vector<std::filesystem::path>& kept) {
            for (const auto& folder : folders) {
                if (std::find(kept.begin(), kept.end(), folder) == kept.end())
                    forget(folder);
            }
            state().runs().refresh();
            if (kept.empty())
                return;
            dialogs::ask(this, tr("Delete runs"),
                tr("There is no wastebasket for this folder. Delete %n run(s) for good?", nullptr,
                    static_cast<int>(kept.size())),
                {},
                {{tr("Delete for good"), dialogs::ButtonRole::Destructive},
                    {tr("Cancel"), dialogs::ButtonRole::Cancel}},
                [this, kept](int chosen) {
                    if (chosen == 0)
                        deleteForGood(kept);
                });
        });
}

void RunsPage::forget(const std::filesystem::path& folder)
{
    state().runs().remove(folder);
    if (folder == state().shownRun())
        state().forgetShownRun();
}

void RunsPage::deleteForGood(const std::vector<std::filesystem::path>& folders)
{
    m_delete.start(
        [folders](const TaskControl&) {
            for (const auto& folder : folders) {
                std::error_code code;
                std::filesystem::remove_all(folder, code);
                if (code)
                    throw Error(
                        ErrorKind::File, "Cannot delete '" + folder.string() + "': " + code.message() + ".");
            }
        },
        [this, folders] {
            for (const auto& folder : folders)
                forget(folder);
            state().runs().refresh();
        });
}

void RunsPage::retranslate()
{
    setTitle(pageName(PageId::Runs));
    showOtherWindow();
    emptyState(QStringLiteral("runs"))
        ->setTexts(tr("No runs yet: every run that you start is kept here."), tr("Go to Train"));
    m_search->setPlaceholderText(tr("Search names, notes, models and data"));
    describe(m_search, tr("Search names, notes, models and data"));
    m_noMatch->setText(tr("No run matches the search."));
    describe(m_table, tr("Runs"), QString());
    m_table->setToolTip(QString());
    m_results->setText(tr("Re&sults"));
    describe(m_results, tr("Results"), tr("Show metrics, confusion matrix and rows of this run"));
    m_try->setText(tr("Tr&y it"));
    describe(m_try, tr("Try it"), tr("Type texts against this run's model"));
    m_resume->setText(tr("Res&ume"));
    describe(m_resume, tr("Resume"), tr("Go on from the newest checkpoint of this run"));
    m_again->setText(tr("Start a&gain"));
    describe(m_again, tr("Start again"), tr("Start a new run with the same settings"));
    m_folder->setText(tr("&Open folder"));
    describe(m_folder, tr("Open folder"), tr("Open the run's folder in the file manager"));
    m_export->setText(tr("E&xport…"));
    describe(m_export, tr("Export"), tr("Write a clean model folder that transformers loads, and check it"));
    m_remove->setText(tr("&Delete…"));
    describe(m_remove, tr("Delete"), tr("Move the selected runs to the wastebasket"));
    m_detailCard->setHeading(tr("Details"));
    m_noteLabel->setText(tr("&Note"));
    m_note->setPlaceholderText(tr("What was tried, what came of it"));
    describe(m_note, tr("Note"), QString());
    m_note->setToolTip(QString());
    m_comparison->retranslate();
    m_model->retranslate();
    fitState();
    m_exportDone->hide();
    const auto runs = selected();
    if (runs.size() != 1)
        showDetails();
}

} // namespace studio
