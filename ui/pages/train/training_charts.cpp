// SPDX-License-Identifier: MIT
#include "ui/pages/train/training_charts.h"

#include "ui/charts/chart_export.h"
#include "ui/pages/train/argument_text.h"
#include "ui/theme/icons.h"
#include "ui/widgets/dialogs.h"
#include "ui/widgets/format.h"

#include <cmath>
#include <limits>

#include <QHBoxLayout>
#include <QLayout>
#include <QMenu>
#include <QSlider>
#include <QVBoxLayout>

namespace studio {

TrainingCharts::TrainingCharts(StudioState& state, QWidget* parent)
    : Card(parent)
    , m_state(state)
    , m_axis(new StepAxis(this))
    , m_loss(new MetricChart(m_axis, this))
    , m_score(new MetricChart(m_axis, this))
    , m_rate(new MetricChart(m_axis, this))
    , m_logScale(makeToolButton(this, QStringLiteral("log-scale"), QStringLiteral("logScale")))
    , m_zoomReset(makeToolButton(this, QStringLiteral("zoom-reset"), QStringLiteral("zoomReset")))
    , m_export(makeToolButton(this, QStringLiteral("export"), QStringLiteral("exportCharts")))
    , m_smoothingLabel(makeLabel(this, "small"))
    , m_smoothing(new QSlider(Qt::Horizontal, this))
    , m_exportMenu(new QMenu(this))
{
    m_loss->setObjectName(QStringLiteral("lossChart"));
    m_score->setObjectName(QStringLiteral("scoreChart"));
    m_rate->setObjectName(QStringLiteral("rateChart"));
    m_loss->addSeries({.color = 0, .smooth = true});
    m_loss->addSeries({.color = 1, .dots = true});
    m_score->addSeries({.color = 0, .smooth = true});
    m_score->addSeries({.color = 1, .dots = true});
    m_score->addSeries({.color = 2, .dots = true, .dash = Qt::DashLine});
    m_rate->addSeries({.color = 0});
    m_loss->setCompact(true);
    m_score->setCompact(true);
    m_rate->setFixedHeight(110);
    content()->setSpacing(spacing::tiny);
    content()->addWidget(m_loss, 5);
    content()->addWidget(m_score, 4);
    content()->addWidget(m_rate);

    m_smoothing->setObjectName(QStringLiteral("smoothing"));
    m_smoothing->setRange(0, 99);
    m_smoothing->setFixedWidth(90);
    m_smoothingLabel->setBuddy(m_smoothing);
    m_logScale->setCheckable(true);
    m_export->setMenu(m_exportMenu);
    m_export->setPopupMode(QToolButton::InstantPopup);
    m_png = m_exportMenu->addAction(QString(), this, [this] { exportAs(QStringLiteral("png")); });
    m_svg = m_exportMenu->addAction(QString(), this, [this] { exportAs(QStringLiteral("svg")); });
    m_csv = m_exportMenu->addAction(QString(), this, [this] { exportAs(QStringLiteral("csv")); });
    for (QWidget* tool : {static_cast<QWidget*>(m_smoothingLabel), static_cast<QWidget*>(m_smoothing),
             static_cast<QWidget*>(m_logScale), static_cast<QWidget*>(m_zoomReset),
             static_cast<QWidget*>(m_export)})
        addHeadingWidget(tool);

    auto& settings = state.settings();
    connect(m_smoothing, &QSlider::valueChanged, this, [this](int value) {
        for (auto* chart : charts())
            chart->setSmoothing(value / 100.0);
        m_state.settings().setValue(Setting::Smoothing, value / 100.0);
    });
    connect(m_logScale, &QToolButton::toggled, this, [this](bool on) {
        m_loss->setLogScale(on);
        m_state.settings().setValue(Setting::LogScale, on);
    });
    connect(m_zoomReset, &QToolButton::clicked, m_axis, &StepAxis::resetZoom);
    connect(m_axis, &StepAxis::rangeChanged, this, [this] { m_zoomReset->setEnabled(m_axis->isZoomed()); });
    m_zoomReset->setEnabled(false);
    m_smoothing->setValue(static_cast<int>(std::lround(settings.value(Setting::Smoothing).toDouble() * 100)));
    m_logScale->setChecked(settings.flag(Setting::LogScale));
    auto& training = state.training();
    connect(&training, &TrainingSession::started, this, &TrainingCharts::clear);
    connect(&training, &TrainingSession::eventsReported, this, &TrainingCharts::append);
    setRegression(false);
    retranslate();
}

void TrainingCharts::resizeEvent(QResizeEvent* event)
{
    Card::resizeEvent(event);
    fitHeading();
}

void TrainingCharts::fitHeading()
{
    const auto* line = m_smoothingLabel->parentWidget();
    int needed = line->layout()->minimumSize().width();
    if (m_smoothingLabel->isHidden())
        needed += m_smoothingLabel->sizeHint().width() + line->layout()->spacing();
    m_smoothingLabel->setVisible(line->width() >= needed); // the slider has its name as a tip
}

void TrainingCharts::clear()
{
    for (auto* chart : charts()) {
        for (int series = 0; series < chart->seriesCount(); ++series)
            chart->buffer(series).clear();
        chart->setBest(std::nullopt);
        chart->setMarks({});
        chart->refreshNow();
    }
    m_marks.clear();
    m_lastStep = 0;
    m_axis->setStepsPerEpoch(0);
    m_axis->resetZoom();
}

void TrainingCharts::setRegression(bool regression)
{
    m_regression = regression;
    m_score->setFixedRange(regression ? -1 : 0, 1);
    m_score->setValueText(
        [regression](double value) { return regression ? significantText(value) : percentText(value); });
    nameScores();
}

void TrainingCharts::append(const QList<TrainEvent>& events)
{
    const auto notANumber = std::numeric_limits<double>::quiet_NaN();
    const auto marks = m_marks.size();
    for (const auto& event : events) {
        if (const auto* start = std::get_if<StartEvent>(&event)) {
            m_axis->setStepsPerEpoch(static_cast<double>(start->stepsPerEpoch));
            setRegression(start->problemType == problemTypeName(ProblemType::Regression));
            if (start->stepsPerEpoch > 0) {
                for (auto step = start->stepsPerEpoch; step < start->totalSteps; step += start->stepsPerEpoch)
                    m_marks.push_back({static_cast<double>(step), MarkKind::Epoch});
            }
        } else if (const auto* step = std::get_if<StepEvent>(&event)) {
            const auto x = static_cast<double>(step->step);
            m_loss->buffer(TrainLoss).append(x, step->loss.value_or(notANumber));
            if (step->accuracy)
                m_score->buffer(TrainAccuracy).append(x, *step->accuracy);
            m_rate->buffer(0).append(x, step->learningRate);
            m_lastStep = std::max(m_lastStep, x);
        } else if (const auto* evaluation = std::get_if<EvaluateEvent>(&event)) {
            if (evaluation->part == "validation")
                appendEvaluation(*evaluation);
        } else if (auto mark = markOf(event)) {
            m_marks.push_back(std::move(*mark));
        }
    }
    updateExtent();
    for (auto* chart : charts()) {
        if (m_marks.size() > marks)
            chart->setMarks(m_marks);
        chart->scheduleRefresh();
    }
}

std::optional<ChartMark> TrainingCharts::markOf(const TrainEvent& event)
{
    if (const auto* checkpoint = std::get_if<CheckpointEvent>(&event))
        return ChartMark{static_cast<double>(checkpoint->step), MarkKind::Checkpoint, tr("Checkpoint saved")};
    if (const auto* resumed = std::get_if<ResumeEvent>(&event))
        return ChartMark{static_cast<double>(resumed->step), MarkKind::Change, tr("Resumed here")};
    if (const auto* skip = std::get_if<SkipEvent>(&event))
        return ChartMark{
            static_cast<double>(skip->step), MarkKind::Skip, tr("Skipped: no finite loss or gradient")};
    const auto* change = std::get_if<ChangeEvent>(&event);
    const auto* argument = change ? findArgument(change->name) : nullptr;
    if (!argument)
        return {};
    return ChartMark{static_cast<double>(change->step), MarkKind::Change,
        //: of a chart: %1 is the name of a setting, %2 its value before, %3 the value from there on
        tr("%1: %2 → %3")
            .arg(argumentLabel(change->name), argumentShortText(*argument, change->before),
                argumentShortText(*argument, change->after))};
}

void TrainingCharts::appendEvaluation(const EvaluateEvent& event)
{
    const auto x = static_cast<double>(event.step);
    m_lastStep = std::max(m_lastStep, x);
    if (event.metrics.loss)
        m_loss->buffer(ValidationLoss).append(x, *event.metrics.loss);
    if (event.metrics.accuracy)
        m_score->buffer(ValidationAccuracy).append(x, *event.metrics.accuracy);
    if (const auto second = m_regression ? event.metrics.pearson : event.metrics.f1)
        m_score->buffer(ValidationSecond).append(x, *second);
    if (!event.best)
        return;
    if (event.metrics.loss)
        m_loss->setBest(QPointF(x, *event.metrics.loss));
    if (const auto score = m_regression ? event.metrics.pearson : event.metrics.accuracy)
        m_score->setBest(QPointF(x, *score));
}

void TrainingCharts::updateExtent()
{
    // The whole run once it is short or well under way; before that a window that grows by a quarter at a
    // time, so that early points are not squeezed into the first pixels.
    constexpr double growth = 1.25;
    const auto* run = m_state.training().run();
    const auto total = run && run->start ? static_cast<double>(run->start->totalSteps) : m_lastStep;
    const auto window = std::round(
        std::pow(growth, std::ceil(std::log(std::max(40.0, m_lastStep * 4)) / std::log(growth))));
    m_axis->setExtent(0, m_lastStep * 4 >= total ? std::max(total, m_lastStep) : std::min(total, window));
}

void TrainingCharts::exportAs(const QString& suffix)
{
    const auto* run = m_state.training().run();
    auto name = QStringLiteral("training");
    if (run && !run->arguments.outputDir.empty())
        name = fromCore(std::filesystem::path(run->arguments.outputDir).filename().string());
    dialogs::saveFile(this, tr("Export the charts"), name + QLatin1Char('.') + suffix,
        QStringLiteral("%1 (*.%2)").arg(suffix.toUpper(), suffix), [this, suffix](const QString& file) {
            try {
                if (suffix == QLatin1String("png"))
                    exportPng(charts(), file);
                else if (suffix == QLatin1String("svg"))
                    exportSvg(charts(), file);
                else
                    exportCsv(charts(), file);
            } catch (...) {
                const auto error = currentError();
                Q_EMIT exportFailed(error.kind, error.detail);
            }
        });
}

void TrainingCharts::nameScores()
{
    m_score->setTitleText(m_regression ? tr("Correlation") : tr("Accuracy and F1"));
    m_score->setSeriesName(
        ValidationSecond, m_regression ? tr("Validation Pearson") : tr("Validation macro F1"));
}

void TrainingCharts::retranslate()
{
    setHeading(tr("Curves"));
    m_loss->setTitleText(tr("Loss"));
    m_rate->setTitleText(tr("Learning rate"));
    m_loss->setSeriesName(TrainLoss, tr("Training"));
    m_loss->setSeriesName(ValidationLoss, tr("Validation"));
    m_score->setSeriesName(TrainAccuracy, tr("Training"));
    m_score->setSeriesName(ValidationAccuracy, tr("Validation"));
    nameScores();
    m_rate->setSeriesName(0, tr("Learning rate"));
    m_loss->setPlaceholder(tr("The curves are drawn here while a run is training."));
    m_smoothingLabel->setText(tr("Smoothing"));
    fitHeading();
    describe(m_smoothing, tr("Smoothing of the training curves"));
    describe(m_logScale, tr("Logarithmic scale of the loss"));
    describe(m_zoomReset, tr("Show the whole run (double click)"),
        tr("Wheel: zoom · drag: zoom to a range · Shift+drag: move · double click: whole run"));
    describe(m_export, tr("Export the charts"));
    m_png->setText(tr("As a picture (PNG)…"));
    m_svg->setText(tr("As a drawing (SVG)…"));
    m_csv->setText(tr("All points as a table (CSV)…"));
    const auto* run = m_state.training().run();
    if (!run || m_marks.empty())
        return;
    std::erase_if(m_marks, [](const ChartMark& mark) { return mark.kind != MarkKind::Epoch; });
    for (const auto& event : run->events) {
        if (auto mark = markOf(event))
            m_marks.push_back(std::move(*mark));
    }
    for (auto* chart : charts())
        chart->setMarks(m_marks);
}

} // namespace studio
