// SPDX-License-Identifier: MIT
#pragma once

#include "ui/session/studio_state.h"
#include "ui/widgets/basics.h"

#include <QComboBox>
#include <QLineEdit>
#include <QMenu>

class QHBoxLayout;

namespace studio {

/// Which columns mean what: text, second text, label(s), and the kind of task.
class MappingBar : public QWidget {
    Q_OBJECT
public:
    MappingBar(StudioState& state, QWidget* parent);
    void setPart(DataPart part);

protected:
    void changeEvent(QEvent* event) override;

private:
    QComboBox* addBox(QHBoxLayout* layout, QLabel*& caption, const QString& objectName);
    void update();
    void fillLabels(const QStringList& columns);
    void showColumnMenu();
    void editMapping(const std::function<void(ColumnMapping&)>& change);
    void retranslate();
    [[nodiscard]] DataSession& session() const { return m_state.data(m_part); }

    StudioState& m_state;
    DataPart m_part = DataPart::Train;
    QLabel *m_textCaption, *m_pairCaption, *m_labelCaption, *m_taskCaption, *m_separatorCaption;
    QComboBox *m_text, *m_pair, *m_label, *m_task;
    QLineEdit* m_separator;
    std::string m_separatorFile; ///< the training file that the separator is of
    QWidget* m_separatorField;
    QMenu* m_columns;
};

} // namespace studio
