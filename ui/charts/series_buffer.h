// SPDX-License-Identifier: MIT
#pragma once

#include "ui/charts/extreme_tree.h"

#include <optional>
#include <utility>
#include <vector>

#include <QList>
#include <QPointF>

namespace studio {

/// All points of one curve, x ascending; what is drawn of it is at most four points a pixel column (first,
/// lowest, highest, last), so that every spike stays visible and a million points are cheap to draw.
class SeriesBuffer {
public:
    void clear();
    /// x not below the last one; values that are not finite are kept for export and not drawn.
    void append(double x, double y);
    [[nodiscard]] size_t size() const { return m_x.size(); }
    [[nodiscard]] bool isEmpty() const { return m_x.empty(); }
    [[nodiscard]] double x(size_t index) const { return m_x[index]; }
    [[nodiscard]] double y(size_t index) const { return m_y[index]; }
    /// The exponential mean beside each point (bias-corrected); `weight` in [0, 1) is the share of the past.
    [[nodiscard]] double smoothed(size_t index) const { return m_smoothed[index]; }
    void setSmoothing(double weight);
    [[nodiscard]] double smoothing() const { return m_weight; }

    /// Points of [from, to] (and one neighbour on each side) for `columns` pixel columns.
    [[nodiscard]] QList<QPointF> sampled(double from, double to, int columns, bool smooth = false) const;
    /// Lowest and highest finite y of [from, to]; only values above 0 when `positive`.
    [[nodiscard]] std::optional<std::pair<double, double>> range(
        double from, double to, bool positive = false) const;
    /// The point nearest to `x`.
    [[nodiscard]] std::optional<size_t> nearest(double x) const;

private:
    void smoothFrom(size_t index);

    std::vector<double> m_x, m_y, m_smoothed;
    ExtremeTree m_extremes, m_smoothedExtremes;
    double m_weight = 0;
    double m_mean = 0, m_norm = 0; ///< state of the mean after the last point
};

} // namespace studio
