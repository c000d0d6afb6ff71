// SPDX-License-Identifier: MIT
#include "ui/widgets/wheel_guard.h"

#include <QAbstractSpinBox>
#include <QComboBox>
#include <QEvent>

namespace studio {

namespace {

class WheelGuard : public QObject {
public:
    using QObject::QObject;

protected:
    bool eventFilter(QObject*, QEvent* event) override
    {
        if (event->type() != QEvent::Wheel)
            return false;
        event->ignore(); // the parent is asked next, and so the scroll area
        return true;
    }
};

} // namespace

void leaveWheelToScrolling(QWidget* content)
{
    auto* guard = new WheelGuard(content);
    const auto cover = [guard](QWidget* editor) {
        editor->setFocusPolicy(Qt::StrongFocus); // the wheel does not take the keyboard either
        editor->installEventFilter(guard);
    };
    for (auto* list : content->findChildren<QComboBox*>())
        cover(list);
    for (auto* box : content->findChildren<QAbstractSpinBox*>())
        cover(box);
}

} // namespace studio
