// SPDX-License-Identifier: MIT
#include "ui/charts/chart_export.h"
#include "ui/charts/metric_chart.h"
#include "ui/charts/series_buffer.h"
#include "ui/charts/value_ticks.h"

#include <cmath>
#include <limits>
#include <map>
#include <random>

#include <QChart>
#include <QFile>
#include <QFontMetricsF>
#include <QImage>
#include <QPainter>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <QValueAxis>

using namespace studio;

class TestCharts : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void cleanup() { QLocale::setDefault(QLocale::system()); } // some set another

    void everySpikeOfAMillionPointsIsDrawn()
    {
        SeriesBuffer buffer;
        std::mt19937 random(7);
        std::normal_distribution<double> noise(1, 0.01);
        const int count = 1'000'000;
        for (int step = 0; step < count; ++step)
            buffer.append(step, step == 123'457 ? 50.0 : step == 765'432 ? -50.0 : noise(random));
        const int columns = 800;
        const auto points = buffer.sampled(0, count, columns);
        QVERIFY(points.size() <= columns * 4 + 8);
        QVERIFY(points.contains(QPointF(123'457, 50)));
        QVERIFY(points.contains(QPointF(765'432, -50)));
        QVERIFY(std::is_sorted(
            points.begin(), points.end(), [](const QPointF& a, const QPointF& b) { return a.x() < b.x(); }));
    }

    void eachPixelColumnKeepsItsLowestAndHighestPoint()
    {
        SeriesBuffer buffer;
        std::mt19937 random(11);
        std::uniform_real_distribution<double> values(-3, 3);
        std::map<int, std::pair<double, double>> expected;
        const int columns = 60, count = 6000;
        for (int step = 0; step < count; ++step) {
            const auto value = values(random);
            buffer.append(step, value);
            auto& range = expected.try_emplace(step * columns / count, value, value).first->second;
            range = {std::min(range.first, value), std::max(range.second, value)};
        }
        std::map<int, std::pair<double, double>> found;
        for (const auto& point : buffer.sampled(0, count, columns)) {
            auto& range
                = found.try_emplace(static_cast<int>(point.x()) * columns / count, point.y(), point.y())
                      .first->second;
            range = {std::min(range.first, point.y()), std::max(range.second, point.y())};
        }
        QVERIFY(found == expected);
    }

    void extremesOfAnyStretchAreThoseOfItsValues()
    {
        std::mt19937 random(3);
        std::vector<double> values;
        ExtremeTree tree;
        const auto draw = [&](size_t limit) { return static_cast<size_t>(random()) % limit; };
        for (size_t i = 0; i < 9000; ++i) {
            values.push_back(draw(9) == 0 ? std::numeric_limits<double>::quiet_NaN() : double(draw(500)));
            tree.add(values, i);
            if (i % 7 != 0)
                continue;
            const auto begin = draw(i + 1), end = begin + draw(i + 2 - begin);
            std::optional<std::pair<size_t, size_t>> expected;
            for (auto k = begin; k < end; ++k) {
                if (!std::isfinite(values[k]))
                    continue;
                if (!expected)
                    expected = {k, k};
                if (values[k] < values[expected->first])
                    expected->first = k;
                if (values[k] > values[expected->second])
                    expected->second = k;
            }
            QVERIFY(tree.find(values, begin, end) == expected);
        }
    }

    void smoothingIsTheBiasCorrectedExponentialMean()
    {
        SeriesBuffer buffer;
        buffer.setSmoothing(0.9);
        double mean = 0;
        for (int step = 1; step <= 40; ++step) {
            const auto value = std::sin(step);
            buffer.append(step, value);
            mean = 0.9 * mean + 0.1 * value;
            QVERIFY(
                std::abs(buffer.smoothed(static_cast<size_t>(step - 1)) - mean / (1 - std::pow(0.9, step)))
                < 1e-12);
        }
        buffer.setSmoothing(0);
        QCOMPARE(buffer.smoothed(39), buffer.y(39));
    }

    void valuesThatAreNoNumbersAreKeptButNotDrawn()
    {
        SeriesBuffer buffer;
        buffer.append(1, 2);
        buffer.append(2, std::numeric_limits<double>::quiet_NaN());
        buffer.append(3, 4);
        QCOMPARE(buffer.size(), size_t(3));
        QCOMPARE(buffer.sampled(0, 4, 100), (QList<QPointF>{{1, 2}, {3, 4}}));
        QCOMPARE(*buffer.range(0, 4), (std::pair<double, double>(2, 4)));
    }

    void zoomingOneChartZoomsAllOfTheAxis()
    {
        StepAxis axis;
        MetricChart loss(&axis), score(&axis);
        for (auto* chart : {&loss, &score}) {
            chart->resize(640, 240);
            const int series = chart->addSeries({});
            for (int step = 1; step <= 400; ++step)
                chart->buffer(series).append(step, 1.0 / step);
        }
        axis.setExtent(0, 400);
        axis.zoomTo(100, 200);
        for (auto* chart : {&loss, &score}) {
            const auto points = chart->drawnPoints(0);
            QCOMPARE(points.first().x(), 99.0); // one neighbour on each side
            QCOMPARE(points.last().x(), 201.0);
        }
        QTest::mouseDClick(score.viewport(), Qt::LeftButton);
        QVERIFY(!axis.isZoomed());
        QCOMPARE(loss.drawnPoints(0).size(), 400);
    }

    void aNoisyCurveFillsItsColumnsWhereItsLineWouldGo()
    {
        // The same chart as pixels, where such a curve is filled column by column, and as a line of a vector
        // picture.
        StepAxis axis;
        MetricChart chart(&axis);
        chart.resize(500, 200);
        chart.addSeries({});
        std::mt19937 random(5);
        std::uniform_real_distribution<double> noise(0, 1);
        for (int step = 0; step <= 5000; ++step)
            chart.buffer(0).append(step, step == 2500 ? 3 : noise(random));
        chart.show();
        QVERIFY(QTest::qWaitForWindowExposed(&chart));
        axis.setExtent(0, 5000);
        chart.refreshNow();
        QImage pixels(chart.size(), QImage::Format_ARGB32_Premultiplied);
        pixels.fill(Qt::white);
        {
            QPainter painter(&pixels);
            chart.render(&painter, QRectF(pixels.rect()), chart.viewport()->rect());
        }
        const auto plot = chart.chart()->plotArea();
        const auto color = seriesColor(0, &chart).rgb();
        const auto height = [&](double value) { // of a value, in pixels from the foot
            const auto* scale = qobject_cast<QValueAxis*>(chart.chart()->axes(Qt::Vertical).first());
            return (value - scale->min()) / (scale->max() - scale->min()) * plot.height();
        };
        const auto rowOf = [&](double value) { return static_cast<int>(plot.bottom() - height(value)); };
        int spikes = 0;
        for (auto column = static_cast<int>(plot.left()) + 3; column < static_cast<int>(plot.right()) - 3;
             ++column) {
            QCOMPARE(pixels.pixel(column, rowOf(0.5)), color); // twelve values stand in each column
            QVERIFY(pixels.pixel(column, rowOf(-0.2)) != color);
            spikes += pixels.pixel(column, rowOf(2.5)) == color;
        }
        QVERIFY2(spikes >= 1 && spikes <= 3, qPrintable(QString::number(spikes)));

        QTemporaryDir folder;
        exportSvg({&chart}, folder.filePath(QStringLiteral("a.svg")));
        QFile svg(folder.filePath(QStringLiteral("a.svg")));
        QVERIFY(svg.open(QIODevice::ReadOnly));
        const auto text = svg.readAll();
        QVERIFY(text.contains("<polyline") && !text.contains("<image"));
    }

    void aGrowingRunIsDrawnSoonAndAZoomAtOnce()
    {
        StepAxis axis;
        MetricChart chart(&axis);
        chart.resize(500, 200);
        chart.addSeries({});
        for (int step = 1; step <= 100; ++step)
            chart.buffer(0).append(step, 1.0 / step);
        axis.setExtent(0, 100);
        QVERIFY(chart.drawnPoints(0).isEmpty());
        QTRY_COMPARE(chart.drawnPoints(0).size(), 100);
        axis.zoomTo(20, 40);
        QCOMPARE(chart.drawnPoints(0).size(), 23);
    }

    void zoomNeverLeavesTheData()
    {
        StepAxis axis;
        axis.setExtent(0, 100);
        axis.zoomTo(-50, 30);
        QCOMPARE(axis.from(), 0.0);
        axis.pan(1000);
        QCOMPARE(axis.to(), 100.0);
        axis.zoomAround(50, 100);
        QVERIFY(!axis.isZoomed());
    }

    void readOutNamesStepEpochAndEverySeries()
    {
        StepAxis axis;
        axis.setStepsPerEpoch(10);
        MetricChart chart(&axis);
        chart.addSeries({});
        chart.addSeries({.color = 1, .dots = true});
        chart.setSeriesName(0, QStringLiteral("Training"));
        chart.setSeriesName(1, QStringLiteral("Validation"));
        for (int step = 1; step <= 30; ++step)
            chart.buffer(0).append(step, step / 100.0);
        chart.buffer(1).append(20, 0.5);
        QLocale::setDefault(QLocale::c());
        QCOMPARE(chart.readOut(15.2),
            QStringLiteral("Step 15 · epoch 1.50\nTraining: 0.1500\nValidation: 0.5000 (step 20)"));
    }

    void aJumpOfTheValuesAsksForNoFloodOfTicks()
    {
        StepAxis axis;
        MetricChart chart(&axis);
        chart.resize(500, 200);
        chart.addSeries({});
        chart.buffer(0).append(1, 0.5);
        chart.buffer(0).append(2, 0.4);
        chart.refreshNow();
        double most = 0;
        for (auto* one : chart.chart()->axes()) {
            auto* values = qobject_cast<QValueAxis*>(one);
            const auto count = [values, &most] {
                most = std::max(most, (values->max() - values->min()) / values->tickInterval());
            };
            connect(values, &QValueAxis::rangeChanged, this, count);
            connect(values, &QValueAxis::tickIntervalChanged, this, count);
        }
        const auto jump = [&](double x, double y) {
            chart.buffer(0).append(x, y);
            axis.setExtent(0, x);
            chart.refreshNow();
        };
        jump(1e6, 2e5); // a long run was opened, or the loss has exploded
        QVERIFY2(most > 1 && most < 100, qPrintable(QString::number(most)));
        axis.zoomTo(0, 4);
        QVERIFY2(most < 100, qPrintable(QString::number(most)));
        axis.resetZoom();
        QVERIFY2(most < 100, qPrintable(QString::number(most)));
    }

    void aChartOfAnotherSizeLooksAsOneMadeForIt()
    {
        const auto picture = [](const QSize& first, const QSize& size, bool empty) {
            StepAxis axis;
            axis.setExtent(0, 10);
            MetricChart chart(&axis);
            chart.setCompact(empty);
            chart.addSeries({.color = 0});
            if (!empty) {
                chart.buffer(0).append(1, 0.25);
                chart.buffer(0).append(9, 0.75);
            }
            chart.show();
            for (const auto& each : {first, size}) {
                chart.resize(each);
                QCoreApplication::processEvents(); // charts are laid out by the event loop
            }
            return chart.grab().toImage();
        };
        // Among them sizes for which the axes keep their ranges.
        for (const auto& size : {QSize(500, 200), QSize(502, 204), QSize(400, 204), QSize(900, 420)}) {
            for (const bool empty : {false, true})
                QCOMPARE(picture({500, 200}, size, empty), picture(size, size, empty));
        }
    }

    void readOutSaysWhatAMarkStandsFor()
    {
        StepAxis axis;
        MetricChart chart(&axis);
        chart.resize(500, 200);
        chart.addSeries({});
        chart.setSeriesName(0, QStringLiteral("Training"));
        for (int step = 1; step <= 100; ++step)
            chart.buffer(0).append(step, 0.5);
        axis.setExtent(0, 100);
        chart.refreshNow();
        const auto change = QStringLiteral("Learning rate: 1e-4 → 2e-5");
        chart.setMarks({{50, MarkKind::Epoch}, {50, MarkKind::Change, change}});
        QVERIFY(chart.readOut(50).endsWith(QLatin1Char('\n') + change));
        QVERIFY(!chart.readOut(60).contains(change));
    }

    void logScaleLeavesOutValuesThatAreNotPositiveAndSaysSo()
    {
        StepAxis axis;
        MetricChart chart(&axis);
        chart.resize(400, 200);
        chart.addSeries({});
        chart.setSeriesName(0, QStringLiteral("Training"));
        for (const auto& [step, value] : {std::pair(1, 0.5), {2, 0.0}, {3, 0.25}})
            chart.buffer(0).append(step, value);
        axis.setExtent(0, 4);
        chart.setLogScale(true);
        QCOMPARE(chart.drawnPoints(0), (QList<QPointF>{{1, 0.5}, {3, 0.25}}));
        QVERIFY(chart.readOut(2).contains(QStringLiteral("log scale")));
        chart.setLogScale(false);
        QCOMPARE(chart.drawnPoints(0).size(), 3);
    }

    void everyAxisHasValuesInOneStyle_data()
    {
        QTest::addColumn<bool>("logScale");
        QTest::addColumn<double>("low");
        QTest::addColumn<double>("high");
        QTest::addColumn<QString>("texts");
        const auto row = [](const char* name, bool logScale, double low, double high, const char* texts) {
            QTest::newRow(name) << logScale << low << high << QString::fromLatin1(texts);
        };
        row("shares", false, 0, 1, "0.0 0.2 0.4 0.6 0.8 1.0");
        row("below 0", false, -0.5, 0.5, "-0.4 -0.2 0.0 0.2 0.4");
        row("learning rate", false, 0, 1.6e-4, "0 2e-5 4e-5 6e-5 8e-5 1e-4 1.2e-4 1.4e-4 1.6e-4");
        row("large", false, 0, 3e6, "0 5e5 1e6 1.5e6 2e6 2.5e6 3e6");
        row("a loss that hardly moves", true, 0.6, 0.8, "0.60 0.65 0.70 0.75 0.80");
        row("two decades", true, 0.02, 2, "0.02 0.05 0.1 0.2 0.5 1 2");
        row("many decades", true, 1e-9, 1, "1e-8 1e-6 1e-4 0.01 1");
    }

    void everyAxisHasValuesInOneStyle()
    {
        QFETCH(bool, logScale);
        QFETCH(double, low);
        QFETCH(double, high);
        QFETCH(QString, texts);
        QLocale::setDefault(QLocale::c());
        QStringList found;
        for (const auto& tick :
            logScale ? logTicks(low, high, 5) : linearTicks(low, high, niceInterval(high - low, 5))) {
            QVERIFY(tick.value >= low - 1e-12 && tick.value <= high * (1 + 1e-9));
            found << tick.text;
        }
        QCOMPARE(found.join(QLatin1Char(' ')), texts);
    }

    void theValuesOfAnAxisHaveRoomBesideIt_data()
    {
        QTest::addColumn<double>("low");
        QTest::addColumn<double>("high");
        QTest::newRow("a loss near its end") << 0.00199851 << 0.00199859;
        QTest::newRow("a learning rate") << 4.98551e-5 << 4.98562e-5;
        QTest::newRow("a large loss") << 34567.8912 << 34567.8915;
    }

    void theValuesOfAnAxisHaveRoomBesideIt()
    {
        QFETCH(double, low);
        QFETCH(double, high);
        StepAxis axis;
        MetricChart chart(&axis);
        chart.resize(400, 220);
        chart.addSeries({});
        for (int step = 1; step <= 100; ++step)
            chart.buffer(0).append(step, step % 2 == 0 ? low : high);
        axis.setExtent(0, 100);
        chart.refreshNow();
        const auto* scale = qobject_cast<QValueAxis*>(chart.chart()->axes(Qt::Vertical).first());
        const auto ticks = linearTicks(scale->min(), scale->max(), scale->tickInterval());
        QVERIFY(ticks.size() >= 2 && ticks[0].text != ticks[1].text);
        const auto width = widestText(ticks, QFontMetricsF(scale->labelsFont()));
        QVERIFY2(width <= chart.chart()->plotArea().left() - tickSpacing, qPrintable(ticks[0].text));
        QVERIFY(scale->min() <= low && scale->max() >= high);
    }

    void theLogScaleOfALossThatHardlyMovesHasLinesAndNumbers()
    {
        StepAxis axis;
        MetricChart chart(&axis);
        chart.resize(400, 220);
        chart.addSeries({});
        for (int step = 50; step <= 100; ++step)
            chart.buffer(0).append(step, step % 2 == 0 ? 0.67 : 0.70);
        axis.setExtent(0, 100);
        chart.setLogScale(true);
        const auto picture = chart.grab().toImage();
        const auto plot = chart.chart()->plotArea().toRect();
        const auto ground = picture.pixel(plot.left() + 8, plot.top() + 1);
        // Left of the curve stand grid lines alone, left of the plot the numbers alone.
        int lines = 0, inked = 0;
        for (int y = plot.top() + 2; y < plot.bottom() - 2; ++y) {
            lines += picture.pixel(plot.left() + 8, y) != ground
                && picture.pixel(plot.left() + 8, y - 1) == ground;
            for (int x = 0; x < plot.left() - 3; ++x)
                inked += picture.pixel(x, y) != ground;
        }
        QVERIFY2(lines >= 3, qPrintable(QString::number(lines)));
        QVERIFY2(inked > 60, qPrintable(QString::number(inked)));
    }

    void theLegendNamesEveryCurve_data()
    {
        QTest::addColumn<int>("curves");
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("whole");
        QTest::newRow("three short") << 3 << QStringLiteral("run") << true;
        QTest::newRow("one long") << 1 << QString(200, QLatin1Char('n')) << false;
        QTest::newRow("eight runs") << 8 << QStringLiteral("sst2-bert-2026-11-28-1200") << false;
    }

    void theLegendNamesEveryCurve()
    {
        QFETCH(int, curves);
        QFETCH(QString, name);
        QFETCH(bool, whole);
        StepAxis axis;
        MetricChart chart(&axis);
        chart.resize(480, 240);
        chart.setTitleText(QStringLiteral("Loss"));
        chart.addSeries({}); // without points
        for (int curve = 1; curve <= curves; ++curve) {
            const int series = chart.addSeries({.color = curve});
            chart.setSeriesName(series, QString::number(curve) + name);
            chart.buffer(series).append(1, curve);
        }
        axis.setExtent(0, 2);
        chart.refreshNow();
        const auto entries = chart.legend();
        const auto plot = chart.chart()->plotArea();
        QCOMPARE(entries.size(), static_cast<size_t>(curves));
        for (int i = 0; i < curves; ++i) {
            const auto& entry = entries[static_cast<size_t>(i)];
            QCOMPARE(entry.series, i + 1);
            QVERIFY(entry.text.startsWith(QString::number(i + 1) + name.left(1)));
            QVERIFY(entry.text.endsWith(name.right(1))); // where names of runs differ
            QCOMPARE(entry.text == QString::number(i + 1) + name, whole);
            QVERIFY(entry.place.left() > 0 && entry.place.right() <= plot.right() + 0.5);
            QVERIFY(entry.place.bottom() <= plot.top());
            QVERIFY(i == 0 || !entry.place.intersects(entries[static_cast<size_t>(i - 1)].place));
        }
        QVERIFY(entries.back().place.bottom() <= 40); // of two rows
    }

    void exportsHoldEveryPointAndAReadablePicture()
    {
        QTemporaryDir folder;
        StepAxis axis;
        MetricChart chart(&axis);
        chart.resize(500, 200);
        chart.setTitleText(QStringLiteral("Loss, smoothed"));
        chart.addSeries({});
        chart.setSeriesName(0, QStringLiteral("Training"));
        chart.buffer(0).append(1, 0.1);
        chart.buffer(0).append(2, 1.0 / 3);
        axis.setExtent(0, 3);
        chart.refreshNow();
        const auto csv = folder.filePath(QStringLiteral("a.csv"));
        exportCsv({&chart}, csv);
        QFile file(csv);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(),
            QByteArray("chart,series,step,value\n\"Loss, smoothed\",Training,1,0.1\n"
                       "\"Loss, smoothed\",Training,2,0.3333333333333333\n"));
        exportPng({&chart}, folder.filePath(QStringLiteral("a.png")));
        const QImage picture(folder.filePath(QStringLiteral("a.png")));
        QCOMPARE(picture.size(), QSize(1000, 400));
        exportSvg({&chart}, folder.filePath(QStringLiteral("a.svg")));
        QFile svg(folder.filePath(QStringLiteral("a.svg")));
        QVERIFY(svg.open(QIODevice::ReadOnly));
        QVERIFY(svg.readAll().contains("<svg"));
    }
};

QTEST_MAIN(TestCharts)
#include "tst_charts.moc"
