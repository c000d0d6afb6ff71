// SPDX-License-Identifier: MIT
#pragma once

#include "ui/session/studio_state.h"
#include "ui/widgets/basics.h"

class QPlainTextEdit;

namespace studio {

/// What happened in the run, a line each, to read and to copy.
class RunLog : public Card {
    Q_OBJECT
public:
    explicit RunLog(StudioState& state, QWidget* parent = nullptr);
    void retranslate(); ///< writes the lines again in the language of the window
    [[nodiscard]] QString text() const;

private:
    void append(const QList<TrainEvent>& events);
    [[nodiscard]] QString lineOf(const TrainEvent& event) const;

    StudioState& m_state;
    QPlainTextEdit* m_text;
    QToolButton* m_copy;
};

} // namespace studio
