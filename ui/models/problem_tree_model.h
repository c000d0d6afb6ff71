// SPDX-License-Identifier: MIT
#pragma once

#include "core/data/dataset.h"
#include "ui/session/data_session.h"

#include <vector>

#include <QAbstractItemModel>

namespace studio {

/// A problem, the part of the data that it concerns, and the file that its rows are counted in.
struct FoundProblem {
    DataPart part = DataPart::Train;
    DataPart file = DataPart::Train;
    DataProblem problem;
};

/// Problems as groups ("12 rows with an empty text"), the rows of each below it. Qt::UserRole of a row is its
/// number in the file, from 1; FileRole the DataPart of that file as int.
class ProblemTreeModel : public QAbstractItemModel {
    Q_OBJECT
public:
    enum Role { FileRole = Qt::UserRole + 1, UnusableRole };

    explicit ProblemTreeModel(QObject* parent = nullptr);
    /// Those with unusable rows first, then by count.
    void setProblems(std::vector<FoundProblem> problems);
    [[nodiscard]] const std::vector<FoundProblem>& problems() const { return m_problems; }
    void retranslate();
    /// The translated sentence of a group, with its count.
    [[nodiscard]] static QString sentence(const FoundProblem& found);

    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex& child) const override;
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

private:
    [[nodiscard]] static bool isGroup(const QModelIndex& index);
    [[nodiscard]] const FoundProblem& group(const QModelIndex& index) const;

    std::vector<FoundProblem> m_problems;
};

} // namespace studio
