// SPDX-License-Identifier: MIT
#include "ui/pages/data/data_page.h"

#include "ui/pages/data/data_figures.h"
#include "ui/shell/rail.h"
#include "ui/theme/colors.h"
#include "ui/theme/icons.h"
#include "ui/widgets/dialogs.h"
#include "ui/widgets/format.h"
#include "ui/widgets/wheel_guard.h"

#include <algorithm>

#include <QApplication>
#include <QDir>
#include <QDragEnterEvent>
#include <QFileInfo>
#include <QHeaderView>
#include <QMenu>
#include <QMimeData>
#include <QScrollArea>
#include <QStackedWidget>
#include <QStyledItemDelegate>
#include <QTimer>
#include <QVBoxLayout>

namespace studio {

namespace {

constexpr auto parts = {DataPart::Train, DataPart::Validation, DataPart::Test};

/// The tint of a column gives way to the colour of the selection.
class PreviewDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        if (!option->state.testFlag(QStyle::State_Selected))
            return;
        const auto& colors = themeColors(option->palette);
        option->backgroundBrush = blended(colors.accent, colors.surface, 0.35);
        option->state.setFlag(QStyle::State_Selected, false);
    }
};

QStringList localFiles(const QMimeData* data)
{
    QStringList files;
    for (const auto& url : data->urls()) {
        if (url.isLocalFile())
            files.append(url.toLocalFile());
    }
    return files;
}

/// What a file's name says about its part.
DataPart partByName(const QString& file)
{
    const auto name = QFileInfo(file).completeBaseName().toLower();
    if (name.contains(QLatin1String("test")))
        return DataPart::Test;
    if (name.contains(QLatin1String("dev")) || name.contains(QLatin1String("val")))
        return DataPart::Validation;
    return DataPart::Train;
}

} // namespace

DataPage::DataPage(StudioState& state, QWidget* parent)
    : Page(PageId::Data, state, parent)
    , m_splitter(new QSplitter(Qt::Horizontal, content()))
    , m_model(new TablePreviewModel(this))
{
    setAcceptDrops(true);
    makeActions();
    m_splitter->setObjectName(QStringLiteral("dataSplitter"));
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setHandleWidth(spacing::medium);
    m_splitter->addWidget(makeLeft());
    m_splitter->addWidget(makeRight());
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setStretchFactor(1, 0);
    m_splitter->setSizes({720, 360});
    m_splitter->restoreState(state.settings().viewState(QStringLiteral("data")));
    connect(m_splitter, &QSplitter::splitterMoved, this,
        [this] { this->state().settings().setViewState(QStringLiteral("data"), m_splitter->saveState()); });
    auto* layout = new QVBoxLayout(content());
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_splitter);
    m_noData = emptyState(QStringLiteral("data"));
    m_noData->setObjectName(QStringLiteral("noData"));

    connect(m_noData, &EmptyState::clicked, this, [this] { askForFile(DataPart::Train); });
    connect(m_noFile, &EmptyState::clicked, this, [this] { askForFile(part()); });
    connect(m_file, &FileLine::openRequested, this, [this] { askForFile(part()); });
    connect(m_tabs, &QTabBar::currentChanged, this, &DataPage::showPart);
    connect(m_problems, &ProblemCard::rowRequested, this, &DataPage::goToRow);
    connect(m_cleaning, &CleaningSection::rowRequested, this, &DataPage::goToRow);
    connect(m_split, &SplitSection::sharedTextsFound, m_problems, &ProblemCard::setSplitProblems);
    for (const auto one : parts) {
        auto& source = state.data(one);
        connect(&source, &DataSession::tableChanged, this, [this, one] {
            if (one == this->part())
                showTable();
            updateTabs();
            updateErrors();
        });
        connect(&source, &DataSession::datasetChanged, this, [this, one] {
            if (one == this->part())
                m_model->setMapping(this->state().data(one).mapping());
            updateTabs();
            updateErrors();
            Q_EMIT doneChanged();
        });
        connect(&source, &DataSession::failed, this, &DataPage::updateErrors);
    }
    connect(&state, &StudioState::jobChanged, this, [this] {
        showPart();
        updateDemo();
        updateTabs();
    });
    connect(&state, &StudioState::modelInfoChanged, this, &DataPage::updateDemo);
    m_model->setPalette(palette());
    retranslate();
    showPart();
    updateDemo();
    updateErrors();
}

DataPage::~DataPage() = default;

void DataPage::makeActions()
{
    const auto menuButton = [this](const QString& icon, const QString& objectName) {
        auto* button = makeToolButton(this, icon, objectName);
        setRole(button, nullptr);
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setPopupMode(QToolButton::InstantPopup);
        button->setMenu(new QMenu(button));
        addAction(button);
        return button;
    };
    m_demo = menuButton(QStringLiteral("star"), QStringLiteral("demoDataButton"));
    m_demoEnglish = m_demo->menu()->addAction({}, this, [this] {
        setPart(DataPart::Train);
        state().chooseDemoData(false);
    });
    m_demoChinese = m_demo->menu()->addAction({}, this, [this] {
        setPart(DataPart::Train);
        state().chooseDemoData(true);
    });
    m_demoEnglish->setObjectName(QStringLiteral("demoEnglish"));
    m_demoChinese->setObjectName(QStringLiteral("demoChinese"));
    m_demo->menu()->setToolTipsVisible(true);
    m_recent = menuButton(QStringLiteral("file"), QStringLiteral("recentDataButton"));
    m_recent->menu()->setToolTipsVisible(true);
    connect(m_recent->menu(), &QMenu::aboutToShow, this, &DataPage::fillRecent);
}

QWidget* DataPage::makeLeft()
{
    auto* left = new QWidget(this);
    m_tabs = new QTabBar(left);
    m_tabs->setObjectName(QStringLiteral("partTabs"));
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    for ([[maybe_unused]] const auto one : parts)
        m_tabs->addTab({});
    m_partStack = new QStackedWidget(left);
    m_filePanel = new QWidget(m_partStack);
    auto* card = new Card(m_filePanel);
    m_file = new FileLine(state(), card);
    m_mapping = new MappingBar(state(), card);
    card->content()->addWidget(m_file);
    card->content()->addWidget(makeLine(card));
    card->content()->addWidget(m_mapping);
    leaveWheelToScrolling(card); // a turn on the way to the table would read the file differently

    m_table = new QTableView(m_filePanel);
    m_table->setObjectName(QStringLiteral("previewTable"));
    m_table->setModel(m_model);
    m_table->setItemDelegate(new PreviewDelegate(m_table));
    m_table->setWordWrap(false);
    m_table->setTabKeyNavigation(false);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->setCornerButtonEnabled(false);
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 10);
    m_table->verticalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setMinimumSectionSize(60);
    m_table->horizontalHeader()->setTextElideMode(Qt::ElideRight);
    m_table->viewport()->installEventFilter(this);
    connect(m_table->horizontalHeader(), &QHeaderView::sectionResized, this,
        [this] { m_columnsTouched |= QApplication::mouseButtons().testFlag(Qt::LeftButton); });
    m_cell = new QPlainTextEdit(m_filePanel);
    m_cell->setObjectName(QStringLiteral("cellText"));
    m_cell->setReadOnly(true);
    m_cell->setTabChangesFocus(true);
    m_cell->setFixedHeight(3 * fontMetrics().lineSpacing() + 16);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this, &DataPage::showCell);
    connect(m_model, &QAbstractItemModel::dataChanged, this,
        [this](const QModelIndex& from, const QModelIndex& to) {
            const int row = m_table->currentIndex().row();
            if (row >= from.row() && row <= to.row())
                showCell();
        });
    connect(m_model, &QAbstractItemModel::modelReset, this, &DataPage::showCell);
    auto* panel = new QVBoxLayout(m_filePanel);
    panel->setContentsMargins(0, 0, 0, 0);
    panel->setSpacing(spacing::small);
    panel->addWidget(card);
    panel->addWidget(m_table, 1);
    panel->addWidget(m_cell);
    m_noFile = new EmptyState(QStringLiteral("file"), m_partStack);
    m_noFile->setObjectName(QStringLiteral("noPartFile"));
    m_partStack->addWidget(m_filePanel);
    m_partStack->addWidget(m_noFile);
    auto* layout = new QVBoxLayout(left);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(spacing::small);
    layout->addWidget(m_tabs);
    layout->addWidget(m_partStack, 1);
    return left;
}

QWidget* DataPage::makeRight()
{
    auto* scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setMinimumWidth(300);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto* inner = new QWidget(scroll);
    inner->setObjectName(QStringLiteral("scrollContent"));
    m_labels = new LabelCard(state(), inner);
    m_lengths = new LengthCard(state(), inner);
    m_problems = new ProblemCard(state(), inner);
    m_cleaning = new CleaningSection(state(), inner);
    m_split = new SplitSection(state(), inner);
    auto* layout = new QVBoxLayout(inner);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(spacing::small);
    for (auto* card : std::initializer_list<QWidget*>{m_labels, m_lengths, m_problems, m_cleaning, m_split})
        layout->addWidget(card);
    layout->addStretch(1);
    scroll->setWidget(inner);
    leaveWheelToScrolling(inner);
    return scroll;
}

bool DataPage::isDone() const
{
    const auto dataset = state().data(DataPart::Train).dataset();
    return dataset && dataset->isLabelled();
}

DataPart DataPage::part() const
{
    if (state().job().trainFile.empty())
        return DataPart::Train;
    return static_cast<DataPart>(qMax(0, m_tabs->currentIndex()));
}

void DataPage::setPart(DataPart part)
{
    m_tabs->setCurrentIndex(static_cast<int>(part));
}

void DataPage::askForFile(DataPart part)
{
    const auto title = part == DataPart::Validation ? tr("Open a validation file")
        : part == DataPart::Test                    ? tr("Open a test file")
                                                    : tr("Open a training file");
    dialogs::openFile(this, title, tr("Tables and texts (*.csv *.tsv *.json *.jsonl *.txt);;All files (*)"),
        [this, part](const QString& file) { openFile(file, part); });
}

void DataPage::openFile(const QString& file, DataPart part)
{
    setPart(part);
    state().openDataFile(file, part);
    state().openPage(PageId::Data);
}

void DataPage::openFiles(const QStringList& files)
{
    if (files.size() == 1) {
        openFile(files.first(), part());
        return;
    }
    // The training file first: opening one takes the other files out of the job.
    for (const auto wanted : parts) {
        for (const auto& file : files) {
            if (partByName(file) == wanted)
                state().openDataFile(file, wanted);
        }
    }
}

void DataPage::showPart()
{
    setEmpty(state().job().trainFile.empty());
    m_partStack->setCurrentWidget(
        state().data(part()).file().isEmpty() ? static_cast<QWidget*>(m_noFile) : m_filePanel);
    m_file->setPart(part());
    m_mapping->setPart(part());
    m_labels->setPart(part());
    m_lengths->setPart(part());
    showTable();
    updateTabs();
}

void DataPage::showTable()
{
    const auto& shown = state().data(part());
    const bool other = m_model->table() != shown.table();
    m_model->setTable(shown.table());
    m_model->setMapping(shown.mapping());
    if (other && shown.table()) {
        m_columnsTouched = false;
        QTimer::singleShot(0, this, &DataPage::fitColumns); // once the row numbers have their width
    }
}

bool DataPage::eventFilter(QObject* watched, QEvent* event)
{
    // The texts take the room there is until the person gives the columns other widths.
    if (event->type() == QEvent::Resize && !m_columnsTouched)
        fitColumns();
    return Page::eventFilter(watched, event);
}

void DataPage::fitColumns()
{
    auto* header = m_table->horizontalHeader();
    int room = m_table->viewport()->width(), texts = 0;
    for (int column = 0; column < m_model->columnCount(); ++column) {
        const auto use = m_model->columnUse(column);
        const bool text
            = use == TablePreviewModel::ColumnUse::Text || use == TablePreviewModel::ColumnUse::TextPair;
        texts += text;
        if (!text) {
            header->resizeSection(column, qMax(90, header->sectionSizeHint(column)));
            room -= header->sectionSize(column);
        }
    }
    for (int column = 0; column < m_model->columnCount() && texts > 0; ++column) {
        const auto use = m_model->columnUse(column);
        if (use == TablePreviewModel::ColumnUse::Text || use == TablePreviewModel::ColumnUse::TextPair)
            header->resizeSection(column, qMax(280, room / texts));
    }
}

void DataPage::showCell()
{
    const auto index = m_table->currentIndex();
    const auto text = index.isValid() ? index.data(Qt::UserRole).toString() : QString();
    if (text != m_cell->toPlainText())
        m_cell->setPlainText(text);
}

void DataPage::goToRow(DataPart file, qint64 row)
{
    setPart(file);
    const auto target = static_cast<int>(std::clamp<qint64>(row, 1, std::max(1, m_model->rowCount()))) - 1;
    int column = 0;
    for (int one = 0; one < m_model->columnCount(); ++one) {
        if (m_model->columnUse(one) == TablePreviewModel::ColumnUse::Text)
            column = one;
    }
    const auto index = m_model->index(target, column);
    if (!index.isValid())
        return;
    m_table->setCurrentIndex(index);
    m_table->scrollTo(index, QAbstractItemView::PositionAtCenter);
}

void DataPage::updateTabs()
{
    const QStringList names{tr("Training"), tr("Validation"), tr("Test")};
    for (const auto one : parts) {
        const auto at = static_cast<int>(one);
        const auto table = state().data(one).table();
        //: a tab: part of the data and its number of rows
        m_tabs->setTabText(
            at, table ? tr("%1 · %2").arg(names[at], countText(table->rowCount())) : names[at]);
    }
    const auto& job = state().job();
    const bool test = part() == DataPart::Test;
    const auto share = test ? job.testSplit : job.validationSplit;
    if (test)
        m_noFile->setTexts(share > 0
                ? tr("No test file: %1 of the training file are held out for the final report.")
                      .arg(percentText(share))
                : tr("No test file: the final report uses the validation part alone."),
            tr("Open a test file…"));
    else
        m_noFile->setTexts(share > 0
                ? tr("No validation file: %1 of the training file are held out to measure progress.")
                      .arg(percentText(share))
                : tr("No validation file and no share held out: progress is not measured."),
            tr("Open a validation file…"));
}

void DataPage::updateErrors()
{
    for (const auto one : parts) {
        const auto& source = state().data(one);
        if (const auto& error = source.error(); error && !source.isLoading()) {
            banner().showError(error->kind, error->detail);
            return;
        }
    }
    banner().clear();
}

void DataPage::updateDemo()
{
    const auto& folder = state().job().modelNameOrPath;
    if (folder != m_coversFolder) {
        m_coversFolder = folder;
        m_coversChinese = false;
        if (folder.empty())
            m_covers.cancel();
        else
            m_covers.start(
                [folder](const TaskControl& control) {
                    return coversChineseDemo(std::filesystem::path(folder), control);
                },
                [this](bool covers) {
                    m_coversChinese = covers;
                    updateDemo();
                });
    }
    m_demoChinese->setEnabled(m_coversChinese);
    m_demoChinese->setText(
        m_coversChinese ? tr("Chinese reviews") : tr("Chinese reviews (not in this model's vocabulary)"));
    m_demoEnglish->setText(tr("English reviews"));
}

void DataPage::fillRecent()
{
    auto* menu = m_recent->menu();
    menu->clear();
    for (const auto& file : state().settings().list(Setting::RecentFiles)) {
        auto* action
            = menu->addAction(QFileInfo(file).fileName().replace(QLatin1Char('&'), QStringLiteral("&&")),
                this, [this, file] { openFile(file, part()); });
        action->setToolTip(QDir::toNativeSeparators(file));
    }
    if (menu->isEmpty())
        menu->addAction(tr("No recent files"))->setEnabled(false);
}

void DataPage::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange)
        m_model->setPalette(palette());
    Page::changeEvent(event);
}

void DataPage::dragEnterEvent(QDragEnterEvent* event)
{
    if (!localFiles(event->mimeData()).isEmpty())
        event->acceptProposedAction();
}

void DataPage::dropEvent(QDropEvent* event)
{
    const auto files = localFiles(event->mimeData());
    if (files.isEmpty())
        return;
    event->acceptProposedAction();
    openFiles(files);
}

void DataPage::retranslate()
{
    setTitle(pageName(PageId::Data));
    m_demo->setText(tr("Demo data"));
    describe(m_demo, tr("Demo data"), tr("Use the reviews that come with the program"));
    m_recent->setText(tr("Recent"));
    describe(m_recent, tr("Recent data files"));
    m_noData->setTexts(
        tr("Open a table of texts with labels (CSV, TSV, JSON, JSON Lines or plain lines), or drop it here."),
        tr("Open a data file…"));
    m_tabs->setAccessibleName(tr("Parts of the data"));
    for (auto* button : m_tabs->findChildren<QToolButton*>()) // Qt names them in English alone
        button->setAccessibleName(
            button->arrowType() == Qt::LeftArrow ? tr("Earlier parts") : tr("Later parts"));
    m_table->setAccessibleName(tr("Rows of the file"));
    m_cell->setAccessibleName(tr("Whole text of the chosen cell"));
    m_cell->setPlaceholderText(tr("Choose a cell to read its whole text."));
    m_model->retranslate();
    updateTabs();
    updateDemo();
}

} // namespace studio
