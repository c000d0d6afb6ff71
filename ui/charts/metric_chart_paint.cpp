// SPDX-License-Identifier: MIT
// What a MetricChart draws over its curves: title, legend, marks, best point, cross-hair and read-out.
#include "ui/charts/metric_chart.h"
#include "ui/theme/colors.h"

#include <algorithm>
#include <cmath>

#include <QChart>
#include <QPainter>

namespace studio {

namespace {

constexpr qreal titleLeft = 2, spacingBeforeLegend = 8;
constexpr qreal labelHeight = 20;

QFont smallFont(const QWidget* widget)
{
    auto font = widget->font();
    font.setPointSizeF(9);
    return font;
}

QFont boldFont(const QWidget* widget)
{
    auto font = widget->font();
    font.setBold(true);
    return font;
}

} // namespace

void MetricChart::drawBackground(QPainter* painter, const QRectF& rect)
{
    QChartView::drawBackground(painter, rect);
    const auto& colors = themeColors(this);
    const auto plot = chart()->plotArea();
    painter->save();
    painter->setFont(smallFont(this));
    for (const auto& tick : m_ticks) {
        const auto y = pixelOfValue(tick.value);
        if (m_logScale) { // the linear axis draws its own
            painter->setPen(QPen(blended(colors.border, colors.surface, 0.7), 1));
            painter->drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y));
        }
        painter->setPen(colors.muted);
        painter->drawText(QRectF(0, y - labelHeight / 2, plot.left() - tickSpacing, labelHeight),
            Qt::AlignRight | Qt::AlignVCenter, tick.text);
    }
    painter->restore();
}

void MetricChart::drawForeground(QPainter* painter, const QRectF&)
{
    const auto& colors = themeColors(this);
    const auto plot = chart()->plotArea();
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const auto legendLeft = hasPoints() ? drawLegend(painter, plot) : plot.right();
    const auto bold = boldFont(this);
    painter->setFont(bold);
    painter->setPen(colors.text);
    painter->drawText(QPointF(titleLeft, 15),
        QFontMetricsF(bold).elidedText(m_title, Qt::ElideRight, legendLeft - spacingBeforeLegend));
    if (!hasPoints()) {
        painter->setFont(font());
        painter->setPen(colors.muted);
        painter->drawText(plot, Qt::AlignCenter | Qt::TextWordWrap, m_placeholder);
        painter->restore();
        return;
    }
    const auto isShown = [this](double step) { return step >= m_x->min() && step <= m_x->max(); };
    painter->save();
    painter->setClipRect(plot.adjusted(-1, -8, 1, 1));
    for (const auto& mark : m_marks) {
        if (!isShown(mark.x))
            continue;
        const auto x = pixelOf(mark.x);
        if (mark.kind == MarkKind::Epoch) {
            painter->setPen(QPen(blended(colors.muted, colors.surface, 0.45), 1, Qt::DotLine));
            painter->drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
            continue;
        }
        if (mark.kind == MarkKind::Skip) { // a cross: the step had no effect
            painter->setPen(QPen(colors.bad, 1.5));
            const auto y = plot.bottom() - 4;
            painter->drawLine(QPointF(x - 3, y - 3), QPointF(x + 3, y + 3));
            painter->drawLine(QPointF(x - 3, y + 3), QPointF(x + 3, y - 3));
            continue;
        }
        painter->setPen(Qt::NoPen);
        painter->setBrush(mark.kind == MarkKind::Checkpoint ? colors.muted : colors.warning);
        const QPointF triangle[] = {{x, plot.bottom() - 6}, {x - 4, plot.bottom()}, {x + 4, plot.bottom()}};
        painter->drawPolygon(triangle, 3);
    }
    painter->restore();
    if (m_best && isShown(m_best->x())) {
        const QPointF point(pixelOf(m_best->x()), pixelOfValue(m_best->y()));
        if (plot.adjusted(-2, -2, 2, 2).contains(point)) {
            painter->setBrush(Qt::NoBrush);
            painter->setPen(QPen(colors.text, 2));
            painter->drawEllipse(point, 7, 7);
        }
    }
    if (m_dragFrom && !m_panning && std::abs(m_dragTo - *m_dragFrom) > 2) {
        auto shade = colors.accent;
        shade.setAlphaF(0.15F);
        painter->fillRect(
            QRectF(QPointF(*m_dragFrom, plot.top()), QPointF(m_dragTo, plot.bottom())).normalized(), shade);
    }
    if (const auto cursor = m_axis->cursor(); cursor && isShown(*cursor))
        drawReadOut(painter, plot, *cursor);
    if (hasFocus()) {
        painter->setBrush(Qt::NoBrush);
        painter->setPen(QPen(colors.accent, 1));
        painter->drawRect(QRectF(rect()).adjusted(0.5, 0.5, -1.5, -1.5));
    }
    painter->restore();
}

std::vector<LegendEntry> MetricChart::legend() const
{
    std::vector<LegendEntry> names;
    for (int series = 0; series < seriesCount(); ++series) {
        if (!m_curves[static_cast<size_t>(series)]->buffer.isEmpty())
            names.push_back({series, seriesName(series)});
    }
    const auto besideTitle = m_title.isEmpty()
        ? titleLeft
        : titleLeft + QFontMetricsF(boldFont(this)).horizontalAdvance(m_title) + spacingBeforeLegend;
    return placedLegend(
        std::move(names), smallFont(this), besideTitle, titleLeft, chart()->plotArea().right());
}

qreal MetricChart::drawLegend(QPainter* painter, const QRectF& plot) const
{
    const auto& colors = themeColors(this);
    painter->setFont(smallFont(this));
    auto left = plot.right();
    const auto entries = legend();
    for (const auto& [series, text, place] : entries) {
        const auto baseline = place.top() + 11, middle = baseline - 4;
        painter->setPen(colors.text);
        painter->drawText(QPointF(place.left() + legendLineLength, baseline), text);
        const auto& style = m_curves[static_cast<size_t>(series)]->style;
        const auto color = seriesColor(style.color, this);
        painter->setPen(QPen(color, 2, style.dash));
        painter->drawLine(
            QPointF(place.left(), middle), QPointF(place.left() + legendLineLength - 6, middle));
        if (style.dots) {
            painter->setPen(Qt::NoPen);
            painter->setBrush(color);
            painter->drawEllipse(QPointF(place.left() + (legendLineLength - 6) / 2, middle), 3.5, 3.5);
        }
        if (place.top() < legendRowHeight)
            left = std::min(left, place.left());
    }
    return left;
}

void MetricChart::drawReadOut(QPainter* painter, const QRectF& plot, double x) const
{
    const auto& colors = themeColors(this);
    const auto pixel = pixelOf(x);
    painter->setPen(QPen(colors.muted, 1));
    painter->drawLine(QPointF(pixel, plot.top()), QPointF(pixel, plot.bottom()));
    const auto text = readOut(x);
    if (text.isEmpty())
        return;
    const auto small = smallFont(this);
    painter->setFont(small);
    auto box = QFontMetricsF(small)
                   .boundingRect(QRectF(0, 0, 600, 400), Qt::AlignLeft, text)
                   .adjusted(-8, -5, 8, 5);
    box.moveTopLeft({pixel + 10, plot.top() + 4});
    if (box.right() > plot.right())
        box.moveRight(pixel - 10);
    if (box.left() < plot.left())
        box.moveLeft(plot.left());
    painter->setPen(colors.border);
    auto ground = colors.surface;
    ground.setAlphaF(0.94F);
    painter->setBrush(ground);
    painter->drawRoundedRect(box, 4, 4);
    painter->setPen(colors.text);
    painter->drawText(box.adjusted(8, 5, -8, -5), Qt::AlignLeft | Qt::AlignVCenter, text);
}

} // namespace studio
