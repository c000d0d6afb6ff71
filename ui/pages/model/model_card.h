// SPDX-License-Identifier: MIT
#pragma once

#include "ui/session/studio_state.h"
#include "ui/widgets/basics.h"
#include "ui/widgets/error_banner.h"

#include <QPlainTextEdit>
#include <QProgressBar>

class QGridLayout;

namespace studio {

/// What the chosen model is: figures, memory to train, what will be created, what is wrong.
class ModelCard : public Card {
    Q_OBJECT
public:
    ModelCard(StudioState& state, QWidget* parent);

protected:
    void changeEvent(QEvent* event) override;

private:
    enum Fact {
        Architecture,
        Parameters,
        Layers,
        Width,
        Heads,
        Vocabulary,
        Tokeniser,
        Positions,
        LongestInput,
        Languages,
        Format,
        Size,
        Precision,
        Memory,
        Classes,
        FactCount
    };
    void update();
    void showFacts(const CheckpointInfo& info);
    void showRemarks(const CheckpointInfo& info);
    void showPlan(const CheckpointInfo& info);
    void setFact(Fact fact, const QString& value, const QString& toolTip = {});
    void retranslate();

    StudioState& m_state;
    ElidedLabel *m_name, *m_folder;
    QToolButton* m_copy;
    QPushButton* m_openFolder;
    QProgressBar* m_progress;
    QWidget* m_facts;
    std::vector<QLabel*> m_captions;
    std::vector<QLabel*> m_values;
    ErrorBanner *m_error, *m_remark;
    QLabel *m_ready, *m_plan;
};

} // namespace studio
