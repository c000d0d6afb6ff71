// SPDX-License-Identifier: MIT
#include "ui/pages/runs/run_comparison.h"

#include "core/runs/metric_log.h"
#include "ui/charts/metric_chart.h"
#include "ui/models/table_texts.h"
#include "ui/pages/train/argument_text.h"
#include "ui/widgets/basics.h"
#include "ui/widgets/format.h"

#include <algorithm>

#include <QCheckBox>
#include <QComboBox>
#include <QFont>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QSignalBlocker>
#include <QStandardItemModel>
#include <QTableView>
#include <QVBoxLayout>

namespace studio {

namespace {

constexpr int narrowestColumn = 84; ///< of the settings table; beyond, it scrolls

/// The curve of a metric: its value in an event, if the event holds it.
std::optional<double> curveValue(const TrainEvent& event, const QString& metric)
{
    if (const auto* step = std::get_if<StepEvent>(&event)) {
        if (metric == QStringLiteral("loss"))
            return step->loss;
        if (metric == QStringLiteral("learning_rate"))
            return step->learningRate;
        return std::nullopt;
    }
    const auto* evaluation = std::get_if<EvaluateEvent>(&event);
    if (!evaluation || evaluation->part != "validation")
        return std::nullopt;
    if (metric == QStringLiteral("eval_loss"))
        return evaluation->metrics.loss;
    if (metric == QStringLiteral("eval_accuracy"))
        return evaluation->metrics.accuracy;
    if (metric == QStringLiteral("eval_f1"))
        return evaluation->metrics.f1;
    if (metric == QStringLiteral("eval_pearson"))
        return evaluation->metrics.pearson;
    return std::nullopt;
}

double stepOf(const TrainEvent& event)
{
    if (const auto* step = std::get_if<StepEvent>(&event))
        return static_cast<double>(step->step);
    if (const auto* evaluation = std::get_if<EvaluateEvent>(&event))
        return static_cast<double>(evaluation->step);
    return 0;
}

} // namespace

RunCurves loadRunCurves(const std::filesystem::path& folder)
{
    RunCurves curves;
    curves.events = readRunCurves(folder);
    curves.summary = readRunSummary(folder, curves.events);
    curves.arguments = toJson(readRunArguments(folder));
    return curves;
}

void SettingsModel::setRuns(const std::vector<RunCurves>& runs, bool differencesOnly)
{
    beginResetModel();
    m_lines.clear();
    m_names.clear();
    for (const auto& run : runs)
        m_names.push_back(fromCore(run.summary.name));
    for (const auto& argument : argumentTable()) {
        if (runs.empty())
            break;
        if (argument.name == std::string("output_dir")) // differs always, says nothing
            continue;
        Line line{&argument, {}, false};
        for (const auto& run : runs) {
            const auto found = run.arguments.find(argument.name);
            line.values.push_back(found == run.arguments.end() ? Json() : *found);
        }
        line.differs = std::any_of(line.values.begin(), line.values.end(),
            [&](const Json& value) { return value != line.values.front(); });
        if (line.differs || !differencesOnly)
            m_lines.push_back(std::move(line));
    }
    endResetModel();
}

void SettingsModel::retranslate()
{
    announceTexts(*this);
}

int SettingsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_lines.size());
}

int SettingsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_names.size()) + 1;
}

QVariant SettingsModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto& line = m_lines[static_cast<size_t>(index.row())];
    if (role == Qt::FontRole && line.differs && m_names.size() > 1) {
        QFont bold;
        bold.setBold(true);
        return bold;
    }
    if (role == Qt::ToolTipRole && index.column() == 0)
        return fromCore(line.argument->name);
    if (role != Qt::DisplayRole && role != Qt::UserRole && role != Qt::ToolTipRole)
        return {};
    if (index.column() == 0)
        return argumentLabel(line.argument->name);
    const auto& value = line.values[static_cast<size_t>(index.column() - 1)];
    return role == Qt::DisplayRole ? argumentShortText(*line.argument, value) : argumentValueText(value);
}

QVariant SettingsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == 0 ? tr("Setting") : m_names.at(static_cast<size_t>(section - 1));
}

RunComparison::RunComparison(QWidget* parent)
    : QWidget(parent)
    , m_axis(new StepAxis(this))
    , m_chart(new MetricChart(m_axis, this))
    , m_metric(new QComboBox(this))
    , m_differences(new QCheckBox(this))
    , m_settings(new SettingsModel(this))
    , m_table(new QTableView(this))
{
    m_metric->setObjectName(QStringLiteral("compareMetric"));
    m_differences->setObjectName(QStringLiteral("differencesOnly"));
    m_table->setObjectName(QStringLiteral("settingsTable"));
    m_chart->setObjectName(QStringLiteral("compareChart"));
    for (const auto* metric :
        {"eval_accuracy", "eval_f1", "eval_pearson", "eval_loss", "loss", "learning_rate"})
        m_metric->addItem(QString(), QLatin1String(metric));
    m_chart->setMinimumHeight(180);
    m_table->setModel(m_settings);
    m_table->setWordWrap(false);
    m_table->setShowGrid(false);
    m_table->setAlternatingRowColors(true);
    m_table->setTabKeyNavigation(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(26);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_table->horizontalHeader()->setMinimumSectionSize(narrowestColumn);
    m_table->horizontalHeader()->setTextElideMode(Qt::ElideRight);
    auto* tools = new QHBoxLayout;
    tools->addWidget(m_metric);
    tools->addStretch();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(spacing::small);
    layout->addLayout(tools);
    layout->addWidget(m_chart, 1);
    layout->addWidget(m_differences);
    layout->addWidget(m_table, 1);
    connect(m_metric, &QComboBox::activated, this, [this](int index) { m_wanted = index; });
    connect(m_metric, &QComboBox::currentIndexChanged, this, &RunComparison::drawCurves);
    connect(m_differences, &QCheckBox::toggled, this, &RunComparison::showSettings);
}

void RunComparison::setRuns(std::vector<RunCurves> runs)
{
    m_runs = std::move(runs);
    m_differences->setVisible(m_runs.size() > 1);
    showSettings();
    chooseMetric();
    drawCurves();
}

void RunComparison::chooseMetric()
{
    auto* items = qobject_cast<QStandardItemModel*>(m_metric->model());
    int chosen = -1;
    for (int i = 0; i < m_metric->count(); ++i) {
        const auto metric = m_metric->itemData(i).toString();
        const bool exists = std::any_of(m_runs.begin(), m_runs.end(), [&](const RunCurves& run) {
            return std::any_of(run.events.begin(), run.events.end(),
                [&](const TrainEvent& event) { return curveValue(event, metric).has_value(); });
        });
        items->item(i)->setEnabled(exists);
        if (exists && (chosen < 0 || i == m_wanted))
            chosen = i;
    }
    const QSignalBlocker quiet(m_metric);
    m_metric->setCurrentIndex(chosen < 0 ? m_wanted : chosen);
}

void RunComparison::showSettings()
{
    m_settings->setRuns(m_runs, m_runs.size() > 1 && m_differences->isChecked());
    fitColumns();
}

void RunComparison::fitColumns()
{
    if (m_settings->columnCount() == 0)
        return;
    // Names as wide as they need, but no more than a third: the values of many runs are what is compared.
    auto* header = m_table->horizontalHeader();
    header->setSectionResizeMode(0, QHeaderView::Fixed);
    const int third = std::max(narrowestColumn, m_table->viewport()->width() / 3);
    m_table->resizeColumnToContents(0);
    header->resizeSection(0, std::min(header->sectionSize(0), third));
}

void RunComparison::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    fitColumns();
}

void RunComparison::drawCurves()
{
    const auto metric = m_metric->currentData().toString();
    m_chart->removeAllSeries();
    double last = 1;
    static constexpr Qt::PenStyle dashes[] = {Qt::SolidLine, Qt::DashLine, Qt::DotLine, Qt::DashDotLine};
    for (size_t i = 0; i < m_runs.size(); ++i) {
        const int series = m_chart->addSeries({.color = static_cast<int>(i),
            .smooth = metric == QStringLiteral("loss"),
            .dots = metric.startsWith(QStringLiteral("eval_")),
            .dash = dashes[i % 4]});
        m_chart->setSeriesName(series, fromCore(m_runs[i].summary.name));
        for (const auto& event : m_runs[i].events) {
            if (const auto value = curveValue(event, metric)) {
                m_chart->buffer(series).append(stepOf(event), *value);
                last = std::max(last, stepOf(event));
            }
        }
    }
    m_axis->setExtent(0, last);
    const bool share = metric == QStringLiteral("eval_accuracy") || metric == QStringLiteral("eval_f1");
    m_chart->setValueText(
        [share](double value) { return share ? percentText(value) : significantText(value); });
    m_chart->setSmoothing(metric == QStringLiteral("loss") ? 0.9 : 0); // draws the curves
}

void RunComparison::retranslate()
{
    const QStringList names{tr("Accuracy (validation)"), tr("F1 (validation)"), tr("Pearson (validation)"),
        tr("Loss (validation)"), tr("Loss (train)"), tr("Learning rate")};
    for (int i = 0; i < m_metric->count(); ++i)
        m_metric->setItemText(i, names.at(i));
    describe(m_metric, tr("Metric"), tr("The curve that is drawn"));
    m_differences->setText(tr("Only sett&ings that differ"));
    m_chart->setPlaceholder(tr("No values of this metric"));
    m_chart->setAccessibleName(tr("Curves of the selected runs"));
    m_table->setAccessibleName(tr("Settings of the selected runs"));
    m_settings->retranslate();
}

} // namespace studio
