// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>

#include <ATen/Parallel.h>

namespace studio {

/// Splits [0, count) into one contiguous range for each thread and calls work(part, begin, end). The split
/// depends on count and the number of threads alone, so sums collected for each part and added in order are
/// the same bits every time.
template <typename Work>
void forEachPart(int64_t count, const Work& work)
{
    const auto parts = std::min<int64_t>(at::get_num_threads(), count);
    at::parallel_for(0, parts, 1, [&](int64_t first, int64_t last) {
        for (int64_t part = first; part < last; ++part)
            work(part, count * part / parts, count * (part + 1) / parts);
    });
}

/// Number of parts that forEachPart makes.
[[nodiscard]] inline int64_t partCount(int64_t count)
{
    return std::min<int64_t>(at::get_num_threads(), count);
}

} // namespace studio
