// SPDX-License-Identifier: MIT
#include "ui/pages/results/predictions_model.h"

#include "ui/models/table_texts.h"
#include "ui/pages/results/run_results.h"
#include "ui/theme/icons.h"
#include "ui/widgets/format.h"

#include <algorithm>

namespace studio {

void PredictionsModel::setRows(std::vector<PredictionRow> rows, bool regression)
{
    beginResetModel();
    m_rows = std::move(rows);
    m_regression = regression;
    endResetModel();
}

void PredictionsModel::retranslate()
{
    announceTexts(*this);
}

int PredictionsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int PredictionsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString PredictionsModel::displayText(const PredictionRow& row, int column) const
{
    switch (column) {
    case Row:
        return countText(row.row);
    case Text: {
        auto text = fromCore(row.text);
        if (row.textPair)
            text += QStringLiteral(" ⇄ ") + fromCore(*row.textPair);
        return text.simplified();
    }
    case True:
        return row.target ? significantText(row.target, 4) : joinedLabels(row.labels);
    case Predicted:
        return m_regression ? significantText(confidenceOf(row), 4) : joinedLabels(row.predictions);
    case Confidence:
        if (m_regression)
            return row.target ? significantText(confidenceOf(row) - *row.target, 3) : QString();
        return percentText(confidenceOf(row));
    default:
        return significantText(row.loss);
    }
}

QVariant PredictionsModel::rawValue(const PredictionRow& row, int column) const
{
    switch (column) {
    case Row:
        return QVariant::fromValue<qlonglong>(row.row);
    case True:
        return row.target ? QVariant(*row.target) : QVariant(joinedLabels(row.labels));
    case Predicted:
        return m_regression ? QVariant(confidenceOf(row)) : QVariant(joinedLabels(row.predictions));
    case Confidence:
        return m_regression && row.target ? std::abs(confidenceOf(row) - *row.target) : confidenceOf(row);
    case Loss:
        return row.loss ? QVariant(*row.loss) : QVariant(-1.0);
    default:
        return fromCore(row.text);
    }
}

QVariant PredictionsModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto& row = m_rows[static_cast<size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return displayText(row, index.column());
    case Qt::UserRole:
        return rawValue(row, index.column());
    case Qt::ToolTipRole:
        if (index.column() == Text)
            return toolTipText(fromCore(row.textPair ? row.text + "\n⇄ " + *row.textPair : row.text));
        if (index.column() == Confidence || index.column() == Loss)
            return exactText(index.column() == Loss ? row.loss : std::optional(confidenceOf(row)));
        return {};
    case Qt::TextAlignmentRole: {
        const bool number = index.column() == Row || index.column() >= Confidence
            || (m_regression && index.column() >= True);
        return QVariant::fromValue((number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }
    case Qt::DecorationRole:
        if (index.column() == Predicted && !m_regression)
            return isMistake(row) ? themedIcon(QStringLiteral("close"), IconTint::Bad)
                                  : themedIcon(QStringLiteral("check"), IconTint::Good);
        return {};
    default:
        return {};
    }
}

QVariant PredictionsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Row:
        return tr("Row", "number of a row in the file");
    case Text:
        return tr("Text");
    case True:
        return m_regression ? tr("True value") : tr("True label");
    case Predicted:
        return m_regression ? tr("Predicted value") : tr("Predicted label");
    case Confidence:
        return m_regression ? tr("Error", "difference of two numbers") : tr("Confidence");
    case Loss:
        return tr("Loss");
    default:
        return {};
    }
}

PredictionsFilterModel::PredictionsFilterModel(PredictionsModel* source, QObject* parent)
    : QSortFilterProxyModel(parent)
    , m_predictions(source)
{
    setSortRole(Qt::UserRole);
    setSourceModel(source);
}

void PredictionsFilterModel::setFilter(const PredictionFilter& filter)
{
    m_filter = filter;
    invalidateFilter();
}

bool PredictionsFilterModel::filterAcceptsRow(int row, const QModelIndex& parent) const
{
    if (parent.isValid())
        return false;
    const auto& prediction = m_predictions->rows()[static_cast<size_t>(row)];
    if (!m_filter.part.isEmpty() && m_filter.part != fromCore(prediction.part))
        return false;
    if (m_filter.mistakesOnly && !isMistake(prediction))
        return false;
    const auto has = [](const std::vector<std::string>& labels, const std::string& label) {
        return std::find(labels.begin(), labels.end(), label) != labels.end();
    };
    if (m_filter.trueLabel && !has(prediction.labels, *m_filter.trueLabel))
        return false;
    if (m_filter.predictedLabel && !has(prediction.predictions, *m_filter.predictedLabel))
        return false;
    if (m_filter.withoutTrue && has(prediction.labels, *m_filter.withoutTrue))
        return false;
    if (m_filter.withoutPredicted && has(prediction.predictions, *m_filter.withoutPredicted))
        return false;
    if (m_filter.text.isEmpty())
        return true;
    const auto holds = [&](const QString& text) { return text.contains(m_filter.text, Qt::CaseInsensitive); };
    return holds(fromCore(prediction.text)) || holds(fromCore(prediction.textPair.value_or("")))
        || holds(joinedLabels(prediction.labels)) || holds(joinedLabels(prediction.predictions));
}

std::vector<PredictionRow> PredictionsFilterModel::shownRows() const
{
    std::vector<PredictionRow> rows;
    rows.reserve(static_cast<size_t>(rowCount()));
    for (int row = 0; row < rowCount(); ++row)
        rows.push_back(m_predictions->rows()[static_cast<size_t>(mapToSource(index(row, 0)).row())]);
    return rows;
}

} // namespace studio
