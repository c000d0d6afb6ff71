// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include <QString>

namespace studio {

/// A warning of core in the language of the window. Core says them as English sentences, which the command
/// line, metrics.jsonl and transformers' users read; each stands with its blanks (%1, %2, …) in a table here.
/// One that is not in the table is shown as it came.
[[nodiscard]] QString warningText(const std::string& sentence);

} // namespace studio
