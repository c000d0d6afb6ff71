// SPDX-License-Identifier: MIT
#pragma once

class QWidget;

namespace studio {

/// For what stands in a scroll area: turning the wheel over its lists and number boxes scrolls the area
/// instead of changing their values. Covers the children that `content` has now.
void leaveWheelToScrolling(QWidget* content);

} // namespace studio
