// SPDX-License-Identifier: MIT
#include "ui/pages/model/model_page.h"

#include "ui/shell/rail.h"
#include "ui/theme/icons.h"

#include <QDir>
#include <QDragEnterEvent>
#include <QFileInfo>
#include <QMimeData>
#include <QScrollArea>
#include <QVBoxLayout>

namespace studio {

namespace {

/// The first folder or file that is dropped; empty: none.
QString droppedPath(const QMimeData* mime)
{
    for (const auto& url : mime->urls()) {
        if (url.isLocalFile())
            return QFileInfo(url.toLocalFile()).absoluteFilePath();
    }
    return {};
}

} // namespace

ModelPage::ModelPage(StudioState& state, QWidget* parent)
    : Page(PageId::Model, state, parent)
    , m_splitter(new QSplitter(Qt::Horizontal, content()))
    , m_chooser(new ModelChooser(state, m_splitter))
{
    setAcceptDrops(true);
    m_recent = makeToolButton(this, QStringLiteral("folder"), QStringLiteral("recentModelsButton"));
    setRole(m_recent, nullptr);
    m_recent->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_recent->setPopupMode(QToolButton::InstantPopup);
    m_recent->setMenu(new QMenu(m_recent));
    m_recent->menu()->setToolTipsVisible(true);
    addAction(m_recent);

    auto* scroll = new QScrollArea(m_splitter);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto* inner = new QWidget(scroll);
    inner->setObjectName(QStringLiteral("scrollContent"));
    m_card = new ModelCard(state, inner);
    m_noModel = new EmptyState(QStringLiteral("model"), inner);
    m_noModel->setObjectName(QStringLiteral("noModel"));
    m_help = new CheckpointHelp(inner);
    auto* right = new QVBoxLayout(inner);
    right->setContentsMargins(0, 0, 0, 0);
    right->setSpacing(spacing::small);
    right->addWidget(m_card);
    right->addWidget(m_noModel);
    right->addWidget(m_help);
    right->addStretch(1);
    scroll->setWidget(inner);

    m_splitter->setObjectName(QStringLiteral("modelSplitter"));
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setHandleWidth(spacing::medium);
    m_splitter->addWidget(m_chooser);
    m_splitter->addWidget(scroll);
    m_splitter->setStretchFactor(0, 0);
    m_splitter->setStretchFactor(1, 1);
    m_chooser->setMinimumWidth(240);
    m_splitter->setSizes({320, 800});
    m_splitter->restoreState(state.settings().viewState(QStringLiteral("model")));
    auto* layout = new QVBoxLayout(content());
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_splitter);

    connect(m_splitter, &QSplitter::splitterMoved, this,
        [this] { this->state().settings().setViewState(QStringLiteral("model"), m_splitter->saveState()); });
    connect(m_noModel, &EmptyState::clicked, m_chooser, &ModelChooser::askForFolder);
    connect(m_chooser, &ModelChooser::nothingFound, this, [this](const QString& path) {
        m_nothingFound = path;
        m_help->setOpen(true);
        updateWarning();
    });
    connect(m_chooser, &ModelChooser::added, this, [this] {
        m_nothingFound.clear();
        updateWarning();
    });
    connect(m_recent->menu(), &QMenu::aboutToShow, this, &ModelPage::fillRecent);
    connect(&state, &StudioState::jobChanged, this, &ModelPage::updateChoice);
    connect(&state, &StudioState::modelInfoChanged, this, [this] {
        if (this->state().modelInfo()) // only what can be looked at is worth remembering
            this->state().settings().remember(
                Setting::RecentModels, QString::fromStdString(this->state().job().modelNameOrPath));
        Q_EMIT doneChanged();
    });
    retranslate();
    updateChoice();
}

bool ModelPage::isDone() const
{
    const auto& info = state().modelInfo();
    return info && info->errors.empty();
}

void ModelPage::askForFolder()
{
    m_chooser->askForFolder();
}

void ModelPage::updateChoice()
{
    const auto folder = QString::fromStdString(state().job().modelNameOrPath);
    m_card->setVisible(!folder.isEmpty());
    m_noModel->setVisible(folder.isEmpty());
    if (folder == m_lastFolder && !folder.isEmpty())
        return;
    m_lastFolder = folder;
    if (folder.isEmpty())
        m_help->setOpen(true);
    m_nothingFound.clear();
    updateWarning();
}

void ModelPage::updateWarning()
{
    if (m_nothingFound.isEmpty())
        banner().clear();
    else
        banner().showWarning(tr("No model was found in %1. A model folder needs config.json and its weights "
                                "(model.safetensors or pytorch_model.bin); a .gguf file holds both.")
                                 .arg(QDir::toNativeSeparators(m_nothingFound)));
}

void ModelPage::fillRecent()
{
    auto* menu = m_recent->menu();
    menu->clear();
    for (const auto& folder : state().settings().list(Setting::RecentModels)) {
        QString name = QDir(folder).dirName();
        for (const auto& known : state().knownModels()) {
            if (known.folder == folder)
                name = known.name;
        }
        auto* action = menu->addAction(name.replace(QLatin1Char('&'), QStringLiteral("&&")), this,
            [this, folder] { state().chooseModel(folder); });
        action->setToolTip(QDir::toNativeSeparators(folder));
    }
    if (menu->isEmpty())
        menu->addAction(tr("No recent models"))->setEnabled(false);
}

void ModelPage::dragEnterEvent(QDragEnterEvent* event)
{
    if (!droppedPath(event->mimeData()).isEmpty())
        event->acceptProposedAction();
}

void ModelPage::dropEvent(QDropEvent* event)
{
    const auto path = droppedPath(event->mimeData());
    if (path.isEmpty())
        return;
    event->acceptProposedAction();
    m_chooser->add(path);
}

void ModelPage::retranslate()
{
    setTitle(pageName(PageId::Model));
    m_recent->setText(tr("Recent"));
    describe(m_recent, tr("Recent models"));
    m_noModel->setTexts(
        tr("Choose a model from the list, add a model folder or a .gguf file, or drop one here."),
        tr("Add a model folder…"));
    updateWarning();
}

} // namespace studio
