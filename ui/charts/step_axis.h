// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include <QObject>

namespace studio {

/// The x axis that several charts share: extent of the data, what is shown of it, and the cross-hair.
class StepAxis : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;
    void setExtent(double from, double to); ///< of the data; what is shown follows unless zoomed
    void setStepsPerEpoch(double steps);
    [[nodiscard]] double stepsPerEpoch() const { return m_stepsPerEpoch; } ///< 0: unknown
    [[nodiscard]] double from() const { return m_zoomed ? m_from : m_first; }
    [[nodiscard]] double to() const { return m_zoomed ? m_to : m_last; }
    [[nodiscard]] bool isZoomed() const { return m_zoomed; }
    void zoomTo(double from, double to); ///< cut to the extent; the whole extent ends zooming
    void zoomAround(double center, double factor); ///< factor below 1: closer
    void pan(double distance);
    void resetZoom();
    [[nodiscard]] std::optional<double> cursor() const { return m_cursor; }
    void setCursor(std::optional<double> x);

Q_SIGNALS:
    void rangeChanged(); ///< zoomed or moved: to be shown at once
    void extentChanged(); ///< the data grew, and what is shown with them
    void cursorChanged();

private:
    double m_first = 0, m_last = 1, m_from = 0, m_to = 1, m_stepsPerEpoch = 0;
    bool m_zoomed = false;
    std::optional<double> m_cursor;
};

} // namespace studio
