// SPDX-License-Identifier: MIT
#include "ui/pages/results/scatter_view.h"

#include "ui/theme/colors.h"
#include "ui/widgets/format.h"

#include <algorithm>
#include <cmath>

#include <QMouseEvent>
#include <QPainter>

namespace studio {

ScatterView::ScatterView(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void ScatterView::setPoints(std::vector<Point> points)
{
    m_points = std::move(points);
    m_chosen = -1;
    m_low = 0;
    m_high = 1;
    if (!m_points.empty()) {
        m_low = m_high = m_points.front().truth;
        for (const auto& point : m_points) {
            m_low = std::min({m_low, point.truth, point.predicted});
            m_high = std::max({m_high, point.truth, point.predicted});
        }
        if (m_high <= m_low)
            m_high = m_low + 1;
    }
    update();
}

void ScatterView::setAxisNames(const QString& truth, const QString& predicted)
{
    m_truth = truth;
    m_predicted = predicted;
    update();
}

QRectF ScatterView::plotArea() const
{
    const int line = fontMetrics().height();
    const int left = std::max(fontMetrics().horizontalAdvance(significantText(m_low)),
                         fontMetrics().horizontalAdvance(significantText(m_high)))
        + 10;
    return QRectF(rect()).adjusted(left, line + 8, -12, -2 * line - 8);
}

QPointF ScatterView::position(const Point& point) const
{
    const auto area = plotArea();
    const auto share = [this](double value) { return (value - m_low) / (m_high - m_low); };
    return {area.left() + share(point.truth) * area.width(),
        area.bottom() - share(point.predicted) * area.height()};
}

void ScatterView::paintEvent(QPaintEvent*)
{
    const auto& colors = themeColors(this);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const auto area = plotArea();
    const int line = fontMetrics().height();
    painter.setPen(colors.border);
    painter.drawRect(area);
    painter.setPen(QPen(colors.muted, 1, Qt::DashLine));
    painter.drawLine(area.bottomLeft(), area.topRight());
    auto dot = colors.train;
    dot.setAlphaF(0.6F);
    painter.setPen(Qt::NoPen);
    painter.setBrush(dot);
    for (const auto& point : m_points)
        painter.drawEllipse(position(point), 3, 3);
    if (m_chosen >= 0) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(colors.text, 2));
        painter.drawEllipse(position(m_points[static_cast<size_t>(m_chosen)]), 6, 6);
    }
    painter.setPen(colors.muted);
    painter.drawText(
        QRectF(area.left(), area.bottom() + 4, area.width(), line), Qt::AlignLeft, significantText(m_low));
    painter.drawText(
        QRectF(area.left(), area.bottom() + 4, area.width(), line), Qt::AlignRight, significantText(m_high));
    painter.drawText(QRectF(area.left(), area.bottom() + 4, area.width(), line), Qt::AlignHCenter, m_truth);
    painter.drawText(
        QRectF(0, area.bottom() - line, area.left() - 6, line), Qt::AlignRight, significantText(m_low));
    painter.drawText(QRectF(0, area.top(), area.left() - 6, line), Qt::AlignRight, significantText(m_high));
    painter.drawText(
        QRectF(area.left(), 0, area.width(), line + 4), Qt::AlignLeft | Qt::AlignVCenter, m_predicted);
}

void ScatterView::mousePressEvent(QMouseEvent* event)
{
    double nearest = 12;
    m_chosen = -1;
    for (size_t i = 0; i < m_points.size(); ++i) {
        const auto offset = position(m_points[i]) - event->position();
        const double distance = std::hypot(offset.x(), offset.y());
        if (distance < nearest) {
            nearest = distance;
            m_chosen = static_cast<int>(i);
        }
    }
    update();
    if (m_chosen >= 0)
        Q_EMIT pointChosen(m_points[static_cast<size_t>(m_chosen)].row);
}

} // namespace studio
