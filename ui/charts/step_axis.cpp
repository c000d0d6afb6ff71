// SPDX-License-Identifier: MIT
#include "ui/charts/step_axis.h"

#include <algorithm>

namespace studio {

namespace {

constexpr double closest = 4; ///< steps that are shown at least

} // namespace

void StepAxis::setExtent(double from, double to)
{
    to = std::max(to, from + 1);
    if (from == m_first && to == m_last)
        return;
    m_first = from;
    m_last = to;
    if (!m_zoomed)
        Q_EMIT extentChanged();
}

void StepAxis::setStepsPerEpoch(double steps)
{
    m_stepsPerEpoch = steps;
}

void StepAxis::zoomTo(double from, double to)
{
    const auto width = std::clamp(to - from, std::min(closest, m_last - m_first), m_last - m_first);
    m_from = std::clamp(from, m_first, m_last - width);
    m_to = m_from + width;
    m_zoomed = width < (m_last - m_first) * 0.999;
    Q_EMIT rangeChanged();
}

void StepAxis::zoomAround(double center, double factor)
{
    const auto left = from(), right = to();
    zoomTo(center - (center - left) * factor, center + (right - center) * factor);
}

void StepAxis::pan(double distance)
{
    if (m_zoomed)
        zoomTo(m_from + distance, m_to + distance);
}

void StepAxis::resetZoom()
{
    m_zoomed = false;
    Q_EMIT rangeChanged();
}

void StepAxis::setCursor(std::optional<double> x)
{
    if (x == m_cursor)
        return;
    m_cursor = x;
    Q_EMIT cursorChanged();
}

} // namespace studio
