// SPDX-License-Identifier: MIT
#pragma once

#include "ui/session/settings.h"

#include <string>

namespace studio {

/// Operations a second that the newest run of about the same cost for a token reached on `device` (as the
/// job names it); 0 before there was one. A small model reaches only a fraction of what a large one does, so
/// each class of cost, a factor of four wide, is remembered apart.
[[nodiscard]] double measuredSpeed(
    const Settings& settings, const std::string& device, double operationsPerToken);
void rememberSpeed(Settings& settings, const std::string& device, double operationsPerToken, double speed);

} // namespace studio
