// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/json.h"
#include "core/train/arguments.h"

#include <cstdint>
#include <string>
#include <vector>

namespace studio {

/// A setting changed while a run goes on; it holds from the step after `step` on. A resumed run makes it
/// again at the same step.
struct SettingChange {
    int64_t step = 0;
    std::string name;
    Json before, after;
};

/// learning_rate, max_steps, eval_strategy, eval_steps, early_stopping_patience.
[[nodiscard]] const std::vector<std::string>& changeableSettings();
[[nodiscard]] bool isChangeable(const std::string& name);
/// `now` with the settings of a JSON object ({"learning_rate": 5e-5}), under the rules of settings files.
/// Throws Error{Settings} where it is no such object, or names a setting that cannot change in a run.
[[nodiscard]] TrainingArguments changedArguments(const TrainingArguments& now, const std::string& settings);
/// What differs, among the changeable ones.
[[nodiscard]] std::vector<SettingChange> changesBetween(
    const TrainingArguments& before, const TrainingArguments& after, int64_t step);
void applyChange(TrainingArguments& arguments, const SettingChange& change);
/// The changeable settings of `from`; the others stay.
void takeChangeable(TrainingArguments& arguments, const TrainingArguments& from);

[[nodiscard]] Json toJson(const std::vector<SettingChange>& changes);
/// Throws Error{Checkpoint} on an entry that is none.
[[nodiscard]] std::vector<SettingChange> changesFromJson(const Json& json);

} // namespace studio
