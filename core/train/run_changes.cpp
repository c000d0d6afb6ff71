// SPDX-License-Identifier: MIT
#include "core/train/run_changes.h"

#include "core/base/concat.h"
#include "core/base/error.h"

#include <algorithm>

namespace studio {

const std::vector<std::string>& changeableSettings()
{
    static const std::vector<std::string> names
        = {"learning_rate", "max_steps", "eval_strategy", "eval_steps", "early_stopping_patience"};
    return names;
}

bool isChangeable(const std::string& name)
{
    return std::ranges::find(changeableSettings(), name) != changeableSettings().end();
}

TrainingArguments changedArguments(const TrainingArguments& now, const std::string& settings)
{
    const auto json = parseJson(settings, "The change of settings", true);
    auto changed = argumentsFromJson(json, now);
    for (const auto& [key, value] : json.items()) {
        const auto& name = findArgument(key)->name;
        if (isChangeable(name))
            continue;
        std::string names;
        for (const auto& known : changeableSettings())
            names += concat(names.empty()                  ? ""
                    : known == changeableSettings().back() ? " and "
                                                           : ", ",
                known);
        throw Error(
            ErrorKind::Settings, concat(name, " cannot be changed while a run goes on; ", names, " can."));
    }
    validate(changed);
    return changed;
}

std::vector<SettingChange> changesBetween(
    const TrainingArguments& before, const TrainingArguments& after, int64_t step)
{
    std::vector<SettingChange> changes;
    for (const auto& name : changeableSettings()) {
        const auto& info = *findArgument(name);
        auto old = info.get(before), now = info.get(after);
        if (old != now)
            changes.push_back({step, name, std::move(old), std::move(now)});
    }
    return changes;
}

void applyChange(TrainingArguments& arguments, const SettingChange& change)
{
    findArgument(change.name)->set(arguments, change.after);
}

void takeChangeable(TrainingArguments& arguments, const TrainingArguments& from)
{
    for (const auto& name : changeableSettings()) {
        const auto& info = *findArgument(name);
        info.set(arguments, info.get(from));
    }
}

Json toJson(const std::vector<SettingChange>& changes)
{
    auto json = Json::array();
    for (const auto& change : changes)
        json.push_back({{"step", change.step}, {"name", change.name}, {"before", change.before},
            {"after", change.after}});
    return json;
}

std::vector<SettingChange> changesFromJson(const Json& json)
{
    std::vector<SettingChange> changes;
    try {
        for (const auto& entry : json) {
            SettingChange change{entry.at("step").get<int64_t>(), entry.at("name").get<std::string>(),
                entry.at("before"), entry.at("after")};
            if (!isChangeable(change.name))
                throw Error(ErrorKind::Checkpoint,
                    concat("The recorded changes name '", change.name, "', which cannot change in a run."));
            changes.push_back(std::move(change));
        }
    } catch (const Json::exception& error) {
        throw Error(ErrorKind::Checkpoint,
            concat("The recorded changes of settings cannot be used: ", error.what(), "."));
    }
    return changes;
}

} // namespace studio
