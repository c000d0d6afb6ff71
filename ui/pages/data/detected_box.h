// SPDX-License-Identifier: MIT
#pragma once

#include <QComboBox>
#include <QStyleOption>
#include <QStylePainter>

namespace studio {

/// A combo box whose first entry is what was detected, "UTF-8 (auto)". Where there is no room for that the
/// closed box shows the short form, "UTF-8".
class DetectedBox : public QComboBox {
public:
    using QComboBox::QComboBox;
    static constexpr int shortTextRole = Qt::UserRole + 1;

protected:
    void paintEvent(QPaintEvent*) override
    {
        QStylePainter painter(this);
        QStyleOptionComboBox option;
        initStyleOption(&option);
        const auto room
            = style()->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxEditField, this);
        const auto shorter = currentData(shortTextRole).toString();
        if (!shorter.isEmpty() && fontMetrics().horizontalAdvance(option.currentText) > room.width())
            option.currentText = shorter;
        option.currentText = fontMetrics().elidedText(option.currentText, Qt::ElideRight, room.width());
        painter.drawComplexControl(QStyle::CC_ComboBox, option);
        painter.drawControl(QStyle::CE_ComboBoxLabel, option);
    }
};

} // namespace studio
