// SPDX-License-Identifier: MIT
#include "ui/shell/status_line.h"

#include "core/train/devices.h"
#include "ui/widgets/basics.h"
#include "ui/widgets/format.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QProgressBar>

namespace studio {

StatusLine::StatusLine(StudioState& state, QWidget* parent)
    : QWidget(parent)
    , m_state(state)
    , m_run(new QToolButton(this))
    , m_progress(new QProgressBar(this))
    , m_share(new QLabel(this))
    , m_left(new QLabel(this))
    , m_pace(new QLabel(this))
    , m_memory(new QLabel(this))
    , m_device(new QLabel(this))
{
    setObjectName(QStringLiteral("statusLine"));
    setAttribute(Qt::WA_StyledBackground);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setMinimumHeight(26);
    m_run->setObjectName(QStringLiteral("statusButton"));
    m_run->setFocusPolicy(Qt::TabFocus);
    m_progress->setObjectName(QStringLiteral("statusProgress"));
    m_progress->setFixedWidth(160);
    m_progress->setTextVisible(false);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(spacing::small, 2, spacing::medium, 2);
    layout->setSpacing(spacing::medium);
    layout->addWidget(m_run);
    layout->addWidget(m_progress);
    for (auto* label : {m_share, m_left, m_pace})
        layout->addWidget(label);
    layout->addStretch(1);
    layout->addWidget(m_memory);
    layout->addWidget(m_device);
    auto& training = state.training();
    connect(m_run, &QToolButton::clicked, this, &StatusLine::clicked);
    connect(&training, &TrainingSession::stateChanged, this, &StatusLine::update);
    connect(&training, &TrainingSession::eventsReported, this, &StatusLine::update);
    connect(&state, &StudioState::jobChanged, this, &StatusLine::update);
    update();
}

void StatusLine::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        update();
    QWidget::changeEvent(event);
}

void StatusLine::update()
{
    const auto& training = m_state.training();
    const auto* run = training.run();
    const bool running = training.isRunning();
    for (QWidget* widget : {static_cast<QWidget*>(m_progress), static_cast<QWidget*>(m_share),
             static_cast<QWidget*>(m_left), static_cast<QWidget*>(m_pace)})
        widget->setVisible(running);
    QString text;
    switch (training.state()) {
    case TrainingSession::State::Idle:
        text = !run                                        ? tr("Ready")
            : run->end && run->end->outcome == "completed" ? tr("Training is complete")
            : run->end && run->end->outcome == "stopped"   ? tr("Training was stopped")
                                                           : tr("Training failed");
        break;
    case TrainingSession::State::Preparing:
        text = tr("Preparing the run…");
        break;
    case TrainingSession::State::Running:
        text = run->doing.state == "evaluating" ? tr("Evaluating…")
            : run->doing.state == "saving"      ? tr("Saving a checkpoint…")
                                                : tr("Training");
        break;
    case TrainingSession::State::Paused:
        text = tr("Paused");
        break;
    case TrainingSession::State::Stopping:
        text = tr("Stopping; a checkpoint is saved…");
        break;
    }
    if (running) {
        const auto name = std::filesystem::path(run->arguments.outputDir).filename();
        text = QStringLiteral("%1 · %2").arg(text, QString::fromStdString(name.string()));
    }
    m_run->setText(text);
    describe(m_run, text, tr("Open the Train page"));
    m_progress->setAccessibleName(tr("Progress of the run"));
    const auto total = run && run->start ? run->start->totalSteps : 0;
    m_progress->setRange(0, static_cast<int>(total)); // 0…0: busy
    m_progress->setValue(run ? static_cast<int>(run->step()) : 0);
    setSteadyText(m_share,
        total > 0 ? percentText(static_cast<double>(run->step()) / static_cast<double>(total), 0)
                  : QString());
    const auto left = run ? run->secondsLeft() : std::nullopt;
    setSteadyText(m_left, left ? tr("%1 left").arg(durationText(*left)) : QString());
    const auto* last = run && run->lastStep ? &*run->lastStep : nullptr;
    setSteadyText(m_pace, last ? tr("%1 samples/s").arg(significantText(last->samplesPerSecond)) : QString());
    setSteadyText(m_memory, last && running ? tr("%1 memory").arg(bytesText(last->memoryBytes)) : QString());
    const auto device = run && run->start && running ? run->start->device : m_state.job().device;
    //: %1 is a device: CPU, CUDA:0
    m_device->setText(
        device == "auto" ? tr("Device: automatic") : tr("Device: %1").arg(fromCore(device).toUpper()));
}

} // namespace studio
