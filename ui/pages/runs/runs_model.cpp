// SPDX-License-Identifier: MIT
#include "ui/pages/runs/runs_model.h"

#include "ui/models/table_texts.h"
#include "ui/session/training_session.h"
#include "ui/theme/icons.h"
#include "ui/widgets/format.h"

#include <QCoreApplication>
#include <QDateTime>

namespace studio {

namespace {

QString lastPart(const std::string& path)
{
    const auto name = std::filesystem::path(path).filename().string();
    return fromCore(name.empty() ? path : name);
}

QDateTime startOf(const RunSummary& run)
{
    return QDateTime::fromString(fromCore(run.startedAt), Qt::ISODate).toLocalTime();
}

QString stateIcon(RunState state)
{
    switch (state) {
    case RunState::Running:
        return QStringLiteral("play");
    case RunState::Completed:
        return QStringLiteral("check");
    case RunState::Stopped:
        return QStringLiteral("stop");
    case RunState::Failed:
        return QStringLiteral("error");
    case RunState::Interrupted:
        break;
    }
    return QStringLiteral("warning");
}

IconTint stateTint(RunState state)
{
    switch (state) {
    case RunState::Running:
        return IconTint::Accent;
    case RunState::Completed:
        return IconTint::Good;
    case RunState::Failed:
        return IconTint::Bad;
    case RunState::Interrupted:
        return IconTint::Warning;
    case RunState::Stopped:
        break;
    }
    return IconTint::Muted;
}

bool isNumber(int column)
{
    switch (column) {
    case RunsModel::Name:
    case RunsModel::State:
    case RunsModel::Started:
    case RunsModel::Model:
    case RunsModel::Data:
        return false;
    default:
        return true;
    }
}

} // namespace

QString runStateText(RunState state)
{
    switch (state) {
    case RunState::Running:
        return QCoreApplication::translate("studio::RunsModel", "Running", "state of a run");
    case RunState::Completed:
        return QCoreApplication::translate("studio::RunsModel", "Completed", "state of a run");
    case RunState::Stopped:
        return QCoreApplication::translate("studio::RunsModel", "Stopped", "state of a run");
    case RunState::Failed:
        return QCoreApplication::translate("studio::RunsModel", "Failed", "state of a run");
    case RunState::Interrupted:
        break;
    }
    return QCoreApplication::translate("studio::RunsModel", "Interrupted", "state of a run");
}

bool isResumable(const RunSummary& run)
{
    return run.state == RunState::Interrupted || run.state == RunState::Stopped
        || run.state == RunState::Failed;
}

QString metricText(const RunSummary& run)
{
    const auto name = fromCore(run.metricName);
    return name.startsWith(QStringLiteral("eval_")) ? name.mid(5) : name;
}

void RunsModel::setRuns(const std::vector<RunSummary>& runs)
{
    beginResetModel();
    m_runs = runs;
    endResetModel();
}

void RunsModel::setNote(int row, const std::string& note)
{
    m_runs[static_cast<size_t>(row)].note = note;
    Q_EMIT dataChanged(index(row, Name), index(row, Name));
}

void RunsModel::setProgress(const LiveRun& live)
{
    const int row = rowOf(live.arguments.outputDir);
    if (row < 0 || !live.start)
        return;
    auto& run = m_runs[static_cast<size_t>(row)];
    run.totalSteps = live.start->totalSteps;
    if (live.lastStep)
        run.step = live.lastStep->step;
    if (live.bestEvaluation)
        takeEvaluation(run, *live.bestEvaluation);
    Q_EMIT dataChanged(index(row, Name + 1), index(row, ColumnCount - 1)); // the name may be in an editor
}

int RunsModel::rowOf(const std::filesystem::path& folder) const
{
    for (size_t row = 0; row < m_runs.size(); ++row) {
        if (m_runs[row].folder == folder)
            return static_cast<int>(row);
    }
    return -1;
}

void RunsModel::retranslate()
{
    announceTexts(*this);
}

int RunsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_runs.size());
}

int RunsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString RunsModel::displayText(const RunSummary& run, int column) const
{
    switch (column) {
    case Name:
        return fromCore(run.name);
    case Started:
        return QLocale().toString(startOf(run), QLocale::ShortFormat);
    case State:
        if (run.totalSteps > 0 && run.state != RunState::Completed)
            return tr("%1 · %2 of %3")
                .arg(runStateText(run.state), countText(run.step), countText(run.totalSteps));
        return runStateText(run.state);
    case Model:
        return lastPart(run.model);
    case Data:
        return lastPart(run.trainFile);
    case LearningRate:
        return significantText(run.learningRate);
    case Batch:
        return countText(run.batchSize);
    case Epochs:
        return significantText(run.epochs);
    case Best:
        return run.bestMetric ? tr("%1 = %2").arg(metricText(run), significantText(run.bestMetric))
                              : QStringLiteral("–");
    case Accuracy:
        return percentText(run.accuracy);
    default:
        return percentText(run.f1);
    }
}

QVariant RunsModel::rawValue(const RunSummary& run, int column) const
{
    switch (column) {
    case Started:
        return startOf(run);
    case State:
        return static_cast<int>(run.state);
    case LearningRate:
        return run.learningRate;
    case Batch:
        return QVariant::fromValue<qlonglong>(run.batchSize);
    case Epochs:
        return run.epochs;
    case Best:
        return run.bestMetric.value_or(-1e300);
    case Accuracy:
        return run.accuracy.value_or(-1);
    case F1:
        return run.f1.value_or(-1);
    default:
        return displayText(run, column);
    }
}

QVariant RunsModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto& run = m_runs[static_cast<size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return displayText(run, index.column());
    case Qt::EditRole:
        return index.column() == Name ? QVariant(fromCore(run.name)) : QVariant();
    case Qt::UserRole:
        return rawValue(run, index.column());
    case ResumableRole:
        return isResumable(run);
    case Qt::DecorationRole:
        return index.column() == State ? QVariant(themedIcon(stateIcon(run.state), stateTint(run.state)))
                                       : QVariant();
    case Qt::ToolTipRole:
        switch (index.column()) {
        case Name:
            return toolTipText(fromCore(run.note.empty() ? run.folder.string() : run.note));
        case State:
            return displayText(run, State);
        case Model:
            return fromCore(run.model);
        case Data:
            return fromCore(run.trainFile);
        case Best:
            return exactText(run.bestMetric);
        case Accuracy:
            return exactText(run.accuracy);
        case F1:
            return exactText(run.f1);
        default:
            return {};
        }
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(
            (isNumber(index.column()) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    default:
        return {};
    }
}

QVariant RunsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name:
        return tr("Name");
    case Started:
        return tr("Started");
    case State:
        return tr("State");
    case Model:
        return tr("Model");
    case Data:
        return tr("Data");
    case LearningRate:
        return tr("Learning rate");
    case Batch:
        return tr("Batch", "batch size");
    case Epochs:
        return tr("Epochs");
    case Best:
        return tr("Best", "best value of the chosen metric");
    case Accuracy:
        return tr("Accuracy");
    case F1:
        return tr("F1");
    default:
        return {};
    }
}

Qt::ItemFlags RunsModel::flags(const QModelIndex& index) const
{
    auto flags = QAbstractTableModel::flags(index);
    if (index.isValid() && index.column() == Name)
        flags |= Qt::ItemIsEditable;
    return flags;
}

bool RunsModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    const auto name = value.toString().trimmed();
    if (role != Qt::EditRole || !index.isValid() || index.column() != Name || name.isEmpty())
        return false;
    auto& run = m_runs[static_cast<size_t>(index.row())];
    if (name == fromCore(run.name))
        return false;
    run.name = name.toStdString();
    Q_EMIT dataChanged(index, index);
    Q_EMIT renamed(run.folder, name);
    return true;
}

RunsFilterModel::RunsFilterModel(RunsModel* source, QObject* parent)
    : QSortFilterProxyModel(parent)
    , m_runs(source)
{
    setSortRole(Qt::UserRole);
    setSortCaseSensitivity(Qt::CaseInsensitive);
    setSourceModel(source);
}

void RunsFilterModel::setSearch(const QString& text)
{
    m_search = text.trimmed();
    invalidateFilter();
}

bool RunsFilterModel::filterAcceptsRow(int row, const QModelIndex& parent) const
{
    if (parent.isValid())
        return false;
    const auto& run = m_runs->run(row);
    const auto holds = [this](const QString& text) { return text.contains(m_search, Qt::CaseInsensitive); };
    return m_search.isEmpty() || holds(fromCore(run.name)) || holds(fromCore(run.note))
        || holds(fromCore(run.model)) || holds(fromCore(run.trainFile)) || holds(runStateText(run.state));
}

} // namespace studio
