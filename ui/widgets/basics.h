// SPDX-License-Identifier: MIT
#pragma once

#include <QFrame>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>

class QHBoxLayout;
class QVBoxLayout;

namespace studio {

/// Spacings of the program: 4 · 8 · 12 · 16 · 24.
namespace spacing {
constexpr int tiny = 4, small = 8, medium = 12, large = 16, huge = 24;
}

/// A surface with a rounded border, an optional heading with actions at its right, and content below.
class Card : public QFrame {
    Q_OBJECT
public:
    explicit Card(QWidget* parent = nullptr);
    void setHeading(const QString& text); ///< empty: no heading line
    [[nodiscard]] QVBoxLayout* content() const { return m_content; }
    void addHeadingWidget(QWidget* widget); ///< at the right of the heading

private:
    QWidget* m_headingLine;
    QLabel* m_heading;
    QHBoxLayout* m_headingLayout;
    QVBoxLayout* m_content;
};

/// One sentence and one button, where there is nothing to show yet.
class EmptyState : public QWidget {
    Q_OBJECT
public:
    explicit EmptyState(const QString& iconName, QWidget* parent = nullptr);
    void setTexts(const QString& sentence, const QString& button); ///< empty `button`: none

Q_SIGNALS:
    void clicked();

private:
    QLabel *m_icon, *m_sentence;
    QPushButton* m_button;
};

/// A label that cuts its text with "…" when there is too little room; the whole text is the tooltip.
class ElidedLabel : public QLabel {
    Q_OBJECT
public:
    explicit ElidedLabel(QWidget* parent = nullptr);
    void setFullText(const QString& text, Qt::TextElideMode mode = Qt::ElideRight);
    [[nodiscard]] QString fullText() const { return m_text; }
    [[nodiscard]] QSize minimumSizeHint() const override;
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void elide();
    QString m_text;
    Qt::TextElideMode m_mode = Qt::ElideRight;
};

/// Folded section: a heading that opens it, and the state in one line while it is closed.
class Disclosure : public QWidget {
    Q_OBJECT
public:
    explicit Disclosure(QWidget* parent = nullptr);
    void setTexts(const QString& heading, const QString& summary = {});
    [[nodiscard]] QWidget* body() const { return m_body; } ///< give it a layout
    [[nodiscard]] bool isOpen() const { return m_button->isChecked(); }
    void setOpen(bool open);

Q_SIGNALS:
    void toggled(bool open);

private:
    QToolButton* m_button;
    ElidedLabel* m_summary;
    QWidget* m_body;
};

/// Sets a style role ("muted", "heading", "primary", …: ui/theme/studio.qss) and refreshes the style.
void setRole(QWidget* widget, const char* role);
[[nodiscard]] QLabel* makeLabel(QWidget* parent, const char* role = nullptr);
/// For texts that change many times a minute: the label grows with them and never shrinks, so that the page
/// is laid out anew only where one is longer than all before it.
void setSteadyText(QLabel* label, const QString& text);
/// Tool button with an icon of the theme; texts come from the caller's retranslate().
[[nodiscard]] QToolButton* makeToolButton(QWidget* parent, const QString& icon, const QString& objectName);
/// Tooltip and accessible name at once.
void describe(QWidget* widget, const QString& name, const QString& toolTip = {});
/// Line edits, combo boxes, buttons: 30 px high; labels of a form are buddies for mnemonics.
[[nodiscard]] QFrame* makeLine(QWidget* parent);

} // namespace studio
