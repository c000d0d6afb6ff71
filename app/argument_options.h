// SPDX-License-Identifier: MIT
#pragma once

#include "app/command.h"
#include "core/data/table.h"
#include "core/train/arguments.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace studio::app {

/// An option for every row of the table of arguments, with its default and range in the help; `wanted` names
/// those to take (empty: all). The defaults shown are those of `arguments` as it is now.
void addArgumentOptions(Command& command, TrainingArguments& arguments,
    const std::vector<std::string_view>& wanted = {}, const std::string& group = {});

/// The options that say how a data file is read, and which column means what.
[[nodiscard]] const std::vector<std::string_view>& columnArguments(bool labels);

/// Opens a table as `arguments` say. A first line that holds every column named in them is its header, also
/// where it does not look like one.
[[nodiscard]] std::shared_ptr<const Table> openTable(
    const std::string& file, const TrainingArguments& arguments, const TaskControl& control = {});

/// The folder of a model: `starter` is the bundled model, a name as "org/name" is looked up in the local
/// Hugging Face cache where no such folder exists. Throws Error{Usage} when `name` is empty.
[[nodiscard]] std::string modelFolder(const std::string& name);

/// The sets that options of `command` share: --json.
void addCommonOptions(Command& command, bool& json);

} // namespace studio::app
