// SPDX-License-Identifier: MIT
#pragma once

#include "ui/pages/data/data_figures.h"
#include "ui/session/studio_state.h"
#include "ui/widgets/basics.h"
#include "ui/widgets/histogram_view.h"

#include <optional>

#include <QSpinBox>

namespace studio {

/// How long the texts are in tokens of the chosen model, with the maximum length as a line that can be
/// dragged, and how much of the text the model's vocabulary does not know.
class LengthCard : public Card {
    Q_OBJECT
public:
    LengthCard(StudioState& state, QWidget* parent);
    void setPart(DataPart part);

protected:
    void changeEvent(QEvent* event) override;

private:
    void measure();
    void update();
    void showCut(int maximumLength);
    void chooseMaximum(int length);
    [[nodiscard]] int modelLimit() const;
    [[nodiscard]] int maximumLength() const; ///< the job's, else the model's
    void retranslate();

    StudioState& m_state;
    DataPart m_part = DataPart::Train;
    std::optional<TokenLengths> m_lengths;
    std::string m_measuredFolder;
    std::shared_ptr<const Dataset> m_measured;
    HistogramView* m_histogram;
    QLabel *m_progress, *m_cut, *m_summary, *m_unknown, *m_caption;
    QSpinBox* m_maximum;
    QWidget* m_body;
    JobSlot m_measure;
    std::optional<CaughtError> m_error;
};

} // namespace studio
