// SPDX-License-Identifier: MIT
#include "ui/widgets/basics.h"

#include "ui/theme/icons.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QStyle>
#include <QVBoxLayout>

namespace studio {

void setRole(QWidget* widget, const char* role)
{
    if (widget->property("role").toByteArray() == role)
        return;
    widget->setProperty("role", QString::fromLatin1(role));
    widget->style()->unpolish(widget);
    widget->style()->polish(widget);
}

QLabel* makeLabel(QWidget* parent, const char* role)
{
    auto* label = new QLabel(parent);
    if (role)
        setRole(label, role);
    return label;
}

void setSteadyText(QLabel* label, const QString& text)
{
    if (text == label->text())
        return;
    label->setText(text);
    const auto wanted = label->sizeHint().expandedTo(label->minimumSize());
    if (wanted != label->minimumSize() || wanted != label->maximumSize())
        label->setFixedSize(wanted);
}

QToolButton* makeToolButton(QWidget* parent, const QString& icon, const QString& objectName)
{
    auto* button = new QToolButton(parent);
    button->setObjectName(objectName);
    button->setIcon(themedIcon(icon));
    button->setIconSize({18, 18});
    button->setFocusPolicy(Qt::StrongFocus);
    setRole(button, "flat");
    return button;
}

void describe(QWidget* widget, const QString& name, const QString& toolTip)
{
    widget->setAccessibleName(name);
    widget->setToolTip(toolTip.isEmpty() ? name : toolTip);
}

QFrame* makeLine(QWidget* parent)
{
    auto* line = new QFrame(parent);
    setRole(line, "line");
    return line;
}

Card::Card(QWidget* parent)
    : QFrame(parent)
    , m_headingLine(new QWidget(this))
    , m_heading(makeLabel(m_headingLine, "heading"))
    , m_headingLayout(new QHBoxLayout(m_headingLine))
    , m_content(new QVBoxLayout)
{
    setRole(this, "card");
    m_headingLayout->setContentsMargins(0, 0, 0, 0);
    m_headingLayout->setSpacing(spacing::tiny);
    m_headingLayout->addWidget(m_heading);
    m_headingLayout->addStretch();
    m_headingLine->setMinimumHeight(30);
    m_headingLine->hide();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(spacing::medium, spacing::small, spacing::medium, spacing::medium);
    layout->setSpacing(spacing::small);
    layout->addWidget(m_headingLine);
    layout->addLayout(m_content, 1);
    m_content->setSpacing(spacing::small);
}

void Card::setHeading(const QString& text)
{
    m_heading->setText(text);
    m_headingLine->setVisible(!text.isEmpty() || m_headingLayout->count() > 2);
}

void Card::addHeadingWidget(QWidget* widget)
{
    m_headingLayout->addWidget(widget);
    m_headingLine->show();
}

EmptyState::EmptyState(const QString& iconName, QWidget* parent)
    : QWidget(parent)
    , m_icon(new QLabel(this))
    , m_sentence(makeLabel(this, "muted"))
    , m_button(new QPushButton(this))
{
    m_icon->setPixmap(themedIcon(iconName, IconTint::Muted).pixmap(48, 48));
    m_sentence->setWordWrap(true);
    m_sentence->setAlignment(Qt::AlignCenter);
    m_sentence->setMinimumWidth(360);
    m_button->setObjectName(QStringLiteral("emptyStateButton"));
    setRole(m_button, "primary");
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(spacing::medium);
    layout->addStretch(2);
    layout->addWidget(m_icon, 0, Qt::AlignHCenter);
    layout->addWidget(m_sentence); // as wide as there is room, or its lines would be cut
    layout->addWidget(m_button, 0, Qt::AlignHCenter);
    layout->addStretch(3);
    connect(m_button, &QPushButton::clicked, this, &EmptyState::clicked);
}

void EmptyState::setTexts(const QString& sentence, const QString& button)
{
    m_sentence->setText(sentence);
    m_button->setText(button);
    m_button->setVisible(!button.isEmpty());
}

ElidedLabel::ElidedLabel(QWidget* parent)
    : QLabel(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    setTextFormat(Qt::PlainText);
}

void ElidedLabel::setFullText(const QString& text, Qt::TextElideMode mode)
{
    if (text == m_text && mode == m_mode)
        return;
    m_text = text;
    m_mode = mode;
    elide();
    updateGeometry();
}

QSize ElidedLabel::minimumSizeHint() const
{
    return {fontMetrics().averageCharWidth() * 4, QLabel::minimumSizeHint().height()};
}

QSize ElidedLabel::sizeHint() const
{
    return {fontMetrics().horizontalAdvance(m_text) + 2, QLabel::sizeHint().height()};
}

void ElidedLabel::resizeEvent(QResizeEvent* event)
{
    QLabel::resizeEvent(event);
    elide();
}

void ElidedLabel::changeEvent(QEvent* event)
{
    QLabel::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        elide();
}

void ElidedLabel::elide()
{
    const auto shown = fontMetrics().elidedText(m_text, m_mode, contentsRect().width());
    setText(shown);
    setToolTip(shown == m_text ? QString() : m_text);
    setAccessibleName(m_text);
}

Disclosure::Disclosure(QWidget* parent)
    : QWidget(parent)
    , m_button(new QToolButton(this))
    , m_summary(new ElidedLabel(this))
    , m_body(new QWidget(this))
{
    setRole(m_button, "disclosure");
    m_button->setCheckable(true);
    m_button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_button->setIcon(themedIcon(QStringLiteral("chevron-right"), IconTint::Muted));
    m_button->setFocusPolicy(Qt::StrongFocus);
    setRole(m_summary, "small");
    auto* line = new QHBoxLayout;
    line->setSpacing(spacing::small);
    line->addWidget(m_button, 0, Qt::AlignLeft);
    line->addWidget(m_summary, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(spacing::tiny);
    layout->addLayout(line);
    layout->addWidget(m_body);
    m_body->hide();
    connect(m_button, &QToolButton::toggled, this, [this](bool open) {
        m_button->setIcon(themedIcon(
            open ? QStringLiteral("chevron-down") : QStringLiteral("chevron-right"), IconTint::Muted));
        m_body->setVisible(open);
        m_summary->setVisible(!open);
        Q_EMIT toggled(open);
    });
}

void Disclosure::setTexts(const QString& heading, const QString& summary)
{
    m_button->setText(heading);
    m_button->setAccessibleName(heading);
    m_summary->setFullText(summary);
}

void Disclosure::setOpen(bool open)
{
    m_button->setChecked(open);
}

} // namespace studio
