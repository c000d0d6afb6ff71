// SPDX-License-Identifier: MIT
#include "ui/widgets/histogram_view.h"

#include "ui/theme/colors.h"

#include <algorithm>
#include <cmath>

#include <QHelpEvent>
#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

namespace studio {

std::vector<double> roundTicks(double lowest, double highest, int wanted)
{
    std::vector<double> ticks;
    if (!(highest > lowest) || wanted < 1)
        return ticks;
    const double rough = (highest - lowest) / wanted;
    const double power = std::pow(10.0, std::floor(std::log10(rough)));
    double step = 10 * power;
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (factor * power >= rough * 0.999) {
            step = factor * power;
            break;
        }
    }
    const auto first = static_cast<int64_t>(std::ceil(lowest / step - 1e-9));
    const auto last = static_cast<int64_t>(std::floor(highest / step + 1e-9));
    for (auto i = first; i <= last; ++i)
        ticks.push_back(static_cast<double>(i) * step);
    return ticks;
}

HistogramView::HistogramView(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setMouseTracking(true);
}

void HistogramView::setBins(Bins bins)
{
    m_bins = std::move(bins);
    update();
}

void HistogramView::setMarker(std::optional<int> value, int minimum, int maximum)
{
    m_marker = value;
    m_minimum = minimum;
    m_maximum = maximum;
    setFocusPolicy(value ? Qt::StrongFocus : Qt::NoFocus);
    update();
}

QSize HistogramView::sizeHint() const
{
    return {260, 96 + fontMetrics().height()};
}

QSize HistogramView::minimumSizeHint() const
{
    return {140, sizeHint().height()};
}

QRectF HistogramView::plot() const
{
    return QRectF(rect()).adjusted(6, 10, -10, -fontMetrics().height() - 6);
}

double HistogramView::xOf(double value) const
{
    const auto area = plot();
    const double range = m_bins.highest - m_bins.lowest;
    if (range <= 0)
        return area.right();
    return area.left() + std::clamp((value - m_bins.lowest) / range, 0.0, 1.0) * area.width();
}

int HistogramView::valueAt(double x) const
{
    const auto area = plot();
    const double share = area.width() > 0 ? (x - area.left()) / area.width() : 0;
    if (share >= 1)
        return m_maximum; // dragged past the data: as far as it goes
    const auto value = std::lround(m_bins.lowest + share * (m_bins.highest - m_bins.lowest));
    return std::clamp(static_cast<int>(value), m_minimum, m_maximum);
}

void HistogramView::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    paintBars(painter);
    paintAxis(painter);
    if (m_marker && !m_bins.counts.empty())
        paintMarker(painter);
    if (hasFocus()) {
        painter.setPen(QPen(themeColors(this).accent, 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    }
}

void HistogramView::paintBars(QPainter& painter) const
{
    if (m_bins.counts.empty())
        return;
    const auto& colors = themeColors(this);
    const auto area = plot();
    const auto largest = std::max<int64_t>(1, *std::max_element(m_bins.counts.begin(), m_bins.counts.end()));
    const double width = area.width() / static_cast<double>(m_bins.counts.size());
    const double gap = width > 4 ? 1 : 0;
    const double cut = m_marker ? xOf(*m_marker) : area.right() + 1;
    painter.setPen(Qt::NoPen);
    for (size_t i = 0; i < m_bins.counts.size(); ++i) {
        if (m_bins.counts[i] == 0)
            continue;
        const double height = std::max(
            2.0, area.height() * static_cast<double>(m_bins.counts[i]) / static_cast<double>(largest));
        const QRectF bar(area.left() + static_cast<double>(i) * width, area.bottom() - height,
            std::max(1.0, width - gap), height);
        painter.setBrush(blended(colors.accent, colors.surface, 0.6));
        painter.drawRect(bar);
        if (m_marker && bar.right() > cut && cut < area.right()) {
            auto beyond = bar;
            beyond.setLeft(std::max(bar.left(), cut));
            painter.setBrush(colors.warning);
            painter.drawRect(beyond);
        }
    }
}

void HistogramView::paintAxis(QPainter& painter) const
{
    const auto& colors = themeColors(this);
    const auto area = plot();
    painter.setPen(QPen(colors.border, 1));
    painter.drawLine(QPointF(area.left(), area.bottom() + 0.5), QPointF(area.right(), area.bottom() + 0.5));
    painter.setPen(colors.muted);
    const QLocale locale;
    for (const double tick : roundTicks(m_bins.lowest, m_bins.highest, 5)) {
        const auto text = locale.toString(tick, 'g', 6);
        const double textWidth = fontMetrics().horizontalAdvance(text);
        const double left = std::clamp(xOf(tick) - textWidth / 2, 0.0, std::max(0.0, width() - textWidth));
        painter.drawText(QPointF(left, area.bottom() + 4 + fontMetrics().ascent()), text);
    }
}

void HistogramView::paintMarker(QPainter& painter) const
{
    const auto& colors = themeColors(this);
    const auto area = plot();
    const double x = xOf(*m_marker);
    painter.setPen(QPen(colors.text, 2));
    painter.drawLine(QPointF(x, area.top() - 4), QPointF(x, area.bottom()));
    painter.setPen(Qt::NoPen);
    painter.setBrush(colors.text);
    painter.drawEllipse(QPointF(x, area.top() - 4), 5, 5);
    const bool beyond = *m_marker > m_bins.highest;
    const auto text = QLocale().toString(*m_marker) + (beyond ? QStringLiteral(" ›") : QString());
    const double textWidth = fontMetrics().horizontalAdvance(text);
    const bool left = x + textWidth + 10 > width();
    const QPointF base(left ? x - textWidth - 8 : x + 8, area.top() + fontMetrics().ascent() - 6);
    const QRectF ground(
        base.x() - 2, base.y() - fontMetrics().ascent(), textWidth + 4, fontMetrics().height());
    painter.setBrush(colors.surface);
    painter.drawRect(ground);
    painter.setPen(colors.text);
    painter.drawText(base, text);
}

void HistogramView::mousePressEvent(QMouseEvent* event)
{
    if (!m_marker || event->button() != Qt::LeftButton || m_bins.counts.empty())
        return;
    m_dragging = true;
    m_marker = valueAt(event->position().x());
    update();
    Q_EMIT markerMoved(*m_marker);
}

void HistogramView::mouseMoveEvent(QMouseEvent* event)
{
    if (m_marker && !m_bins.counts.empty())
        setCursor(m_dragging || std::abs(event->position().x() - xOf(*m_marker)) < 8 ? Qt::SplitHCursor
                                                                                     : Qt::ArrowCursor);
    if (!m_dragging)
        return;
    const int value = valueAt(event->position().x());
    if (value == *m_marker)
        return;
    m_marker = value;
    update();
    Q_EMIT markerMoved(value);
}

void HistogramView::mouseReleaseEvent(QMouseEvent* event)
{
    if (!m_dragging || event->button() != Qt::LeftButton)
        return;
    m_dragging = false;
    Q_EMIT markerChosen(*m_marker);
}

void HistogramView::keyPressEvent(QKeyEvent* event)
{
    if (!m_marker || m_bins.counts.empty()) {
        QWidget::keyPressEvent(event);
        return;
    }
    // From beyond the data the first step comes to its edge.
    const int edge = std::min(*m_marker, static_cast<int>(std::ceil(m_bins.highest)) + 1);
    int value = *m_marker;
    switch (event->key()) {
    case Qt::Key_Left:
        value = edge - 1;
        break;
    case Qt::Key_Right:
        value += 1;
        break;
    case Qt::Key_PageDown:
        value = edge - 16;
        break;
    case Qt::Key_PageUp:
        value += 16;
        break;
    case Qt::Key_Home:
        value = m_minimum;
        break;
    case Qt::Key_End:
        value = m_maximum;
        break;
    default:
        QWidget::keyPressEvent(event);
        return;
    }
    value = std::clamp(value, m_minimum, m_maximum);
    if (value == *m_marker)
        return;
    m_marker = value;
    update();
    Q_EMIT markerChosen(value);
}

bool HistogramView::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    auto* help = static_cast<QHelpEvent*>(event);
    const auto area = plot();
    const auto count = static_cast<int>(m_bins.counts.size());
    const int bin = area.width() > 0 && count > 0
        ? static_cast<int>((help->pos().x() - area.left()) / area.width() * count)
        : -1;
    QString text;
    if (bin >= 0 && bin < count && m_binText) {
        const double width = (m_bins.highest - m_bins.lowest) / count;
        text = m_binText(m_bins.lowest + bin * width, m_bins.lowest + (bin + 1) * width,
            m_bins.counts[static_cast<size_t>(bin)]);
    }
    QToolTip::showText(help->globalPos(), text, this);
    return true;
}

} // namespace studio
