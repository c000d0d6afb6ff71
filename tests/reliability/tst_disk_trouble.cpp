// SPDX-License-Identifier: MIT
// A disk that is full, read-only, gone or slow, from any single write on: a run that somebody watches pauses
// and goes on when the disk is well again; another one ends with a sentence and can be resumed. Both end as
// an undisturbed run, bit for bit.
//     STUDIO_DISK_TROUBLES=all QTEST_FUNCTION_TIMEOUT=7200000 ctest -R tst_disk_trouble --timeout 7200
#include "core/runs/run_index.h"
#include "core/train/output_folder.h"
#include "tests/core/train/training_fixture.h"
#include "tests/reliability/disk_journal.h"
#include "tests/reliability/run_result.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <numeric>
#include <set>
#include <thread>

#include <QTest>

using namespace studio;
using namespace studio::test;
namespace fs = std::filesystem;

namespace {

using Kind = DiskOperation::Kind;

/// How many moments each scenario takes; the full version takes all.
size_t wantedMoments(size_t shortVersion)
{
    const auto wanted = qgetenv("STUDIO_DISK_TROUBLES");
    if (wanted.isEmpty())
        return shortVersion;
    return wanted == "all" ? SIZE_MAX : static_cast<size_t>(wanted.toULongLong());
}

/// Whether a change needs room that a full disk does not have.
bool needsRoom(Kind kind)
{
    return kind == Kind::Create || kind == Kind::Folder || kind == Kind::Link || kind == Kind::Rename
        || kind == Kind::Write || kind == Kind::SyncFile;
}

/// A disk that fails with `reason` from its change number `from` on, until it is well again.
class Trouble {
public:
    Trouble(const fs::path& disk, int reason, int64_t from)
        : m_reason(reason)
        , m_from(from)
        , m_fault(disk, [this](Kind kind) { return ask(kind); })
    {
    }
    void begin() { m_begun = true; } ///< counts from here
    void end() { m_ended = true; }
    [[nodiscard]] int64_t changes() const { return m_changes; }
    [[nodiscard]] bool happened() const { return m_happened; }

private:
    int ask(Kind kind)
    {
        if (!m_begun || m_ended || (m_reason == ENOSPC && !needsRoom(kind)) || ++m_changes < m_from)
            return 0;
        m_happened = true;
        return m_reason;
    }

    int m_reason;
    int64_t m_from, m_changes = 0;
    bool m_begun = false, m_ended = false, m_happened = false;
    DiskFault m_fault;
};

} // namespace

class TestDiskTrouble : public QObject {
    Q_OBJECT

    std::unique_ptr<TrainingHome> m_home;
    std::mt19937 m_random;

    [[nodiscard]] fs::path disk() const { return m_home->path("disk"); }
    [[nodiscard]] fs::path output() const { return disk() / "out"; }
    [[nodiscard]] TrainingArguments base() const
    {
        auto arguments = m_home->base("disk/out");
        arguments.evalStrategy = arguments.saveStrategy = "steps";
        arguments.evalSteps = 6;
        arguments.saveSteps = 4;
        return arguments;
    }
    void emptyDisk() const
    {
        fs::remove_all(disk());
        fs::create_directories(disk());
    }
    [[nodiscard]] int64_t newestCheckpoint() const
    {
        const auto whole = listCheckpoints(output());
        return whole.empty() ? -1 : whole.back().first;
    }

    /// `count` of the moments 1 … `last`, in random order. `withEnd`: and every other one of the last sixty,
    /// after which nothing would notice what failed.
    std::vector<int64_t> moments(int64_t last, size_t count, bool withEnd = false)
    {
        std::vector<int64_t> all(static_cast<size_t>(last));
        std::iota(all.begin(), all.end(), 1);
        std::ranges::shuffle(all, m_random);
        if (count >= all.size())
            return all;
        all.resize(count);
        for (auto moment = last; withEnd && moment > std::max<int64_t>(0, last - 60); moment -= 2)
            all.push_back(moment);
        return all;
    }

    /// The undisturbed run, and how many changes of the disk it makes from its first step on.
    std::pair<RunResult, int64_t> undisturbed(int reason)
    {
        emptyDisk();
        Trouble none(disk(), reason, INT64_MAX);
        runTraining(base(), [&](const TrainEvent& event, TrainControl&) {
            if (std::holds_alternative<StartEvent>(event))
                none.begin();
        });
        return {resultIn(output()), none.changes()};
    }

    static void addReasons()
    {
        QTest::addColumn<int>("reason");
        QTest::newRow("full") << ENOSPC;
        QTest::newRow("read-only") << EROFS;
        QTest::newRow("taken away") << EIO;
    }

    /// The sentence names the folder, and what is needed.
    [[nodiscard]] bool isGood(const std::string& said, int reason) const
    {
        return holds(said, output().string()) && (reason != ENOSPC || holds(said, " more bytes."));
    }

private Q_SLOTS:
    void initTestCase()
    {
        const auto seed = qEnvironmentVariableIsSet("STUDIO_SEED") ? qgetenv("STUDIO_SEED").toUInt() : 1U;
        m_random.seed(seed);
    }
    void init()
    {
        m_home = std::make_unique<TrainingHome>();
        fs::create_directories(disk());
    }

    void aWatchedRunPausesAndGoesOn_data() { addReasons(); }
    void aWatchedRunPausesAndGoesOn()
    {
        QFETCH(int, reason);
        const auto [expected, changes] = undisturbed(reason);
        const auto all = moments(changes, wantedMoments(6), true);
        qInfo("%lld changes of the disk, %zu moments", static_cast<long long>(changes), all.size());
        int pauses = 0;
        for (const auto moment : all) {
            emptyDisk();
            Trouble trouble(disk(), reason, moment);
            std::string said, fault;
            int64_t saved = -1;
            bool ended = false; // before there was any trouble
            runTraining(base(), [&](const TrainEvent& event, TrainControl& control) {
                control.setWatched(true);
                ended = ended || (std::holds_alternative<EndEvent>(event) && !trouble.happened());
                if (std::holds_alternative<StartEvent>(event))
                    trouble.begin();
                if (const auto* checkpoint = std::get_if<CheckpointEvent>(&event))
                    saved = checkpoint->step;
                if (const auto* warning = std::get_if<WarningEvent>(&event); warning && trouble.happened())
                    said = warning->message;
                const auto* state = std::get_if<StateEvent>(&event);
                if (!state || state->state != "paused")
                    return;
                ++pauses;
                if (state->reason != (reason == ENOSPC ? "disk_full" : "folder"))
                    fault = "paused because of " + state->reason;
                if (newestCheckpoint() < saved)
                    fault = concat("checkpoint ", saved, " is gone");
                trouble.end();
                control.requestResume();
            });
            if (fault.empty() && !said.empty() && !isGood(said, reason))
                fault = said;
            if (ended && trouble.happened()) {
                // Only the removal of what the end has made needless failed: the next start does it.
                trouble.end();
                TrainingArguments again;
                again.outputDir = output();
                again.resumeFromCheckpoint = "";
                if (!runTraining(again).losses().empty())
                    fault = "a complete run goes on";
            }
            if (fault.empty())
                fault = difference(resultIn(output()), expected);
            QVERIFY2(fault.empty(), concat("change ", moment, ": ", fault).c_str());
        }
        qInfo("%d pauses", pauses);
        QVERIFY(pauses > 0);
    }

    void anUnwatchedRunEndsAndIsResumed_data() { addReasons(); }
    void anUnwatchedRunEndsAndIsResumed()
    {
        QFETCH(int, reason);
        const auto [expected, changes] = undisturbed(reason);
        const auto all = moments(changes, wantedMoments(6));
        int ended = 0;
        for (const auto moment : all) {
            emptyDisk();
            int64_t saved = -1;
            std::string fault;
            try {
                Trouble trouble(disk(), reason, moment);
                runTraining(base(), [&](const TrainEvent& event, TrainControl&) {
                    if (std::holds_alternative<StartEvent>(event))
                        trouble.begin();
                    if (const auto* checkpoint = std::get_if<CheckpointEvent>(&event))
                        saved = checkpoint->step;
                });
            } catch (const Error& error) {
                ++ended;
                if (error.kind() != (reason == ENOSPC ? ErrorKind::DiskFull : ErrorKind::File)
                    || !isGood(error.what(), reason))
                    fault = error.what();
            }
            if (newestCheckpoint() < saved)
                fault = concat("checkpoint ", saved, " is gone");
            TrainingArguments again;
            again.outputDir = output();
            again.resumeFromCheckpoint = "";
            runTraining(again);
            auto result = resultIn(output());
            std::erase_if(result.log, [](const auto& line) { return holds(line, "begins at step 0"); });
            if (fault.empty())
                fault = difference(result, expected);
            QVERIFY2(fault.empty(), concat("change ", moment, ": ", fault).c_str());
        }
        qInfo("%zu moments, %d runs ended", all.size(), ended);
        QVERIFY(ended > 0);
    }

    void aFolderThatIsGoneIsWaitedFor_data()
    {
        QTest::addColumn<bool>("copied");
        QTest::newRow("moved and back") << false;
        QTest::newRow("on a disk that is connected again") << true; // the files are others then
    }
    void aFolderThatIsGoneIsWaitedFor()
    {
        QFETCH(bool, copied);
        const auto [expected, changes] = undisturbed(ENOSPC);
        const auto away = m_home->path("away");
        for (const auto step : moments(24, wantedMoments(4))) {
            emptyDisk();
            int pauses = 0;
            std::string said;
            runTraining(base(), [&](const TrainEvent& event, TrainControl& control) {
                control.setWatched(true);
                if (const auto* done = std::get_if<StepEvent>(&event); done && done->step == step)
                    fs::rename(output(), away);
                if (const auto* warning = std::get_if<WarningEvent>(&event); warning && fs::exists(away))
                    said = warning->message;
                const auto* state = std::get_if<StateEvent>(&event);
                if (!state || state->state != "paused")
                    return;
                ++pauses;
                if (fs::exists(output()))
                    return; // nothing may be made in its place
                if (copied)
                    fs::copy(away, output(), fs::copy_options::recursive);
                else
                    fs::rename(away, output());
                fs::remove_all(away); // the run notices by itself
            });
            QCOMPARE(pauses, 1);
            QVERIFY2(holds(said, output().string()) && holds(said, "is gone"), said.c_str());
            const auto fault = difference(resultIn(output()), expected);
            QVERIFY2(fault.empty(), concat("step ", step, ": ", fault).c_str());
        }
    }

    void anotherFolderInItsPlaceIsNotWritten()
    {
        const auto away = m_home->path("away");
        std::vector<std::string> said;
        const auto action = [&] {
            runTraining(base(), [&](const TrainEvent& event, TrainControl& control) {
                control.setWatched(true);
                if (const auto* done = std::get_if<StepEvent>(&event); done && done->step == 10) {
                    fs::rename(output(), away);
                    fs::create_directories(output());
                    writeFileAtomically(output() / "metrics.jsonl", "{}\n");
                }
                if (const auto* warning = std::get_if<WarningEvent>(&event))
                    said.push_back(warning->message);
                if (const auto* state = std::get_if<StateEvent>(&event); state && state->state == "paused")
                    control.requestStop();
            });
        };
        const auto ended = sentence(action, ErrorKind::File);
        QVERIFY2(holds(ended, "another one than before"), ended.c_str());
        QVERIFY(!said.empty() && holds(said.back(), "another one than before"));
        QCOMPARE(readFile(output() / "metrics.jsonl"), std::string("{}\n"));
        QCOMPARE(std::distance(fs::directory_iterator(output()), {}), 1);
    }

    void aSlowDiskChangesNothing()
    {
        const auto [expected, changes] = undisturbed(ENOSPC);
        emptyDisk();
        const DiskFault slow(disk(), [](Kind) {
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
            return 0;
        });
        runTraining(base());
        const auto fault = difference(resultIn(output()), expected);
        QVERIFY2(fault.empty(), fault.c_str());
    }

    void theIndexOfRunsLosesNothing_data() { addReasons(); }
    void theIndexOfRunsLosesNothing()
    {
        QFETCH(int, reason);
        undisturbed(reason);
        const auto outside = m_home->path("elsewhere"), workspace = disk() / "workspace";
        fs::rename(output(), outside);
        const auto use = [&](RunIndex& index) {
            index.add(outside);
            index.refresh();
            index.refresh();
        };
        const auto attempt = [&](int64_t from) {
            emptyDisk();
            fs::create_directories(workspace / "runs" / "one");
            for (const auto* name : {"metrics.jsonl", "run.json"})
                writeFileAtomically(workspace / "runs" / "one" / name, readFile(outside / name));
            Trouble trouble(disk(), reason, from);
            trouble.begin();
            try {
                RunIndex index(workspace);
                use(index);
            } catch (const Error& error) {
                return std::pair(trouble.changes(), std::string(error.what()));
            }
            return std::pair(trouble.changes(), std::string());
        };
        const auto changes = attempt(INT64_MAX).first;
        const auto all = moments(changes, wantedMoments(20));
        int refusals = 0;
        for (const auto moment : all) {
            const auto said = attempt(moment).second;
            refusals += said.empty() ? 0 : 1;
            QVERIFY2(said.empty() || reason != ENOSPC
                    || (holds(said, workspace.string()) && holds(said, " more bytes.")),
                concat("change ", moment, ": ", said).c_str());
            RunIndex index(workspace); // the disk is well again
            use(index);
            std::set<fs::path> folders;
            for (const auto& run : index.runs())
                folders.insert(run.folder);
            QCOMPARE(folders, (std::set<fs::path>{outside, workspace / "runs" / "one"}));
        }
        qInfo("%lld changes of the disk, %zu moments, %d refusals", static_cast<long long>(changes),
            all.size(), refusals);
    }
};

QTEST_GUILESS_MAIN(TestDiskTrouble)
#include "tst_disk_trouble.moc"
