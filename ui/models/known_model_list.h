// SPDX-License-Identifier: MIT
#pragma once

#include "ui/session/studio_state.h"

#include <QAbstractListModel>

namespace studio {

/// Models that can be chosen: name as text, OriginRole for people, FolderRole the path.
class KnownModelList : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role { FolderRole = Qt::UserRole, OriginRole, IsChosenRole, IsRemovableRole };

    explicit KnownModelList(QObject* parent = nullptr);
    /// A chosen folder that is not among `models` gets an entry of its own.
    void setModels(QList<KnownModel> models, const QString& chosen);
    [[nodiscard]] int rowOf(const QString& folder) const; ///< -1: none
    void retranslate();
    [[nodiscard]] static QString originText(KnownModel::Origin origin);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

private:
    QList<KnownModel> m_models;
    QString m_chosen;
};

} // namespace studio
