// SPDX-License-Identifier: MIT
#pragma once

#include "ui/models/problem_tree_model.h"
#include "ui/session/studio_state.h"
#include "ui/widgets/basics.h"

#include <QTreeView>

namespace studio {

/// What is wrong with the data of all parts, texts that stand in two parts included. A click on a group or a
/// row asks for that row of the table; further clicks on a group go on to its next row.
class ProblemCard : public Card {
    Q_OBJECT
public:
    ProblemCard(StudioState& state, QWidget* parent);
    /// Problems of the parts that the training file is split into.
    void setSplitProblems(std::vector<DataProblem> problems);

Q_SIGNALS:
    void rowRequested(studio::DataPart file, qint64 row); ///< from 1

protected:
    void changeEvent(QEvent* event) override;

private:
    void compareParts(DataPart part);
    void update();
    void fitHeight();
    void open(const QModelIndex& index);
    void retranslate();

    StudioState& m_state;
    ProblemTreeModel* m_model;
    QTreeView* m_tree;
    QLabel* m_summary;
    std::vector<DataProblem> m_splitProblems, m_validationProblems, m_testProblems;
    QPersistentModelIndex m_lastGroup;
    int m_lastRow = -1;
    JobSlot m_compareValidation, m_compareTest;
};

} // namespace studio
