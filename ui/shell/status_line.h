// SPDX-License-Identifier: MIT
#pragma once

#include "ui/session/studio_state.h"

#include <QWidget>

class QLabel;
class QProgressBar;
class QToolButton;

namespace studio {

/// Foot of the window: device · run · progress · ETA · pace · memory. A click opens Train.
class StatusLine : public QWidget {
    Q_OBJECT
public:
    explicit StatusLine(StudioState& state, QWidget* parent = nullptr);

Q_SIGNALS:
    void clicked();

protected:
    void changeEvent(QEvent* event) override;

private:
    void update();

    StudioState& m_state;
    QToolButton* m_run;
    QProgressBar* m_progress;
    QLabel *m_share, *m_left, *m_pace, *m_memory, *m_device;
};

} // namespace studio
