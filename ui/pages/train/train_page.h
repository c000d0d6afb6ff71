// SPDX-License-Identifier: MIT
#pragma once

#include "ui/shell/page.h"

class QFrame;
class QPushButton;

namespace studio {

class NowCard;
class RunLog;
class SettingsPanel;
class TrainingCharts;

/// Settings at the left, live curves in the middle, figures and log at the right.
class TrainPage : public Page {
    Q_OBJECT
public:
    explicit TrainPage(StudioState& state, QWidget* parent = nullptr);
    [[nodiscard]] bool isDone() const override;
    /// Starts the job of the settings; asks first where the tokeniser does not know much of the texts.
    void start();
    [[nodiscard]] bool canStart() const;

protected:
    void retranslate() override;

private:
    void showEnd();
    void startWithEnoughMemory(); ///< or asks
    void faceTrouble(const StateEvent& pause);
    void showTrouble();
    void askAboutNonFiniteSteps();
    void faceFailure(ErrorKind kind, const QString& detail);

    SettingsPanel* m_settings;
    TrainingCharts* m_charts;
    NowCard* m_now;
    RunLog* m_log;
    QFrame* m_endCard;
    QLabel* m_endText;
    QPushButton *m_toResults, *m_toTryIt;
    StateEvent m_trouble; ///< why the run has paused by itself; its reason is empty while it has not
};

} // namespace studio
