// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace studio::app {

class Console;

/// How an option takes its value. Always `--name value` or `--name=value`; the value may be empty or begin
/// with a dash.
enum class OptionValue {
    Required,
    Switch, ///< `--name` alone means true; or true|false, yes|no, on|off, 1|0
    Optional, ///< `--name` alone gives an empty value
};

struct Option {
    std::string name; ///< with underscores: "learning_rate"; `-` and `_` are interchangeable when given
    std::string valueName; ///< "DIR", "N", "a|b" in the help; empty for a switch
    std::string group; ///< heading in the help
    std::string help; ///< one sentence or two
    std::function<void(const std::vector<std::string>& values)> set; ///< every value given, in order
    OptionValue value = OptionValue::Required;
    bool repeatable = false; ///< otherwise the last one given counts alone
    std::vector<std::string> aliases = {};
};

struct Example {
    std::string command; ///< without the program's name
    std::string meaning;
};

/// One command of the program: what it takes and what its help says.
struct Command {
    std::string name;
    std::string summary; ///< half a line, for the list of commands
    std::string usage; ///< after the program's and the command's name
    std::string description; ///< paragraphs separated by an empty line
    std::vector<Example> examples;
    std::vector<Option> options;
    std::optional<Option> positional; ///< one file without a flag; its `set` is called before all others
    std::function<int(Console&)> run; ///< returns the exit code; throws Error
};

/// A switch that sets `target`.
[[nodiscard]] Option switchOption(std::string name, std::string group, std::string help, bool& target);
/// An option whose last value is stored in `target`.
[[nodiscard]] Option textOption(
    std::string name, std::string valueName, std::string group, std::string help, std::string& target);

/// Reads a boolean as people write it; throws Error{Usage} naming the option.
[[nodiscard]] bool parseBoolean(const std::string& option, const std::string& value);

/// Stores the values of `arguments` by the options' `set`. Returns false when --help was asked for. Throws
/// Error{Usage} for an unknown option (naming the nearest), a missing value, or a surplus word.
[[nodiscard]] bool parse(const Command& command, const std::vector<std::string>& arguments);

/// The nearest of `known` to a misspelt name; the spelling with `-` or `_` does not matter.
[[nodiscard]] std::string nearest(const std::string& name, const std::vector<std::string>& known);

/// The help of one command, wrapped at `width` columns.
[[nodiscard]] std::string helpText(const Command& command, int width);
/// The help of the program: its commands.
[[nodiscard]] std::string helpText(const std::vector<Command>& commands, int width);

} // namespace studio::app
