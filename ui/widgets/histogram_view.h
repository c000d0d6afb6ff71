// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include <QWidget>

namespace studio {

/// Bars of equal width over a range, and a line that can be dragged or moved by the arrow keys. What lies
/// right of the line is drawn in the warning colour. A line beyond the range stands at the right edge.
class HistogramView : public QWidget {
    Q_OBJECT
public:
    struct Bins {
        double lowest = 0, highest = 0;
        std::vector<int64_t> counts;
    };
    /// Text of the tooltip over a bar.
    using BinText = std::function<QString(double from, double to, int64_t count)>;

    explicit HistogramView(QWidget* parent = nullptr);
    void setBins(Bins bins);
    [[nodiscard]] const Bins& bins() const { return m_bins; }
    void setBinText(BinText text) { m_binText = std::move(text); }
    /// A line that can be moved between two limits; nullopt: no line.
    void setMarker(std::optional<int> value, int minimum = 0, int maximum = 0);
    [[nodiscard]] std::optional<int> marker() const { return m_marker; }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    void markerMoved(int value); ///< while it is dragged
    void markerChosen(int value); ///< let go of, or moved by a key

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

private:
    [[nodiscard]] QRectF plot() const;
    [[nodiscard]] double xOf(double value) const;
    [[nodiscard]] int valueAt(double x) const;
    void paintBars(QPainter& painter) const;
    void paintAxis(QPainter& painter) const;
    void paintMarker(QPainter& painter) const;

    Bins m_bins;
    BinText m_binText;
    std::optional<int> m_marker;
    int m_minimum = 0, m_maximum = 0;
    bool m_dragging = false;
};

/// About `wanted` round numbers between the two, ends included where they are round.
[[nodiscard]] std::vector<double> roundTicks(double lowest, double highest, int wanted);

} // namespace studio
