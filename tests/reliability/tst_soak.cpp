// SPDX-License-Identifier: MIT
// Hours of use in one process, made short: runs are started, paused, resumed, evaluated, asked, saved,
// stopped, continued, listed, opened, exported and deleted, through the classes of the window. Memory,
// threads and open files must not grow.
//     STUDIO_SOAK_MINUTES=60 QTEST_FUNCTION_TIMEOUT=7200000 ctest -R tst_soak -V --timeout 7200
#include "core/runs/metric_log.h"
#include "tests/ui/tiny_run.h"
#include "ui/session/data_session.h"
#include "ui/session/inference_session.h"
#include "ui/session/run_store.h"
#include "ui/session/training_session.h"

#include <algorithm>
#include <fstream>
#include <malloc.h>
#include <numeric>
#include <random>
#include <unistd.h>

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

using namespace studio;
namespace fs = std::filesystem;

namespace {

struct Usage {
    double minutes = 0;
    double megabytes = 0; ///< resident
    int64_t threads = 0, files = 0;
};

int64_t entriesIn(const char* folder)
{
    return std::distance(fs::directory_iterator(folder), {});
}

Usage usageNow(const QElapsedTimer& since)
{
    malloc_trim(0); // what is free and merely kept is no leak
    int64_t total = 0, resident = 0;
    std::ifstream("/proc/self/statm") >> total >> resident;
    return {static_cast<double>(since.elapsed()) / 60'000,
        static_cast<double>(resident * sysconf(_SC_PAGESIZE)) / 1e6, entriesIn("/proc/self/task"),
        entriesIn("/proc/self/fd")};
}

/// Growth of a value between the first and the last of some samples, by the straight line through them.
template <typename Value>
double trend(const std::vector<Usage>& samples, const Value& value)
{
    const auto count = static_cast<double>(samples.size());
    double x = 0, y = 0, xx = 0, xy = 0;
    for (const auto& sample : samples) {
        x += sample.minutes;
        y += value(sample);
        xx += sample.minutes * sample.minutes;
        xy += sample.minutes * value(sample);
    }
    const double spread = count * xx - x * x;
    return spread <= 0 ? 0
                       : (count * xy - x * y) / spread * (samples.back().minutes - samples.front().minutes);
}

} // namespace

class TestSoak : public QObject {
    Q_OBJECT

    QTemporaryDir m_home;
    std::mt19937 m_random{11};
    int64_t m_steps = 0, m_answers = 0, m_runs = 0, m_resumed = 0, m_evaluations = 0, m_checkpoints = 0;

    [[nodiscard]] bool chance(int percent) { return static_cast<int>(m_random() % 100) < percent; }

    /// One run from its start to its end, steered at random; true when it was stopped on the way.
    bool runOnce(TrainingSession& training, const TrainingArguments& arguments)
    {
        QSignalSpy finished(&training, &TrainingSession::finished),
            failed(&training, &TrainingSession::failed);
        const bool stops = chance(40);
        QObject context;
        connect(&training, &TrainingSession::livePredicted, &context, [this] { ++m_answers; });
        connect(&training, &TrainingSession::eventsReported, &context, [&](const QList<TrainEvent>& events) {
            for (const auto& event : events) {
                m_evaluations += std::holds_alternative<EvaluateEvent>(event);
                m_checkpoints += std::holds_alternative<CheckpointEvent>(event);
                if (!std::holds_alternative<StepEvent>(event))
                    continue;
                ++m_steps;
                if (chance(10))
                    training.predict({{"good food"}, {"bad film"}});
                if (chance(4))
                    training.evaluateNow();
                if (chance(4))
                    training.saveNow();
                if (chance(4))
                    training.pause();
                if (stops && chance(6))
                    training.stop();
            }
        });
        connect(&training, &TrainingSession::stateChanged, &context, [&](TrainingSession::State state) {
            if (state == TrainingSession::State::Paused) {
                training.predict({{"while it waits"}});
                QTimer::singleShot(2, &context, [&training] { training.resume(); });
            }
        });
        training.start(arguments);
        if (!QTest::qWaitFor([&] { return !training.isRunning(); }, 60'000))
            qFatal("a run does not end");
        QCoreApplication::sendPostedEvents();
        if (failed.count() > 0)
            qFatal("%s", qPrintable(failed.at(0).at(1).toString()));
        ++m_runs;
        return finished.at(0).at(0).value<TrainResult>().outcome == TrainOutcome::Stopped;
    }

    void cycle(
        const TrainingArguments& job, TrainingSession& training, InferenceSession& inference, RunStore& store)
    {
        fs::path folder;
        store.requestNewFolder("tiny", "rows", [&](const fs::path& made) { folder = made; });
        QVERIFY(QTest::qWaitFor([&] { return !folder.empty(); }, 20'000));
        auto arguments = job;
        arguments.outputDir = folder;
        arguments.seed = m_random() % 1000;
        arguments.maxSteps = 6 + static_cast<int64_t>(m_random() % 20);
        arguments.evalStrategy = arguments.saveStrategy = "steps";
        arguments.evalSteps = 5;
        arguments.saveSteps = 4;
        for (bool stopped = runOnce(training, arguments); stopped; ++m_resumed) {
            arguments.resumeFromCheckpoint = "";
            stopped = runOnce(training, arguments);
        }
        store.add(folder);
        store.setNotes(folder, "a name", "a note");

        // What the other pages do with it.
        DataSession data(DataPart::Train);
        QSignalSpy read(&data, &DataSession::datasetChanged);
        data.setArguments(arguments);
        bool done = false;
        const auto name = QString::fromStdString(folder.string());
        QSignalSpy answered(&inference, &InferenceSession::answered);
        inference.classify(0, name, {"good food"});
        const auto onError = [](const CaughtError& error) { qFatal("%s", qPrintable(error.detail)); };
        inference.run(
            [folder, arguments](const TaskControl& control) {
                return evaluateFile({.modelNameOrPath = folder,
                                        .file = arguments.trainFile,
                                        .data = arguments,
                                        .predictionsFile = {}},
                    control);
            },
            [&](const MetricReport&) { done = true; }, onError);
        QVERIFY(QTest::qWaitFor(
            [&] { return done && answered.count() == 1 && !data.isLoading() && data.dataset(); }, 60'000));
        QVERIFY(!readRunCurves(folder).empty());
        QCOMPARE(readRunSummary(folder).state, RunState::Completed);
        QVERIFY(!readPredictions(folder).empty());
        inference.forget(name);
        // The store writes the notes on its own thread; nothing may appear in a folder that is being deleted.
        QVERIFY(QTest::qWaitFor([&] { return fs::exists(folder / "studio.json"); }, 20'000));
        fs::remove_all(folder);
        store.remove(folder);
        QSignalSpy listed(&store, &RunStore::runsChanged);
        store.refresh();
        QVERIFY(listed.wait(20'000));
    }

private Q_SLOTS:
    void nothingGrowsInLongUse()
    {
        const auto minutes = qEnvironmentVariableIsSet("STUDIO_SOAK_MINUTES")
            ? qgetenv("STUDIO_SOAK_MINUTES").toDouble()
            : 0.05;
        const fs::path home = m_home.path().toStdString();
        const auto job = makeTinyJob(home);
        TrainingSession training;
        InferenceSession inference;
        RunStore store(home / "workspace");
        QElapsedTimer since;
        since.start();
        std::vector<Usage> samples;
        int64_t cycles = 0;
        double reported = 0;
        while (samples.size() < 8 || samples.back().minutes < minutes) {
            cycle(job, training, inference, store);
            if (QTest::currentTestFailed())
                return;
            ++cycles;
            samples.push_back(usageNow(since));
            const auto& now = samples.back();
            if (now.minutes - reported >= 1) {
                reported = now.minutes;
                qInfo("%6.1f min: %lld cycles, %.1f MB, %lld threads, %lld files", now.minutes,
                    static_cast<long long>(cycles), now.megabytes, static_cast<long long>(now.threads),
                    static_cast<long long>(now.files));
            }
        }
        // A quarter is warm-up: caches and pools fill.
        const auto most = [&](size_t begin, size_t end, auto value) {
            int64_t found = 0;
            for (auto i = begin; i < end; ++i)
                found = std::max(found, samples[i].*value);
            return found;
        };
        const auto size = samples.size(), warm = size / 4, middle = warm + (size - warm) / 2;
        const std::vector<Usage> rest(samples.begin() + static_cast<int64_t>(warm), samples.end());
        const double growth = trend(rest, [](const Usage& usage) { return usage.megabytes; });
        qInfo("%.1f min, %lld cycles: %lld runs (%lld continued), %lld steps, %lld evaluations, %lld "
              "checkpoints, %lld live "
              "answers",
            samples.back().minutes, static_cast<long long>(cycles), static_cast<long long>(m_runs),
            static_cast<long long>(m_resumed), static_cast<long long>(m_steps),
            static_cast<long long>(m_evaluations), static_cast<long long>(m_checkpoints),
            static_cast<long long>(m_answers));
        qInfo("memory %.1f MB after warm-up, %.1f MB at the end, trend %+.2f MB (%+.2f kB a cycle); threads "
              "%lld, then %lld; "
              "files %lld, then %lld",
            rest.front().megabytes, rest.back().megabytes, growth,
            growth * 1000 / static_cast<double>(rest.size()),
            static_cast<long long>(most(warm, middle, &Usage::threads)),
            static_cast<long long>(most(middle, size, &Usage::threads)),
            static_cast<long long>(most(warm, middle, &Usage::files)),
            static_cast<long long>(most(middle, size, &Usage::files)));
        QVERIFY(most(middle, size, &Usage::threads) <= most(warm, middle, &Usage::threads) + 2);
        QVERIFY(most(middle, size, &Usage::files) <= most(warm, middle, &Usage::files) + 2);
        QVERIFY2(growth < std::max(16.0, rest.front().megabytes * 0.05), "memory grows");
    }
};

QTEST_GUILESS_MAIN(TestSoak)
#include "tst_soak.moc"
