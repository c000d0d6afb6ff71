// SPDX-License-Identifier: MIT
// What a run meets on its way: changes of settings, steps without a finite loss, little memory, a folder that
// cannot be written.
#include "core/base/concat.h"
#include "core/base/disk_full.h"
#include "core/base/error.h"
#include "core/train/cuda_library.h"
#include "core/train/training_run.h"

#include <algorithm>
#include <utility>

namespace studio {

namespace fs = std::filesystem;

namespace {

constexpr auto memoryInterval = std::chrono::milliseconds(500);
/// Between two tries to write what could not be written. A try may fill what is left of the disk for a
/// moment, so where nothing has become free (a quota may have changed) the next one has time.
constexpr auto writeInterval = std::chrono::seconds(1), patientWriteInterval = std::chrono::seconds(30);

std::string megabytes(int64_t bytes)
{
    return concat((bytes + 500'000) / 1'000'000, " MB");
}

/// A word of a shell command.
std::string shellWord(const std::string& text)
{
    std::string word = "'";
    for (const char c : text)
        word += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return word + "'";
}

} // namespace

/// Which settings the resumed run has changed before, and which changes lie ahead of its checkpoint.
void TrainingRun::readChanges(const ResumePoint& resume, const TrainingArguments& before)
{
    m_changes = changesFromJson(resume.state.value("changes", Json::array()));
    const auto home = resume.folder.parent_path();
    std::error_code ignored;
    if (fs::equivalent(home, m_output, ignored))
        readChangesToCome();
    // What this resume itself asks for is a change at this step, unless the run has it already.
    auto past = before;
    for (const auto& change : m_changes)
        applyChange(past, change);
    for (auto& difference : changesBetween(before, m_arguments, m_progress.step)) {
        const auto& info = *findArgument(difference.name);
        difference.before = info.get(past);
        if (difference.before != difference.after)
            m_asked.push_back(difference);
    }
    takeChangeable(m_started, before);
}

/// What run.json says that the run had done after the step at which it begins now.
void TrainingRun::readChangesToCome()
{
    if (!fs::exists(m_output / "run.json"))
        return;
    const auto recorded = readJsonFile(m_output / "run.json").value("recorded", Json::object());
    const auto all = changesFromJson(recorded.value("changes", Json::array()));
    for (auto i = m_changes.size(); i < all.size(); ++i)
        m_replay.push_back(all[i]);
    const auto splits = batchSplitsFromJson(recorded.value("batch_splits", Json::array()));
    for (auto i = m_progress.splits.size(); i < splits.size(); ++i)
        m_splitsToCome.push_back(splits[i]);
}

void TrainingRun::applyPastChanges()
{
    takeChangeable(m_arguments, m_started);
    for (const auto& change : m_changes)
        applyChange(m_arguments, change);
}

void TrainingRun::recordAskedChanges()
{
    for (auto& change : std::exchange(m_asked, {}))
        record(std::move(change));
}

/// Between two steps: first the changes that an interrupted run had made here, then new ones.
void TrainingRun::takeChanges()
{
    while (!m_replay.empty() && m_replay.front().step <= m_progress.step) {
        const auto change = m_replay.front();
        m_replay.pop_front();
        m_changes.push_back(change);
        apply(change);
    }
    for (const auto& settings : m_control.takeChanges()) {
        try {
            const auto changed = changedArguments(m_arguments, settings);
            if (const auto total = m_plan.totalSteps(changed); total <= m_progress.step)
                throw Error(ErrorKind::Settings,
                    concat("max_steps would end the run at step ", total, ", but it is at step ",
                        m_progress.step, " already; choose a larger number or stop the run."));
            if (changed.evalStrategy != "no" && m_data.validation.size() == 0
                && (changed.evalStrategy != m_arguments.evalStrategy
                    || changed.evalSteps != m_arguments.evalSteps))
                throw Error(ErrorKind::Settings,
                    "No rows were held out for validation when the run began, so it cannot evaluate.");
            for (auto& change : changesBetween(m_arguments, changed, m_progress.step))
                record(std::move(change));
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::Settings)
                throw;
            warn(concat("The change was not taken: ", error.what()));
        }
    }
}

/// Into run.json first: should the process be killed here, the resumed run makes the change at this step.
void TrainingRun::record(SettingChange change)
{
    std::erase_if(m_replay, [&](const SettingChange& later) { return later.name == change.name; });
    m_changes.push_back(change);
    withRoom([this] { writeChanges(); });
    apply(change);
}

void TrainingRun::apply(const SettingChange& change)
{
    applyChange(m_arguments, change);
    if (change.name == "learning_rate")
        m_optimizer->setLearningRate(m_arguments.learningRate);
    m_totalSteps = m_plan.totalSteps(m_arguments);
    report(ChangeEvent{.step = m_progress.step,
        .name = change.name,
        .before = change.before,
        .after = change.after,
        .totalSteps = m_totalSteps});
}

/// Those made and those to come.
void TrainingRun::recordChanges(Json& recorded) const
{
    auto all = m_changes;
    all.insert(all.end(), m_replay.begin(), m_replay.end());
    if (!all.empty())
        recorded["changes"] = toJson(all);
    auto splits = m_progress.splits;
    splits.insert(splits.end(), m_splitsToCome.begin(), m_splitsToCome.end());
    if (!splits.empty())
        recorded["batch_splits"] = toJson(splits);
}

void TrainingRun::writeChanges() const
{
    auto run = readJsonFile(m_output / "run.json");
    recordChanges(run["recorded"]);
    writeFileAtomically(m_output / "run.json", run.dump(2) + '\n');
}

std::vector<int64_t> TrainingRun::rowsOfStep(int64_t step)
{
    const auto window = m_plan.windowOf(step);
    std::vector<int64_t> rows;
    for (auto batch = window.first; batch < window.last; ++batch) {
        for (const auto position : m_plan.rowsOf(window.epoch, batch)) {
            const auto row = m_data.train.rows[static_cast<size_t>(position)];
            rows.push_back(m_data.train.dataset->tableRow(row) + 1);
        }
    }
    std::ranges::sort(rows);
    return rows;
}

void TrainingRun::noteSkippedStep(const std::string& reason)
{
    ++m_progress.nonFiniteSteps;
    ++m_progress.nonFiniteInRow;
    report(SkipEvent{.step = m_progress.step,
        .reason = reason,
        .rows = rowsOfStep(m_progress.step),
        .count = m_progress.nonFiniteSteps});
}

/// Three in a row: weights have gone astray, and more steps only cost time. A person decides.
bool TrainingRun::faceNonFiniteSteps()
{
    const auto last = m_progress.step, first = last - m_progress.nonFiniteInRow + 1;
    std::vector<int64_t> steps, rows;
    for (auto step = first; step <= last; ++step) {
        steps.push_back(step);
        for (const auto row : rowsOfStep(step))
            rows.push_back(row);
    }
    StateEvent pause{.reason = "not_finite"};
    for (const auto& [step, folder] : listCheckpoints(m_output)) {
        if (step < first)
            pause.goodStep = step;
    }
    if (m_control.isWatched()) {
        m_progress.nonFiniteInRow = 0; // whoever goes on has seen these
        return pauseFor(std::move(pause));
    }
    const auto way = pause.goodStep ? concat(" --resume_from_checkpoint ",
                         shellWord(pathText(checkpointFolder(m_output, *pause.goodStep))))
                                    : std::string(" --overwrite_output_dir");
    throw Error(ErrorKind::Settings,
        concat("Loss or gradient of the steps ", listText(steps), " was no finite number (rows ",
            listText(rows), " of '", m_arguments.trainFile,
            "'), and these steps were skipped. The learning rate (", m_arguments.learningRate,
            ") is probably too high, or these rows hold something unusual. ",
            pause.goodStep ? concat("Go back to the last good checkpoint (step ", *pause.goodStep, ")")
                           : std::string("Begin again"),
            " with a lower rate: finetune-studio train ", shellWord(pathText(m_output / "run.json")),
            " --output_dir ", shellWord(m_arguments.outputDir), way, " --learning_rate ",
            m_arguments.learningRate / 2));
}

bool TrainingRun::watchMemory()
{
    const auto now = std::chrono::steady_clock::now();
    if (!m_control.memoryReader && now - m_memorySeen < memoryInterval)
        return true;
    m_memorySeen = now;
    const auto memory = m_control.readMemory();
    const auto floor = memoryFloor(memory);
    if (memory.availableBytes >= floor) {
        m_lowMemoryAccepted = false;
        return true;
    }
    if (m_lowMemoryAccepted)
        return true;
    m_stopReason = concat("Only ", megabytes(memory.availableBytes), " of ", megabytes(memory.totalBytes),
        " of memory are left, fewer than the ", megabytes(floor),
        " below which the system might end the program.");
    if (!m_control.isWatched())
        return false;
    saveCheckpoint();
    warn(concat(std::exchange(m_stopReason, {}),
        " A checkpoint was saved and the run is paused. Close other "
        "programs, then resume it."));
    m_lowMemoryAccepted = true; // until there is room again
    return pauseFor({.reason = "memory"});
}

/// A micro-batch of the step at hand was too much for the device: from now on there are twice as many.
void TrainingRun::splitBatches(std::span<const int64_t> rows)
{
    releaseUnusedMemory(m_device);
    const auto step = m_progress.step + 1;
    if (rows.size() == 1)
        throw Error(ErrorKind::OutOfMemory,
            concat("Not even a single row of step ", step, " (", m_data.train.length(rows.front()),
                " tokens) fits into the memory of ", m_compute.device, "; use ",
                m_arguments.gradientCheckpointing ? "" : "gradient_checkpointing, ",
                "a smaller max_seq_length, a smaller model, freeze_layers, or a device with more memory."));
    // Into run.json first: a resumed run must split at this step again, whether or not memory is short then.
    m_splitsToCome.clear();
    const BatchSplit split{step, 2 * m_progress.batchParts()};
    m_splitsToCome.push_back(split);
    withRoom([this] { writeChanges(); });
    m_splitsToCome.clear();
    takeSplit(split);
}

void TrainingRun::replaySplits()
{
    while (!m_splitsToCome.empty() && m_splitsToCome.front().step <= m_progress.step + 1) {
        const auto split = m_splitsToCome.front();
        m_splitsToCome.pop_front();
        takeSplit(split);
    }
}

void TrainingRun::takeSplit(const BatchSplit& split)
{
    m_progress.splits.push_back(split);
    const auto rows = (m_arguments.perDeviceTrainBatchSize + split.parts - 1) / split.parts;
    const auto size = m_arguments.maxTokensPerBatch > 0
        ? std::string()
        : concat(" of at most ", rows, rows == 1 ? " row" : " rows");
    warn(concat("Memory did not suffice for the micro-batches of step ", split.step,
        ": it is repeated, and the run goes on, with each batch in ", split.parts, " micro-batches", size,
        "; gradients stay those of whole batches within rounding."));
}

bool TrainingRun::pauseFor(StateEvent pause)
{
    m_pause = std::move(pause);
    m_control.setPaused(true);
    return answerMessages(true);
}

/// The run folder has its name still. Should its disk have been taken away and be there again, what this
/// process has open is of no use: both files are opened anew.
void TrainingRun::requireFolder()
{
    if (!m_lock || m_lock->isHeldIn(m_output))
        return;
    const auto log = m_output / "metrics.jsonl";
    std::error_code absent;
    const auto size = fs::file_size(log, absent);
    if (absent)
        throw Error(ErrorKind::File,
            concat("The run folder '", m_arguments.outputDir,
                "' is gone: it was moved or deleted, or its disk was taken away. Bring it back."));
    const auto wanted = m_log ? m_log->size() : 0;
    if (size < wanted)
        throw Error(ErrorKind::File,
            concat("The run folder '", m_arguments.outputDir,
                "' is another one than before: its metrics.jsonl has ", size, " bytes instead of ", wanted,
                ". Bring the first one back, or resume from a checkpoint."));
    m_lock = std::make_unique<RunLock>(m_output);
    if (m_log)
        m_log = std::make_unique<LineLog>(log, wanted);
}

std::optional<Error> TrainingRun::tryToWrite(const std::function<void()>& write)
{
    try {
        requireFolder();
        write();
        return std::nullopt;
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::DiskFull && error.kind() != ErrorKind::File)
            throw;
        return error;
    } catch (const fs::filesystem_error& error) {
        const bool full = isDiskFull(error.code().value());
        return Error(full ? ErrorKind::DiskFull : ErrorKind::File,
            concat("The run folder '", m_arguments.outputDir, "' cannot be used: ", error.code().message(),
                "."));
    }
}

void TrainingRun::withRoom(const std::function<void()>& write)
{
    auto trouble = tryToWrite(write);
    if (!trouble)
        return;
    const StepClock::Pause pause(m_clock);
    const PhaseProfile::Span span(&m_profile, "pause");
    const bool wasPaused = m_control.isPaused();
    while (trouble) {
        if (!m_control.isWaitingForRoom() || m_control.stop.stop_requested())
            throw Error(*trouble);
        m_onEvent(WarningEvent{.time = m_clock.seconds(),
            .message = concat(trouble->what(), " The run is paused and goes on as soon as it can write.")});
        m_control.setPaused(true);
        report(StateEvent{
            .state = "paused", .reason = trouble->kind() == ErrorKind::DiskFull ? "disk_full" : "folder"});
        trouble = waitToWrite(write, trouble->kind());
    }
    removeTemporaries(m_output); // a disk that takes nothing does not let go of anything either
    if (!wasPaused)
        m_control.setPaused(false);
    state(m_control.isPaused() ? "paused" : "resumed");
}

/// Tries again when asked to, and by itself where that promises something; what is in the way then, if it is
/// not the same `trouble`.
std::optional<Error> TrainingRun::waitToWrite(const std::function<void()>& write, ErrorKind trouble)
{
    const auto freeBytes = [this] {
        std::error_code unknown;
        const auto space = fs::space(m_output, unknown);
        return unknown ? 0 : space.available;
    };
    using Clock = std::chrono::steady_clock;
    auto room = freeBytes();
    auto tried = Clock::now();
    for (;;) {
        answerPredictions();
        m_control.wait(200);
        const bool asked = m_control.stop.stop_requested() || !m_control.isPaused();
        const bool promising = trouble == ErrorKind::File || freeBytes() > room;
        if (!asked && Clock::now() - tried < (promising ? writeInterval : patientWriteInterval))
            continue;
        auto failure = tryToWrite(write);
        if (asked || !failure || failure->kind() != trouble)
            return failure;
        room = freeBytes();
        tried = Clock::now();
    }
}

} // namespace studio
