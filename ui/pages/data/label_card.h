// SPDX-License-Identifier: MIT
#pragma once

#include "ui/session/studio_state.h"
#include "ui/widgets/bar_list.h"
#include "ui/widgets/basics.h"
#include "ui/widgets/histogram_view.h"

namespace studio {

/// How the labels of a file are distributed: a bar a class, or a histogram of the numbers of a regression.
class LabelCard : public Card {
    Q_OBJECT
public:
    LabelCard(StudioState& state, QWidget* parent);
    void setPart(DataPart part);

protected:
    void changeEvent(QEvent* event) override;

private:
    void update();
    void showBars(const Dataset& dataset);
    void readTargets();
    void retranslate();

    StudioState& m_state;
    DataPart m_part = DataPart::Train;
    BarList* m_bars;
    HistogramView* m_histogram;
    QLabel* m_summary;
    QPushButton *m_all, *m_asNumbers;
    bool m_showAll = false;
    JobSlot m_targets;
};

} // namespace studio
