// SPDX-License-Identifier: MIT
#include "core/data/spill_buffer.h"

#include "core/base/concat.h"
#include "core/base/disk_full.h"
#include "core/base/error.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <vector>

namespace studio {
namespace {

constexpr size_t flushBytes = size_t(4) << 20;

std::vector<std::string> temporaryFolders()
{
    std::vector<std::string> folders;
    if (const char* chosen = std::getenv("TMPDIR"); chosen && *chosen)
        folders.emplace_back(chosen);
    // /tmp is often memory; what is too large for memory goes to a disk first.
    folders.emplace_back("/var/tmp");
    folders.emplace_back("/tmp");
    return folders;
}

int openUnlinked(std::string& folder)
{
    for (const auto& candidate : temporaryFolders()) {
        auto name = candidate + "/finetune-studio-XXXXXX";
        const int descriptor = ::mkostemp(name.data(), O_CLOEXEC);
        if (descriptor >= 0) {
            ::unlink(name.c_str());
            folder = candidate;
            return descriptor;
        }
    }
    throw Error(ErrorKind::File,
        concat("No temporary file can be made in /var/tmp or /tmp (", std::strerror(errno),
            "); set TMPDIR to a folder with free space."));
}

} // namespace

SpillBuffer::SpillBuffer(size_t memoryLimit)
    : m_memoryLimit(memoryLimit)
{
}

SpillBuffer::~SpillBuffer()
{
    if (m_mapped)
        ::munmap(const_cast<char*>(m_mapped), m_size);
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

void SpillBuffer::append(std::string_view piece)
{
    m_buffer += piece;
    m_size += piece.size();
    if (m_descriptor < 0 && m_size > m_memoryLimit)
        m_descriptor = openUnlinked(m_folder);
    if (m_descriptor >= 0 && m_buffer.size() >= flushBytes)
        flush();
}

void SpillBuffer::flush()
{
    for (size_t done = 0; done < m_buffer.size();) {
        const auto written = ::write(m_descriptor, m_buffer.data() + done, m_buffer.size() - done);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0) {
            const int reason = written < 0 ? errno : ENOSPC;
            throw Error(isDiskFull(reason) ? ErrorKind::DiskFull : ErrorKind::File,
                concat("Cannot write temporary data to '", m_folder, "' (", std::strerror(reason), ") after ",
                    m_size - m_buffer.size() + done, " bytes; set TMPDIR to a folder with more free space."));
        }
        done += size_t(written);
    }
    m_buffer.clear();
}

void SpillBuffer::finish()
{
    if (m_descriptor < 0 || m_mapped)
        return;
    flush();
    m_buffer.shrink_to_fit();
    void* mapped = ::mmap(nullptr, m_size, PROT_READ, MAP_SHARED, m_descriptor, 0);
    if (mapped == MAP_FAILED)
        throw Error(ErrorKind::File,
            concat("Cannot map ", m_size, " bytes of temporary data (", std::strerror(errno), ")."));
    m_mapped = static_cast<const char*>(mapped);
}

std::string_view SpillBuffer::view() const noexcept
{
    return m_mapped ? std::string_view(m_mapped, m_size) : std::string_view(m_buffer);
}

} // namespace studio
