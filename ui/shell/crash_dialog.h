// SPDX-License-Identifier: MIT
#pragma once

#include "ui/session/settings.h"

class QWidget;

namespace studio {

/// Offers to show the report of a crash that the window has not spoken of yet; nothing where there is none.
/// Each report is offered once.
void offerCrashReport(Settings& settings, QWidget* parent);

} // namespace studio
