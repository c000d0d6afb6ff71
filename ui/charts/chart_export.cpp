// SPDX-License-Identifier: MIT
#include "ui/charts/chart_export.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "ui/charts/metric_chart.h"
#include "ui/theme/colors.h"

#include <cmath>

#include <QBuffer>
#include <QImage>
#include <QPainter>
#include <QSvgGenerator>

namespace studio {

namespace {

QSize stackedSize(const QList<MetricChart*>& charts)
{
    QSize size(0, 0);
    for (const auto* chart : charts)
        size = {std::max(size.width(), chart->width()), size.height() + chart->height()};
    return size;
}

void paintStacked(QPainter& painter, const QList<MetricChart*>& charts)
{
    painter.fillRect(QRect({}, stackedSize(charts)), themeColors(charts.first()).surface);
    int top = 0;
    for (auto* chart : charts) {
        // Layout units of the view are pixels: the scene is drawn at its own size.
        chart->render(&painter, QRectF(0, top, chart->width(), chart->height()), chart->viewport()->rect());
        top += chart->height();
    }
}

QString quoted(QString text)
{
    if (text.contains(QLatin1Char(',')) || text.contains(QLatin1Char('"')))
        text = QLatin1Char('"') + text.replace(QLatin1String("\""), QLatin1String("\"\"")) + QLatin1Char('"');
    return text;
}

void write(const QString& file, const QByteArray& content)
{
    writeFileAtomically(std::filesystem::path(file.toStdString()),
        std::string_view(content.constData(), static_cast<size_t>(content.size())));
}

} // namespace

void exportPng(const QList<MetricChart*>& charts, const QString& file)
{
    QImage image(stackedSize(charts) * 2, QImage::Format_ARGB32);
    image.setDevicePixelRatio(2);
    {
        QPainter painter(&image);
        painter.setRenderHint(QPainter::Antialiasing);
        paintStacked(painter, charts);
    }
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    write(file, bytes);
}

void exportSvg(const QList<MetricChart*>& charts, const QString& file)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setSize(stackedSize(charts));
    generator.setViewBox(QRect({}, stackedSize(charts)));
    generator.setTitle(QStringLiteral("FineTune Studio"));
    {
        QPainter painter(&generator);
        paintStacked(painter, charts);
    }
    write(file, bytes);
}

QString chartCsv(const QList<MetricChart*>& charts)
{
    QString out = QStringLiteral("chart,series,step,value\n");
    for (auto* chart : charts) {
        for (int series = 0; series < chart->seriesCount(); ++series) {
            const auto& points = chart->buffer(series);
            const auto head
                = quoted(chart->accessibleName()) + QLatin1Char(',') + quoted(chart->seriesName(series));
            for (size_t index = 0; index < points.size(); ++index) {
                out += head + QLatin1Char(',') + QString::fromStdString(numberText(points.x(index)))
                    + QLatin1Char(',');
                if (std::isfinite(points.y(index)))
                    out += QString::fromStdString(numberText(points.y(index)));
                out += QLatin1Char('\n');
            }
        }
    }
    return out;
}

void exportCsv(const QList<MetricChart*>& charts, const QString& file)
{
    write(file, chartCsv(charts).toUtf8());
}

} // namespace studio
