// SPDX-License-Identifier: MIT
#pragma once

#include "core/runs/run_folder.h"

#include <optional>
#include <vector>

#include <QAbstractTableModel>
#include <QSortFilterProxyModel>

namespace studio {

/// Predictions of a run, answered from a plain vector. UserRole holds the raw value that sorting uses.
class PredictionsModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Row, Text, True, Predicted, Confidence, Loss, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;
    void setRows(std::vector<PredictionRow> rows, bool regression);
    [[nodiscard]] const std::vector<PredictionRow>& rows() const { return m_rows; }
    void retranslate();

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] QString displayText(const PredictionRow& row, int column) const;
    [[nodiscard]] QVariant rawValue(const PredictionRow& row, int column) const;

    std::vector<PredictionRow> m_rows;
    bool m_regression = false;
};

/// Which rows are shown.
struct PredictionFilter {
    QString part; ///< "validation", "test"
    QString text; ///< case-insensitive part of text, label or prediction
    bool mistakesOnly = false;
    std::optional<std::string> trueLabel, predictedLabel; ///< single label: equal; several: contains
    std::optional<std::string> withoutTrue, withoutPredicted; ///< several labels: does not contain
};

class PredictionsFilterModel : public QSortFilterProxyModel {
    Q_OBJECT
public:
    explicit PredictionsFilterModel(PredictionsModel* source, QObject* parent = nullptr);
    void setFilter(const PredictionFilter& filter);
    [[nodiscard]] const PredictionFilter& filter() const { return m_filter; }
    [[nodiscard]] std::vector<PredictionRow> shownRows() const;

protected:
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    PredictionsModel* m_predictions;
    PredictionFilter m_filter;
};

} // namespace studio
