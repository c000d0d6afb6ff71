// SPDX-License-Identifier: MIT
#include "ui/models/problem_tree_model.h"

#include "ui/theme/icons.h"
#include "ui/widgets/format.h"

#include <algorithm>

namespace studio {

namespace {

constexpr quintptr groupId = static_cast<quintptr>(-1);

/// Plural forms take an int.
int plural(int64_t count)
{
    return static_cast<int>(std::min<int64_t>(count, 2'000'000'000));
}

} // namespace

ProblemTreeModel::ProblemTreeModel(QObject* parent)
    : QAbstractItemModel(parent)
{
}

void ProblemTreeModel::setProblems(std::vector<FoundProblem> problems)
{
    std::stable_sort(problems.begin(), problems.end(), [](const FoundProblem& a, const FoundProblem& b) {
        return a.problem.rowsUnusable != b.problem.rowsUnusable ? a.problem.rowsUnusable
                                                                : a.problem.count > b.problem.count;
    });
    beginResetModel();
    m_problems = std::move(problems);
    endResetModel();
}

void ProblemTreeModel::retranslate()
{
    for (int group = 0; group < rowCount(); ++group) {
        const auto parentIndex = index(group, 0);
        Q_EMIT dataChanged(parentIndex, parentIndex);
        if (const int rows = rowCount(parentIndex); rows > 0)
            Q_EMIT dataChanged(index(0, 0, parentIndex), index(rows - 1, 0, parentIndex));
    }
}

QString ProblemTreeModel::sentence(const FoundProblem& found)
{
    const int n = plural(found.problem.count);
    switch (found.problem.kind) {
    case DataProblem::Kind::EmptyText:
        return tr("%Ln rows with an empty text", nullptr, n);
    case DataProblem::Kind::MissingLabel:
        return tr("%Ln rows without a label", nullptr, n);
    case DataProblem::Kind::RaggedRow:
        return tr("%Ln rows with a wrong number of fields", nullptr, n);
    case DataProblem::Kind::UndecodableBytes:
        return tr("%Ln rows with undecodable bytes", nullptr, n);
    case DataProblem::Kind::NulByte:
        return tr("%Ln rows with zero bytes", nullptr, n);
    case DataProblem::Kind::UnclosedQuote:
        return tr("%Ln rows with an unclosed quote", nullptr, n);
    case DataProblem::Kind::InvalidJson:
        return tr("%Ln rows of invalid JSON", nullptr, n);
    case DataProblem::Kind::InvalidLabel:
        return tr("%Ln rows with an unreadable label", nullptr, n);
    case DataProblem::Kind::DuplicateRow:
        return tr("%Ln repeated rows", nullptr, n);
    case DataProblem::Kind::ConflictingLabels:
        return tr("%Ln rows with conflicting labels", nullptr, n);
    case DataProblem::Kind::LabelsDifferByCase:
        return tr("%Ln rows, label differs only by case", nullptr, n);
    case DataProblem::Kind::RareClass:
        return tr("%Ln rows of very small classes", nullptr, n);
    case DataProblem::Kind::TextInSeveralParts:
        return found.part == DataPart::Test ? tr("%Ln texts in training and in test", nullptr, n)
                                            : tr("%Ln texts in training and in validation", nullptr, n);
    case DataProblem::Kind::UnknownLabel:
        return found.part == DataPart::Test ? tr("%Ln test rows with an unknown label", nullptr, n)
                                            : tr("%Ln validation rows with an unknown label", nullptr, n);
    }
    return {};
}

bool ProblemTreeModel::isGroup(const QModelIndex& index)
{
    return index.internalId() == groupId;
}

const FoundProblem& ProblemTreeModel::group(const QModelIndex& index) const
{
    return m_problems[isGroup(index) ? static_cast<size_t>(index.row())
                                     : static_cast<size_t>(index.internalId())];
}

QModelIndex ProblemTreeModel::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, parent.isValid() ? static_cast<quintptr>(parent.row()) : groupId);
}

QModelIndex ProblemTreeModel::parent(const QModelIndex& child) const
{
    if (!child.isValid() || isGroup(child))
        return {};
    return createIndex(static_cast<int>(child.internalId()), 0, groupId);
}

int ProblemTreeModel::rowCount(const QModelIndex& parent) const
{
    if (!parent.isValid())
        return static_cast<int>(m_problems.size());
    return isGroup(parent) && parent.column() == 0 ? static_cast<int>(group(parent).problem.rows.size()) : 0;
}

int ProblemTreeModel::columnCount(const QModelIndex&) const
{
    return 1;
}

QVariant ProblemTreeModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto& found = group(index);
    const auto& problem = found.problem;
    if (role == FileRole)
        return static_cast<int>(found.file);
    if (role == UnusableRole)
        return problem.rowsUnusable;
    if (!isGroup(index)) {
        const auto row = problem.rows[static_cast<size_t>(index.row())];
        if (role == Qt::DisplayRole)
            //: a row of the data file, by its number
            return tr("Row %1").arg(countText(row));
        return role == Qt::UserRole ? QVariant(static_cast<qlonglong>(row)) : QVariant();
    }
    switch (role) {
    case Qt::DisplayRole:
        return sentence(found);
    case Qt::UserRole:
        return static_cast<qlonglong>(problem.count);
    case Qt::ToolTipRole:
        return fromCore(problem.message);
    case Qt::DecorationRole:
        return problem.rowsUnusable ? themedIcon(QStringLiteral("error"), IconTint::Bad)
                                    : themedIcon(QStringLiteral("warning"), IconTint::Warning);
    case Qt::AccessibleDescriptionRole:
        return problem.rowsUnusable ? tr("These rows are left out of training.")
                                    : tr("These rows are used all the same.");
    default:
        return {};
    }
}

} // namespace studio
