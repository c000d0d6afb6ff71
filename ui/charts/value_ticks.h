// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include <QString>

class QFontMetricsF;

namespace studio {

inline constexpr double tickSpacing = 5; ///< pixels between the text and the axis

/// A value that an axis marks, and its text by the locale of the window.
struct ValueTick {
    double value = 0;
    QString text = {};
};

/// A step of 1, 2 or 5 times a power of ten that gives about `count` intervals.
[[nodiscard]] double niceInterval(double range, int count);
/// The multiples of `interval` in [low, high], all written in one way: "0.25", or "5e-5" on an axis of very
/// small or very large values.
[[nodiscard]] std::vector<ValueTick> linearTicks(double low, double high, double interval);

struct LinearScale {
    double low = 0, high = 1, interval = 1;
    std::vector<ValueTick> ticks = {};
};
/// What an axis shows of values from `low` to `high`: room around them, within `limits`, in about `rows`
/// intervals.
[[nodiscard]] LinearScale linearScale(
    double low, double high, double room, int rows, const std::optional<std::pair<double, double>>& limits);
[[nodiscard]] double widestText(const std::vector<ValueTick>& ticks, const QFontMetricsF& metrics);
/// About `count` values of [low, high], low > 0, for an axis of logarithms: powers of ten, between them 2 and
/// 5 where there is room; round numbers where all lies within ten times the lowest.
[[nodiscard]] std::vector<ValueTick> logTicks(double low, double high, int count);

} // namespace studio
