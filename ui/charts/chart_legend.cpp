// SPDX-License-Identifier: MIT
#include "ui/charts/chart_legend.h"

#include <algorithm>

#include <QFontMetricsF>

namespace studio {

namespace {

constexpr qreal top = 4, gap = 12;
/// With less room for each name a second row begins; with less than the other a third one.
constexpr qreal comfortable = 110, shortest = 24;
constexpr qreal shortening = 4;

struct Rows {
    int count = 1;
    qreal firstLeft = 0, left = 0, right = 0;
};

/// Empty where names of up to `most` pixels do not fit.
std::vector<QRectF> placesOf(const std::vector<qreal>& widths, qreal most, const Rows& rows)
{
    std::vector<QRectF> places;
    size_t first = 0; // of the row
    int row = 0;
    auto x = rows.firstLeft;
    const auto alignRight = [&] {
        const auto rest = rows.right - (x - gap);
        for (; first < places.size(); ++first)
            places[first].translate(rest, 0);
    };
    for (const auto whole : widths) {
        const auto width = legendLineLength + std::min(whole, most);
        while (x + width > rows.right) {
            alignRight();
            if (++row == rows.count)
                return {};
            x = rows.left;
        }
        places.push_back({x, row * legendRowHeight + top, width, legendRowHeight});
        x += width + gap;
    }
    alignRight();
    return places;
}

} // namespace

std::vector<LegendEntry> placedLegend(
    std::vector<LegendEntry> names, const QFont& font, qreal firstLeft, qreal left, qreal right)
{
    const QFontMetricsF metrics(font);
    std::vector<qreal> widths;
    for (const auto& entry : names)
        widths.push_back(metrics.horizontalAdvance(entry.text));
    if (names.empty())
        return names;
    const auto widest = *std::max_element(widths.begin(), widths.end());
    for (int count = 1; count <= static_cast<int>(names.size()) + 1; ++count) {
        const auto least = std::min(widest, count == 1 ? comfortable : shortest);
        std::vector<QRectF> places;
        for (auto most = widest; places.empty() && most >= least; most -= shortening)
            places = placesOf(widths, most, {count, firstLeft, left, right});
        if (places.empty())
            continue;
        for (size_t i = 0; i < names.size(); ++i) {
            names[i].place = places[i];
            if (const auto room = places[i].width() - legendLineLength; room < widths[i])
                // The start and the end, where names of runs differ, as in the table of runs.
                names[i].text = metrics.elidedText(names[i].text, Qt::ElideMiddle, room);
        }
        return names;
    }
    return {}; // no room for a single one
}

} // namespace studio
