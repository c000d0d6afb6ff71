// SPDX-License-Identifier: MIT
#include "ui/pages/results/class_table_model.h"

#include "ui/models/table_texts.h"
#include "ui/widgets/format.h"

namespace studio {

void ClassTableModel::setClasses(std::vector<ClassMetrics> classes)
{
    beginResetModel();
    m_classes = std::move(classes);
    endResetModel();
}

void ClassTableModel::retranslate()
{
    announceTexts(*this);
}

int ClassTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_classes.size());
}

int ClassTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ClassTableModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto& line = m_classes[static_cast<size_t>(index.row())];
    const double share = index.column() == Precision ? line.precision
        : index.column() == Recall                   ? line.recall
                                                     : line.f1;
    const bool number = index.column() != Label;
    switch (role) {
    case Qt::DisplayRole:
        if (!number)
            return fromCore(line.label);
        return index.column() == Support ? countText(line.support) : percentText(share);
    case Qt::UserRole:
        if (!number)
            return fromCore(line.label);
        return index.column() == Support ? QVariant::fromValue<qlonglong>(line.support) : QVariant(share);
    case Qt::ToolTipRole:
        return number && index.column() != Support ? exactText(share) : QString();
    case Qt::TextAlignmentRole:
        return QVariant::fromValue((number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    default:
        return {};
    }
}

QVariant ClassTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Label:
        return tr("Label");
    case Precision:
        return tr("Precision");
    case Recall:
        return tr("Recall");
    case F1:
        return tr("F1");
    case Support:
        return tr("Support", "number of rows of a class");
    default:
        return {};
    }
}

} // namespace studio
