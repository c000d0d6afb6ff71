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

    SettingsPanel* m_settings;
    TrainingCharts* m_charts;
    NowCard* m_now;
    RunLog* m_log;
    QFrame* m_endCard;
    QLabel* m_endText;
    QPushButton *m_toResults, *m_toTryIt;
};

} // namespace studio
