// SPDX-License-Identifier: MIT
#include "ui/pages/results/results_page.h"

#include "ui/pages/results/class_table_model.h"
#include "ui/pages/results/confusion_view.h"
#include "ui/pages/results/metric_cards.h"
#include "ui/pages/results/scatter_view.h"
#include "ui/shell/rail.h"
#include "ui/widgets/dialogs.h"
#include "ui/widgets/format.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalBlocker>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

namespace studio {

namespace {

QString folderText(const std::filesystem::path& folder)
{
    return QString::fromStdString(folder.string());
}

QTableView* makeTable(QWidget* parent, const QString& name)
{
    auto* table = new QTableView(parent);
    table->setObjectName(name);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setSortingEnabled(true);
    table->setWordWrap(false);
    table->setShowGrid(false);
    table->setAlternatingRowColors(true);
    table->setTabKeyNavigation(false);
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(28);
    table->horizontalHeader()->setHighlightSections(false);
    table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    return table;
}

} // namespace

ResultsPage::ResultsPage(StudioState& state, QWidget* parent)
    : Page(PageId::Results, state, parent)
    , m_predictions(new PredictionsModel(this))
    , m_shown(new PredictionsFilterModel(m_predictions, this))
    , m_classes(new ClassTableModel(this))
{
    build();
    connect(&state, &StudioState::shownRunChanged, this, [this] {
        fillRuns();
        load();
    });
    connect(&state.runs(), &RunStore::runsChanged, this, [this] {
        fillRuns();
        if (isVisible())
            activated();
    });
    connect(emptyState(QStringLiteral("results")), &EmptyState::clicked, this,
        [this] { this->state().openPage(isShownRunOver() ? PageId::Runs : PageId::Train); });
    connect(&m_load, &JobSlot::failed, this, [this](ErrorKind kind, const QString& detail) {
        m_results = {};
        showResults();
        banner().showError(kind, detail);
    });
    connect(&m_export, &JobSlot::failed, this,
        [this](ErrorKind kind, const QString& detail) { banner().showError(kind, detail); });
    retranslate();
    setEmpty(true);
    fillRuns();
    load();
}

void ResultsPage::build()
{
    m_runs = new QComboBox(this);
    m_runs->setObjectName(QStringLiteral("resultsRun"));
    m_runs->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_runs->setMinimumContentsLength(28);
    addAction(m_runs);
    m_part = new QComboBox(this);
    m_part->setObjectName(QStringLiteral("resultsPart"));
    addAction(m_part);

    m_cards = new MetricCards(content());
    m_matrixCard = new Card(content());
    m_label = new QComboBox(m_matrixCard);
    m_label->setObjectName(QStringLiteral("matrixLabel"));
    m_shares = makeToolButton(m_matrixCard, QStringLiteral("chart"), QStringLiteral("matrixShares"));
    m_shares->setCheckable(true);
    m_matrixCard->addHeadingWidget(m_label);
    m_matrixCard->addHeadingWidget(m_shares);
    m_matrix = new ConfusionView;
    m_matrix->setObjectName(QStringLiteral("confusionMatrix"));
    m_matrixScroll = new QScrollArea(m_matrixCard);
    m_matrixScroll->setWidget(m_matrix);
    m_matrix->setAutoFillBackground(false); // the card shows through
    m_matrixScroll->viewport()->setAutoFillBackground(false);
    m_matrixScroll->setWidgetResizable(true);
    m_matrixScroll->setFrameShape(QFrame::NoFrame);
    m_matrixScroll->setFocusPolicy(Qt::NoFocus);
    m_scatter = new ScatterView(m_matrixCard);
    m_scatter->setObjectName(QStringLiteral("scatter"));
    m_picture = new QStackedWidget(m_matrixCard);
    m_picture->addWidget(m_matrixScroll);
    m_picture->addWidget(m_scatter);
    m_matrixHint = makeLabel(m_matrixCard, "small");
    m_matrixHint->setWordWrap(true);
    m_matrixCard->content()->addWidget(m_picture, 1);
    m_matrixCard->content()->addWidget(m_matrixHint);

    m_classCard = new Card(content());
    m_classTable = makeTable(m_classCard, QStringLiteral("classTable"));
    auto* sortedClasses = new QSortFilterProxyModel(this);
    sortedClasses->setSourceModel(m_classes);
    sortedClasses->setSortRole(Qt::UserRole);
    m_classTable->setModel(sortedClasses);
    m_classTable->sortByColumn(-1, Qt::AscendingOrder);
    m_classTable->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_classTable->horizontalHeader()->setSectionResizeMode(ClassTableModel::Label, QHeaderView::Stretch);
    m_classCard->content()->addWidget(m_classTable);

    m_rowsCard = new Card(content());
    m_choice = new ElidedLabel(m_rowsCard);
    m_choice->setObjectName(QStringLiteral("choiceText"));
    m_choice->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    setRole(m_choice, "small");
    m_rowsCard->addHeadingWidget(m_choice);
    m_search = new QLineEdit(m_rowsCard);
    m_search->setObjectName(QStringLiteral("resultsSearch"));
    m_search->setClearButtonEnabled(true);
    m_mistakes = new QCheckBox(m_rowsCard);
    m_mistakes->setObjectName(QStringLiteral("mistakesOnly"));
    m_rowCount = makeLabel(m_rowsCard, "small");
    m_rowCount->setObjectName(QStringLiteral("rowCount"));
    m_clear = new QPushButton(m_rowsCard);
    m_clear->setObjectName(QStringLiteral("clearChoice"));
    setRole(m_clear, "link");
    m_exportButton = new QPushButton(m_rowsCard);
    m_exportButton->setObjectName(QStringLiteral("exportRows"));
    auto* tools = new QHBoxLayout;
    tools->setSpacing(spacing::small);
    tools->addWidget(m_search, 1);
    tools->addWidget(m_mistakes);
    tools->addWidget(m_clear);
    tools->addWidget(m_rowCount);
    tools->addStretch();
    tools->addWidget(m_exportButton);
    m_rowTable = makeTable(m_rowsCard, QStringLiteral("rowTable"));
    m_rowTable->setModel(m_shown);
    m_rowTable->sortByColumn(PredictionsModel::Loss, Qt::DescendingOrder);
    auto* header = m_rowTable->horizontalHeader();
    header->setSectionResizeMode(PredictionsModel::Text, QHeaderView::Stretch);
    for (const int column : {PredictionsModel::Row, PredictionsModel::Loss})
        m_rowTable->setColumnWidth(column, 84);
    m_rowTable->setColumnWidth(PredictionsModel::Confidence, 120);
    for (const int column : {PredictionsModel::True, PredictionsModel::Predicted})
        m_rowTable->setColumnWidth(column, 150);
    m_rowsCard->content()->addLayout(tools);
    m_rowsCard->content()->addWidget(m_rowTable, 1);

    auto* pictures = new QSplitter(Qt::Horizontal, content());
    pictures->setChildrenCollapsible(false);
    pictures->setHandleWidth(spacing::medium);
    pictures->addWidget(m_matrixCard);
    pictures->addWidget(m_classCard);
    pictures->setStretchFactor(0, 3);
    pictures->setStretchFactor(1, 2);
    pictures->setSizes({560, 480});
    auto* splitter = new QSplitter(Qt::Vertical, content());
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(spacing::medium);
    splitter->addWidget(pictures);
    splitter->addWidget(m_rowsCard);
    splitter->setStretchFactor(0, 1);
    splitter->setStretchFactor(1, 1);
    auto* layout = new QVBoxLayout(content());
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(spacing::medium);
    layout->addWidget(m_cards);
    layout->addWidget(splitter, 1);

    connect(m_runs, &QComboBox::activated, this, [this](int index) {
        state().showRun(std::filesystem::path(m_runs->itemData(index).toString().toStdString()));
    });
    connect(m_part, &QComboBox::currentIndexChanged, this, &ResultsPage::showPart);
    connect(m_label, &QComboBox::currentIndexChanged, this, &ResultsPage::showMatrix);
    connect(m_shares, &QToolButton::toggled, m_matrix, &ConfusionView::setShowShares);
    connect(m_matrix, &ConfusionView::chosen, this, &ResultsPage::scrollToCell);
    connect(m_matrix, &ConfusionView::chosen, this, &ResultsPage::cellChosen);
    connect(m_scatter, &ScatterView::pointChosen, this, [this](int row) {
        const auto index = m_shown->mapFromSource(m_predictions->index(row, 0));
        m_rowTable->selectRow(index.row());
        m_rowTable->scrollTo(index);
    });
    connect(m_classTable, &QTableView::activated, this, &ResultsPage::chooseClass);
    connect(m_search, &QLineEdit::textChanged, this, &ResultsPage::applyFilter);
    connect(m_mistakes, &QCheckBox::toggled, this, &ResultsPage::applyFilter);
    connect(m_clear, &QPushButton::clicked, this, [this] {
        m_matrix->setChoice(-1, -1);
        cellChosen(-1, -1);
    });
    connect(m_exportButton, &QPushButton::clicked, this, &ResultsPage::exportRows);
}

void ResultsPage::fillRuns()
{
    const QSignalBlocker blocker(m_runs);
    m_runs->clear();
    const auto shown = folderText(state().shownRun());
    for (const auto& run : state().runs().runs()) {
        if (run.bestStep || run.state == RunState::Completed || folderText(run.folder) == shown)
            m_runs->addItem(fromCore(run.name), folderText(run.folder));
    }
    if (!shown.isEmpty() && m_runs->findData(shown) < 0)
        m_runs->insertItem(0, QString::fromStdString(state().shownRun().filename().string()), shown);
    m_runs->setCurrentIndex(m_runs->findData(shown));
    m_runs->setVisible(m_runs->count() > 0);
    updateEmptyState();
}

void ResultsPage::activated()
{
    if (!state().shownRun().empty())
        return;
    for (const auto& run : state().runs().runs()) { // nothing was asked for: the newest
        if (run.state != RunState::Running && (run.bestStep || run.state == RunState::Completed)) {
            state().showRun(std::filesystem::path(run.folder)); // a copy: the list may be read anew
            return;
        }
    }
}

void ResultsPage::load()
{
    const auto folder = state().shownRun();
    if (folder.empty()) {
        m_load.cancel();
        banner().clear();
        m_results = {};
        showResults();
        return;
    }
    m_load.start([folder](const TaskControl&) { return loadRunResults(folder); },
        [this](RunResults results) {
            banner().clear();
            m_results = std::move(results);
            showResults();
        });
}

void ResultsPage::showResults()
{
    setEmpty(m_results.isEmpty());
    updateEmptyState();
    m_cards->setReports(m_results.validation, m_results.test);
    m_predictions->setRows(m_results.rows, m_results.problemType == ProblemType::Regression);
    {
        const QSignalBlocker blocker(m_part);
        m_part->clear();
        if (m_results.test)
            m_part->addItem(QString(), QStringLiteral("test"));
        if (m_results.validation)
            m_part->addItem(QString(), QStringLiteral("validation"));
        m_part->setCurrentIndex(0);
        m_part->setVisible(m_part->count() > 0);
    }
    {
        const QSignalBlocker blocker(m_label);
        m_label->clear();
        for (const auto& label : m_results.labels)
            m_label->addItem(fromCore(label));
        m_label->setVisible(m_results.problemType == ProblemType::MultiLabel);
    }
    const bool regression = m_results.problemType == ProblemType::Regression;
    m_picture->setCurrentIndex(regression ? 1 : 0);
    m_shares->setVisible(!regression);
    m_classCard->setVisible(!regression);
    m_mistakes->setVisible(!regression);
    retranslate();
    showPart();
    Q_EMIT doneChanged();
}

const MetricReport* ResultsPage::report() const
{
    if (m_part->currentData().toString() == QStringLiteral("test"))
        return m_results.test ? &*m_results.test : nullptr;
    return m_results.validation ? &*m_results.validation : nullptr;
}

void ResultsPage::showPart()
{
    m_filter = {};
    const auto* shown = report();
    m_classes->setClasses(shown ? shown->perClass : std::vector<ClassMetrics>());
    if (m_results.problemType == ProblemType::Regression) {
        std::vector<ScatterView::Point> points;
        for (size_t i = 0; i < m_results.rows.size(); ++i) {
            const auto& row = m_results.rows[i];
            if (row.target && !row.scores.empty() && fromCore(row.part) == m_part->currentData().toString())
                points.push_back({*row.target, static_cast<double>(row.scores.front()), static_cast<int>(i)});
        }
        m_scatter->setPoints(std::move(points));
    }
    showMatrix();
}

void ResultsPage::showMatrix()
{
    const auto* shown = report();
    m_matrixNames.clear();
    if (!shown || shown->confusionMatrix.empty()) {
        m_matrix->setMatrix({}, {}, {});
    } else if (m_results.problemType == ProblemType::MultiLabel) {
        const auto index = static_cast<size_t>(std::max(m_label->currentIndex(), 0));
        const auto& cells = shown->confusionMatrix.at(std::min(index, shown->confusionMatrix.size() - 1));
        m_matrixNames << tr("not %1").arg(m_label->currentText()) << m_label->currentText();
        m_matrix->setMatrix(
            {{cells.at(0), cells.at(1)}, {cells.at(2), cells.at(3)}}, m_matrixNames, m_matrixNames);
    } else {
        for (const auto& label : shown->labels)
            m_matrixNames << fromCore(label);
        m_matrix->setMatrix(shown->confusionMatrix, m_matrixNames, m_matrixNames);
    }
    cellChosen(-1, -1);
}

void ResultsPage::chooseClass(const QModelIndex& index)
{
    int row = static_cast<const QSortFilterProxyModel*>(index.model())->mapToSource(index).row();
    if (m_results.problemType == ProblemType::MultiLabel) {
        m_label->setCurrentIndex(row);
        row = 1; // below "not LABEL"
    }
    m_matrix->setChoice(row, -1);
    scrollToCell(row, -1);
    cellChosen(row, -1);
}

void ResultsPage::scrollToCell(int row, int column)
{
    if (row < 0)
        return;
    const auto cell = m_matrix->cellRect(row, std::max(column, 0)).adjusted(0, 0, 2, 2); // a gap beside it
    // The labels cover the left and the top of what is shown.
    const auto labels = m_matrix->cellRect(0, 0).topLeft();
    const int sideways = m_matrixScroll->horizontalScrollBar()->value();
    m_matrixScroll->ensureVisible(column < 0 ? sideways : cell.right(), cell.bottom(), 0, 0);
    m_matrixScroll->ensureVisible(
        column < 0 ? sideways : cell.left() - labels.x(), cell.top() - labels.y(), 0, 0);
}

void ResultsPage::showChoice()
{
    QString text;
    if (m_chosenRow >= 0 && m_chosenColumn >= 0)
        text = tr("True: %1 → predicted: %2")
                   .arg(m_matrixNames.value(m_chosenRow), m_matrixNames.value(m_chosenColumn));
    else if (m_chosenRow >= 0)
        text = tr("True: %1").arg(m_matrixNames.value(m_chosenRow));
    m_choice->setFullText(text);
    m_matrix->setAccessibleDescription(text);
}

void ResultsPage::cellChosen(int row, int column)
{
    m_filter = {};
    m_chosenRow = row;
    m_chosenColumn = column;
    showChoice();
    const auto* shown = report();
    if (shown && row >= 0 && m_results.problemType == ProblemType::SingleLabel) {
        m_filter.trueLabel = shown->labels.at(static_cast<size_t>(row));
        if (column >= 0)
            m_filter.predictedLabel = shown->labels.at(static_cast<size_t>(column));
    } else if (row >= 0 && m_results.problemType == ProblemType::MultiLabel) {
        const auto label = m_label->currentText().toStdString();
        (row == 1 ? m_filter.trueLabel : m_filter.withoutTrue) = label;
        if (column >= 0)
            (column == 1 ? m_filter.predictedLabel : m_filter.withoutPredicted) = label;
    }
    m_clear->setVisible(row >= 0);
    // Most confident mistakes first: by loss where right and wrong rows mix. Regression: largest error first.
    const bool mixed = column < 0 && m_results.problemType != ProblemType::Regression;
    m_rowTable->sortByColumn(
        mixed ? PredictionsModel::Loss : PredictionsModel::Confidence, Qt::DescendingOrder);
    applyFilter();
}

void ResultsPage::applyFilter()
{
    m_filter.part = m_part->currentData().toString();
    m_filter.text = m_search->text().trimmed();
    m_filter.mistakesOnly = m_mistakes->isChecked() && m_results.problemType != ProblemType::Regression;
    m_shown->setFilter(m_filter);
    showCounts();
}

void ResultsPage::showCounts()
{
    m_rowCount->setText(tr("%Ln row(s)", nullptr, m_shown->rowCount()));
    m_exportButton->setEnabled(m_shown->rowCount() > 0);
}

void ResultsPage::exportRows()
{
    const auto name = tr("predictions") + QStringLiteral(".csv");
    dialogs::saveFile(this, tr("Export rows"), name, tr("CSV files (*.csv)"), [this](const QString& path) {
        m_export.start(
            [file = std::filesystem::path(path.toStdString()), rows = m_shown->shownRows(),
                labels = m_results.labels](const TaskControl&) { exportPredictions(file, rows, labels); },
            [] {});
    });
}

void ResultsPage::updateEmptyState()
{
    emptyState(QStringLiteral("results"))
        ->setTexts(state().shownRun().empty()
                ? tr("Nothing to judge yet: results appear here when a run has ended.")
                : tr("This run has not been evaluated, so there are no results to show."),
            isShownRunOver() ? tr("Go to Runs") : tr("Go to Train"));
}

/// A run that has ended is resumed or started again on the Runs page.
bool ResultsPage::isShownRunOver() const
{
    const auto& shown = state().shownRun();
    const auto& training = state().training();
    return !shown.empty() && !(training.isRunning() && shown == training.run()->arguments.outputDir);
}

void ResultsPage::retranslate()
{
    setTitle(pageName(PageId::Results));
    describe(m_runs, tr("Run"), tr("The run whose best model is shown"));
    describe(m_part, tr("Part of the data"), tr("Rows that matrix, classes and list are about"));
    for (int i = 0; i < m_part->count(); ++i) {
        m_part->setItemText(i,
            m_part->itemData(i).toString() == QStringLiteral("test") ? tr("Test", "part of the data")
                                                                     : tr("Validation", "part of the data"));
    }
    m_cards->retranslate();
    const bool regression = m_results.problemType == ProblemType::Regression;
    m_matrixCard->setHeading(regression ? tr("Predicted against true") : tr("Confusion matrix"));
    describe(m_label, tr("Label of the matrix"));
    describe(m_shares, tr("Show shares"), tr("Show the share of each row instead of the count"));
    describe(m_matrix, tr("Confusion matrix"), QString());
    m_matrix->setToolTip(QString());
    m_matrix->setAxisNames(tr("True ↓"), tr("Predicted →"));
    m_scatter->setAccessibleName(tr("Predicted against true"));
    m_scatter->setAxisNames(tr("true value"), tr("predicted value ↑"));
    m_matrixHint->setText(m_results.rows.empty() ? tr("The rows are listed below once a run is complete.")
            : regression                         ? tr("Click a point to see its row.")
                                                 : tr("Click a cell or a true label to see its rows below."));
    m_classCard->setHeading(tr("Per class"));
    describe(m_classTable, tr("Per class"), tr("Double-click a class to see its rows"));
    m_rowsCard->setHeading(tr("Rows"));
    m_search->setPlaceholderText(tr("Search texts and labels"));
    describe(m_search, tr("Search texts and labels"));
    m_mistakes->setText(tr("Only &mistakes"));
    m_clear->setText(tr("Show all rows"));
    m_exportButton->setText(tr("E&xport…"));
    describe(m_exportButton, tr("Export rows"), tr("Write the rows shown to a CSV file"));
    m_rowTable->setAccessibleName(tr("Rows"));
    m_predictions->retranslate();
    m_classes->retranslate();
    if (m_results.problemType == ProblemType::MultiLabel)
        showMatrix(); // "not LABEL"
    showChoice();
    showCounts();
    updateEmptyState();
}

} // namespace studio
