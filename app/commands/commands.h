// SPDX-License-Identifier: MIT
#pragma once

#include "app/command.h"

#include <string>
#include <vector>

namespace studio::app {

// Each makes the description of one command. `console` outlives it; its `run` is called at most once.
[[nodiscard]] Command demoCommand(Console& console);
[[nodiscard]] Command trainCommand(Console& console);
[[nodiscard]] Command evaluateCommand(Console& console);
[[nodiscard]] Command predictCommand(Console& console);
[[nodiscard]] Command scoreCommand(Console& console);
[[nodiscard]] Command tokenizeCommand(Console& console);
[[nodiscard]] Command inspectCommand(Console& console);
[[nodiscard]] Command exportCommand(Console& console);
[[nodiscard]] Command devicesCommand(Console& console);

} // namespace studio::app
