// SPDX-License-Identifier: MIT
#pragma once

#include "ui/session/studio_state.h"

#include <QToolButton>
#include <QWidget>

namespace studio {

/// Button of the rail: icon over word, a dot while its page is at work, a tick when its step is done.
class RailButton : public QToolButton {
    Q_OBJECT
public:
    enum class Mark { None, Done, Busy };
    RailButton(const QString& icon, QWidget* parent);
    void setMark(Mark mark);
    [[nodiscard]] Mark mark() const { return m_mark; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Mark m_mark = Mark::None;
};

/// The pages in the order of the work, at the left of the window.
class Rail : public QWidget {
    Q_OBJECT
public:
    explicit Rail(QWidget* parent = nullptr);
    void setCurrent(PageId page);
    [[nodiscard]] RailButton* button(PageId page) const { return m_buttons.value(static_cast<int>(page)); }

Q_SIGNALS:
    void pageChosen(studio::PageId page);

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();
    QList<RailButton*> m_buttons; ///< by PageId
};

/// Names of the pages as they stand on rail and menu.
[[nodiscard]] QString pageName(PageId page);

} // namespace studio
