// SPDX-License-Identifier: MIT
#pragma once

#include "ui/pages/data/data_figures.h"
#include "ui/session/studio_state.h"
#include "ui/widgets/basics.h"

#include <optional>

#include <QDoubleSpinBox>
#include <QSpinBox>
#include <QTableWidget>

class QFormLayout;

namespace studio {

/// How the training file is divided: shares, seed, and the rows of each part that follow from them.
class SplitSection : public Card {
    Q_OBJECT
public:
    SplitSection(StudioState& state, QWidget* parent);

Q_SIGNALS:
    void sharedTextsFound(const std::vector<studio::DataProblem>& problems);

protected:
    void changeEvent(QEvent* event) override;

private:
    void compute();
    void update();
    void fillTable();
    void retranslate();
    [[nodiscard]] SplitOptions options() const;

    StudioState& m_state;
    Disclosure* m_section;
    QLabel *m_validationCaption, *m_testCaption, *m_seedCaption, *m_note;
    QDoubleSpinBox *m_validation, *m_test;
    QSpinBox* m_seed;
    QTableWidget* m_table;
    std::shared_ptr<const Dataset> m_dataset;
    SplitOptions m_computed;
    std::optional<SplitFigures> m_figures;
    std::optional<CaughtError> m_error;
    JobSlot m_job;
};

} // namespace studio
