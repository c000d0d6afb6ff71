// SPDX-License-Identifier: MIT
#include "ui/pages/train/train_page.h"

#include "ui/pages/train/argument_text.h"
#include "ui/pages/train/now_card.h"
#include "ui/pages/train/run_log.h"
#include "ui/pages/train/settings_panel.h"
#include "ui/pages/train/training_charts.h"
#include "ui/shell/rail.h"
#include "ui/theme/icons.h"
#include "ui/widgets/dialogs.h"
#include "ui/widgets/format.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

namespace studio {

namespace {

/// Share of unknown characters from which on Start asks.
constexpr double manyUnknown = 0.2;

} // namespace

TrainPage::TrainPage(StudioState& state, QWidget* parent)
    : Page(PageId::Train, state, parent)
    , m_settings(new SettingsPanel(state, content()))
    , m_charts(new TrainingCharts(state, content()))
    , m_now(new NowCard(state, content()))
    , m_log(new RunLog(state, content()))
    , m_endCard(new QFrame(content()))
    , m_endLayout(new QBoxLayout(QBoxLayout::LeftToRight, m_endCard))
    , m_endText(new QLabel(m_endCard))
    , m_toResults(new QPushButton(m_endCard))
    , m_toTryIt(new QPushButton(m_endCard))
{
    m_settings->setMaximumWidth(400);
    m_now->setMinimumWidth(248);
    m_now->setMaximumWidth(280);
    m_log->setMaximumWidth(280);
    setRole(m_endCard, "card");
    m_endText->setObjectName(QStringLiteral("endText"));
    m_endText->setWordWrap(true);
    m_toResults->setObjectName(QStringLiteral("toResults"));
    m_toTryIt->setObjectName(QStringLiteral("toTryIt"));
    m_toResults->setIcon(themedIcon(QStringLiteral("results")));
    m_toTryIt->setIcon(themedIcon(QStringLiteral("try")));
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(spacing::small);
    buttons->addWidget(m_toResults);
    buttons->addWidget(m_toTryIt);
    buttons->addStretch();
    m_endLayout->setContentsMargins(spacing::medium, spacing::small, spacing::small, spacing::small);
    m_endLayout->setSpacing(spacing::small);
    m_endLayout->addWidget(m_endText, 1);
    m_endLayout->addLayout(buttons);
    m_endCard->installEventFilter(this);
    m_endCard->hide();
    auto* middle = new QVBoxLayout;
    middle->setSpacing(spacing::medium);
    middle->addWidget(m_endCard);
    middle->addWidget(m_charts, 1);
    auto* right = new QVBoxLayout;
    right->setSpacing(spacing::medium);
    right->addWidget(m_now);
    right->addWidget(m_log, 1);
    auto* layout = new QHBoxLayout(content());
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(spacing::medium);
    layout->addWidget(m_settings, 3);
    layout->addLayout(middle, 7);
    layout->addLayout(right, 2);

    auto& training = state.training();
    connect(m_settings, &SettingsPanel::startRequested, this, &TrainPage::start);
    connect(m_charts, &TrainingCharts::exportFailed, &banner(), &ErrorBanner::showError);
    connect(&state, &StudioState::startFailed, &banner(), &ErrorBanner::showError);
    connect(&training, &TrainingSession::failed, this, &TrainPage::faceFailure);
    connect(&training, &TrainingSession::troubled, this, &TrainPage::faceTrouble);
    connect(&training, &TrainingSession::stateChanged, this, [this](TrainingSession::State now) {
        if (now == TrainingSession::State::Paused || m_trouble.reason.empty())
            return;
        m_trouble = {};
        banner().clear();
    });
    connect(&training, &TrainingSession::started, this, [this] {
        banner().clear();
        showEnd();
    });
    connect(&training, &TrainingSession::finished, this, &TrainPage::showEnd);
    connect(&training, &TrainingSession::finished, this, &Page::doneChanged);
    connect(m_toResults, &QPushButton::clicked, this,
        [this] { this->state().showRun(this->state().training().run()->arguments.outputDir); });
    connect(m_toTryIt, &QPushButton::clicked, this,
        [this] { this->state().tryModel(fromCore(this->state().training().run()->arguments.outputDir)); });
    retranslate();
}

bool TrainPage::isDone() const
{
    const auto* run = state().training().run();
    return run && run->end && run->end->outcome == "completed";
}

bool TrainPage::canStart() const
{
    return !state().training().isRunning() && m_settings->obstacle().isEmpty();
}

void TrainPage::start()
{
    if (!canStart()) {
        state().openPage(PageId::Train); // where the reason stands
        return;
    }
    const auto& estimate = m_settings->estimate();
    if (!estimate || estimate->unknownShare < manyUnknown) {
        startWithEnoughMemory();
        return;
    }
    using dialogs::ButtonRole;
    dialogs::ask(this, tr("Unknown characters"),
        tr("The model's tokeniser does not know %1 of the characters in the training texts. The model cannot "
           "see "
           "them, so it will learn little from these texts.")
            .arg(percentText(estimate->unknownShare, 0)),
        {tr("A model whose vocabulary covers the language of the texts gives much better results.")},
        {{tr("&Train anyway"), ButtonRole::Accept}, {tr("Choose another &model"), ButtonRole::Accept},
            {tr("Cancel"), ButtonRole::Cancel}},
        [this](int chosen) {
            if (chosen == 0)
                startWithEnoughMemory();
            else if (chosen == 1)
                state().openPage(PageId::Model);
        });
}

void TrainPage::startWithEnoughMemory()
{
    const auto& estimate = m_settings->estimate();
    const auto available = state().training().memory().availableBytes;
    const bool gpu = state().job().device.rfind("cuda", 0) == 0; // has memory of its own
    if (!estimate || gpu || estimate->memoryBytes <= available) {
        state().startTraining();
        return;
    }
    using dialogs::ButtonRole;
    dialogs::ask(this, tr("Little memory"),
        tr("This run needs about %1 of memory, and only %2 are available.")
            .arg(bytesText(estimate->memoryBytes), bytesText(available)),
        {tr("A smaller batch size, shorter inputs or a smaller model need less. Should memory run out, a "
            "checkpoint is saved and the run pauses.")},
        {{tr("&Train anyway"), ButtonRole::Accept}, {tr("Cancel"), ButtonRole::Cancel}}, [this](int chosen) {
            if (chosen == 0)
                state().startTraining();
        });
}

void TrainPage::faceTrouble(const StateEvent& pause)
{
    m_trouble = pause;
    showTrouble();
    if (pause.reason == "not_finite")
        askAboutNonFiniteSteps();
}

void TrainPage::showTrouble()
{
    if (m_trouble.reason == "not_finite")
        banner().showWarning(
            tr("The run is paused: three steps in a row had no finite loss or gradient. Stop "
               "it, or resume it as it is."));
    else if (m_trouble.reason == "memory")
        banner().showWarning(
            tr("The run is paused: the memory of this machine is nearly used up. A checkpoint "
               "was saved. Close other programs, then resume the run."));
    else if (m_trouble.reason == "disk_full")
        banner().showWarning(tr("The run is paused: the disk is full. Free some space, and it goes on; the "
                                "log names the folder."));
    else if (m_trouble.reason == "folder")
        banner().showWarning(
            tr("The run is paused: its folder cannot be written. Once it can, the run goes on; "
               "the log says what is wrong."));
}

void TrainPage::askAboutNonFiniteSteps()
{
    const auto& run = *state().training().run();
    QStringList details;
    for (auto event = run.events.rbegin(); event != run.events.rend() && details.size() < 3; ++event) {
        if (const auto* skip = std::get_if<SkipEvent>(&*event))
            details.prepend(
                tr("Step %1: rows %2 of the training data").arg(countText(skip->step), rowsText(skip->rows)));
    }
    details.append(
        tr("These steps had no effect on the model. Usually the learning rate (%1) is too high, or "
           "these rows hold something unusual.")
            .arg(significantText(run.arguments.learningRate)));
    const auto lower = run.arguments.learningRate / 2;
    const auto step = m_trouble.goodStep;
    using dialogs::ButtonRole;
    dialogs::ask(this, tr("No finite loss"),
        tr("The loss or gradient of three steps in a row was no finite number, so the run has paused."),
        details,
        {{step ? tr("&Go back to step %1 with learning rate %2").arg(countText(*step), significantText(lower))
               : tr("&Begin again with learning rate %1").arg(significantText(lower)),
             ButtonRole::Accept},
            {tr("Go &on as it is"), ButtonRole::Accept}, {tr("&Stop the run"), ButtonRole::Destructive},
            {tr("Stay paused"), ButtonRole::Cancel}},
        [this, step, lower](int chosen) {
            if (chosen == 0)
                state().goBack(step, lower);
            else if (chosen == 1)
                state().training().resume();
            else if (chosen == 2)
                state().training().stop();
        });
}

void TrainPage::faceFailure(ErrorKind kind, const QString& detail)
{
    banner().showError(kind, detail);
    const auto* run = state().training().run();
    if (kind != ErrorKind::Data || !run || !run->arguments.resumeFromCheckpoint
        || !detail.contains(QLatin1String(changedDataPhrase)))
        return;
    using dialogs::ButtonRole;
    dialogs::ask(this, tr("Changed data"),
        tr("A data file is no longer the one that this run began with. Go on with it as it is now?"),
        {detail, tr("The result will differ from that of an uninterrupted run.")},
        {{tr("&Go on with the changed data"), ButtonRole::Accept}, {tr("Cancel"), ButtonRole::Cancel}},
        [this, folder = run->arguments.outputDir](int chosen) {
            if (chosen == 0)
                state().resumeRun(folder, true);
        });
}

void TrainPage::showEnd()
{
    const auto* run = state().training().run();
    const bool ended = run && run->end && !state().training().isRunning() && run->end->outcome != "failed";
    m_endCard->setVisible(ended);
    if (!ended)
        return;
    m_endText->setText(endText(*run));
    fitEnd();
}

QString TrainPage::endText(const LiveRun& run) const
{
    if (run.end->outcome == "stopped")
        return tr("Training was stopped at step %1. A checkpoint was saved; Resume on the Runs page goes on.")
            .arg(countText(run.end->step));
    if (!run.bestEvaluation)
        return tr("Training is complete.");
    const auto metric = bestMetricKey(run.arguments);
    const auto value = metricText(metric, metricValue(run.bestEvaluation->metrics, metric));
    const auto step = countText(run.bestEvaluation->step);
    if (metric == "eval_accuracy")
        return tr("Training is complete. Best model: validation accuracy %1 at step %2.").arg(value, step);
    //: %2 is the name of the metric that the model was chosen by, %3 its value
    return tr("Training is complete. Best model at step %1: %2 %3.")
        .arg(step, choiceLabel("metric_for_best_model", metric), value);
}

void TrainPage::fitEnd()
{
    const auto margins = m_endLayout->contentsMargins();
    const int room = m_endCard->contentsRect().width() - margins.left() - margins.right()
        - m_toResults->sizeHint().width() - m_toTryIt->sizeHint().width() - 2 * spacing::small;
    // Two lines are about as high as the buttons.
    const bool beside
        = room > 0 && m_endText->heightForWidth(room) <= 2 * m_endText->fontMetrics().lineSpacing() + 2;
    m_endLayout->setDirection(beside ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
}

bool TrainPage::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Resize)
        fitEnd();
    return Page::eventFilter(watched, event);
}

void TrainPage::retranslate()
{
    setTitle(pageName(PageId::Train));
    m_settings->retranslate();
    m_charts->retranslate();
    m_now->retranslate();
    m_log->retranslate();
    m_toResults->setText(tr("See the resu&lts"));
    m_toTryIt->setText(tr("Tr&y it"));
    showTrouble();
    showEnd();
}

} // namespace studio
