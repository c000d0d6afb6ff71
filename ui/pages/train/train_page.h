// SPDX-License-Identifier: MIT
#pragma once

#include "ui/shell/page.h"

class QBoxLayout;
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
    bool eventFilter(QObject* watched, QEvent* event) override; ///< of the end card

private:
    void showEnd();
    [[nodiscard]] QString endText(const LiveRun& run) const;
    void fitEnd(); ///< its buttons beside the text, or below where that leaves the text a narrow column
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
    QBoxLayout* m_endLayout;
    QLabel* m_endText;
    QPushButton *m_toResults, *m_toTryIt;
    StateEvent m_trouble; ///< why the run has paused by itself; its reason is empty while it has not
};

} // namespace studio
