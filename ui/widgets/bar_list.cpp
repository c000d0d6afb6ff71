// SPDX-License-Identifier: MIT
#include "ui/widgets/bar_list.h"

#include "ui/theme/colors.h"

#include <algorithm>

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QStringList>
#include <QToolTip>

namespace studio {

BarList::BarList(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void BarList::setRows(std::vector<BarRow> rows)
{
    const bool resized = rows.size() != m_rows.size();
    m_rows = std::move(rows);
    QStringList spoken;
    for (const auto& row : m_rows)
        spoken.append(QStringLiteral("%1: %2").arg(row.label, row.value));
    setAccessibleDescription(spoken.join(QStringLiteral("; ")));
    if (resized)
        updateGeometry();
    update();
}

void BarList::setWidestValue(const QString& text)
{
    m_widestValue = text;
    update();
}

int BarList::rowHeight() const
{
    return fontMetrics().height() + 10;
}

QSize BarList::sizeHint() const
{
    return {260, static_cast<int>(m_rows.size()) * rowHeight()};
}

QSize BarList::minimumSizeHint() const
{
    return {160, sizeHint().height()};
}

int BarList::rowAt(const QPoint& position) const
{
    const int row = position.y() / rowHeight();
    return row >= 0 && row < static_cast<int>(m_rows.size()) ? row : -1;
}

void BarList::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const auto& colors = themeColors(this);
    const auto metrics = fontMetrics();
    int labelWidth = 0, valueWidth = metrics.horizontalAdvance(m_widestValue);
    for (const auto& row : m_rows) {
        labelWidth = std::max(labelWidth, metrics.horizontalAdvance(row.label));
        valueWidth = std::max(valueWidth, metrics.horizontalAdvance(row.value));
    }
    labelWidth = std::min(labelWidth + 4, width() * 2 / 5);
    const int barLeft = labelWidth + 8;
    const int barWidth = std::max(0, width() - barLeft - valueWidth - 10);
    int top = 0;
    for (const auto& row : m_rows) {
        const QRect line(0, top, width(), rowHeight());
        painter.setPen(colors.text);
        painter.drawText(QRect(0, top, labelWidth, rowHeight()), Qt::AlignVCenter | Qt::AlignLeft,
            metrics.elidedText(row.label, Qt::ElideRight, labelWidth));
        const QRectF track(barLeft, top + rowHeight() / 2.0 - 5, barWidth, 10);
        painter.setPen(Qt::NoPen);
        painter.setBrush(colors.border);
        painter.drawRoundedRect(track, 3, 3);
        auto bar = track;
        bar.setWidth(track.width() * std::clamp(row.share, 0.0, 1.0));
        painter.setBrush(row.emphasized ? colors.accent : blended(colors.accent, colors.surface, 0.55));
        painter.drawRoundedRect(bar, 3, 3);
        painter.setPen(row.emphasized ? colors.text : colors.muted);
        painter.drawText(line, Qt::AlignVCenter | Qt::AlignRight, row.value);
        top += rowHeight();
    }
}

void BarList::mouseReleaseEvent(QMouseEvent* event)
{
    if (const int row = rowAt(event->position().toPoint()); row >= 0)
        Q_EMIT rowClicked(row);
}

bool BarList::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        auto* help = static_cast<QHelpEvent*>(event);
        const int row = rowAt(help->pos());
        const auto text = row < 0 ? QString() : m_rows[static_cast<size_t>(row)].toolTip;
        QToolTip::showText(help->globalPos(), text, this);
        return true;
    }
    return QWidget::event(event);
}

} // namespace studio
