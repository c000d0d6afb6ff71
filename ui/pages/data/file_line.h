// SPDX-License-Identifier: MIT
#pragma once

#include "ui/session/studio_state.h"
#include "ui/widgets/basics.h"

#include <QComboBox>
#include <QProgressBar>

class QGridLayout;

namespace studio {

/// One data file of the job: name, size and rows, and how it is read (each setting changeable).
class FileLine : public QWidget {
    Q_OBJECT
public:
    FileLine(StudioState& state, QWidget* parent);
    void setPart(DataPart part);

Q_SIGNALS:
    void openRequested();

protected:
    void changeEvent(QEvent* event) override;

private:
    struct Setting {
        QLabel* caption;
        QComboBox* box;
    };
    Setting addSetting(
        QGridLayout* grid, int column, const QString& objectName, std::string TrainingArguments::*field);
    void update();
    void updateSettings();
    void retranslate();
    [[nodiscard]] DataSession& session() const { return m_state.data(m_part); }

    StudioState& m_state;
    DataPart m_part = DataPart::Train;
    QLabel* m_icon;
    ElidedLabel* m_name;
    QLabel* m_facts;
    QProgressBar* m_progress;
    QPushButton *m_open, *m_remove;
    QWidget* m_settings;
    Setting m_encoding, m_format, m_delimiter, m_quote, m_header;
};

} // namespace studio
