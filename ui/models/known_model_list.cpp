// SPDX-License-Identifier: MIT
#include "ui/models/known_model_list.h"

#include <QDir>

namespace studio {

KnownModelList::KnownModelList(QObject* parent)
    : QAbstractListModel(parent)
{
}

void KnownModelList::setModels(QList<KnownModel> models, const QString& chosen)
{
    const auto same = [](const KnownModel& a, const KnownModel& b) {
        return a.folder == b.folder && a.name == b.name && a.origin == b.origin;
    };
    const auto isChosen = [&](const KnownModel& model) { return model.folder == chosen; };
    if (!chosen.isEmpty() && std::none_of(models.begin(), models.end(), isChosen))
        models.append({KnownModel::Origin::Added, QDir(chosen).dirName(), chosen});
    if (std::equal(models.begin(), models.end(), m_models.begin(), m_models.end(), same)) {
        m_chosen = chosen;
        retranslate(); // the mark of the chosen one
        return;
    }
    beginResetModel();
    m_models = std::move(models);
    m_chosen = chosen;
    endResetModel();
}

int KnownModelList::rowOf(const QString& folder) const
{
    for (int row = 0; row < static_cast<int>(m_models.size()); ++row) {
        if (m_models[row].folder == folder)
            return row;
    }
    return -1;
}

void KnownModelList::retranslate()
{
    if (!m_models.isEmpty())
        Q_EMIT dataChanged(index(0), index(static_cast<int>(m_models.size()) - 1));
}

QString KnownModelList::originText(KnownModel::Origin origin)
{
    switch (origin) {
    case KnownModel::Origin::Starter:
        return tr("Comes with the program");
    case KnownModel::Origin::Added:
        return tr("Added folder");
    case KnownModel::Origin::Found:
        return tr("Found in a searched folder");
    case KnownModel::Origin::HuggingFaceCache:
        return tr("Hugging Face cache");
    case KnownModel::Origin::Run:
        return tr("Finished run");
    }
    return {};
}

int KnownModelList::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_models.size());
}

QVariant KnownModelList::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto& model = m_models[index.row()];
    switch (role) {
    case Qt::DisplayRole:
        return model.name;
    case Qt::ToolTipRole:
        return QDir::toNativeSeparators(model.folder);
    case Qt::AccessibleDescriptionRole:
    case OriginRole:
        return model.origin == KnownModel::Origin::Added
                && model.folder.endsWith(QLatin1String(".gguf"), Qt::CaseInsensitive)
            ? tr("Added file")
            : originText(model.origin);
    case FolderRole:
        return model.folder;
    case IsChosenRole:
        return model.folder == m_chosen;
    case IsRemovableRole:
        return model.origin == KnownModel::Origin::Added;
    default:
        return {};
    }
}

} // namespace studio
