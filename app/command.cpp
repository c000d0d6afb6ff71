// SPDX-License-Identifier: MIT
#include "app/command.h"

#include "app/text_layout.h"
#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/train/arguments.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

namespace studio::app {
namespace {

const std::string program = "finetune-studio";

std::string withUnderscores(std::string name)
{
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
}

bool isBooleanWord(const std::string& word)
{
    static const std::vector<std::string> words
        = {"true", "false", "True", "False", "yes", "no", "on", "off", "1", "0"};
    return std::find(words.begin(), words.end(), word) != words.end();
}

const Option* findOption(const Command& command, const std::string& name)
{
    for (const auto& option : command.options) {
        if (option.name == name
            || std::find(option.aliases.begin(), option.aliases.end(), name) != option.aliases.end())
            return &option;
    }
    return nullptr;
}

std::vector<std::string> optionNames(const Command& command)
{
    std::vector<std::string> names = {"help"};
    for (const auto& option : command.options) {
        names.push_back(option.name);
        names.insert(names.end(), option.aliases.begin(), option.aliases.end());
    }
    return names;
}

[[noreturn]] void throwUnknown(const Command& command, const std::string& given, const std::string& name)
{
    const auto guess = nearest(name, optionNames(command));
    throw Error(ErrorKind::Usage,
        concat("Unknown option '", given, "' of '", command.name, "'. The nearest is '--", guess, "'; '",
            program, " ", command.name, " --help' lists all."));
}

[[noreturn]] void throwSurplus(const Command& command, const std::string& word)
{
    throw Error(ErrorKind::Usage,
        concat("'", command.name, "' does not know what to do with '", word,
            "'. Options begin with '--'; see '", program, " ", command.name, " --help'."));
}

std::string optionTitle(const Option& option)
{
    std::string title = "--" + option.name;
    if (option.value == OptionValue::Switch)
        return title;
    const auto value = option.valueName.empty() ? std::string("TEXT") : option.valueName;
    return title + (option.value == OptionValue::Optional ? " [" + value + "]" : " " + value);
}

} // namespace

Option switchOption(std::string name, std::string group, std::string help, bool& target)
{
    const auto label = name;
    return {.name = std::move(name),
        .valueName = {},
        .group = std::move(group),
        .help = std::move(help),
        .set = [&target, label](const auto& values) { target = parseBoolean(label, values.back()); },
        .value = OptionValue::Switch};
}

Option textOption(
    std::string name, std::string valueName, std::string group, std::string help, std::string& target)
{
    return {.name = std::move(name),
        .valueName = std::move(valueName),
        .group = std::move(group),
        .help = std::move(help),
        .set = [&target](const auto& values) { target = values.back(); }};
}

bool parseBoolean(const std::string& option, const std::string& value)
{
    if (!isBooleanWord(value))
        throw Error(
            ErrorKind::Usage, concat("--", option, " is either true or false, but '", value, "' was given."));
    return value == "true" || value == "True" || value == "yes" || value == "on" || value == "1";
}

bool parse(const Command& command, const std::vector<std::string>& arguments)
{
    std::vector<std::string> words; // without a flag
    std::vector<std::pair<const Option*, std::vector<std::string>>> given;
    bool onlyWords = false;
    for (size_t i = 0; i < arguments.size(); ++i) {
        const auto& argument = arguments[i];
        if (onlyWords || argument.size() < 2 || argument[0] != '-') {
            words.push_back(argument);
            continue;
        }
        if (argument == "--") {
            onlyWords = true;
            continue;
        }
        if (argument == "-h")
            return false;
        const auto equals = argument.find('=');
        const bool isLong = argument[1] == '-';
        const auto name = withUnderscores(argument.substr(isLong ? 2 : 1, equals - (isLong ? 2 : 1)));
        const auto flag = argument.substr(0, equals);
        if (!isLong)
            throwUnknown(command, flag, name);
        if (name == "help")
            return false;
        const auto* option = findOption(command, name);
        if (!option)
            throwUnknown(command, flag, name);

        std::string value;
        const bool hasNext = i + 1 < arguments.size();
        if (equals != std::string::npos) {
            value = argument.substr(equals + 1);
        } else if (option->value == OptionValue::Switch) {
            value = hasNext && isBooleanWord(arguments[i + 1]) ? arguments[++i] : "true";
        } else if (option->value == OptionValue::Optional) {
            if (hasNext && !arguments[i + 1].starts_with("--"))
                value = arguments[++i];
        } else if (hasNext) {
            value = arguments[++i];
        } else {
            throw Error(
                ErrorKind::Usage, concat("--", option->name, " needs a value: ", optionTitle(*option), "."));
        }

        const auto known = std::find_if(
            given.begin(), given.end(), [option](const auto& entry) { return entry.first == option; });
        if (known == given.end())
            given.push_back({option, {value}});
        else
            known->second.push_back(value);
    }

    if (!words.empty()) {
        if (!command.positional)
            throwSurplus(command, words.front());
        if (words.size() > 1)
            throwSurplus(command, words[1]);
        command.positional->set(words);
    }
    for (auto& [option, values] : given) {
        if (!option->repeatable)
            values.erase(values.begin(), values.end() - 1);
        option->set(values);
    }
    return true;
}

std::string nearest(const std::string& name, const std::vector<std::string>& known)
{
    return nearestName(withUnderscores(name), known);
}

std::string helpText(const Command& command, int width)
{
    std::string out = concat(program, " ", command.name, ": ", command.summary, "\n\n");
    out += concat("Usage:\n  ", program, " ", command.name, " ", command.usage, "\n\n");
    out += wrapped(command.description, width, 0);
    if (!command.examples.empty()) {
        out += "\nExamples:\n";
        for (const auto& example : command.examples) {
            out += wrapped(example.meaning, width - 2, 2, "# ");
            out += concat("  ", program, " ", example.command, "\n");
        }
    }

    std::vector<std::string> groups; // in the order of their first option
    for (const auto& option : command.options) {
        if (std::find(groups.begin(), groups.end(), option.group) == groups.end())
            groups.push_back(option.group);
    }
    if (command.positional) {
        out += "\nFile:\n";
        out += definition(command.positional->valueName, command.positional->help, width);
    }
    for (const auto& group : groups) {
        out += concat("\n", group, ":\n");
        for (const auto& option : command.options) {
            if (option.group != group)
                continue;
            auto help = option.help;
            for (const auto& alias : option.aliases)
                help += concat(" Also --", alias, ".");
            out += definition(optionTitle(option), help, width);
        }
    }
    out += definition("--help, -h", "Shows this text.", width);
    out += "\nIn the names of options - and _ are interchangeable: --learning-rate is --learning_rate.\n";
    return out;
}

std::string helpText(const std::vector<Command>& commands, int width)
{
    std::string out
        = wrapped("FineTune Studio fine-tunes language models on labelled text. Without a command it "
                  "opens its window; with one it does the same work on a terminal.",
            width, 0);
    out += concat("\nUsage:\n  ", program, " [--workspace DIR]        the window\n  ", program,
        " COMMAND [options]        one of the commands below\n\nCommands:\n");
    for (const auto& command : commands)
        out += definition(command.name, command.summary, width);
    out += "\nOptions of every command:\n";
    out += definition("--json",
        "Machine-readable objects, one a line, on standard output; text for people goes to standard error.",
        width);
    out += definition("--help, -h", "What the command does, its options, examples.", width);
    out += definition("--version", "The program's version.", width);
    out += "\nExit codes: 0 done, 1 failed (one sentence on standard error says why), 2 wrong usage or "
           "settings,\n"
           "130 interrupted.\n\nA first try:\n";
    out += concat("  ", program, " demo\n");
    return out;
}

} // namespace studio::app
