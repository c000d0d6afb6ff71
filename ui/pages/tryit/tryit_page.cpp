// SPDX-License-Identifier: MIT
#include "ui/pages/tryit/tryit_page.h"

#include "ui/pages/tryit/classify_file.h"
#include "ui/pages/tryit/try_column.h"
#include "ui/shell/rail.h"
#include "ui/widgets/dialogs.h"
#include "ui/widgets/format.h"

#include <QCheckBox>
#include <QDir>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QSplitter>
#include <QVBoxLayout>

namespace studio {

namespace {
constexpr int sendAfterMs = 25; ///< typing faster than this is one question
constexpr int pauseMs = 700;
constexpr int historyLimit = 20;
} // namespace

TryItPage::TryItPage(StudioState& state, QWidget* parent)
    : Page(PageId::TryIt, state, parent)
{
    build();
    m_sendTimer.setSingleShot(true);
    m_sendTimer.setInterval(sendAfterMs);
    m_pauseTimer.setSingleShot(true);
    m_pauseTimer.setInterval(pauseMs);
    connect(&m_sendTimer, &QTimer::timeout, this, &TryItPage::send);
    connect(&m_pauseTimer, &QTimer::timeout, this, &TryItPage::paused);
    connect(m_text, &QPlainTextEdit::textChanged, this, &TryItPage::textEdited);
    connect(m_pair, &QLineEdit::textChanged, this, &TryItPage::textEdited);
    connect(m_usePair, &QCheckBox::toggled, this, [this](bool on) {
        m_pair->setVisible(on);
        textEdited();
    });
    connect(m_compare, &QCheckBox::toggled, this, &TryItPage::showSecond);
    connect(m_history, &QListWidget::itemActivated, this, [this](const QListWidgetItem* item) {
        m_typed.clear();
        m_text->setPlainText(item->data(Qt::UserRole).toString());
    });
    connect(m_history, &QListWidget::itemClicked, m_history, &QListWidget::itemActivated);
    connect(m_clearHistory, &QPushButton::clicked, this, [this] {
        this->state().settings().setValue(Setting::TryHistory, QStringList());
        fillHistory();
    });
    connect(m_fileButton, &QPushButton::clicked, this, &TryItPage::chooseFile);
    connect(m_cancelButton, &QPushButton::clicked, this, [this] { m_classifyStop.request_stop(); });
    connect(m_first, &TryColumn::modelChosen, this,
        [this](const QString& folder) { this->state().settings().setValue(Setting::TryModel, folder); });
    connect(m_first, &TryColumn::modelChanged, this, &TryItPage::updateFileButton);
    connect(m_second, &TryColumn::modelChosen, this, [this](const QString& folder) {
        this->state().settings().setValue(Setting::TrySecondModel, folder);
    });
    connect(&state, &StudioState::tryModelRequested, this, [this](const QString& folder) {
        m_first->chooseModel(folder);
        this->state().settings().setValue(Setting::TryModel, folder);
        m_text->setFocus();
    });
    if (const auto last = state.settings().text(Setting::TryModel);
        !last.isEmpty() && QFileInfo::exists(last))
        m_first->chooseModel(last);
    const auto second = state.settings().text(Setting::TrySecondModel);
    m_compare->setChecked(!second.isEmpty() && QFileInfo::exists(second));
    showSecond(m_compare->isChecked());
    m_pair->hide();
    m_progress->hide();
    m_cancelButton->hide();
    fillHistory();
    retranslate();
}

void TryItPage::build()
{
    m_compare = new QCheckBox(this);
    m_compare->setObjectName(QStringLiteral("compareModels"));
    m_fileButton = new QPushButton(this);
    m_fileButton->setObjectName(QStringLiteral("classifyFile"));
    m_progress = new QProgressBar(this);
    m_progress->setObjectName(QStringLiteral("classifyProgress"));
    m_progress->setTextVisible(false);
    m_progress->setFixedWidth(160);
    m_cancelButton = new QPushButton(this);
    m_cancelButton->setObjectName(QStringLiteral("classifyCancel"));
    m_fileNote = makeLabel(this, "small");
    m_fileNote->setObjectName(QStringLiteral("classifyNote"));
    addAction(m_fileNote);
    addAction(m_progress);
    addAction(m_cancelButton);
    addAction(m_compare);
    addAction(m_fileButton);

    m_inputCard = new Card(content());
    m_text = new QPlainTextEdit(m_inputCard);
    m_text->setObjectName(QStringLiteral("tryText"));
    m_text->setTabChangesFocus(true);
    auto font = m_text->font();
    font.setPointSizeF(12);
    m_text->setFont(font);
    m_text->setMinimumHeight(96);
    m_usePair = new QCheckBox(m_inputCard);
    m_usePair->setObjectName(QStringLiteral("usePair"));
    m_pair = new QLineEdit(m_inputCard);
    m_pair->setObjectName(QStringLiteral("tryPair"));
    m_inputCard->content()->addWidget(m_text, 1);
    m_inputCard->content()->addWidget(m_usePair);
    m_inputCard->content()->addWidget(m_pair);

    m_historyCard = new Card(content());
    m_history = new QListWidget(m_historyCard);
    m_history->setObjectName(QStringLiteral("tryHistory"));
    m_history->setTextElideMode(Qt::ElideRight);
    m_history->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_clearHistory = new QPushButton(m_historyCard);
    m_clearHistory->setObjectName(QStringLiteral("clearHistory"));
    setRole(m_clearHistory, "link");
    m_historyCard->addHeadingWidget(m_clearHistory);
    m_historyCard->content()->addWidget(m_history);

    m_first = new TryColumn(state(), 0, content());
    m_second = new TryColumn(state(), 1, content());
    auto* top = new QSplitter(Qt::Horizontal, content());
    top->setChildrenCollapsible(false);
    top->setHandleWidth(spacing::medium);
    top->addWidget(m_inputCard);
    top->addWidget(m_historyCard);
    top->setStretchFactor(0, 3);
    top->setStretchFactor(1, 1);
    auto* answers = new QWidget(content());
    auto* answersLayout = new QHBoxLayout(answers);
    answersLayout->setContentsMargins(0, 0, 0, 0);
    answersLayout->setSpacing(spacing::medium);
    answersLayout->addWidget(m_first, 1);
    answersLayout->addWidget(m_second, 1);
    auto* splitter = new QSplitter(Qt::Vertical, content());
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(spacing::medium);
    splitter->addWidget(top);
    splitter->addWidget(answers);
    splitter->setStretchFactor(0, 1);
    splitter->setStretchFactor(1, 3);
    auto* layout = new QVBoxLayout(content());
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(splitter);
}

void TryItPage::activated()
{
    m_first->fillModels();
    m_second->fillModels();
    m_text->setFocus();
}

TextInput TryItPage::input() const
{
    TextInput input{m_text->toPlainText().toStdString()};
    if (m_usePair->isChecked())
        input.pair = m_pair->text().toStdString();
    return input;
}

void TryItPage::textEdited()
{
    if (m_text->document()->isEmpty())
        m_typed.clear(); // another text begins
    if (!m_sendTimer.isActive())
        m_sendTimer.start();
    m_pauseTimer.start();
}

void TryItPage::send()
{
    const auto text = input();
    m_first->setInput(text);
    if (m_compare->isChecked())
        m_second->setInput(text);
}

void TryItPage::paused()
{
    m_first->sortBars();
    m_second->sortBars();
    const auto text = m_text->toPlainText().trimmed();
    if (text.isEmpty() || text.size() > 4000)
        return;
    // What is being typed on replaces its own beginning in the list, and nothing that was there before.
    auto history = state().settings().list(Setting::TryHistory);
    if (!m_typed.isEmpty() && (text.startsWith(m_typed) || m_typed.startsWith(text)))
        history.removeAll(m_typed);
    m_typed = history.removeAll(text) == 0 ? text : QString();
    history.prepend(text);
    state().settings().setValue(Setting::TryHistory, QStringList(history.mid(0, historyLimit)));
    fillHistory();
}

void TryItPage::fillHistory()
{
    m_history->clear();
    for (const auto& text : state().settings().list(Setting::TryHistory)) {
        auto* item = new QListWidgetItem(text.simplified(), m_history);
        item->setData(Qt::UserRole, text);
        item->setToolTip(toolTipText(text));
    }
    m_clearHistory->setEnabled(m_history->count() > 0);
}

void TryItPage::showSecond(bool shown)
{
    m_second->setVisible(shown);
    if (!shown) {
        state().settings().setValue(Setting::TrySecondModel, QString());
        return;
    }
    const auto last = state().settings().text(Setting::TrySecondModel);
    if (!last.isEmpty())
        m_second->chooseModel(last);
    state().settings().setValue(Setting::TrySecondModel, m_second->model());
    m_second->setInput(input());
}

void TryItPage::chooseFile()
{
    dialogs::openFile(this, tr("Classify a file"),
        tr("Texts (*.txt *.csv *.tsv *.json *.jsonl);;All files (*)"), [this](const QString& source) {
            const QFileInfo file(source);
            const auto suggestion
                = file.dir().filePath(file.completeBaseName() + QStringLiteral("-classified.csv"));
            dialogs::saveFile(this, tr("Save the classified texts"), suggestion, tr("CSV files (*.csv)"),
                [this, source](const QString& target) { classify(source, target); });
        });
}

void TryItPage::classify(const QString& source, const QString& target)
{
    banner().clear();
    m_fileRows = 0;
    m_classifying = true;
    m_progress->setRange(0, 0);
    m_progress->show();
    m_cancelButton->show();
    m_fileButton->setEnabled(false);
    m_fileNote->clear();
    const PredictorOptions options{.device = state().settings().text(Setting::DefaultDevice).toStdString()};
    m_classifyStop = state().inference().run(
        [model = m_first->model().toStdString(), from = source.toStdString(), to = target.toStdString(),
            options](const TaskControl& control) { return classifyFile(model, from, to, options, control); },
        [this](const ClassifiedFile& result) {
            m_fileRows = result.rows;
            m_fileResult = QString::fromStdString(result.target.filename().string());
            endClassifying();
        },
        [this](const CaughtError& error) {
            endClassifying();
            if (error.kind != ErrorKind::Cancelled)
                banner().showError(error.kind, error.detail);
        },
        [this](const Progress& progress) {
            m_progress->setRange(0, 1000);
            m_progress->setValue(
                progress.total > 0 ? static_cast<int>(progress.done * 1000 / progress.total) : 0);
        });
}

void TryItPage::endClassifying()
{
    m_classifying = false;
    m_progress->hide();
    m_cancelButton->hide();
    retranslate();
}

void TryItPage::updateFileButton()
{
    const bool live = m_first->isLive();
    m_fileButton->setEnabled(!live && !m_classifying && !m_first->model().isEmpty());
    describe(m_fileButton, tr("Classify a file"),
        live ? tr("Choose a finished model first: the run in training answers typed texts only.")
             : tr("Classify every row of a file and save the answers as CSV"));
}

void TryItPage::retranslate()
{
    setTitle(pageName(PageId::TryIt));
    m_inputCard->setHeading(tr("Text"));
    m_text->setPlaceholderText(tr("Type or paste a text: the answer follows every key."));
    describe(m_text, tr("Text"), QString());
    m_text->setToolTip(QString());
    m_usePair->setText(tr("Second text (&pair)"));
    describe(m_usePair, tr("Second text (pair)"), tr("For models that judge two texts together"));
    m_pair->setPlaceholderText(tr("Second text"));
    describe(m_pair, tr("Second text"));
    m_historyCard->setHeading(tr("Last inputs"));
    describe(m_history, tr("Last inputs"), tr("Click one to try it again"));
    m_clearHistory->setText(tr("Clear"));
    m_compare->setText(tr("&Two models side by side"));
    m_fileButton->setText(tr("&Classify a file…"));
    m_cancelButton->setText(tr("Cancel"));
    m_progress->setAccessibleName(tr("Classify a file"));
    m_fileNote->setText(m_fileRows > 0
            ? tr("%Ln row(s) written to %1", nullptr, static_cast<int>(m_fileRows)).arg(m_fileResult)
            : QString());
    m_first->retranslate();
    m_second->retranslate();
    updateFileButton();
}

} // namespace studio
