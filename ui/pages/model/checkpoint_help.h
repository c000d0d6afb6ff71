// SPDX-License-Identifier: MIT
#pragma once

#include "ui/widgets/basics.h"

#include <QComboBox>
#include <QLineEdit>

namespace studio {

/// How to get a checkpoint: which files a folder needs, and commands that fetch one, to copy.
class CheckpointHelp : public Card {
    Q_OBJECT
public:
    explicit CheckpointHelp(QWidget* parent);
    void setOpen(bool open) { m_section->setOpen(open); }

protected:
    void changeEvent(QEvent* event) override;

private:
    struct Command {
        QLabel* caption;
        QLineEdit* text;
        QToolButton* copy;
    };
    Command addCommand(QVBoxLayout* layout, const QString& objectName);
    void showCommands();
    void retranslate();

    Disclosure* m_section;
    QLabel *m_files, *m_exampleCaption, *m_after;
    QComboBox* m_example;
    Command m_install, m_download;
};

} // namespace studio
