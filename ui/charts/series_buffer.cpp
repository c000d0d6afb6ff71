// SPDX-License-Identifier: MIT
#include "ui/charts/series_buffer.h"

#include <algorithm>
#include <cmath>

namespace studio {

void SeriesBuffer::clear()
{
    m_x.clear();
    m_y.clear();
    m_smoothed.clear();
    m_extremes.clear();
    m_smoothedExtremes.clear();
    m_mean = m_norm = 0;
}

void SeriesBuffer::append(double x, double y)
{
    m_x.push_back(m_x.empty() ? x : std::max(x, m_x.back()));
    m_y.push_back(y);
    m_smoothed.push_back(0);
    m_extremes.add(m_y, m_y.size() - 1);
    smoothFrom(m_x.size() - 1);
}

void SeriesBuffer::setSmoothing(double weight)
{
    if (weight == m_weight)
        return;
    m_weight = weight;
    m_mean = m_norm = 0;
    m_smoothedExtremes.clear();
    smoothFrom(0);
}

void SeriesBuffer::smoothFrom(size_t index)
{
    for (; index < m_y.size(); ++index) {
        if (std::isfinite(m_y[index])) {
            m_mean = m_weight * m_mean + (1 - m_weight) * m_y[index];
            m_norm = m_weight * m_norm + (1 - m_weight);
        }
        m_smoothed[index] = m_norm > 0 ? m_mean / m_norm : m_y[index];
        m_smoothedExtremes.add(m_smoothed, index);
    }
}

QList<QPointF> SeriesBuffer::sampled(double from, double to, int columns, bool smooth) const
{
    QList<QPointF> points;
    if (m_x.empty() || columns < 1 || !(to > from))
        return points;
    const auto& values = smooth ? m_smoothed : m_y;
    auto first = static_cast<size_t>(std::lower_bound(m_x.begin(), m_x.end(), from) - m_x.begin());
    auto last = static_cast<size_t>(std::upper_bound(m_x.begin(), m_x.end(), to) - m_x.begin());
    if (first > 0)
        --first; // the line enters from outside
    if (last < m_x.size())
        ++last;
    const auto add = [&](size_t index) {
        if (std::isfinite(values[index]))
            points.append({m_x[index], values[index]});
    };
    if (last - first <= static_cast<size_t>(columns) * 4) {
        for (auto index = first; index < last; ++index)
            add(index);
        return points;
    }
    const double width = (to - from) / columns;
    const auto& extremes = smooth ? m_smoothedExtremes : m_extremes;
    for (auto begin = first; begin < last;) {
        const auto column = std::floor((m_x[begin] - from) / width);
        const auto end
            = static_cast<size_t>(std::partition_point(m_x.begin() + static_cast<int64_t>(begin),
                                      m_x.begin() + static_cast<int64_t>(last),
                                      [&](double x) { return std::floor((x - from) / width) <= column; })
                - m_x.begin());
        const auto [lowest, highest] = extremes.find(values, begin, end).value_or(std::pair(begin, begin));
        size_t kept[] = {begin, std::min(lowest, highest), std::max(lowest, highest), end - 1};
        for (size_t index = 0; index < 4; ++index) {
            if (index == 0 || kept[index] != kept[index - 1])
                add(kept[index]);
        }
        begin = end;
    }
    return points;
}

std::optional<std::pair<double, double>> SeriesBuffer::range(double from, double to, bool positive) const
{
    auto index = static_cast<size_t>(std::lower_bound(m_x.begin(), m_x.end(), from) - m_x.begin());
    const auto end = static_cast<size_t>(std::upper_bound(m_x.begin(), m_x.end(), to) - m_x.begin());
    const auto all = m_extremes.find(m_y, index, std::max(index, end));
    if (!all || (positive && m_y[all->second] <= 0))
        return std::nullopt;
    if (!positive || m_y[all->first] > 0)
        return std::pair(m_y[all->first], m_y[all->second]);
    std::optional<std::pair<double, double>> found;
    for (; index < end; ++index) {
        const auto value = m_y[index];
        if (!std::isfinite(value) || value <= 0)
            continue;
        if (!found)
            found = {value, value};
        found->first = std::min(found->first, value);
        found->second = std::max(found->second, value);
    }
    return found;
}

std::optional<size_t> SeriesBuffer::nearest(double x) const
{
    if (m_x.empty())
        return std::nullopt;
    const auto after = static_cast<size_t>(std::lower_bound(m_x.begin(), m_x.end(), x) - m_x.begin());
    if (after == 0)
        return 0;
    if (after == m_x.size())
        return m_x.size() - 1;
    return x - m_x[after - 1] <= m_x[after] - x ? after - 1 : after;
}

} // namespace studio
