// SPDX-License-Identifier: MIT
#pragma once

class QWidget;

namespace studio {

/// Version, and the licences of the program and of every part that it is built from.
void showAboutDialog(QWidget* parent);

} // namespace studio
