// SPDX-License-Identifier: MIT
#include "app/argument_options.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/resource_paths.h"
#include "core/models/checkpoint_info.h"
#include "core/train/job_data.h"

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>

namespace studio::app {
namespace {

std::string groupTitle(const std::string& group)
{
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> titles = {{
        {"data", "Model and data"},
        {"length", "Length and batches"},
        {"optimizer", "Optimizer"},
        {"model", "Model and loss"},
        {"evaluation", "Evaluation and saving"},
        {"machine", "Machine and resuming"},
    }};
    for (const auto& [name, title] : titles) {
        if (name == group)
            return std::string(title);
    }
    return group;
}

std::string joined(const std::vector<std::string>& parts, std::string_view between)
{
    std::string out;
    for (const auto& part : parts)
        out += (out.empty() ? std::string() : std::string(between)) + part;
    return out;
}

std::string valueName(const ArgumentInfo& info)
{
    switch (info.kind) {
    case ArgumentKind::File:
        return "FILE";
    case ArgumentKind::Folder:
        return "DIR";
    case ArgumentKind::Integer:
        return "N";
    case ArgumentKind::Number:
        return "X";
    case ArgumentKind::Boolean:
        return "true|false";
    case ArgumentKind::TextList:
        return "NAME,…";
    case ArgumentKind::Choice: {
        const auto choices = joined(info.choices, "|");
        return choices.size() <= 24 ? choices : "NAME";
    }
    case ArgumentKind::Text:
        break;
    }
    return "TEXT";
}

std::string numberShort(double value)
{
    return numberText(value);
}

std::string rangeNote(const ArgumentInfo& info)
{
    if (info.kind != ArgumentKind::Integer && info.kind != ArgumentKind::Number)
        return {};
    if (info.minimum && info.maximum)
        return concat(info.minimumExclusive ? "above " : "", numberShort(*info.minimum),
            info.minimumExclusive ? ", at most " : " to ", numberShort(*info.maximum));
    if (info.minimum)
        return concat(info.minimumExclusive ? "above " : "at least ", numberShort(*info.minimum));
    return info.maximum ? concat("at most ", numberShort(*info.maximum)) : std::string();
}

std::string defaultNote(const ArgumentInfo& info, const TrainingArguments& arguments)
{
    const auto value = info.get(arguments);
    if (value.is_null() || value == "" || (value.is_array() && value.empty()))
        return {};
    return concat("default ", value.is_string() ? value.get<std::string>() : jsonLine(value));
}

/// "Peak learning rate. (default 5e-05; above 0, at most 1)"
std::string helpOf(const ArgumentInfo& info, const TrainingArguments& arguments)
{
    auto help = info.help;
    if (info.kind == ArgumentKind::Choice && valueName(info) == "NAME")
        help += concat(" One of ", joined(info.choices, ", "), ".");
    std::vector<std::string> notes;
    if (!info.unit.empty())
        notes.push_back(info.unit);
    for (auto& note : {defaultNote(info, arguments), rangeNote(info)}) {
        if (!note.empty())
            notes.push_back(note);
    }
    return notes.empty() ? help : concat(help, " (", joined(notes, "; "), ")");
}

} // namespace

void addArgumentOptions(Command& command, TrainingArguments& arguments,
    const std::vector<std::string_view>& wanted, const std::string& group)
{
    for (const auto& info : argumentTable()) {
        if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), info.name) == wanted.end())
            continue;
        Option option;
        option.name = info.name;
        option.aliases = info.aliases;
        option.valueName = valueName(info);
        option.group = group.empty() ? groupTitle(info.group) : group;
        option.help = helpOf(info, arguments);
        option.repeatable = info.kind == ArgumentKind::TextList;
        if (info.name == "resume_from_checkpoint")
            option.value = OptionValue::Optional;
        else if (info.kind == ArgumentKind::Boolean)
            option.value = OptionValue::Switch;
        option.set = [&arguments, &info](const std::vector<std::string>& values) {
            if (values.size() == 1)
                info.set(arguments, Json(values.front()));
            else
                info.set(arguments, Json(values)); // a list given piece by piece
        };
        command.options.push_back(std::move(option));
    }
}

const std::vector<std::string_view>& columnArguments(bool labels)
{
    static const std::vector<std::string_view> texts
        = {"text_column", "text_pair_column", "file_format", "encoding", "delimiter", "quote", "header"};
    static const std::vector<std::string_view> all
        = {"text_column", "text_pair_column", "label_column", "label_separator", "problem_type",
            "file_format", "encoding", "delimiter", "quote", "header", "clean"};
    return labels ? all : texts;
}

std::shared_ptr<const Table> openTable(
    const std::string& file, const TrainingArguments& arguments, const TaskControl& control)
{
    auto options = tableOptions(arguments);
    auto table = Table::open(file, options, control);
    const auto& info = table->info();
    std::vector<std::string> named = arguments.labelColumn;
    for (const auto& column : {arguments.textColumn, arguments.textPairColumn}) {
        if (!column.empty())
            named.push_back(column);
    }
    if (options.header || info.header || info.format != FileFormat::Delimited || named.empty())
        return table;
    const auto first = table->row(0);
    const bool isHeader = std::all_of(named.begin(), named.end(),
        [&](const auto& column) { return std::find(first.begin(), first.end(), column) != first.end(); });
    if (!isHeader)
        return table;
    options.header = true;
    return Table::open(file, options, control);
}

std::string modelFolder(const std::string& name)
{
    if (name.empty())
        throw Error(ErrorKind::Usage,
            "--model_name_or_path is missing; give the folder of a checkpoint, or 'starter' for the bundled "
            "model.");
    std::error_code ignored;
    if (std::filesystem::exists(name, ignored))
        return name;
    if (name == "starter")
        return pathText(starterModelFolder());
    if (std::count(name.begin(), name.end(), '/') == 1 && !name.starts_with('/') && !name.starts_with('.')) {
        for (const auto& model : findHuggingFaceCache()) {
            if (model.name == name)
                return pathText(model.folder);
        }
    }
    return name;
}

void addCommonOptions(Command& command, bool& json)
{
    command.options.push_back(switchOption("json", "Output",
        "Machine-readable objects, one a line, on standard output; text for people goes to standard error.",
        json));
}

} // namespace studio::app
