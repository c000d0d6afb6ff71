// SPDX-License-Identifier: MIT
#pragma once

#include <QList>
#include <QString>

namespace studio {

class MetricChart;

/// Writes charts, stacked as they stand, as a picture. Throws Error{File} naming file and reason.
void exportPng(const QList<MetricChart*>& charts, const QString& file);
void exportSvg(const QList<MetricChart*>& charts, const QString& file);
/// Every point of every curve: chart, series, step, value; numbers in full, UTF-8 CSV.
[[nodiscard]] QString chartCsv(const QList<MetricChart*>& charts);
void exportCsv(const QList<MetricChart*>& charts, const QString& file);

} // namespace studio
