// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <vector>

namespace studio {

/// Lengths of texts in characters or tokens; percentiles by nearest rank.
struct LengthStatistics {
    int64_t min = 0;
    double mean = 0;
    int64_t p50 = 0;
    int64_t p95 = 0;
    int64_t max = 0;
};

/// Exact counts of lengths in bounded memory.
class LengthHistogram {
public:
    void add(int64_t length)
    {
        if (length < int64_t(m_short.size()))
            ++m_short[size_t(length)];
        else
            ++m_long[length];
        ++m_count;
        m_sum += length;
    }
    [[nodiscard]] int64_t count() const { return m_count; }
    [[nodiscard]] LengthStatistics statistics() const
    {
        if (m_count == 0)
            return {};
        LengthStatistics result{.min = -1, .mean = double(m_sum) / double(m_count), .p50 = -1, .p95 = -1};
        int64_t seen = 0;
        const auto visit = [&](int64_t length, int64_t count) {
            if (count == 0)
                return;
            seen += count;
            if (result.min < 0)
                result.min = length;
            if (result.p50 < 0 && seen * 2 >= m_count)
                result.p50 = length;
            if (result.p95 < 0 && seen * 20 >= m_count * 19)
                result.p95 = length;
            result.max = length;
        };
        for (size_t length = 0; length < m_short.size(); ++length)
            visit(int64_t(length), m_short[length]);
        for (const auto& [length, count] : m_long)
            visit(length, count);
        return result;
    }

private:
    std::vector<int64_t> m_short = std::vector<int64_t>(4096);
    std::map<int64_t, int64_t> m_long;
    int64_t m_count = 0;
    int64_t m_sum = 0;
};

} // namespace studio
