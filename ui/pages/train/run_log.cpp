// SPDX-License-Identifier: MIT
#include "ui/pages/train/run_log.h"

#include "ui/pages/train/argument_text.h"
#include "ui/pages/train/now_card.h"
#include "ui/widgets/format.h"
#include "ui/widgets/warning_text.h"

#include <QApplication>
#include <QClipboard>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QVBoxLayout>

namespace studio {

RunLog::RunLog(StudioState& state, QWidget* parent)
    : Card(parent)
    , m_state(state)
    , m_text(new QPlainTextEdit(this))
    , m_copy(makeToolButton(this, QStringLiteral("copy"), QStringLiteral("copyLog")))
{
    m_text->setObjectName(QStringLiteral("logText"));
    m_text->setReadOnly(true);
    m_text->setTabChangesFocus(true);
    m_text->setMaximumBlockCount(5000);
    m_text->setLineWrapMode(QPlainTextEdit::WidgetWidth);
    addHeadingWidget(m_copy);
    content()->addWidget(m_text, 1);
    connect(m_copy, &QToolButton::clicked, this, [this] { QApplication::clipboard()->setText(text()); });
    connect(&state.training(), &TrainingSession::started, m_text, &QPlainTextEdit::clear);
    connect(&state.training(), &TrainingSession::eventsReported, this, &RunLog::append);
    retranslate();
}

QString RunLog::text() const
{
    return m_text->toPlainText();
}

void RunLog::append(const QList<TrainEvent>& events)
{
    QStringList lines;
    for (const auto& event : events) {
        if (const auto line = lineOf(event); !line.isEmpty())
            lines.append(line);
    }
    if (lines.isEmpty())
        return;
    // Who has scrolled up to read is left there.
    auto* bar = m_text->verticalScrollBar();
    const bool atEnd = bar->value() >= bar->maximum() - 1;
    m_text->appendPlainText(lines.join(QLatin1Char('\n')));
    if (atEnd)
        bar->setValue(bar->maximum());
}

QString RunLog::lineOf(const TrainEvent& event) const
{
    if (const auto* start = std::get_if<StartEvent>(&event)) {
        auto line = tr("Started: %1 training rows, %2 validation rows, %3 steps, device %4, precision %5.")
                        .arg(countText(start->trainRows), countText(start->validationRows),
                            countText(start->totalSteps), fromCore(start->device).toUpper(),
                            fromCore(start->precision));
        return line;
    }
    if (const auto* step = std::get_if<StepEvent>(&event)) {
        // About fifty lines a run; the curves hold every point.
        const auto* run = m_state.training().run();
        const auto every = std::max<int64_t>(1, (run && run->start ? run->start->totalSteps : 0) / 50);
        if (step->step % every != 0)
            return {};
        return tr("Step %1: loss %2, learning rate %3")
            .arg(countText(step->step), significantText(step->loss, 4), significantText(step->learningRate));
    }
    if (const auto* evaluation = std::get_if<EvaluateEvent>(&event)) {
        const auto& metrics = evaluation->metrics;
        const auto step = countText(evaluation->step);
        const auto loss = significantText(metrics.loss, 4);
        QString line;
        if (metrics.accuracy)
            line = evaluation->part == "test"
                ? tr("Test: loss %1, accuracy %2, macro F1 %3")
                      .arg(loss, percentText(metrics.accuracy), percentText(metrics.f1))
                : tr("Step %1, validation: loss %2, accuracy %3, macro F1 %4")
                      .arg(step, loss, percentText(metrics.accuracy), percentText(metrics.f1));
        else
            line = evaluation->part == "test" ? tr("Test: loss %1").arg(loss)
                                              : tr("Step %1, validation: loss %2").arg(step, loss);
        //: appended to a line of the log: this evaluation is the best one so far
        return evaluation->best ? tr("%1 (best so far)").arg(line) : line;
    }
    if (const auto* checkpoint = std::get_if<CheckpointEvent>(&event))
        return tr("Step %1: checkpoint saved in %2")
            .arg(countText(checkpoint->step), fromCore(checkpoint->path));
    if (const auto* warning = std::get_if<WarningEvent>(&event))
        return tr("Warning: %1").arg(warningText(warning->message));
    if (const auto* resumed = std::get_if<ResumeEvent>(&event))
        return tr("Resumed after step %1.").arg(countText(resumed->step));
    if (const auto* skip = std::get_if<SkipEvent>(&event)) {
        const auto rows = rowsText(skip->rows);
        return skip->reason == "loss"
            ? tr("Step %1 was skipped: its loss is no finite number. Rows of the training data: %2")
                  .arg(countText(skip->step), rows)
            : tr("Step %1 was skipped: its gradient is no finite number. Rows of the training data: %2")
                  .arg(countText(skip->step), rows);
    }
    if (const auto* change = std::get_if<ChangeEvent>(&event)) {
        const auto* argument = findArgument(change->name);
        if (!argument)
            return {};
        //: %2 is the name of a setting, %3 its new value, %4 the one it had
        return tr("After step %1: %2 is %3 (was %4).")
            .arg(countText(change->step), argumentLabel(change->name),
                argumentShortText(*argument, change->after), argumentShortText(*argument, change->before));
    }
    if (const auto* end = std::get_if<EndEvent>(&event)) {
        if (end->outcome == "completed")
            return tr("Complete after %1. Result: %2").arg(durationText(end->time), fromCore(end->outputDir));
        if (end->outcome == "stopped")
            return tr("Stopped at step %1; the run can be resumed.").arg(countText(end->step));
        return tr("Failed: %1").arg(fromCore(end->message));
    }
    return {};
}

void RunLog::retranslate()
{
    setHeading(tr("Log"));
    describe(m_copy, tr("Copy the log"));
    m_text->setAccessibleName(tr("Log of the run"));
    m_text->setPlaceholderText(tr("What happens in a run is written here."));
    m_text->clear();
    if (const auto* run = m_state.training().run())
        append({run->events.begin(), run->events.end()});
}

} // namespace studio
