// SPDX-License-Identifier: MIT
#pragma once

#include <QGraphicsItem>
#include <QImage>
#include <QList>
#include <QPen>

namespace studio {

/// One curve over the plot of a chart, in the chart's coordinates. Where it goes up and down in nearly every
/// pixel column (thousands of noisy points), stroking it would cost a hundred times what its pixels do: then
/// each column of the screen is filled from the lowest to the highest place that the line has in it. On paper
/// (SVG) it is always a line.
class CurveItem : public QGraphicsItem {
public:
    explicit CurveItem(QGraphicsItem* parent);

    void setPen(const QPen& pen);
    void setDots(qreal size, const QColor& border); ///< a dot at every point; size 0: none
    /// x ascending; `clip`: the plot, outside of which nothing is drawn.
    void setPoints(QList<QPointF> points, const QRectF& clip);

    [[nodiscard]] QRectF boundingRect() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

private:
    [[nodiscard]] QImage filledColumns(qreal pixelRatio) const;

    QPen m_pen;
    QColor m_border;
    qreal m_dotSize = 0;
    QList<QPointF> m_points;
    QRectF m_clip;
    bool m_dense = false;
    QImage m_columns; ///< of a dense curve, once painted
};

} // namespace studio
