// SPDX-License-Identifier: MIT
#include "ui/pages/train/now_card.h"

#include "ui/widgets/format.h"

#include <algorithm>

#include <QGridLayout>
#include <QVBoxLayout>

namespace studio {

namespace {

bool isShare(const std::string& metric)
{
    for (const auto* name : {"accuracy", "precision", "recall", "f1", "auc"}) {
        if (metric.find(name) != std::string::npos)
            return true;
    }
    return false;
}

} // namespace

QString metricText(const std::string& metric, std::optional<double> value)
{
    return isShare(metric) ? percentText(value) : significantText(value);
}

std::optional<double> metricValue(const MetricReport& report, const std::string& metric)
{
    const auto json = toJson(report);
    const auto found = json.find(metric.rfind("eval_", 0) == 0 ? metric : "eval_" + metric);
    if (found == json.end() || !found->is_number())
        return std::nullopt;
    return found->get<double>();
}

NowCard::NowCard(StudioState& state, QWidget* parent)
    : Card(parent)
    , m_state(state)
    , m_activity(makeLabel(this, "muted"))
{
    setObjectName(QStringLiteral("nowCard"));
    const char* names[] = {"nowStep", "nowEpoch", "nowElapsed", "nowLeft", "nowSamples", "nowTokens",
        "nowMemory", "nowRate", "nowLoss", "nowValidation", "nowBest", "nowSkipped"};
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(spacing::medium);
    grid->setVerticalSpacing(spacing::tiny);
    grid->setColumnStretch(1, 1);
    for (int row = 0; row < RowCount; ++row) {
        auto* name = makeLabel(this, "muted");
        auto* value = makeLabel(this, "value");
        value->setObjectName(QLatin1String(names[row]));
        value->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
        value->setTextInteractionFlags(Qt::TextSelectableByMouse);
        value->setMinimumWidth(fontMetrics().horizontalAdvance(QStringLiteral("0,000 / 0,000")));
        grid->addWidget(name, row, 0);
        grid->addWidget(value, row, 1, Qt::AlignRight);
        m_names.append(name);
        m_values.append(value);
    }
    m_activity->setObjectName(QStringLiteral("nowActivity"));
    m_activity->setWordWrap(true);
    m_activity->setMinimumHeight(m_activity->fontMetrics().lineSpacing() * 2);
    m_activity->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    content()->addLayout(grid);
    content()->addWidget(m_activity);
    auto& training = state.training();
    connect(&training, &TrainingSession::eventsReported, this, [this] {
        m_sinceEvent.restart();
        show();
    });
    connect(&training, &TrainingSession::stateChanged, this, &NowCard::show);
    connect(&m_second, &QTimer::timeout, this, &NowCard::showElapsed);
    m_second.start(1000);
    m_sinceEvent.start();
    retranslate();
}

void NowCard::showElapsed()
{
    const auto& training = m_state.training();
    const auto* run = training.run();
    if (!run || !run->lastStep) {
        setSteadyText(m_values[Elapsed], durationText(-1));
        return;
    }
    auto seconds = run->end ? run->end->time : run->lastStep->time;
    if (training.state() == TrainingSession::State::Running)
        seconds += static_cast<double>(m_sinceEvent.elapsed()) / 1000;
    setSteadyText(m_values[Elapsed], durationText(seconds));
}

void NowCard::show()
{
    const auto& training = m_state.training();
    const auto* run = training.run();
    const bool skipped = run && run->lastSkip; // hardly ever: the row appears when it says something
    m_names[Skipped]->setVisible(skipped);
    m_values[Skipped]->setVisible(skipped);
    const auto shown = run ? figures(*run) : Figures();
    for (size_t row = 0; row < RowCount; ++row) {
        if (row == Elapsed)
            continue;
        setSteadyText(m_values[static_cast<int>(row)], shown.texts[row]);
        m_values[static_cast<int>(row)]->setToolTip(shown.tips[row]);
    }
    showElapsed();
    m_activity->setText(run ? activity(*run) : QString());
}

NowCard::Figures NowCard::figures(const LiveRun& run) const
{
    Figures shown;
    const auto set = [&shown](Row row, const QString& text, std::optional<double> exact = std::nullopt) {
        shown.texts[row] = text;
        if (exact)
            shown.tips[row] = exactText(exact);
    };
    if (const auto& step = run.lastStep) {
        const auto total = run.start ? run.start->totalSteps : 0;
        //: step so far / all steps
        set(Step,
            total > 0 ? tr("%1 / %2").arg(countText(step->step), countText(total)) : countText(step->step));
        const auto epochs = run.start ? run.start->epochs : 0;
        const auto epoch = QLocale().toString(step->epoch, 'f', 2);
        set(Epoch, epochs > 0 ? tr("%1 / %2").arg(epoch, QLocale().toString(epochs, 'g', 4)) : epoch,
            step->epoch);
        set(Samples, significantText(step->samplesPerSecond), step->samplesPerSecond);
        set(Tokens, countText(static_cast<int64_t>(step->tokensPerSecond)), step->tokensPerSecond);
        set(Memory, bytesText(step->memoryBytes), static_cast<double>(step->memoryBytes));
        set(Rate, significantText(step->learningRate), step->learningRate);
        set(Loss, significantText(step->loss), step->loss);
    }
    if (const auto left = run.secondsLeft(); left && m_state.training().isRunning())
        set(Left, durationText(*left));
    if (const auto& evaluation = run.lastEvaluation) {
        const auto& metrics = evaluation->metrics;
        const auto name = metrics.accuracy ? "eval_accuracy" : "eval_loss";
        set(Validation, metricText(name, metricValue(metrics, name)), metricValue(metrics, name));
    }
    if (const auto& best = run.bestEvaluation) {
        const auto& name = run.arguments.metricForBestModel;
        const auto value = metricValue(best->metrics, name);
        //: %1 is the value of a metric, %2 the step where it was reached
        set(Best, tr("%1 @ %2").arg(metricText(name, value), countText(best->step)), value);
    }
    if (const auto& skip = run.lastSkip) {
        set(Skipped, countText(skip->count));
        shown.tips[Skipped] = tr("Steps whose loss or gradient was no finite number had no effect. The "
                                 "last one: step %1, rows %2 of the training data.")
                                  .arg(countText(skip->step), rowsText(skip->rows));
    }
    return shown;
}

QString NowCard::activity(const LiveRun& run) const
{
    using State = TrainingSession::State;
    const auto& training = m_state.training();
    const auto& doing = run.doing;
    const auto share = doing.total > 0
        ? percentText(static_cast<double>(doing.done) / static_cast<double>(doing.total), 0)
        : QString();
    if (training.state() == State::Preparing)
        return share.isEmpty() ? tr("Reading model and data…") : tr("Preparing the texts: %1").arg(share);
    if (training.state() == State::Paused)
        return tr("Paused. Resume goes on where it stopped.");
    if (training.state() == State::Stopping)
        return tr("Stopping; a checkpoint is saved.");
    if (doing.state == "evaluating")
        return share.isEmpty() ? tr("Evaluating…") : tr("Evaluating: %1").arg(share);
    if (doing.state == "saving")
        return tr("Saving a checkpoint…");
    return {};
}

void NowCard::retranslate()
{
    //: heading over the figures of the run at this moment
    setHeading(tr("Now"));
    const QString names[]
        = {tr("Step"), tr("Epoch"), tr("Elapsed"), tr("Time left"), tr("Samples/s"), tr("Tokens/s"),
            tr("Memory"), tr("Learning rate"), tr("Loss"), tr("Validation"), tr("Best"), tr("Skipped steps")};
    for (int row = 0; row < RowCount; ++row) {
        m_names[row]->setText(names[row]);
        m_values[row]->setAccessibleName(names[row]);
    }
    show();
}

} // namespace studio
