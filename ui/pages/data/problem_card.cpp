// SPDX-License-Identifier: MIT
#include "ui/pages/data/problem_card.h"

#include "ui/widgets/format.h"

#include <algorithm>

#include <QEvent>
#include <QHeaderView>
#include <QShortcut>
#include <QVBoxLayout>

namespace studio {

ProblemCard::ProblemCard(StudioState& state, QWidget* parent)
    : Card(parent)
    , m_state(state)
    , m_model(new ProblemTreeModel(this))
    , m_tree(new QTreeView(this))
    , m_summary(makeLabel(this, "small"))
{
    setObjectName(QStringLiteral("problemCard"));
    m_summary->setObjectName(QStringLiteral("problemSummary"));
    m_summary->setWordWrap(true);
    m_tree->setObjectName(QStringLiteral("problemTree"));
    m_tree->setModel(m_model);
    m_tree->header()->hide();
    m_tree->header()->setStretchLastSection(true);
    m_tree->setUniformRowHeights(true);
    m_tree->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_tree->setTextElideMode(Qt::ElideRight);
    m_tree->setIconSize({16, 16});
    m_tree->setIndentation(18);
    m_tree->setExpandsOnDoubleClick(false);
    m_tree->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    content()->addWidget(m_summary);
    content()->addWidget(m_tree);
    connect(m_tree, &QTreeView::clicked, this, &ProblemCard::open);
    for (const auto key : {Qt::Key_Return, Qt::Key_Enter, Qt::Key_Space}) {
        auto* shortcut = new QShortcut(QKeySequence(key), m_tree);
        shortcut->setContext(Qt::WidgetShortcut);
        connect(shortcut, &QShortcut::activated, this, [this] { open(m_tree->currentIndex()); });
    }
    connect(m_tree, &QTreeView::expanded, this, &ProblemCard::fitHeight);
    connect(m_tree, &QTreeView::collapsed, this, &ProblemCard::fitHeight);
    for (const auto part : {DataPart::Train, DataPart::Validation, DataPart::Test}) {
        connect(&state.data(part), &DataSession::datasetChanged, this, [this, part] {
            for (const auto other : {DataPart::Validation, DataPart::Test}) {
                if (part == other || part == DataPart::Train)
                    compareParts(other);
            }
            update();
        });
    }
    compareParts(DataPart::Validation);
    compareParts(DataPart::Test);
    retranslate();
}

void ProblemCard::setSplitProblems(std::vector<DataProblem> problems)
{
    m_splitProblems = std::move(problems);
    update();
}

void ProblemCard::compareParts(DataPart part)
{
    auto& slot = part == DataPart::Test ? m_compareTest : m_compareValidation;
    auto& found = part == DataPart::Test ? m_testProblems : m_validationProblems;
    found.clear();
    const auto train = m_state.data(DataPart::Train).dataset();
    const auto other = m_state.data(part).dataset();
    if (!train || !other) {
        slot.cancel();
        return;
    }
    slot.start(
        [train, other, part](const TaskControl&) {
            const auto name = part == DataPart::Test ? "test" : "validation";
            std::vector<DataProblem> problems;
            if (auto leakage = findLeakage(*train, *other, name))
                problems.push_back(std::move(*leakage));
            if (train->isLabelled() && other->isLabelled() && train->problemType() != ProblemType::Regression
                && other->problemType() != ProblemType::Regression) {
                if (auto unknown = findUnknownLabels(*train, *other, name))
                    problems.push_back(std::move(*unknown));
            }
            return problems;
        },
        [this, &found](std::vector<DataProblem> problems) {
            found = std::move(problems);
            update();
        });
}

void ProblemCard::update()
{
    std::vector<FoundProblem> problems;
    for (const auto part : {DataPart::Train, DataPart::Validation, DataPart::Test}) {
        if (const auto dataset = m_state.data(part).dataset()) {
            for (const auto& problem : dataset->problems())
                problems.push_back({part, part, problem});
        }
    }
    for (const auto& problem : m_validationProblems)
        problems.push_back({DataPart::Validation, DataPart::Validation, problem});
    for (const auto& problem : m_testProblems)
        problems.push_back({DataPart::Test, DataPart::Test, problem});
    for (size_t i = 0; i < m_splitProblems.size(); ++i) {
        if (m_splitProblems[i].count > 0)
            problems.push_back(
                {i == 0 ? DataPart::Validation : DataPart::Test, DataPart::Train, m_splitProblems[i]});
    }
    m_lastGroup = QPersistentModelIndex();
    m_model->setProblems(std::move(problems));
    const auto train = m_state.data(DataPart::Train).dataset();
    setVisible(train != nullptr);
    m_tree->setVisible(m_model->rowCount() > 0);
    if (train) {
        const auto all = train->table().rowCount();
        const auto unusable = all - train->size();
        m_summary->setText(m_model->rowCount() == 0
                ? tr("No problem was found.")
                : tr("%1 of %2 training rows can be used. Choose a problem to see its rows.")
                      .arg(countText(all - unusable), countText(all)));
    }
    fitHeight();
}

void ProblemCard::fitHeight()
{
    int rows = m_model->rowCount();
    for (int group = 0; group < m_model->rowCount(); ++group) {
        const auto index = m_model->index(group, 0);
        if (m_tree->isExpanded(index))
            rows += m_model->rowCount(index);
    }
    const int height = m_model->rowCount() > 0 ? m_tree->sizeHintForRow(0) : fontMetrics().height();
    m_tree->setFixedHeight(std::clamp(rows, 1, 10) * std::max(20, height) + 2 * m_tree->frameWidth() + 4);
}

void ProblemCard::open(const QModelIndex& index)
{
    if (!index.isValid())
        return;
    auto row = index;
    if (!index.parent().isValid()) {
        m_lastRow = m_lastGroup == index ? m_lastRow + 1 : 0;
        m_lastGroup = index;
        const int rows = m_model->rowCount(index);
        if (rows == 0)
            return;
        row = m_model->index(m_lastRow % rows, 0, index);
    }
    Q_EMIT rowRequested(static_cast<DataPart>(row.data(ProblemTreeModel::FileRole).toInt()),
        row.data(Qt::UserRole).toLongLong());
}

void ProblemCard::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    Card::changeEvent(event);
}

void ProblemCard::retranslate()
{
    setHeading(tr("Problems"));
    m_tree->setAccessibleName(tr("Problems of the data"));
    update();
}

} // namespace studio
