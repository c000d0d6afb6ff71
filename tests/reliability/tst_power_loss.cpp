// SPDX-License-Identifier: MIT
// A power cut at any instant: of what a run wrote, the disk holds what was synced, and some of the rest. From
// each such state the run goes on to the same end, bit for bit.
//     STUDIO_POWER_CUTS=all QTEST_FUNCTION_TIMEOUT=7200000 ctest -R tst_power_loss --timeout 7200
#include "core/runs/run_index.h"
#include "tests/core/train/training_fixture.h"
#include "tests/reliability/disk_states.h"
#include "tests/reliability/run_result.h"

#include <set>

#include <QTest>

using namespace studio;
using namespace studio::test;
namespace fs = std::filesystem;

namespace {

/// How many states each scenario is resumed from; the full version takes all.
size_t wantedStates(size_t shortVersion)
{
    const auto wanted = qgetenv("STUDIO_POWER_CUTS");
    if (wanted.isEmpty())
        return shortVersion;
    return wanted == "all" ? SIZE_MAX : static_cast<size_t>(wanted.toULongLong());
}

constexpr PowerCut cuts[] = {PowerCut::Nothing, PowerCut::Strict, PowerCut::ContentLost,
    PowerCut::ContentZero, PowerCut::NamesLost, PowerCut::OneJournal, PowerCut::Random};

/// A disk after a power cut. Its content is made anew each time: thousands of them would fill the memory.
struct State {
    const std::vector<DiskOperation>* operations = nullptr;
    size_t operation = 0;
    PowerCut cut = PowerCut::Nothing;
    unsigned seed = 0;

    [[nodiscard]] DiskContent content() const
    {
        std::mt19937 random(seed);
        return contentAfter(*operations, operation, cut, random);
    }
    [[nodiscard]] std::string described(const std::string& fault) const
    {
        auto text = concat("cut ", static_cast<int>(cut), " after operation ", operation, ": ", fault);
        for (const auto& [path, bytes] : content())
            text += concat("\n  ", path, bytes ? concat(" (", bytes->size(), ")") : "/");
        return text;
    }
};

/// How many operations there were up to a mark; none without it.
size_t upToMark(const std::vector<DiskOperation>& operations, std::string_view text)
{
    const auto mark = std::ranges::find_if(operations, [&](const DiskOperation& operation) {
        return operation.kind == DiskOperation::Kind::Mark && operation.path == text;
    });
    return mark == operations.end() ? 0 : static_cast<size_t>(mark - operations.begin()) + 1;
}

/// Distinct states of the disk, in random order. What was there before "begun" is safe.
std::vector<State> statesOf(const std::vector<DiskOperation>& operations, size_t count, std::mt19937& random)
{
    std::vector<std::pair<size_t, PowerCut>> moments;
    for (auto i = upToMark(operations, "begun"); i <= operations.size(); ++i) {
        for (const auto cut : cuts)
            moments.emplace_back(i, cut);
    }
    std::ranges::shuffle(moments, random);
    std::vector<State> states;
    std::set<std::string> seen;
    for (const auto& [operation, cut] : moments) {
        if (states.size() >= count)
            break;
        const State state{&operations, operation, cut, static_cast<unsigned>(random())};
        std::string all;
        for (const auto& [path, content] : state.content())
            all += concat(path, '\n', content ? sha256(*content) : std::string("folder"), '\n');
        if (seen.insert(sha256(all)).second)
            states.push_back(state);
    }
    qInfo("%zu operations, %zu states", operations.size(), states.size());
    return states;
}

std::string difference(const DiskContent& found, const DiskContent& expected)
{
    std::string text;
    for (const auto& [path, content] : expected) {
        if (!found.contains(path))
            text += path + " is missing; ";
        else if (found.at(path) != content)
            text += path + " differs; ";
    }
    for (const auto& [path, content] : found) {
        if (!expected.contains(path))
            text += path + " is too much; ";
    }
    return text;
}

/// Whether a run that was cut before its first checkpoint says so is not compared.
RunResult comparableResult(const fs::path& folder)
{
    auto result = resultIn(folder);
    std::erase_if(result.log, [](const std::string& line) { return holds(line, "begins at step 0"); });
    return result;
}

} // namespace

class TestPowerLoss : public QObject {
    Q_OBJECT

    std::unique_ptr<TrainingHome> m_home;
    std::mt19937 m_random;

    [[nodiscard]] fs::path disk() const { return m_home->path("disk"); }
    [[nodiscard]] fs::path output() const { return disk() / "runs" / "out"; }
    [[nodiscard]] TrainingArguments base() const
    {
        auto arguments = m_home->base("disk/runs/out");
        arguments.evalStrategy = arguments.saveStrategy = "steps";
        arguments.evalSteps = 6;
        arguments.saveSteps = 4;
        return arguments;
    }

    /// Runs it and marks in the journal what was reported as saved.
    static void recordRun(const TrainingArguments& arguments, DiskJournal& journal, int64_t stopStep = 0)
    {
        journal.mark("begun");
        const auto recorded = runTraining(arguments, [&](const TrainEvent& event, TrainControl& control) {
            if (const auto* saved = std::get_if<CheckpointEvent>(&event))
                journal.mark(concat("checkpoint ", saved->step));
            if (const auto* step = std::get_if<StepEvent>(&event); step && step->step == stopStep)
                control.requestStop();
        });
        if (recorded.result.outcome == TrainOutcome::Completed)
            journal.mark("complete");
    }

    /// The step that the last saved checkpoint before an operation has; -1: none, and the end counts most.
    static int64_t savedBefore(const std::vector<DiskOperation>& operations, size_t count)
    {
        int64_t saved = -1;
        for (size_t i = 0; i < count; ++i) {
            if (operations[i].kind != DiskOperation::Kind::Mark)
                continue;
            if (operations[i].path == "complete")
                saved = INT64_MAX;
            else if (operations[i].path.starts_with("checkpoint "))
                saved = std::stoll(operations[i].path.substr(11));
        }
        return saved;
    }

    /// From every state of the disk the same command goes on to the same end.
    void goesOnFrom(const std::vector<DiskOperation>& operations, size_t count, const RunResult& expected,
        const std::function<TrainingArguments()>& command)
    {
        for (const auto& state : statesOf(operations, count, m_random)) {
            fs::remove_all(disk());
            writeContent(state.content(), disk());
            std::string fault;
            try {
                const auto recorded = runTraining(command());
                const auto resumes = recorded.all<ResumeEvent>();
                const auto saved = savedBefore(operations, state.operation);
                const bool nothingDone = recorded.losses().empty() && resumes.empty();
                const auto from = nothingDone ? INT64_MAX : resumes.empty() ? -1 : resumes.front().step;
                if (from < saved)
                    fault = concat("goes on from step ", from, " though that of ", saved, " was saved");
                else
                    fault = difference(comparableResult(output()), expected);
            } catch (const std::exception& error) {
                fault = error.what();
            }
            QVERIFY2(fault.empty(), state.described(fault).c_str());
        }
    }

    std::vector<DiskOperation> checked(DiskJournal& journal)
    {
        auto operations = journal.take();
        // The record is complete: it makes the files that are there.
        const auto fault = difference(
            contentAfter(operations, operations.size(), PowerCut::Nothing, m_random), readContent(disk()));
        if (!fault.empty())
            qFatal("the record of the disk does not fit: %s", fault.c_str());
        return operations;
    }

    /// A run that nobody disturbs, taken away again.
    RunResult wholeRun(const TrainingArguments& arguments)
    {
        runTraining(arguments);
        auto result = comparableResult(output());
        fs::remove_all(disk());
        fs::create_directories(disk());
        return result;
    }

    std::function<TrainingArguments()> resume()
    {
        return [this] {
            if (!fs::exists(output() / "run.json"))
                return base();
            TrainingArguments arguments;
            arguments.outputDir = output();
            arguments.resumeFromCheckpoint = "";
            return arguments;
        };
    }

private Q_SLOTS:
    void initTestCase()
    {
        const auto seed = qEnvironmentVariableIsSet("STUDIO_SEED") ? qgetenv("STUDIO_SEED").toUInt()
            : qEnvironmentVariableIsSet("STUDIO_POWER_CUTS") ? static_cast<unsigned>(std::random_device()())
                                                             : 1U; // the short version is the same each time
        qInfo("STUDIO_SEED=%u", seed);
        m_random.seed(seed);
    }
    void init()
    {
        m_home = std::make_unique<TrainingHome>();
        fs::create_directories(disk());
    }

    void theRecordKnowsWhatASyncPromises()
    {
        const auto folder = disk();
        DiskJournal journal(folder);
        createFolders(folder / "a");
        writeFileAtomically(folder / "a" / "safe", "safe");
        {
            LineLog log(folder / "a" / "log", 0);
            log.append("one");
            log.sync();
            log.append("two");
        }
        const auto operations = checked(journal);
        const auto after
            = [&](PowerCut cut) { return contentAfter(operations, operations.size(), cut, m_random); };
        QCOMPARE(after(PowerCut::Nothing).at("a/log").value(), std::string("one\ntwo\n"));
        const auto strict = after(PowerCut::Strict);
        QCOMPARE(strict.at("a/safe").value(), std::string("safe"));
        QVERIFY(!strict.contains("a/log")); // its name was never synced
        QCOMPARE(after(PowerCut::ContentLost).at("a/log").value(), std::string("one\n"));
        QCOMPARE(after(PowerCut::ContentZero).at("a/log").value(), std::string("one\n\0\0\0\0", 8));
        // A new folder is lost until the one around it was synced.
        QCOMPARE(operations.at(1).kind, DiskOperation::Kind::Folder);
        QVERIFY(contentAfter(operations, 2, PowerCut::Nothing, m_random).contains("a"));
        QVERIFY(!contentAfter(operations, 2, PowerCut::Strict, m_random).contains("a"));
    }

    void aRunGoesOnAfterAPowerCut()
    {
        const auto expected = wholeRun(base());
        DiskJournal journal(disk());
        recordRun(base(), journal);
        goesOnFrom(checked(journal), wantedStates(16), expected, resume());
    }

    void aResumedRunGoesOnAfterAPowerCut()
    {
        auto expected = wholeRun(base());
        runTraining(base(), stopAt(10));
        auto again = base();
        again.resumeFromCheckpoint = "";
        // The stop saved a checkpoint of its own.
        DiskJournal journal(disk());
        recordRun(again, journal);
        const auto whole = comparableResult(output());
        QCOMPARE(whole.weights, expected.weights);
        goesOnFrom(checked(journal), wantedStates(8), whole, resume());
    }

    void aRunThatWentBackToAnOlderCheckpointGoesOn()
    {
        auto arguments = base();
        arguments.saveTotalLimit = 0;
        const auto expected = wholeRun(arguments);
        runTraining(arguments, stopAt(17));
        auto again = arguments;
        again.resumeFromCheckpoint = (output() / "checkpoint-8").string();
        DiskJournal journal(disk());
        recordRun(again, journal);
        auto whole = comparableResult(output());
        QCOMPARE(whole.weights, expected.weights);
        const auto resumed = resume();
        // Before the older checkpoint takes effect the newer ones may still be there: their log is the other
        // one.
        goesOnFrom(checked(journal), wantedStates(8), whole, [&] {
            auto command = resumed();
            command.saveTotalLimit = 0;
            if (fs::exists(output() / "checkpoint-17"))
                command.resumeFromCheckpoint = again.resumeFromCheckpoint;
            return command;
        });
    }

    void aRunThatReplacesAnotherGoesOn()
    {
        auto old = base();
        old.seed = 7;
        runTraining(old);
        const auto before = comparableResult(output());
        auto arguments = base();
        const auto saved = m_home->path("saved");
        fs::rename(disk(), saved);
        fs::create_directories(disk());
        const auto expected = wholeRun(base());
        fs::remove_all(disk());
        fs::rename(saved, disk());
        arguments.overwriteOutputDir = true;
        DiskJournal journal(disk());
        recordRun(arguments, journal);
        const auto operations = checked(journal);
        for (const auto& state : statesOf(operations, wantedStates(8), m_random)) {
            fs::remove_all(disk());
            writeContent(state.content(), disk());
            std::string fault;
            try {
                // The same command again, or on with what is there.
                runTraining(fs::exists(output() / "run.json") ? resume()() : arguments);
                const auto found = comparableResult(output());
                if (found != before)
                    fault = difference(found, expected);
            } catch (const std::exception& error) {
                fault = error.what();
            }
            QVERIFY2(fault.empty(), state.described(fault).c_str());
        }
    }

    void theIndexOfRunsSurvivesAPowerCut()
    {
        runTraining(base());
        const auto outside = m_home->path("elsewhere");
        fs::rename(output(), outside);
        const auto workspace = disk() / "workspace";
        DiskJournal journal(disk());
        {
            RunIndex index(workspace);
            index.add(outside);
            journal.mark("added");
            createFolders(workspace / "runs" / "one");
            for (const auto* name : {"metrics.jsonl", "run.json"})
                writeFileAtomically(workspace / "runs" / "one" / name, readFile(outside / name));
            index.refresh();
            index.remove(workspace / "runs" / "one");
            index.refresh();
        }
        const auto operations = journal.take();
        for (const auto& state : statesOf(operations, wantedStates(30), m_random)) {
            fs::remove_all(disk());
            writeContent(state.content(), disk());
            const auto addition = upToMark(operations, "added");
            const bool added = addition > 0 && addition <= state.operation;
            RunIndex index(workspace);
            index.refresh();
            const auto runs = index.runs();
            const auto listed = [&](const fs::path& folder) {
                return std::ranges::any_of(runs, [&](const auto& run) { return run.folder == folder; });
            };
            QVERIFY2(!added || listed(outside), state.described("not listed").c_str());
            QCOMPARE(listed(workspace / "runs" / "one"), fs::exists(workspace / "runs" / "one" / "run.json"));
        }
    }
};

QTEST_GUILESS_MAIN(TestPowerLoss)
#include "tst_power_loss.moc"
