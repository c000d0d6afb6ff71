// SPDX-License-Identifier: MIT
#pragma once

#include "core/train/metrics.h"

#include <vector>

#include <QAbstractTableModel>

namespace studio {

/// The per-class table: label, precision, recall, F1, support. UserRole holds the exact value.
class ClassTableModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Label, Precision, Recall, F1, Support, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;
    void setClasses(std::vector<ClassMetrics> classes);
    void retranslate();
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<ClassMetrics> m_classes;
};

} // namespace studio
