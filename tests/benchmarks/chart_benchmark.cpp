// SPDX-License-Identifier: MIT
// chart_benchmark [POINTS [SECONDS [PICTURE]]]: three charts of a run with POINTS steps (default 1,000,000),
// as the Train page shows them, while 1,000 steps a second arrive. Draws as many frames as it can and says
// how long one takes.
#include "ui/charts/metric_chart.h"
#include "ui/theme/theme.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <random>

#include <QApplication>
#include <QElapsedTimer>
#include <QImage>
#include <QPainter>
#include <QTimer>
#include <QVBoxLayout>

using namespace studio;

namespace {

constexpr int arrivingPerSecond = 1000;

struct Run {
    std::mt19937 random{5};
    std::normal_distribution<double> noise{0, 0.05};
    int step = 0;
};

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    const int points = argc > 1 ? QByteArray(argv[1]).toInt() : 1'000'000;
    const int seconds = argc > 2 ? QByteArray(argv[2]).toInt() : 10;
    Theme theme;
    theme.setMode(themeModeFromName(QStringLiteral("light")));
    StepAxis axis;
    QWidget window;
    auto* layout = new QVBoxLayout(&window);
    MetricChart *loss = new MetricChart(&axis, &window), *score = new MetricChart(&axis, &window),
                *rate = new MetricChart(&axis, &window);
    const QList<MetricChart*> charts{loss, score, rate};
    for (auto* chart : charts)
        layout->addWidget(chart);
    loss->addSeries({.color = 0, .smooth = true});
    loss->addSeries({.color = 1, .dots = true});
    score->addSeries({.color = 0, .smooth = true});
    rate->addSeries({.color = 2});
    loss->setSmoothing(0.9);
    score->setSmoothing(0.9);
    Run run;
    const auto add = [&](int count) {
        for (; count > 0; --count) {
            const double x = ++run.step;
            loss->buffer(0).append(x, 0.3 + std::exp(-x / 200'000) + run.noise(run.random));
            score->buffer(0).append(x, std::clamp(0.8 + run.noise(run.random), 0.0, 1.0));
            rate->buffer(0).append(x, 5e-5 * (1 - x / 4e6));
            if (run.step % 10'000 == 0)
                loss->buffer(1).append(x, 0.35 + std::exp(-x / 200'000));
        }
        axis.setExtent(0, run.step);
        for (auto* chart : charts)
            chart->scheduleRefresh();
    };
    QElapsedTimer timer;
    timer.start();
    add(points);
    std::printf("%d points made in %.0f ms\n", points, static_cast<double>(timer.nsecsElapsed()) / 1e6);
    window.resize(1100, 780);
    window.show();
    QApplication::processEvents();

    timer.restart();
    for (auto* chart : charts)
        chart->refreshNow();
    std::printf(
        "curves of the three charts chosen anew: %.2f ms\n", static_cast<double>(timer.nsecsElapsed()) / 1e6);

    // Every frame takes in what has arrived, chooses the curves anew and paints all three charts.
    std::vector<double> frames;
    QImage picture(window.size(), QImage::Format_ARGB32_Premultiplied);
    QElapsedTimer whole;
    whole.start();
    int arrived = 0;
    while (whole.elapsed() < seconds * 1000) {
        timer.restart();
        const int due = static_cast<int>(whole.elapsed()) * arrivingPerSecond / 1000;
        add(due - arrived);
        arrived = due;
        for (auto* chart : charts)
            chart->refreshNow();
        window.render(&picture);
        frames.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
        QApplication::processEvents();
    }
    std::sort(frames.begin(), frames.end());
    const auto at = [&](double share) {
        return frames[static_cast<size_t>(share * static_cast<double>(frames.size() - 1))];
    };
    std::printf(
        "%zu frames in %d s with %d steps arriving: a frame takes %.1f ms (median), %.1f ms (99 of 100), "
        "%.1f ms (longest); %.0f frames/s\n",
        frames.size(), seconds, arrived, at(0.5), at(0.99), frames.back(), 1000 / at(0.5));
    if (argc > 3)
        picture.save(QString::fromLocal8Bit(argv[3]));
    return 0;
}
