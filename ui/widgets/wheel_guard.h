// SPDX-License-Identifier: MIT
#pragma once

class QWidget;

namespace studio {

/// For what stands in a scroll area or beside one: turning the wheel over its lists and number boxes scrolls
/// the area, if any, instead of changing their values. Covers the children that `content` has now.
void leaveWheelToScrolling(QWidget* content);

} // namespace studio
