// SPDX-License-Identifier: MIT
#include "ui/pages/model/model_chooser.h"

#include "ui/theme/colors.h"
#include "ui/theme/icons.h"
#include "ui/widgets/dialogs.h"

#include <QDir>
#include <QEvent>
#include <QGridLayout>
#include <QPainter>
#include <QShortcut>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

namespace studio {

namespace {

/// Name over origin, a tick at the chosen one.
class ModelDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const override
    {
        return {160, 2 * option.fontMetrics.height() + 14};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        auto item = option;
        initStyleOption(&item, index);
        item.text.clear();
        const auto* style = item.widget->style();
        style->drawControl(QStyle::CE_ItemViewItem, &item, painter, item.widget);
        const auto& colors = themeColors(item.palette);
        const int line = option.fontMetrics.height();
        auto area = option.rect.adjusted(10, 6, -10, -6);
        if (index.data(KnownModelList::IsChosenRole).toBool()) {
            themedIcon(QStringLiteral("check"), IconTint::Accent)
                .paint(painter, QRect(area.right() - 16, area.center().y() - 8, 16, 16));
            area.setRight(area.right() - 22);
        }
        painter->save();
        painter->setPen(colors.text);
        auto bold = option.font;
        bold.setBold(true);
        painter->setFont(bold);
        painter->drawText(QRect(area.left(), area.top(), area.width(), line),
            Qt::AlignLeft | Qt::AlignVCenter,
            QFontMetrics(bold).elidedText(
                index.data(Qt::DisplayRole).toString(), Qt::ElideMiddle, area.width()));
        painter->setFont(option.font);
        painter->setPen(colors.muted);
        painter->drawText(QRect(area.left(), area.top() + line + 2, area.width(), line),
            Qt::AlignLeft | Qt::AlignVCenter,
            option.fontMetrics.elidedText(
                index.data(KnownModelList::OriginRole).toString(), Qt::ElideRight, area.width()));
        painter->restore();
    }
};

} // namespace

ModelChooser::ModelChooser(StudioState& state, QWidget* parent)
    : Card(parent)
    , m_state(state)
    , m_models(new KnownModelList(this))
    , m_view(new QListView(this))
    , m_add(new QPushButton(this))
    , m_addFile(new QPushButton(this))
    , m_remove(new QPushButton(this))
    , m_rescan(makeToolButton(this, QStringLiteral("refresh"), QStringLiteral("rescanModelsButton")))
{
    m_view->setObjectName(QStringLiteral("modelList"));
    m_view->setModel(m_models);
    m_view->setItemDelegate(new ModelDelegate(m_view));
    m_view->setUniformItemSizes(true);
    m_view->setMouseTracking(true);
    m_add->setObjectName(QStringLiteral("addModelButton"));
    m_add->setIcon(themedIcon(QStringLiteral("add")));
    m_addFile->setObjectName(QStringLiteral("addModelFileButton"));
    m_remove->setObjectName(QStringLiteral("removeModelButton"));
    addHeadingWidget(m_rescan);
    content()->addWidget(m_view, 1);
    auto* buttons = new QGridLayout;
    buttons->setSpacing(spacing::small);
    buttons->addWidget(m_add, 0, 0);
    buttons->addWidget(m_addFile, 0, 1);
    buttons->addWidget(m_remove, 1, 0, 1, 2);
    content()->addLayout(buttons);

    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this,
        [this](const QModelIndex& current) {
            m_remove->setEnabled(current.data(KnownModelList::IsRemovableRole).toBool());
            if (current.isValid())
                m_state.chooseModel(current.data(KnownModelList::FolderRole).toString());
        });
    connect(m_add, &QPushButton::clicked, this, &ModelChooser::askForFolder);
    connect(m_addFile, &QPushButton::clicked, this, &ModelChooser::askForFile);
    connect(m_remove, &QPushButton::clicked, this, &ModelChooser::removeCurrent);
    auto* remove = new QShortcut(QKeySequence::Delete, m_view);
    remove->setContext(Qt::WidgetShortcut);
    connect(remove, &QShortcut::activated, this, &ModelChooser::removeCurrent);
    connect(m_rescan, &QToolButton::clicked, this, [&state] {
        state.rescanModels();
        state.inspectModelAgain(); // its files may have changed too
    });
    connect(&state, &StudioState::knownModelsChanged, this, &ModelChooser::update);
    connect(&state, &StudioState::jobChanged, this, &ModelChooser::update);
    retranslate();
}

void ModelChooser::askForFolder()
{
    dialogs::openFolder(this, tr("Add a model folder"), [this](const QString& folder) { add(folder); });
}

void ModelChooser::askForFile()
{
    dialogs::openFile(this, tr("Add a model file"),
        tr("Weights (%1);;All files (%2)")
            .arg(QStringLiteral("*.gguf *.safetensors *.bin *.index.json"), QStringLiteral("*")),
        [this](const QString& file) { add(file); });
}

void ModelChooser::add(const QString& path)
{
    m_search.start(
        [path](const TaskControl&) {
            QStringList found;
            for (const auto& one : findCheckpoints(std::filesystem::path(path.toStdString())))
                found.append(QString::fromStdString(one.string()));
            return found;
        },
        [this, path](const QStringList& found) {
            if (found.isEmpty()) {
                Q_EMIT nothingFound(path);
                return;
            }
            for (auto one = found.crbegin(); one != found.crend(); ++one) // the first ends up at the top
                m_state.addModelFolder(*one);
            m_state.chooseModel(QDir::cleanPath(found.first()));
            Q_EMIT added();
        });
}

void ModelChooser::removeCurrent()
{
    const auto current = m_view->currentIndex();
    if (!current.data(KnownModelList::IsRemovableRole).toBool())
        return;
    const auto folder = current.data(KnownModelList::FolderRole).toString();
    const int other = current.row() > 0 ? current.row() - 1 : current.row() + 1;
    m_state.chooseModel(m_models->index(other).data(KnownModelList::FolderRole).toString());
    m_state.removeModelFolder(folder);
}

void ModelChooser::update()
{
    const auto chosen = QString::fromStdString(m_state.job().modelNameOrPath);
    m_models->setModels(m_state.knownModels(), chosen);
    const int row = m_models->rowOf(chosen);
    if (row >= 0 && m_view->currentIndex().row() != row)
        m_view->setCurrentIndex(m_models->index(row));
    m_remove->setEnabled(m_view->currentIndex().data(KnownModelList::IsRemovableRole).toBool());
}

void ModelChooser::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    Card::changeEvent(event);
}

void ModelChooser::retranslate()
{
    setHeading(tr("Models"));
    m_view->setAccessibleName(tr("Known models"));
    m_add->setText(tr("&Add a folder…"));
    describe(m_add, tr("Add a model folder"),
        tr("Add a model folder, or every model below a folder (Ctrl+Shift+O)"));
    m_addFile->setText(tr("Add a f&ile…"));
    describe(
        m_addFile, tr("Add a model file"), tr("Add a .gguf file, or the model whose weights a file holds"));
    m_remove->setText(tr("Re&move"));
    describe(m_remove, tr("Remove from the list"),
        tr("Takes an added model off the list (Del); nothing is deleted from the disk"));
    describe(m_rescan, tr("Look for models again"));
    m_models->retranslate();
    update();
}

} // namespace studio
