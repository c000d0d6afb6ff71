// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include <QFont>
#include <QRectF>
#include <QString>

namespace studio {

struct LegendEntry {
    int series = 0;
    QString text = {}; ///< a name, cut in its middle where there is no room
    QRectF place = {}; ///< of line and name
};
constexpr qreal legendRowHeight = 16;
constexpr qreal legendLineLength = 24; ///< of the line before a name, with the space behind it

/// Places whole names at the right of rows that begin at `left`, the first one at `firstLeft`. As few rows as
/// leave enough of each name to know it by.
[[nodiscard]] std::vector<LegendEntry> placedLegend(
    std::vector<LegendEntry> names, const QFont& font, qreal firstLeft, qreal left, qreal right);

} // namespace studio
