// SPDX-License-Identifier: MIT
#pragma once

#include "ui/pages/model/checkpoint_help.h"
#include "ui/pages/model/model_card.h"
#include "ui/pages/model/model_chooser.h"
#include "ui/shell/page.h"

#include <QMenu>
#include <QSplitter>
#include <QToolButton>

namespace studio {

/// Which model is fine-tuned: the list of known ones, and what the chosen one is.
class ModelPage : public Page {
    Q_OBJECT
public:
    explicit ModelPage(StudioState& state, QWidget* parent = nullptr);
    [[nodiscard]] bool isDone() const override;
    void askForFolder(); ///< of models to be added

protected:
    void retranslate() override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void updateChoice();
    void updateWarning();
    void fillRecent();

    QSplitter* m_splitter;
    ModelChooser* m_chooser;
    ModelCard* m_card;
    EmptyState* m_noModel;
    CheckpointHelp* m_help;
    QToolButton* m_recent;
    QString m_nothingFound; ///< folder without a checkpoint that was to be added
    QString m_lastFolder;
};

} // namespace studio
