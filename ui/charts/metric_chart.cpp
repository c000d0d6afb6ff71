// SPDX-License-Identifier: MIT
#include "ui/charts/metric_chart.h"

#include "ui/theme/colors.h"
#include "ui/widgets/format.h"

#include <array>
#include <cmath>

#include <QChart>
#include <QFontMetricsF>
#include <QGraphicsLayout>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QWheelEvent>

namespace studio {

namespace {

constexpr int refreshMs = 400;
constexpr double smallestLog = 1e-12;
constexpr qreal leftMargin = 56; ///< for the values, in all charts of an axis the same
constexpr double fewFigures = 0.05; ///< of a value: room around it that two or three figures can mark
constexpr int rowHeight = 38; ///< about what is left between two grid lines
constexpr double farOutside = 1e5; ///< pixels; more than a painter can place
constexpr qreal aboveTheGrid = 10, dotSize = 7;
constexpr int mostMarksRead = 3; ///< where many stand together
constexpr double markReach = 5; ///< pixels between the cross-hair and a mark that it reads

/// The axis lays out every tick at once, also with only one of the two set: the old interval in the new range
/// could be millions of them.
void setTicks(QValueAxis* axis, double low, double high, double interval)
{
    const bool grows = interval > axis->tickInterval();
    if (grows)
        axis->setTickInterval(interval);
    axis->setRange(low, high);
    if (!grows)
        axis->setTickInterval(interval);
}

} // namespace

QColor seriesColor(int color, const QWidget* widget)
{
    const auto& colors = themeColors(widget);
    switch (color) {
    case 0:
        return colors.train;
    case 1:
        return colors.validation;
    case 2:
        return colors.third;
    default:
        break;
    }
    constexpr std::array<QRgb, 5> light = {0x8F4A83, 0x7A6200, 0x4B57C4, 0x5B6470, 0xA3195B};
    constexpr std::array<QRgb, 5> dark = {0xE29BD2, 0xE6D86A, 0xA3ACFF, 0xB9C2CE, 0xFF8FC0};
    const auto& more = colors.dark ? dark : light;
    return QColor(more[static_cast<size_t>(color - 3) % more.size()]);
}

MetricChart::MetricChart(StepAxis* axis, QWidget* parent)
    : QChartView(parent)
    , m_axis(axis)
    , m_x(new QValueAxis(this))
    , m_linear(new QValueAxis(this))
    , m_log(new QLogValueAxis(this))
    , m_valueText([](double value) { return significantText(value, 4); })
{
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setMinimumSize(220, 90);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setBackgroundBrush(Qt::NoBrush);
    viewport()->setAutoFillBackground(false);
    chart()->legend()->hide();
    chart()->setBackgroundVisible(false);
    chart()->setMargins({});
    chart()->layout()->setContentsMargins(0, 0, 0, 0);
    chart()->addAxis(m_x, Qt::AlignBottom);
    chart()->addAxis(m_linear, Qt::AlignLeft);
    // Qt marks powers of ten alone, of which the losses of a run may reach none, and writes 0.0001 beside
    // 5e-05.
    m_linear->setLabelsVisible(false);
    m_log->setLabelsVisible(false);
    m_log->setGridLineVisible(false);
    m_x->setTickType(QValueAxis::TicksDynamic);
    m_linear->setTickType(QValueAxis::TicksDynamic);
    m_x->setLabelFormat(QStringLiteral("%d"));
    m_refresh.setSingleShot(true);
    m_refresh.setInterval(refreshMs);
    connect(&m_refresh, &QTimer::timeout, this, &MetricChart::refreshNow);
    connect(axis, &StepAxis::rangeChanged, this, &MetricChart::refreshNow);
    connect(axis, &StepAxis::extentChanged, this, &MetricChart::scheduleRefresh);
    connect(axis, &StepAxis::cursorChanged, viewport(), qOverload<>(&QWidget::update));
    applyTheme();
}

MetricChart::~MetricChart() = default;

QAbstractAxis* MetricChart::valueAxis() const
{
    return m_logScale ? static_cast<QAbstractAxis*>(m_log) : m_linear;
}

int MetricChart::addSeries(const SeriesStyle& style)
{
    auto curve = std::make_unique<Curve>();
    curve->style = style;
    curve->buffer.setSmoothing(style.smooth ? m_smoothing : 0);
    const auto item = [this] {
        auto* made = new CurveItem(chart());
        made->setZValue(aboveTheGrid);
        return made;
    };
    curve->raw = item();
    if (style.smooth)
        curve->bold = item();
    m_curves.push_back(std::move(curve));
    applyTheme();
    return seriesCount() - 1;
}

void MetricChart::setSeriesName(int series, const QString& name)
{
    m_curves.at(static_cast<size_t>(series))->name = name;
    scheduleRefresh(); // the legend may need another row
    viewport()->update();
}

QString MetricChart::seriesName(int series) const
{
    return m_curves.at(static_cast<size_t>(series))->name;
}

void MetricChart::removeAllSeries()
{
    for (const auto& curve : m_curves) {
        delete curve->raw;
        delete curve->bold;
    }
    m_curves.clear();
    m_best.reset();
    scheduleRefresh();
}

SeriesBuffer& MetricChart::buffer(int series)
{
    return m_curves.at(static_cast<size_t>(series))->buffer;
}

void MetricChart::setSmoothing(double weight)
{
    m_smoothing = weight;
    for (const auto& curve : m_curves) {
        if (curve->style.smooth)
            curve->buffer.setSmoothing(weight);
    }
    refreshNow();
}

void MetricChart::setLogScale(bool on)
{
    if (on == m_logScale)
        return;
    chart()->removeAxis(valueAxis());
    m_logScale = on;
    chart()->addAxis(valueAxis(), Qt::AlignLeft);
    applyTheme();
    refreshNow();
}

void MetricChart::setMarks(std::vector<ChartMark> marks)
{
    m_marks = std::move(marks);
    viewport()->update();
}

void MetricChart::setBest(std::optional<QPointF> best)
{
    m_best = best;
    viewport()->update();
}

void MetricChart::setFixedRange(double low, double high)
{
    m_fixed = {low, high};
}

void MetricChart::setValueText(std::function<QString(double)> text)
{
    m_valueText = std::move(text);
}

void MetricChart::setPlaceholder(const QString& text)
{
    m_placeholder = text;
    viewport()->update();
}

void MetricChart::setTitleText(const QString& title)
{
    m_title = title;
    setAccessibleName(title);
    scheduleRefresh();
    viewport()->update();
}

void MetricChart::setCompact(bool compact)
{
    m_compact = compact;
    layOut();
    refreshNow();
}

bool MetricChart::hasPoints() const
{
    return std::any_of(
        m_curves.begin(), m_curves.end(), [](const auto& curve) { return !curve->buffer.isEmpty(); });
}

void MetricChart::scheduleRefresh()
{
    if (!m_refresh.isActive())
        m_refresh.start();
}

void MetricChart::refreshNow()
{
    m_refresh.stop();
    const auto names = legend();
    if (const auto foot = names.empty() ? 0 : names.back().place.bottom(); foot != m_legendFoot) {
        m_legendFoot = foot;
        layOut();
    }
    const auto from = m_axis->from(), to = m_axis->to();
    const auto columns = std::max(50, static_cast<int>(chart()->plotArea().width()));
    setTicks(m_x, from, to, std::max(1.0, niceInterval(to - from, columns / 110)));
    std::optional<std::pair<double, double>> range;
    for (const auto& curve : m_curves) {
        const auto own = curve->buffer.range(from, to, m_logScale);
        if (own)
            range = range
                ? std::pair(std::min(range->first, own->first), std::max(range->second, own->second))
                : *own;
    }
    auto [low, high]
        = range.value_or(std::pair(m_fixed ? m_fixed->first : 0.0, m_fixed ? m_fixed->second : 1.0));
    const auto rows = std::max(2, static_cast<int>(chart()->plotArea().height()) / rowHeight);
    if (m_logScale) {
        low = std::max(low, smallestLog);
        high = std::max(high, low * 1.01);
        const auto twentieth = [](double value) { return std::log10(value) * 20; };
        m_log->setRange(std::pow(10, std::floor(twentieth(low / 1.1)) / 20),
            std::pow(10, std::ceil(twentieth(high * 1.1)) / 20));
        m_ticks = logTicks(m_log->min(), m_log->max(), rows);
    } else {
        auto room = (high - low) * 0.06;
        if (room <= 0)
            room = std::max(std::abs(high) * 0.1, 1e-9);
        const auto enough = std::max(std::abs(low), std::abs(high)) * fewFigures;
        const QFontMetricsF metrics(m_linear->labelsFont());
        auto scale = linearScale(low, high, room, rows, m_fixed);
        // "0.0020" has room at the axis, "0.0019985" has not.
        while (room < enough && widestText(scale.ticks, metrics) > leftMargin - tickSpacing) {
            room *= 2;
            scale = linearScale(low, high, room, rows, m_fixed);
        }
        m_linear->setTickAnchor(0);
        setTicks(m_linear, scale.low, scale.high, scale.interval);
        m_ticks = std::move(scale.ticks);
    }
    const auto plot = chart()->plotArea();
    for (const auto& curve : m_curves) {
        curve->drawn = curve->buffer.sampled(from, to, columns);
        if (m_logScale)
            curve->drawn.removeIf([](const QPointF& point) { return point.y() <= smallestLog; });
        curve->raw->setPoints(placed(curve->drawn), plot);
        if (curve->bold)
            curve->bold->setPoints(placed(curve->buffer.sampled(from, to, columns, true)), plot);
    }
    viewport()->update();
}

QList<QPointF> MetricChart::drawnPoints(int series) const
{
    return m_curves.at(static_cast<size_t>(series))->drawn;
}

void MetricChart::applyTheme()
{
    const auto& colors = themeColors(this);
    auto small = font();
    small.setPointSizeF(9);
    for (QAbstractAxis* axis : {static_cast<QAbstractAxis*>(m_x), static_cast<QAbstractAxis*>(m_linear),
             static_cast<QAbstractAxis*>(m_log)}) {
        axis->setLabelsColor(colors.muted);
        axis->setLabelsFont(small);
        axis->setGridLineColor(blended(colors.border, colors.surface, 0.7));
        axis->setLinePenColor(colors.border);
    }
    m_x->setGridLineVisible(false);
    for (const auto& curve : m_curves) {
        const auto color = seriesColor(curve->style.color, this);
        QPen pen(color, 2, curve->style.dash);
        auto faint = color;
        faint.setAlphaF(0.3F);
        curve->raw->setPen(curve->bold ? QPen(faint, 1) : pen);
        if (curve->bold)
            curve->bold->setPen(pen);
        if (curve->style.dots)
            curve->raw->setDots(dotSize, colors.surface);
    }
    layOut();
    viewport()->update();
}

void MetricChart::layOut()
{
    const qreal top = std::max(24.0, m_legendFoot + 4), right = 26, bottom = m_compact ? 8 : 22;
    chart()->setPlotArea(QRectF(leftMargin, top, std::max(10.0, width() - leftMargin - right),
        std::max(10.0, height() - top - bottom)));
    chart()->resize(size());
    m_x->setLabelsVisible(!m_compact);
    // Axes are laid out by the size of the chart alone; that the area within has changed they would not see.
    chart()->layout()->invalidate();
    chart()->layout()->activate();
}

void MetricChart::resizeEvent(QResizeEvent* event)
{
    QChartView::resizeEvent(event);
    layOut();
    refreshNow();
}

void MetricChart::changeEvent(QEvent* event)
{
    QChartView::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        applyTheme();
}

double MetricChart::stepAt(double pixel) const
{
    const auto plot = chart()->plotArea();
    return m_x->min() + (pixel - plot.left()) / plot.width() * (m_x->max() - m_x->min());
}

double MetricChart::pixelOf(double step) const
{
    const auto plot = chart()->plotArea();
    return plot.left() + (step - m_x->min()) / (m_x->max() - m_x->min()) * plot.width();
}

double MetricChart::pixelOfValue(double value) const
{
    const auto plot = chart()->plotArea();
    const auto share = m_logScale
        ? std::log(std::max(value, smallestLog) / m_log->min()) / std::log(m_log->max() / m_log->min())
        : (value - m_linear->min()) / (m_linear->max() - m_linear->min());
    return std::clamp(plot.bottom() - share * plot.height(), -farOutside, farOutside);
}

QList<QPointF> MetricChart::placed(const QList<QPointF>& points) const
{
    QList<QPointF> pixels;
    pixels.reserve(points.size());
    for (const auto& point : points)
        pixels.append({std::clamp(pixelOf(point.x()), -farOutside, farOutside), pixelOfValue(point.y())});
    return pixels;
}

QString MetricChart::readOut(double x) const
{
    QStringList lines;
    std::optional<double> step;
    for (const auto& curve : m_curves) {
        const auto index = curve->buffer.nearest(x);
        if (!index)
            continue;
        const auto at = curve->buffer.x(*index);
        if (!step || std::abs(at - x) < std::abs(*step - x))
            step = at;
    }
    if (!step)
        return {};
    auto head = tr("Step %1").arg(countText(static_cast<int64_t>(std::lround(*step))));
    if (m_axis->stepsPerEpoch() > 0)
        head = tr("Step %1 · epoch %2")
                   .arg(countText(static_cast<int64_t>(std::lround(*step))),
                       QLocale().toString(*step / m_axis->stepsPerEpoch(), 'f', 2));
    lines.append(head);
    for (const auto& curve : m_curves) {
        const auto index = curve->buffer.nearest(x);
        if (!index)
            continue;
        const auto value = curve->buffer.y(*index);
        auto text = std::isfinite(value) ? m_valueText(value) : tr("not a number");
        if (curve->style.smooth && curve->buffer.smoothing() > 0)
            //: value of a curve and its smoothed value
            text = tr("%1 (smoothed %2)").arg(text, m_valueText(curve->buffer.smoothed(*index)));
        else if (curve->style.dots && curve->buffer.x(*index) != *step)
            //: value of a curve that was measured at another step
            text = tr("%1 (step %2)").arg(text, countText(static_cast<int64_t>(curve->buffer.x(*index))));
        if (m_logScale && value <= 0)
            text = tr("%1 (not above 0: not on the log scale)").arg(text);
        //: %1 is the name of a curve, %2 its value
        lines.append(tr("%1: %2").arg(curve->name, text));
    }
    int marks = 0;
    for (const auto& mark : m_marks) {
        if (marks < mostMarksRead && !mark.text.isEmpty()
            && std::abs(pixelOf(mark.x) - pixelOf(x)) <= markReach) {
            lines.append(mark.text);
            ++marks;
        }
    }
    return lines.join(QLatin1Char('\n'));
}

void MetricChart::wheelEvent(QWheelEvent* event)
{
    if (!hasPoints())
        return;
    const auto turns = event->angleDelta().y() / 120.0;
    m_axis->zoomAround(stepAt(event->position().x()), std::pow(0.8, turns));
    event->accept();
}

void MetricChart::mousePressEvent(QMouseEvent* event)
{
    setFocus(Qt::MouseFocusReason);
    if (event->button() != Qt::LeftButton || !hasPoints())
        return;
    m_dragFrom = m_dragTo = event->position().x();
    m_panning = event->modifiers() & Qt::ShiftModifier;
}

void MetricChart::mouseMoveEvent(QMouseEvent* event)
{
    const auto pixel = event->position().x();
    if (m_dragFrom && m_panning) {
        m_axis->pan(stepAt(m_dragTo) - stepAt(pixel));
        m_dragTo = pixel;
    } else if (m_dragFrom) {
        m_dragTo = pixel;
    }
    const bool inside = chart()->plotArea().contains(event->position());
    m_axis->setCursor(inside && hasPoints() ? std::optional(stepAt(pixel)) : std::nullopt);
    viewport()->update();
}

void MetricChart::mouseReleaseEvent(QMouseEvent*)
{
    if (m_dragFrom && !m_panning && std::abs(m_dragTo - *m_dragFrom) > 6)
        m_axis->zoomTo(stepAt(std::min(*m_dragFrom, m_dragTo)), stepAt(std::max(*m_dragFrom, m_dragTo)));
    m_dragFrom.reset();
    viewport()->update();
}

void MetricChart::mouseDoubleClickEvent(QMouseEvent*)
{
    m_dragFrom.reset();
    m_axis->resetZoom();
}

void MetricChart::leaveEvent(QEvent* event)
{
    m_axis->setCursor(std::nullopt);
    QChartView::leaveEvent(event);
}

void MetricChart::keyPressEvent(QKeyEvent* event)
{
    const auto width = m_axis->to() - m_axis->from();
    const auto cursor = m_axis->cursor().value_or((m_axis->from() + m_axis->to()) / 2);
    switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        m_axis->zoomAround(cursor, 0.7);
        return;
    case Qt::Key_Minus:
        m_axis->zoomAround(cursor, 1 / 0.7);
        return;
    case Qt::Key_0:
    case Qt::Key_Home:
        m_axis->resetZoom();
        return;
    case Qt::Key_Left:
    case Qt::Key_Right: {
        const auto direction = event->key() == Qt::Key_Left ? -1 : 1;
        if (event->modifiers() & Qt::ShiftModifier)
            m_axis->pan(direction * width / 10);
        else
            m_axis->setCursor(
                std::clamp(cursor + direction * std::max(1.0, width / 200), m_axis->from(), m_axis->to()));
        return;
    }
    case Qt::Key_Escape:
        m_axis->setCursor(std::nullopt);
        break;
    default:
        break;
    }
    QWidget::keyPressEvent(event);
}

} // namespace studio
