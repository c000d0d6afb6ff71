// SPDX-License-Identifier: MIT
#include "ui/charts/value_ticks.h"

#include <algorithm>
#include <cmath>

#include <QFontMetricsF>
#include <QLocale>

namespace studio {

namespace {

constexpr double smallFigures = 1e-3, largeFigures = 1e6; ///< outside: written with an exponent
constexpr int mostTicks = 200, mostDecimals = 12;
constexpr double rounding = 1e-9;
constexpr double denseDecade = 1.4; ///< intervals a decade from which on 2 and 5 have room

int exponentOf(double value)
{
    return static_cast<int>(std::floor(std::log10(std::abs(value)) + rounding));
}

bool needsExponent(double value)
{
    return value != 0 && (std::abs(value) < smallFigures || std::abs(value) >= largeFigures);
}

/// `last`: power of ten of the last digit that counts.
QString exponentText(double value, int last)
{
    if (value == 0)
        return QLocale().toString(0);
    const auto exponent = exponentOf(value);
    return QLocale().toString(value / std::pow(10, exponent), 'g', std::max(0, exponent - last) + 1)
        + QStringLiteral("e%1").arg(exponent);
}

} // namespace

double niceInterval(double range, int count)
{
    const auto raw = range / std::max(1, count);
    const auto power = std::pow(10, std::floor(std::log10(raw)));
    const auto share = raw / power;
    return power * (share < 1.5 ? 1 : share < 3.5 ? 2 : share < 7.5 ? 5 : 10);
}

std::vector<ValueTick> linearTicks(double low, double high, double interval)
{
    std::vector<ValueTick> ticks;
    const auto first = std::ceil(low / interval - 1e-6), last = std::floor(high / interval + 1e-6);
    if (!(last - first < mostTicks))
        return ticks;
    const bool exponent = needsExponent(std::max(std::abs(low), std::abs(high)));
    const auto power = exponentOf(interval);
    for (auto index = first; index <= last; ++index) {
        const auto value = index == 0 ? 0 : index * interval; // never -0
        ticks.push_back({value,
            exponent ? exponentText(value, power)
                     : QLocale().toString(value, 'f', std::clamp(-power, 0, mostDecimals))});
    }
    return ticks;
}

LinearScale linearScale(
    double low, double high, double room, int rows, const std::optional<std::pair<double, double>>& limits)
{
    low = low >= 0 ? std::max(0.0, low - room) : low - room;
    high += room;
    // Whole fifths of an interval: an axis whose range stays as it is need not be laid out anew.
    const auto interval = niceInterval(high - low, rows);
    low = std::floor(low / interval * 5) * interval / 5;
    high = std::ceil(high / interval * 5) * interval / 5;
    if (limits) {
        low = std::max(low, limits->first);
        high = std::min(high, limits->second);
    }
    return {low, high, interval, linearTicks(low, high, interval)};
}

double widestText(const std::vector<ValueTick>& ticks, const QFontMetricsF& metrics)
{
    double widest = 0;
    for (const auto& tick : ticks)
        widest = std::max(widest, metrics.horizontalAdvance(tick.text));
    return widest;
}

std::vector<ValueTick> logTicks(double low, double high, int count)
{
    const auto decades = std::log10(high / low);
    if (decades < 1)
        return linearTicks(low, high, niceInterval(high - low, count));
    std::vector<ValueTick> ticks;
    const bool dense = decades < 2 || decades * denseDecade <= count;
    const auto stride = static_cast<int>(std::ceil(decades / count));
    for (auto power = exponentOf(low); power <= exponentOf(high); ++power) {
        for (const int figure : {1, 2, 5}) {
            const auto value = figure * std::pow(10, power);
            if ((figure > 1 && !dense) || power % stride != 0 || value < low * (1 - rounding)
                || value > high * (1 + rounding))
                continue;
            ticks.push_back({value,
                needsExponent(value) ? exponentText(value, power)
                                     : QLocale().toString(value, 'f', std::max(0, -power))});
        }
    }
    return ticks;
}

} // namespace studio
