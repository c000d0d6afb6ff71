// SPDX-License-Identifier: MIT
#pragma once

#include "ui/charts/chart_legend.h"
#include "ui/charts/curve_item.h"
#include "ui/charts/series_buffer.h"
#include "ui/charts/step_axis.h"
#include "ui/charts/value_ticks.h"

#include <functional>
#include <memory>
#include <vector>

#include <QChartView>
#include <QLogValueAxis>
#include <QTimer>
#include <QValueAxis>

namespace studio {

/// How a curve looks. `color`: 0 train, 1 validation, 2 third, then further colour-blind safe ones.
struct SeriesStyle {
    int color = 0;
    bool smooth = false; ///< raw values faint, their exponential mean bold
    bool dots = false; ///< every point marked
    Qt::PenStyle dash = Qt::SolidLine;
};
enum class MarkKind { Epoch, Checkpoint, Change, Skip };
struct ChartMark {
    double x = 0;
    MarkKind kind = MarkKind::Epoch;
    QString text = {}; ///< for the read-out of the cross-hair on it
};
[[nodiscard]] QColor seriesColor(int color, const QWidget* widget);

/// One chart over a shared StepAxis: curves, marks, a ring at the best point, cross-hair with read-out.
/// Wheel: zoom around the pointer; drag: zoom to the range; Shift+drag: move; double click: all.
class MetricChart : public QChartView {
    Q_OBJECT
public:
    explicit MetricChart(StepAxis* axis, QWidget* parent = nullptr);
    ~MetricChart() override;

    int addSeries(const SeriesStyle& style);
    void setSeriesName(int series, const QString& name);
    void removeAllSeries();
    [[nodiscard]] SeriesBuffer& buffer(int series); ///< after changing it: scheduleRefresh()
    [[nodiscard]] int seriesCount() const { return static_cast<int>(m_curves.size()); }
    [[nodiscard]] QString seriesName(int series) const;
    void setSmoothing(double weight);
    void setLogScale(bool on); ///< values ≤ 0 are not drawn and said in the read-out
    void setMarks(std::vector<ChartMark> marks);
    [[nodiscard]] const std::vector<ChartMark>& marks() const { return m_marks; }
    void setBest(std::optional<QPointF> best); ///< step and value
    void setFixedRange(double low, double high); ///< for shares: never beyond [low, high]
    void setValueText(std::function<QString(double)> text); ///< for axis read-out
    void setPlaceholder(const QString& text); ///< while there is no point
    void setTitleText(const QString& title); ///< at the left above the plot
    void setCompact(bool compact); ///< fewer ticks, no step labels at the foot
    void scheduleRefresh(); ///< draws soon, at most some times a second
    void refreshNow();
    /// Step, epoch, every series' value and the marks that stand there, a line each.
    [[nodiscard]] QString readOut(double x) const;
    /// Points that the curve is drawn with now (for tests).
    [[nodiscard]] QList<QPointF> drawnPoints(int series) const;
    /// Every curve that has points; a second row where one gives the names too little room.
    [[nodiscard]] std::vector<LegendEntry> legend() const;

protected:
    void drawBackground(QPainter* painter, const QRectF& rect) override;
    void drawForeground(QPainter* painter, const QRectF& rect) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    struct Curve {
        SeriesStyle style;
        QString name;
        SeriesBuffer buffer;
        CurveItem *raw = nullptr, *bold = nullptr; ///< the chart's
        QList<QPointF> drawn; ///< points of `raw`
    };
    void applyTheme();
    void layOut();
    [[nodiscard]] QAbstractAxis* valueAxis() const;
    [[nodiscard]] double stepAt(double pixel) const;
    [[nodiscard]] double pixelOf(double step) const;
    [[nodiscard]] double pixelOfValue(double value) const;
    [[nodiscard]] QList<QPointF> placed(const QList<QPointF>& points) const; ///< in pixels
    [[nodiscard]] bool hasPoints() const;
    /// Returns where the legend begins beside the title.
    qreal drawLegend(QPainter* painter, const QRectF& plot) const;
    void drawReadOut(QPainter* painter, const QRectF& plot, double x) const;

    StepAxis* m_axis;
    QValueAxis *m_x, *m_linear;
    QLogValueAxis* m_log;
    std::vector<std::unique_ptr<Curve>> m_curves;
    std::vector<ValueTick> m_ticks; ///< of the value axis
    std::vector<ChartMark> m_marks;
    std::optional<QPointF> m_best;
    std::optional<std::pair<double, double>> m_fixed;
    std::function<QString(double)> m_valueText;
    QString m_placeholder, m_title;
    QTimer m_refresh;
    bool m_logScale = false, m_compact = false;
    double m_smoothing = 0, m_legendFoot = 0; ///< the foot as it was laid out
    std::optional<double> m_dragFrom; ///< pixel
    double m_dragTo = 0;
    bool m_panning = false;
};

} // namespace studio
