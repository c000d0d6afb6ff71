// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/json.h"
#include "core/train/arguments.h"
#include "core/train/events.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace studio {

/// A checkpoint to continue from; `state` is its resume.json.
struct ResumePoint {
    std::filesystem::path folder; ///< absolute; its parent is the run's folder
    Json state;
};

/// What a new call of train() finds in output_dir (nothing is written yet).
struct FolderPlan {
    std::optional<ResumePoint> resume;
    std::optional<EndEvent> finished; ///< the run to resume is complete: nothing to do
    bool replace = false; ///< an older run's files are removed first
    bool anew = false; ///< it is the same run, which had no checkpoint yet
    std::string warning; ///< "no checkpoint yet; begins at step 0"
    std::string stamp; ///< of the files that were found
};

/// Absolute, without dots and a trailing slash, so that its parent is the folder around it; links stay.
[[nodiscard]] std::filesystem::path plainFolder(const std::filesystem::path& folder);
/// Throws Error{Settings} where the folder holds something else, Error{Busy} where a run goes on in it,
/// Error{Checkpoint} for an unusable checkpoint, Error{File} where it cannot be written.
[[nodiscard]] FolderPlan planOutputFolder(const TrainingArguments& arguments);
/// Throws Error{Busy} where the run in `output` is another than the one that was planned for: between the
/// plan and the lock others may have used the folder.
void requireAsPlanned(const std::filesystem::path& output, const FolderPlan& plan);
/// The settings of the run in output_dir, for a resume that names no model or data itself.
[[nodiscard]] TrainingArguments argumentsToResume(const TrainingArguments& arguments);
/// Settings that must not change when a run goes on: throws Error{Settings} naming the first that did.
/// Returns sentences for those whose change makes the run differ from an uninterrupted one.
[[nodiscard]] std::vector<std::string> compareForResume(
    const TrainingArguments& now, const TrainingArguments& before);

/// "checkpoint-120" in `output`.
[[nodiscard]] std::filesystem::path checkpointFolder(const std::filesystem::path& output, int64_t step);
/// Whole checkpoints by step, ascending.
[[nodiscard]] std::vector<std::pair<int64_t, std::filesystem::path>> listCheckpoints(
    const std::filesystem::path& output);
/// Removes old checkpoints down to `limit` (0: keeps all), never the newest or that of `bestStep`.
void pruneCheckpoints(const std::filesystem::path& output, int64_t limit, std::optional<int64_t> bestStep);
/// Where the best weights lie until the run ends: ".best-120".
[[nodiscard]] std::filesystem::path bestFolder(const std::filesystem::path& output, int64_t step);
/// Removes best weights that neither `bestStep` nor a checkpoint refers to; without `bestStep` all. Removes
/// none where a checkpoint cannot be read.
void pruneBestFolders(const std::filesystem::path& output, std::optional<int64_t> bestStep);
/// Removes checkpoints and best weights of later steps, which a resume makes anew.
void removeAfter(const std::filesystem::path& output, int64_t step);
/// Removes what a killed process was writing. The folder is locked by the caller.
void removeTemporaries(const std::filesystem::path& output);
/// Removes what a complete run would still have removed, had it not been killed; quietly leaves what it may
/// not touch.
void tidyFinished(const std::filesystem::path& output);
/// Removes the files of an older run, and nothing else.
void removeRunFiles(const std::filesystem::path& output);
/// Makes `to` hold what `from` holds, by a hard link where the file system can; replaces atomically.
void linkOrCopy(const std::filesystem::path& from, const std::filesystem::path& to);

} // namespace studio
