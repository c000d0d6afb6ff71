// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>
#include <sys/mman.h>

namespace studio {

/// Lets go of pages of a large file mapping behind a sequential reader: they stay in the system's cache, but
/// the process does not grow to the size of the file. Does nothing for small files, and for bytes outside the
/// mapping.
class MappedPages {
public:
    MappedPages() = default;
    /// `mapping` must be a read-only mapping of a file, never ordinary memory.
    explicit MappedPages(std::string_view mapping)
    {
        if (mapping.size() >= (size_t(64) << 20))
            m_mapping = mapping;
    }
    void release(std::string_view part) const
    {
        constexpr uintptr_t page = 4096;
        const auto lowest = reinterpret_cast<uintptr_t>(m_mapping.data());
        const auto begin = (reinterpret_cast<uintptr_t>(part.data()) + page - 1) / page * page;
        const auto end = (reinterpret_cast<uintptr_t>(part.data()) + part.size()) / page * page;
        if (begin >= lowest && end <= lowest + m_mapping.size() && begin < end)
            ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
    }

private:
    std::string_view m_mapping;
};

} // namespace studio
