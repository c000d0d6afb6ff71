// SPDX-License-Identifier: MIT
#pragma once

class QWidget;

namespace studio {

/// Lets Tab go through the controls below `root` in the order in which the layouts show them, whatever the
/// order in which they were made. To be called once everything is in its layout.
void tabInLayoutOrder(QWidget* root);

} // namespace studio
