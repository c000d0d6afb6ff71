// SPDX-License-Identifier: MIT
#include "ui/shell/page.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace studio {

namespace {
constexpr int headerHeight = 33; ///< of a button with an icon
}

Page::Page(PageId id, StudioState& state, QWidget* parent)
    : QWidget(parent)
    , m_id(id)
    , m_state(state)
    , m_title(new QLabel(this))
    , m_actions(new QHBoxLayout)
    , m_banner(new ErrorBanner(this))
    , m_stack(new QStackedWidget(this))
    , m_content(new QWidget(m_stack))
{
    setObjectName(pageKey(id) + QStringLiteral("Page"));
    m_title->setObjectName(QStringLiteral("pageTitle"));
    auto* header = new QHBoxLayout;
    header->setSpacing(spacing::small);
    header->addStrut(headerHeight); // the content begins at the same height with and without actions
    header->addWidget(m_title);
    header->addStretch(1);
    header->addLayout(m_actions);
    m_actions->setSpacing(spacing::small);
    m_stack->addWidget(m_content);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(spacing::huge, spacing::medium, spacing::huge, spacing::large);
    layout->setSpacing(spacing::medium);
    layout->addLayout(header);
    layout->addWidget(m_banner);
    layout->addWidget(m_stack, 1);
}

void Page::setTitle(const QString& title)
{
    m_title->setText(title);
    setAccessibleName(title);
}

void Page::addAction(QWidget* widget)
{
    m_actions->addWidget(widget);
}

EmptyState* Page::emptyState(const QString& icon)
{
    if (!m_empty) {
        m_empty = new EmptyState(icon, m_stack);
        m_stack->addWidget(m_empty);
    }
    return m_empty;
}

void Page::setEmpty(bool empty)
{
    if (m_empty)
        m_stack->setCurrentWidget(empty ? static_cast<QWidget*>(m_empty) : m_content);
}

void Page::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

} // namespace studio
