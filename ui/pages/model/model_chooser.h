// SPDX-License-Identifier: MIT
#pragma once

#include "ui/models/known_model_list.h"
#include "ui/widgets/basics.h"

#include <QListView>

namespace studio {

/// The list of known models; choosing one makes it the job's. Folders can be added and taken off the list.
class ModelChooser : public Card {
    Q_OBJECT
public:
    ModelChooser(StudioState& state, QWidget* parent);
    /// Adds a checkpoint folder, or every checkpoint below it, and chooses the first.
    void addFolder(const QString& folder);
    void askForFolder();

Q_SIGNALS:
    void nothingFound(const QString& folder);
    void added();

protected:
    void changeEvent(QEvent* event) override;

private:
    void update();
    void removeCurrent();
    void retranslate();

    StudioState& m_state;
    KnownModelList* m_models;
    QListView* m_view;
    QPushButton *m_add, *m_remove;
    QToolButton* m_rescan;
    JobSlot m_search;
};

} // namespace studio
