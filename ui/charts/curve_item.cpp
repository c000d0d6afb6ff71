// SPDX-License-Identifier: MIT
#include "ui/charts/curve_item.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include <QPaintEngine>
#include <QPainter>

namespace studio {

namespace {

constexpr qreal denseTravel = 1; ///< pixels up and down in a pixel to the right
constexpr qreal denseSpacing = 2; ///< pixels from a point to the next

/// Without points that stand on the one before them.
QList<QPointF> withoutRepeats(QList<QPointF> points)
{
    qsizetype kept = 0;
    for (qsizetype i = 0; i < points.size(); ++i) {
        const bool last = i + 1 == points.size();
        if (kept == 0 || last || std::abs(points[i].x() - points[kept - 1].x()) > 0.5
            || std::abs(points[i].y() - points[kept - 1].y()) > 0.2)
            points[kept++] = points[i];
    }
    points.resize(kept);
    return points;
}

bool isDense(const QList<QPointF>& points)
{
    if (points.size() < 2)
        return false;
    const auto width = points.last().x() - points.first().x();
    qreal travel = 0;
    for (qsizetype i = 1; i < points.size(); ++i)
        travel += std::abs(points[i].y() - points[i - 1].y());
    return static_cast<qreal>(points.size()) * denseSpacing > width && travel > denseTravel * width;
}

/// Where a line is in each column of pixels.
class Columns {
public:
    explicit Columns(int width)
        : m_low(static_cast<size_t>(width), 1e9)
        , m_high(static_cast<size_t>(width), -1e9)
    {
    }
    void addLine(QPointF from, QPointF to)
    {
        const auto last = static_cast<int>(m_low.size()) - 1;
        const auto slope = to.x() > from.x() ? (to.y() - from.y()) / (to.x() - from.x()) : 0;
        const auto heightAt = [&](double x) { return from.y() + slope * (x - from.x()); };
        if (to.x() < 0 || from.x() > last + 1)
            return;
        const auto begin = static_cast<int>(std::clamp<double>(std::floor(from.x()), 0, last));
        const auto end = static_cast<int>(std::clamp<double>(std::floor(to.x()), 0, last));
        for (int column = begin; column <= end; ++column) {
            take(column, from.x() >= column ? from.y() : heightAt(column));
            take(column, to.x() <= column + 1 ? to.y() : heightAt(column + 1));
        }
    }
    /// nullopt where no line is; a pen of `width` pixels reaches into the columns beside it.
    [[nodiscard]] std::optional<std::pair<double, double>> span(int column, double width) const
    {
        double low = 1e9, high = -1e9;
        for (int beside = column; beside < column + std::max(1, static_cast<int>(std::lround(width)));
             ++beside) {
            const auto at = static_cast<size_t>(beside);
            if (at >= m_low.size())
                break;
            low = std::min(low, m_low[at]);
            high = std::max(high, m_high[at]);
        }
        if (low > high)
            return std::nullopt;
        return std::pair(low - width / 2, high + width / 2);
    }

private:
    void take(int column, double y)
    {
        auto& low = m_low[static_cast<size_t>(column)];
        auto& high = m_high[static_cast<size_t>(column)];
        low = std::min(low, y);
        high = std::max(high, y);
    }

    std::vector<double> m_low, m_high;
};

} // namespace

CurveItem::CurveItem(QGraphicsItem* parent)
    : QGraphicsItem(parent)
{
}

void CurveItem::setPen(const QPen& pen)
{
    m_pen = pen;
    m_pen.setJoinStyle(Qt::BevelJoin);
    m_columns = {};
    update();
}

void CurveItem::setDots(qreal size, const QColor& border)
{
    prepareGeometryChange();
    m_dotSize = size;
    m_border = border;
}

void CurveItem::setPoints(QList<QPointF> points, const QRectF& clip)
{
    prepareGeometryChange();
    m_clip = clip;
    m_points = m_dotSize > 0 ? std::move(points) : withoutRepeats(std::move(points));
    m_dense = m_dotSize == 0 && m_pen.style() == Qt::SolidLine && isDense(m_points);
    m_columns = {};
}

QRectF CurveItem::boundingRect() const
{
    return m_clip.adjusted(-m_dotSize, -m_dotSize, m_dotSize, m_dotSize);
}

QImage CurveItem::filledColumns(qreal pixelRatio) const
{
    QImage image((m_clip.size() * pixelRatio).toSize(), QImage::Format_ARGB32_Premultiplied);
    if (image.isNull())
        return image;
    image.setDevicePixelRatio(pixelRatio);
    image.fill(Qt::transparent);
    Columns columns(image.width());
    const auto place = [&](QPointF point) { return (point - m_clip.topLeft()) * pixelRatio; };
    for (qsizetype i = 1; i < m_points.size(); ++i)
        columns.addLine(place(m_points[i - 1]), place(m_points[i]));
    const auto color = m_pen.color();
    QRgb shades[256]; // how a pixel looks of which a share is covered
    for (int share = 0; share < 256; ++share)
        shades[share]
            = qPremultiply(qRgba(color.red(), color.green(), color.blue(), color.alpha() * share / 255));
    std::vector<QRgb*> rows(static_cast<size_t>(image.height()));
    for (int row = 0; row < image.height(); ++row)
        rows[static_cast<size_t>(row)] = reinterpret_cast<QRgb*>(image.scanLine(row));
    for (int column = 0; column < image.width(); ++column) {
        const auto span = columns.span(column, m_pen.widthF() * pixelRatio);
        if (!span)
            continue;
        const auto top = std::max(0.0, span->first);
        const auto bottom = std::min(static_cast<double>(image.height()), span->second);
        for (auto row = static_cast<int>(top); row < bottom; ++row) {
            const auto covered = std::min(bottom, row + 1.0) - std::max(top, static_cast<double>(row));
            rows[static_cast<size_t>(row)][column] = shades[static_cast<int>(covered * 255)];
        }
    }
    return image;
}

void CurveItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*)
{
    if (m_points.isEmpty() || m_clip.isEmpty())
        return;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setClipRect(m_clip);
    const bool pixels = painter->paintEngine()->type() == QPaintEngine::Raster;
    if (m_dense && pixels) {
        const auto ratio = painter->device()->devicePixelRatioF();
        if (m_columns.isNull() || m_columns.devicePixelRatioF() != ratio)
            m_columns = filledColumns(ratio);
        painter->drawImage(m_clip.topLeft(), m_columns);
    } else {
        painter->setPen(m_pen);
        painter->drawPolyline(m_points.constData(), static_cast<int>(m_points.size()));
    }
    painter->setClipping(false);
    if (m_dotSize > 0) {
        painter->setPen(m_border);
        painter->setBrush(m_pen.color());
        const auto room = m_clip.adjusted(-1, -1, 1, 1);
        for (const auto& point : m_points) {
            if (room.contains(point))
                painter->drawEllipse(point, m_dotSize / 2, m_dotSize / 2);
        }
    }
    painter->restore();
}

} // namespace studio
