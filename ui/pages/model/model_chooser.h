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
    /// Adds a checkpoint folder or every checkpoint below it, a .gguf file, or the folder of another file,
    /// and chooses the first.
    void add(const QString& path);
    void askForFolder();

Q_SIGNALS:
    void nothingFound(const QString& path);
    void added();

protected:
    void changeEvent(QEvent* event) override;

private:
    void askForFile();
    void update();
    void removeCurrent();
    void retranslate();

    StudioState& m_state;
    KnownModelList* m_models;
    QListView* m_view;
    QPushButton *m_add, *m_addFile, *m_remove;
    QToolButton* m_rescan;
    JobSlot m_search;
};

} // namespace studio
