// SPDX-License-Identifier: MIT
#pragma once

namespace studio {

/// Lets others go before the calling thread and those that it starts from now on, which inherit it (on Linux
/// a nice value belongs to the thread): OpenMP's beside a window, tokenising beside training.
void lowerThreadPriority();

} // namespace studio
