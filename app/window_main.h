// SPDX-License-Identifier: MIT
#pragma once

namespace studio {

/// Runs the window until it is closed; returns the exit code.
int runWindow(int argc, char** argv);

} // namespace studio
