// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace studio {

/// Bytes that are appended, then read as one piece: in memory while small, else in an unlinked temporary file
/// (TMPDIR, /var/tmp, /tmp) that vanishes with the object, also after a crash. Neither copied nor moved; one
/// thread writes.
class SpillBuffer {
public:
    explicit SpillBuffer(size_t memoryLimit = size_t(64) << 20);
    ~SpillBuffer();
    SpillBuffer(const SpillBuffer&) = delete;
    SpillBuffer& operator=(const SpillBuffer&) = delete;

    /// Throws Error{DiskFull} or Error{File}.
    void append(std::string_view piece);
    /// Ends writing; from then on view() is valid and any thread may read.
    void finish();
    [[nodiscard]] std::string_view view() const noexcept;
    [[nodiscard]] size_t size() const noexcept { return m_size; }
    [[nodiscard]] bool spilled() const noexcept { return m_descriptor >= 0; }

private:
    void flush();

    size_t m_memoryLimit;
    size_t m_size = 0;
    std::string m_buffer; ///< all of it, or what the file does not hold yet
    std::string m_folder;
    int m_descriptor = -1;
    const char* m_mapped = nullptr;
};

} // namespace studio
