// SPDX-License-Identifier: MIT
#pragma once

#include "core/train/events.h"

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

namespace studio {

/// The lines of metrics.jsonl that a picture of the run needs: every event but steps, the step before each of
/// those, and of each stretch of steps the first, the last, and those of the lowest and the highest loss. Few
/// steps are kept all.
struct LogOutline {
    uint64_t bytes = 0; ///< of whole lines
    uint64_t steps = 0; ///< step lines in all
    std::vector<uint64_t> lines; ///< where the kept lines begin, ascending
};

/// Looks at every line once, on `threads` threads (0: as many as there are cores), and parses nothing but the
/// loss of steps. `mostSteps`: about how many step lines may be kept; 0: the last one alone.
[[nodiscard]] LogOutline outlineOf(std::string_view log, size_t mostSteps, unsigned threads = 0);

/// The events of a run for its curves: all, or with very many steps those of its outline. A torn last line is
/// ignored. Throws Error{Data} for a line that is no event, Error{File}.
[[nodiscard]] std::vector<TrainEvent> readRunCurves(
    const std::filesystem::path& folder, size_t mostSteps = 20'000);

} // namespace studio
