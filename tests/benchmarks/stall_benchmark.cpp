// SPDX-License-Identifier: MIT
// stall_benchmark MODEL [MEGABYTES]: the longest time that the window takes no input, while it opens, trains,
// opens a large CSV (500 MB unless said) and loads a model.
#include "core/train/arguments.h"
#include "ui/pages/tryit/tryit_page.h"
#include "ui/session/studio_state.h"
#include "ui/shell/language.h"
#include "ui/shell/main_window.h"
#include "ui/theme/theme.h"
#include "ui/widgets/bar_list.h"

#include <algorithm>
#include <cstdio>
#include <functional>
#include <random>

#include <QAbstractEventDispatcher>
#include <QApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QFile>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QTableView>
#include <QTemporaryDir>
#include <QTimer>

using namespace studio;

namespace {

/// A turn of the event loop runs from its waking to its next sleep; input that comes meanwhile waits as long.
class StallMeter : public QObject {
public:
    StallMeter()
    {
        auto* dispatcher = QAbstractEventDispatcher::instance();
        connect(dispatcher, &QAbstractEventDispatcher::awake, this, [this] { m_turn.start(); });
        connect(dispatcher, &QAbstractEventDispatcher::aboutToBlock, this, [this] { end(); });
    }
    void begin() { m_turns.clear(); }
    void report(const char* what, double seconds)
    {
        end();
        std::sort(m_turns.begin(), m_turns.end());
        const auto over = m_turns.end() - std::upper_bound(m_turns.begin(), m_turns.end(), 50.0);
        const auto longest = m_turns.empty() ? 0.0 : m_turns.back();
        const auto most = m_turns.empty() ? 0.0 : m_turns[m_turns.size() * 99 / 100];
        std::printf("%-28s longest stall %6.1f ms, 99 of 100 turns under %5.1f ms, %td over 50 ms; %.1f s, "
                    "%zu turns\n",
            what, longest, most, over, seconds, m_turns.size());
        std::fflush(stdout);
    }

private:
    void end()
    {
        if (m_turn.isValid())
            m_turns.push_back(static_cast<double>(m_turn.nsecsElapsed()) / 1e6);
        m_turn.invalidate();
    }
    QElapsedTimer m_turn;
    std::vector<double> m_turns; ///< milliseconds
};

/// Runs the event loop until `done`; `meanwhile` is called some times a second.
void runUntil(const std::function<bool()>& done, const std::function<void()>& meanwhile = {})
{
    QEventLoop loop;
    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, &loop, [&] {
        if (done())
            loop.quit();
        else if (meanwhile)
            meanwhile();
    });
    timer.start(100);
    loop.exec();
}

void measure(StallMeter& meter, const char* what, const std::function<void()>& work)
{
    QElapsedTimer timer;
    timer.start();
    meter.begin();
    work();
    meter.report(what, static_cast<double>(timer.elapsed()) / 1000);
}

void writeTable(const QString& name, qint64 bytes)
{
    QFile file(name);
    if (!file.open(QIODevice::WriteOnly))
        qFatal("cannot write %s", qPrintable(name));
    std::mt19937 random(5);
    QByteArray block("text,label\n");
    for (qint64 written = 0; written < bytes;) {
        while (block.size() < 1 << 20) {
            for (auto words = 8 + random() % 30; words > 0; --words)
                block += "word" + QByteArray::number(static_cast<int>(random() % 20000)) + ' ';
            block += random() % 2 == 0 ? ",good\n" : ",bad\n";
        }
        written += file.write(block);
        block.clear();
    }
}

} // namespace

int main(int argc, char** argv)
{
    if (argc < 2) {
        std::fprintf(stderr, "usage: stall_benchmark MODEL [MEGABYTES]\n");
        return 2;
    }
    qputenv("QT_NO_GLIB", "1"); // whose dispatcher handles events before it says that it is awake
    QApplication application(argc, argv);
    const auto model = QString::fromLocal8Bit(argv[1]);
    const qint64 megabytes = argc > 2 ? QByteArray(argv[2]).toLongLong() : 500;
    QTemporaryDir folder;
    Settings settings(folder.filePath(QStringLiteral("studio.ini")));
    settings.setValue(Setting::Workspace, folder.filePath(QStringLiteral("workspace")));
    settings.setValue(Setting::Language, QStringLiteral("en"));
    Theme theme;
    theme.setMode(themeModeFromName(QStringLiteral("light")));
    Language language;
    language.setLanguage(QStringLiteral("en"));

    StallMeter meter;
    std::unique_ptr<StudioState> state;
    std::unique_ptr<MainWindow> window;
    const auto isReady = [&] {
        return !state->data().isLoading() && !state->isInspectingModel() && state->data().dataset();
    };
    measure(meter, "opening the window", [&] {
        state = std::make_unique<StudioState>(settings);
        window = std::make_unique<MainWindow>(*state, theme, language);
        window->resize(1440, 900);
        window->show();
        state->chooseDemoData(false);
        state->chooseModel(model);
        runUntil(isReady);
    });
    measure(meter, "training, 200 steps", [&] {
        state->editJob([](TrainingArguments& job) {
            job.perDeviceTrainBatchSize = 8;
            job.maxSteps = 200;
            job.evalStrategy = job.saveStrategy = "steps";
            job.evalSteps = job.saveSteps = 50;
        });
        state->startTraining();
        int turn = 0;
        const PageId pages[] = {PageId::Train, PageId::TryIt, PageId::Train, PageId::Runs};
        runUntil([&] { return state->training().run() && !state->training().isRunning(); },
            [&] {
                if (++turn % 20 == 0) // the pages that live on the run, in turn
                    window->openPage(pages[turn / 20 % 4]);
                auto* text = window->findChild<QPlainTextEdit*>(QStringLiteral("tryText"));
                text->setPlainText(QStringLiteral("what a day number %1").arg(turn));
            });
    });
    measure(meter, "loading the run's model", [&] {
        state->tryModel(QString::fromStdString(state->training().run()->arguments.outputDir));
        auto* bars = window->findChild<BarList*>(QStringLiteral("tryBars0"));
        runUntil([&] { return !bars->rows().empty(); });
    });
    const auto table = folder.filePath(QStringLiteral("large.csv"));
    writeTable(table, megabytes * 1'000'000);
    const auto what = "opening a CSV of " + std::to_string(megabytes) + " MB";
    measure(meter, what.c_str(), [&] {
        window->openPage(PageId::Data);
        state->openDataFile(table);
        auto* rows = window->findChild<QTableView*>(QStringLiteral("previewTable"))->verticalScrollBar();
        runUntil(isReady, [rows] { rows->setValue((rows->value() + 9973) % std::max(1, rows->maximum())); });
    });
    measure(meter, "choosing a model", [&] {
        window->openPage(PageId::Model);
        state->chooseModel(QString());
        state->chooseModel(model);
        runUntil([&] { return state->modelInfo() && !state->isInspectingModel(); });
    });
    window.reset();
    state.reset();
    return 0;
}
