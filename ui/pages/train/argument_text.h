// SPDX-License-Identifier: MIT
#pragma once

#include "core/train/arguments.h"

#include <QString>

namespace studio {

// Words of the window for the arguments of a run, in its language. The names of transformers stand in the
// tooltips, so that people find again what they know.

[[nodiscard]] QString argumentLabel(const std::string& name); ///< "Learning rate"
[[nodiscard]] QString argumentHelp(const std::string& name); ///< one or two sentences
/// "epochs"; may be empty. Of a value that can be steps or a share of them it is the one that is meant.
[[nodiscard]] QString argumentUnit(const ArgumentInfo& argument, const Json& value);
/// What an empty field stands for: the value that leaves the choice to the program, null or an empty text.
[[nodiscard]] Json unsetValue(const ArgumentInfo& argument);
[[nodiscard]] QString argumentUnsetText(const std::string& name); ///< "Automatic", "No limit"; may be empty
[[nodiscard]] QString argumentGroupLabel(const std::string& group);
[[nodiscard]] QString choiceLabel(const std::string& argument, const std::string& choice);
/// "0 < value ≤ 1", "at least 1", …; empty without limits.
[[nodiscard]] QString argumentRange(const ArgumentInfo& argument);
/// Help, range, default and the name on the command line, for the tooltip.
[[nodiscard]] QString argumentToolTip(const ArgumentInfo& argument);
/// The value as it stands in a field ("5e-05", "true"); empty when not set.
[[nodiscard]] QString argumentValueText(const Json& value);
/// The value in the words of the window, for a table: a file by its name, a choice by its label.
[[nodiscard]] QString argumentShortText(const ArgumentInfo& argument, const Json& value);

} // namespace studio
