// SPDX-License-Identifier: MIT
#include "ui/shell/rail.h"

#include "ui/theme/colors.h"
#include "ui/theme/icons.h"
#include "ui/widgets/basics.h"

#include <algorithm>

#include <QButtonGroup>
#include <QEvent>
#include <QPainter>
#include <QVBoxLayout>

namespace studio {

QString pageName(PageId page)
{
    switch (page) {
    //: page of the window
    case PageId::Model:
        return Rail::tr("Model");
    //: page of the window
    case PageId::Data:
        return Rail::tr("Data");
    //: page of the window
    case PageId::Train:
        return Rail::tr("Train");
    //: page of the window
    case PageId::Results:
        return Rail::tr("Results");
    //: page of the window where a text is typed and classified
    case PageId::TryIt:
        return Rail::tr("Try it");
    //: page of the window
    case PageId::Runs:
        return Rail::tr("Runs");
    //: page of the window
    case PageId::Settings:
        return Rail::tr("Settings");
    }
    return {};
}

RailButton::RailButton(const QString& icon, QWidget* parent)
    : QToolButton(parent)
{
    setObjectName(QStringLiteral("railButton"));
    setIcon(themedIcon(icon));
    setIconSize({24, 24});
    setToolButtonStyle(Qt::ToolButtonTextUnderIcon);
    setCheckable(true);
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void RailButton::setMark(Mark mark)
{
    if (mark == m_mark)
        return;
    m_mark = mark;
    update();
}

void RailButton::paintEvent(QPaintEvent* event)
{
    QToolButton::paintEvent(event);
    if (m_mark == Mark::None)
        return;
    QPainter painter(this);
    const auto& colors = themeColors(this);
    const bool busy = m_mark == Mark::Busy;
    const auto pixmap = tintedPixmap(busy ? QStringLiteral("dot") : QStringLiteral("check"), busy ? 16 : 13,
        busy ? colors.accent : colors.good, devicePixelRatioF());
    painter.drawPixmap(width() - (busy ? 21 : 20), busy ? 2 : 5, pixmap);
}

Rail::Rail(QWidget* parent)
    : QWidget(parent)
{
    setObjectName(QStringLiteral("rail"));
    setAttribute(Qt::WA_StyledBackground);
    setFixedWidth(72);
    auto* group = new QButtonGroup(this);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, spacing::small, 0, spacing::small);
    layout->setSpacing(2);
    const char* icons[] = {"model", "data", "train", "results", "try", "runs", "settings"};
    for (int page = 0; page < 7; ++page) {
        auto* button = new RailButton(QString::fromLatin1(icons[page]), this);
        m_buttons.append(button);
        group->addButton(button, page);
        if (page == static_cast<int>(PageId::Settings))
            layout->addStretch(1);
        layout->addWidget(button);
    }
    connect(group, &QButtonGroup::idClicked, this,
        [this](int page) { Q_EMIT pageChosen(static_cast<PageId>(page)); });
    retranslate();
}

void Rail::setCurrent(PageId page)
{
    auto* current = button(page);
    // The focus frame must not stay on the page that a shortcut has left.
    const bool hadFocus
        = std::any_of(m_buttons.begin(), m_buttons.end(), [](const auto* one) { return one->hasFocus(); });
    current->setChecked(true);
    if (hadFocus)
        current->setFocus();
}

void Rail::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void Rail::retranslate()
{
    setAccessibleName(tr("Pages"));
    for (int page = 0; page < m_buttons.size(); ++page) {
        const auto name = pageName(static_cast<PageId>(page));
        const auto keys = page < 6 ? QStringLiteral("Ctrl+%1").arg(page + 1) : QStringLiteral("Ctrl+,");
        m_buttons[page]->setText(name);
        describe(m_buttons[page], name, QStringLiteral("%1 (%2)").arg(name, keys));
    }
}

} // namespace studio
