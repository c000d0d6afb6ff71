// SPDX-License-Identifier: MIT
#include "ui/pages/runs/resume_delegate.h"

#include "ui/pages/runs/runs_model.h"
#include "ui/theme/colors.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

namespace studio {

namespace {
constexpr int margin = 3, padding = 10;
}

void ResumeDelegate::setAvailable(bool available)
{
    m_available = available;
}

bool ResumeDelegate::hasButton(const QModelIndex& index) const
{
    return m_available && index.data(RunsModel::ResumableRole).toBool();
}

QRect ResumeDelegate::buttonRect(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    if (!hasButton(index))
        return {};
    const int width = option.fontMetrics.horizontalAdvance(tr("Resume")) + 2 * padding;
    return {option.rect.right() - width - margin, option.rect.top() + margin, width,
        option.rect.height() - 2 * margin};
}

void ResumeDelegate::paint(
    QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const auto button = buttonRect(option, index);
    if (button.isEmpty()) {
        QStyledItemDelegate::paint(painter, option, index);
        return;
    }
    // The row's background goes over the whole cell, the text ends before the button.
    auto background = option;
    initStyleOption(&background, index);
    background.text.clear();
    background.icon = {};
    const auto* style = option.widget->style();
    style->drawControl(QStyle::CE_ItemViewItem, &background, painter, option.widget);
    auto item = option;
    item.rect.setRight(button.left() - margin);
    QStyledItemDelegate::paint(painter, item, index);

    const auto& colors = themeColors(option.widget);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(colors.accent);
    painter->setBrush(colors.surface);
    painter->drawRoundedRect(QRectF(button).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    painter->drawText(button, Qt::AlignCenter, tr("Resume"));
    painter->restore();
}

QSize ResumeDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    auto size = QStyledItemDelegate::sizeHint(option, index);
    if (hasButton(index))
        size.rwidth() += option.fontMetrics.horizontalAdvance(tr("Resume")) + 2 * padding + 2 * margin;
    return size;
}

bool ResumeDelegate::editorEvent(
    QEvent* event, QAbstractItemModel* model, const QStyleOptionViewItem& option, const QModelIndex& index)
{
    if (event->type() == QEvent::MouseButtonRelease) {
        const auto* mouse = static_cast<QMouseEvent*>(event);
        if (mouse->button() == Qt::LeftButton && buttonRect(option, index).contains(mouse->pos())) {
            Q_EMIT resumeClicked(index);
            return true;
        }
    }
    return QStyledItemDelegate::editorEvent(event, model, option, index);
}

bool ResumeDelegate::helpEvent(
    QHelpEvent* event, QAbstractItemView* view, const QStyleOptionViewItem& option, const QModelIndex& index)
{
    if (event->type() == QEvent::ToolTip && buttonRect(option, index).contains(event->pos())) {
        QToolTip::showText(event->globalPos(), tr("Go on from the newest checkpoint of this run"));
        return true;
    }
    return QStyledItemDelegate::helpEvent(event, view, option, index);
}

} // namespace studio
