// SPDX-License-Identifier: MIT
#include "core/train/output_folder.h"

#include "core/base/concat.h"
#include "core/base/disk_full.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/file_stamp.h"
#include "core/base/parse_number.h"
#include "core/base/sync_folder.h"
#include "core/io/safetensors_header.h"
#include "core/runs/run_folder.h"
#include "core/runs/run_lock.h"

#include <algorithm>
#include <array>
#include <ranges>
#include <utility>

namespace studio {

namespace fs = std::filesystem;

namespace {

constexpr auto resumeFile = "resume.json";

std::optional<int64_t> numberAfter(const fs::path& path, std::string_view prefix)
{
    const auto name = pathText(path.filename());
    if (!name.starts_with(prefix))
        return std::nullopt;
    return parseNumber<int64_t>(std::string_view(name).substr(prefix.size()));
}

std::vector<fs::path> entriesOf(const fs::path& folder)
{
    std::error_code ignored;
    std::vector<fs::path> entries;
    for (const auto& entry : fs::directory_iterator(folder, ignored))
        entries.push_back(entry.path());
    return entries;
}

bool holdsNothing(const fs::path& folder)
{
    // The lock of a run that could not begin, and a name given in the window, are no run.
    return std::ranges::all_of(entriesOf(folder), [](const fs::path& entry) {
        return entry.filename() == ".lock" || entry.filename() == "studio.json" || isTemporaryName(entry);
    });
}

void requireWritable(const fs::path& folder)
{
    auto existing = fs::absolute(folder);
    while (!fs::exists(existing) && existing.has_relative_path())
        existing = existing.parent_path();
    if (!fs::is_directory(existing))
        throw Error(ErrorKind::File,
            concat("output_dir '", pathText(folder), "' cannot be made: '", pathText(existing),
                "' is not a folder."));
    if (access(existing.c_str(), W_OK | X_OK) != 0)
        throw Error(ErrorKind::File,
            concat("output_dir '", pathText(folder),
                "' is not writable; choose another folder or change the permissions of '", pathText(existing),
                "'."));
}

ResumePoint readResumePoint(const fs::path& folder)
{
    if (!fs::exists(folder / resumeFile))
        throw Error(ErrorKind::Checkpoint,
            concat("'", pathText(folder), "' is no checkpoint to resume from: it has no ", resumeFile,
                ". Give a checkpoint-STEP folder of a run, or resume_from_checkpoint without a value."));
    // Without dots and a trailing slash, so that its parent is the run's folder: also where the checkpoint is
    // a link in it to another disk, or `folder` a link to the checkpoint.
    const auto plain = plainFolder(folder);
    const auto parent = fs::canonical(plain.parent_path());
    return {fs::exists(parent / "run.json") ? parent / plain.filename() : fs::canonical(folder),
        readJsonFile(folder / resumeFile)};
}

/// Throws Error where a part of a checkpoint is damaged.
void requireWhole(const fs::path& checkpoint)
{
    for (const auto* name : {resumeFile, "config.json"})
        static_cast<void>(readJsonFile(checkpoint / name));
    for (const auto* name : {"model.safetensors", "optimizer.safetensors"}) {
        const auto file = checkpoint / name;
        static_cast<void>(readSafetensorsHeader(MappedFile(file).bytes(), pathText(file)));
    }
}

using Checkpoints = std::vector<std::pair<int64_t, fs::path>>;

/// The newest whole checkpoint whose lines metrics.jsonl still has; `warning` says why it is not the newest
/// of all.
ResumePoint newestResumePoint(const fs::path& output, const Checkpoints& checkpoints, std::string& warning)
{
    std::error_code absent;
    const auto size = fs::file_size(output / "metrics.jsonl", absent);
    const uint64_t present = absent ? 0 : size;
    std::optional<Error> damage;
    std::optional<ResumePoint> withGap; // the newest whole one
    std::string reason;
    for (const auto& [step, folder] : std::views::reverse(checkpoints)) {
        try {
            requireWhole(folder);
        } catch (const Error& error) {
            if (!damage)
                damage = error;
            if (reason.empty())
                reason = concat("the checkpoint '", pathText(folder), "' is damaged (", error.what(), ')');
            continue;
        }
        auto point = readResumePoint(folder);
        const auto bytes = point.state.find("metrics_bytes");
        if (bytes == point.state.end() || !bytes->is_number_unsigned() || bytes->get<uint64_t>() <= present) {
            if (!reason.empty())
                warning = concat("The run goes on from '", pathText(folder), "': ", reason, '.');
            return point;
        }
        if (reason.empty())
            reason = concat("metrics.jsonl has lost lines that '", pathText(folder), "' counts on");
        if (!withGap)
            withGap = std::move(point);
    }
    if (!withGap)
        throw *damage;
    warning = concat("metrics.jsonl has lost lines that every checkpoint counts on; the run goes on from '",
        pathText(withGap->folder), "', and its curves have a gap.");
    return std::move(*withGap);
}

/// The last whole line of a run's log, where it is the end of a complete run.
std::optional<EndEvent> completedEnd(const fs::path& folder)
{
    const auto file = folder / "metrics.jsonl";
    if (!fs::exists(file) || fs::file_size(file) == 0)
        return std::nullopt;
    const MappedFile log(file);
    const auto text = log.text();
    const auto end = text.rfind('\n');
    if (end == std::string_view::npos)
        return std::nullopt;
    const auto before = end == 0 ? std::string_view::npos : text.rfind('\n', end - 1);
    const auto line
        = before == std::string_view::npos ? text.substr(0, end) : text.substr(before + 1, end - before - 1);
    try {
        const auto event = trainEventFromJson(parseJson(line, pathText(file)));
        const auto* last = std::get_if<EndEvent>(&event);
        return last && last->outcome == "completed" ? std::optional(*last) : std::nullopt;
    } catch (const Error&) { // what was being written when all ended: a resume cuts it off
        return std::nullopt;
    }
}

/// Changes with the files of a run.
std::string stampOf(const fs::path& output)
{
    return concat(fileStamp(output / "run.json"), ' ', fileStamp(output / "metrics.jsonl"));
}

/// Settings that decide which rows a step sees or what is trained at all.
constexpr std::array fixedForResume = {"task", "problem_type", "text_column", "text_pair_column",
    "label_column", "label_separator", "file_format", "encoding", "delimiter", "quote", "header", "clean",
    "validation_split", "test_split", "max_seq_length", "max_train_samples", "per_device_train_batch_size",
    "max_tokens_per_batch", "gradient_accumulation_steps", "shuffle", "group_by_length", "optim",
    "class_weights", "freeze_layers", "seed"};
/// Settings without influence on the course of the training.
constexpr std::array freeForResume = {"model_name_or_path", "train_file", "validation_file", "test_file",
    "output_dir", "logging_steps", "save_strategy", "save_steps", "save_total_limit",
    "per_device_eval_batch_size", "resume_from_checkpoint", "overwrite_output_dir", "allow_changed_data",
    "reinit_layers", "device", "threads", "gradient_checkpointing"};

template <typename Names>
bool among(const Names& names, const std::string& name)
{
    return std::ranges::any_of(names, [&](const char* entry) { return name == entry; });
}

/// Whether what replaces the run in `output` would take the start model with it.
bool holdsModel(const fs::path& output, const fs::path& model)
{
    std::error_code ignored;
    const auto plain = plainFolder(model);
    return fs::equivalent(plain, output, ignored)
        || (fs::equivalent(plain.parent_path(), output, ignored)
            && (numberAfter(plain, "checkpoint-") || numberAfter(plain, ".best-")));
}

} // namespace

fs::path plainFolder(const fs::path& folder)
{
    return fs::absolute(folder / ".").lexically_normal().parent_path();
}

FolderPlan planOutputFolder(const TrainingArguments& arguments)
{
    FolderPlan plan;
    const fs::path output(arguments.outputDir);
    plan.stamp = stampOf(output);
    const bool isRun = fs::exists(output / "run.json");
    requireWritable(output);
    if (const auto holder = runLockHolder(output))
        throw Error(ErrorKind::Busy,
            concat("The folder '", arguments.outputDir, "' is in use by another run (", *holder,
                "); wait until it has ended or choose another output_dir."));
    if (arguments.resumeFromCheckpoint) {
        if (isRun)
            plan.finished = completedEnd(output);
        if (!arguments.resumeFromCheckpoint->empty())
            plan.resume = readResumePoint(*arguments.resumeFromCheckpoint);
        else if (const auto whole = listCheckpoints(output); !whole.empty())
            plan.resume = newestResumePoint(output, whole, plan.warning);
        else if (isRun || holdsNothing(output)) {
            plan.replace = plan.anew = isRun;
            plan.warning = concat(
                "There is no checkpoint in '", arguments.outputDir, "' yet; the run begins at step 0.");
        }
        if (plan.finished || plan.resume || !plan.warning.empty()) {
            if (plan.resume && !isRun && !holdsNothing(output))
                throw Error(ErrorKind::Settings,
                    concat("output_dir '", arguments.outputDir,
                        "' is not empty and holds no run; choose another."));
            std::error_code ignored;
            if (plan.resume && isRun && !fs::equivalent(plan.resume->folder.parent_path(), output, ignored)) {
                if (!arguments.overwriteOutputDir)
                    throw Error(ErrorKind::Settings,
                        concat("output_dir '", arguments.outputDir, "' holds a run already, and '",
                            pathText(plan.resume->folder),
                            "' belongs to another one; choose an empty folder, or add overwrite_output_dir "
                            "to replace the run in it."));
                plan.replace = true;
                plan.finished.reset(); // was that of the run which is replaced
            }
            return plan;
        }
    }
    if (holdsNothing(output))
        return plan;
    if (!arguments.overwriteOutputDir)
        throw Error(ErrorKind::Settings,
            isRun ? concat("output_dir '", arguments.outputDir,
                "' holds a run already; add resume_from_checkpoint to continue it, overwrite_output_dir to "
                "replace it, "
                "or choose another folder.")
                  : concat("output_dir '", arguments.outputDir,
                      "' is not empty; choose an empty or new folder, or add overwrite_output_dir."));
    if (holdsModel(output, arguments.modelNameOrPath))
        throw Error(ErrorKind::Settings,
            concat("output_dir '", arguments.outputDir,
                "' is the folder of the model itself, which the run would replace; choose another."));
    plan.replace = true;
    return plan;
}

TrainingArguments argumentsToResume(const TrainingArguments& arguments)
{
    if (!arguments.resumeFromCheckpoint
        || (!arguments.modelNameOrPath.empty() && !arguments.trainFile.empty()))
        return arguments;
    auto stored = readRunArguments(arguments.outputDir);
    stored.outputDir = arguments.outputDir;
    // What was given beside the folder counts; compareForResume() says what may differ.
    const TrainingArguments standard;
    for (const auto& info : argumentTable()) {
        if (const auto value = info.get(arguments); value != info.get(standard))
            info.set(stored, value);
    }
    return stored;
}

std::vector<std::string> compareForResume(const TrainingArguments& now, const TrainingArguments& before)
{
    std::vector<std::string> warnings;
    for (const auto& info : argumentTable()) {
        const auto value = info.get(now), old = info.get(before);
        if (value == old || among(freeForResume, info.name))
            continue;
        if (among(fixedForResume, info.name))
            throw Error(ErrorKind::Settings,
                concat(info.name, " is ", jsonLine(value), ", but the run began with ", jsonLine(old),
                    "; give the same value to resume it, or begin a new run."));
        warnings.push_back(concat(info.name, " is ", jsonLine(value), " now and was ", jsonLine(old),
            " when the run began; the result will differ from that of an uninterrupted run."));
    }
    return warnings;
}

fs::path checkpointFolder(const fs::path& output, int64_t step)
{
    return output / concat("checkpoint-", step);
}

std::vector<std::pair<int64_t, fs::path>> listCheckpoints(const fs::path& output)
{
    std::vector<std::pair<int64_t, fs::path>> checkpoints;
    for (const auto& entry : entriesOf(output)) {
        const auto step = numberAfter(entry, "checkpoint-");
        if (step && fs::exists(entry / resumeFile) && fs::exists(entry / "model.safetensors"))
            checkpoints.emplace_back(*step, entry);
    }
    std::ranges::sort(checkpoints);
    return checkpoints;
}

namespace {

void removeFolder(const fs::path& folder)
{
    // One rename takes it out of sight; should the removal be cut short, the next start goes on with it. A
    // power cut must not undo the rename of a folder that is half empty.
    const auto aside = temporaryBeside(folder);
    std::error_code error;
    fs::rename(folder, aside, error);
    const bool renamed = !error;
    if (renamed)
        syncFolder(folder.parent_path());
    fs::remove_all(renamed ? aside : folder, error);
}

} // namespace

void pruneCheckpoints(const fs::path& output, int64_t limit, std::optional<int64_t> bestStep)
{
    if (limit <= 0)
        return;
    const auto checkpoints = listCheckpoints(output);
    auto left = static_cast<int64_t>(checkpoints.size());
    for (size_t i = 0; i + 1 < checkpoints.size() && left > limit; ++i) {
        if (bestStep && checkpoints[i].first == *bestStep)
            continue;
        removeFolder(checkpoints[i].second);
        --left;
    }
}

fs::path bestFolder(const fs::path& output, int64_t step)
{
    return output / concat(".best-", step);
}

void pruneBestFolders(const fs::path& output, std::optional<int64_t> bestStep)
{
    std::set<int64_t> wanted;
    if (bestStep) {
        wanted.insert(*bestStep);
        for (const auto& [step, folder] : listCheckpoints(output)) {
            Json state;
            try {
                state = readJsonFile(folder / resumeFile);
            } catch (const Error&) { // damaged: nobody knows which weights it needs
                return;
            }
            const auto progress = state.find("progress");
            if (progress != state.end() && progress->contains("best_step")
                && progress->at("best_step").is_number())
                wanted.insert(progress->at("best_step").get<int64_t>());
        }
    }
    for (const auto& entry : entriesOf(output)) {
        const auto step = numberAfter(entry, ".best-");
        if (step && !wanted.contains(*step))
            removeFolder(entry);
    }
}

void removeAfter(const fs::path& output, int64_t step)
{
    for (const auto& entry : entriesOf(output)) {
        for (const auto* prefix : {"checkpoint-", ".best-"}) {
            if (numberAfter(entry, prefix).value_or(step) > step)
                removeFolder(entry);
        }
    }
}

void requireAsPlanned(const fs::path& output, const FolderPlan& plan)
{
    if (stampOf(output) != plan.stamp)
        throw Error(ErrorKind::Busy,
            concat("The folder '", pathText(output),
                "' has been written by another run since this one was asked for; nothing was changed. Choose "
                "another output_dir, or give the command again."));
}

void removeTemporaries(const fs::path& output)
{
    std::error_code ignored;
    for (const auto& entry : entriesOf(output)) {
        if (isTemporaryName(entry))
            fs::remove_all(entry, ignored);
    }
}

void tidyFinished(const fs::path& output)
{
    try {
        const RunLock lock(output);
        removeTemporaries(output);
        pruneBestFolders(output, std::nullopt);
    } catch (const Error&) {
    }
}

void removeRunFiles(const fs::path& output)
{
    // run.json first: without it the rest is no run that could be resumed.
    std::error_code ignored;
    for (const auto* name : {"run.json", "config.json", "model.safetensors", "metrics.jsonl",
             "trainer_state.json", "eval_predictions.jsonl"}) {
        fs::remove(output / name, ignored);
        if (name == std::string_view("run.json"))
            syncFolder(output);
    }
    removeAfter(output, -1);
}

void linkOrCopy(const fs::path& from, const fs::path& to)
{
    const auto temporary = temporaryBeside(to);
    std::error_code error;
    fs::create_hard_link(from, temporary, error);
    if (error) {
        writeFileAtomically(to, MappedFile(from).text());
        return;
    }
    fs::rename(temporary, to, error);
    std::error_code ignored;
    fs::remove(temporary, ignored); // rename() leaves both names where they are one file already
    if (error)
        throwWriteError(to, error.value());
}

} // namespace studio
