// SPDX-License-Identifier: MIT
#include "ui/pages/train/train_page.h"

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
    , m_endText(new QLabel(m_endCard))
    , m_toResults(new QPushButton(m_endCard))
    , m_toTryIt(new QPushButton(m_endCard))
{
    m_settings->setMinimumWidth(290);
    m_settings->setMaximumWidth(380);
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
    auto* end = new QHBoxLayout(m_endCard);
    end->setContentsMargins(spacing::medium, spacing::small, spacing::small, spacing::small);
    end->addWidget(m_endText, 1);
    end->addWidget(m_toResults);
    end->addWidget(m_toTryIt);
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
    connect(&training, &TrainingSession::failed, &banner(), &ErrorBanner::showError);
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
        state().startTraining();
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
                state().startTraining();
            else if (chosen == 1)
                state().openPage(PageId::Model);
        });
}

void TrainPage::showEnd()
{
    const auto* run = state().training().run();
    const bool ended = run && run->end && !state().training().isRunning() && run->end->outcome != "failed";
    m_endCard->setVisible(ended);
    if (!ended)
        return;
    if (run->end->outcome == "stopped") {
        m_endText->setText(
            tr("Training was stopped at step %1. A checkpoint was saved; Resume on the Runs page goes on.")
                .arg(countText(run->end->step)));
        return;
    }
    if (run->bestEvaluation && run->bestEvaluation->metrics.accuracy)
        m_endText->setText(tr("Training is complete. Best model: validation accuracy %1 at step %2.")
                               .arg(percentText(run->bestEvaluation->metrics.accuracy),
                                   countText(run->bestEvaluation->step)));
    else
        m_endText->setText(tr("Training is complete."));
}

void TrainPage::retranslate()
{
    setTitle(pageName(PageId::Train));
    m_settings->retranslate();
    m_charts->retranslate();
    m_now->retranslate();
    m_log->retranslate();
    m_toResults->setText(tr("See the &results"));
    m_toTryIt->setText(tr("Tr&y it"));
    showEnd();
}

} // namespace studio
