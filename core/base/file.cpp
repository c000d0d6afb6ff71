// SPDX-License-Identifier: MIT
#include "core/base/file.h"

#include "core/base/concat.h"
#include "core/base/error.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace studio {

std::string pathText(const std::filesystem::path& path)
{
    const auto text = path.u8string();
    return {text.begin(), text.end()};
}

MappedFile::MappedFile(const std::filesystem::path& file)
{
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        throw Error(
            ErrorKind::File, concat("Cannot open '", pathText(file), "': ", std::strerror(errno), "."));
    struct stat status { };
    if (::fstat(descriptor, &status) != 0 || S_ISDIR(status.st_mode)) {
        ::close(descriptor);
        throw Error(ErrorKind::File, concat("'", pathText(file), "' is a folder, but a file is needed."));
    }
    m_size = static_cast<size_t>(status.st_size);
    if (m_size > 0) {
        void* data = ::mmap(nullptr, m_size, PROT_READ, MAP_PRIVATE, descriptor, 0);
        if (data == MAP_FAILED) {
            const int reason = errno;
            ::close(descriptor);
            throw Error(
                ErrorKind::File, concat("Cannot map '", pathText(file), "': ", std::strerror(reason), "."));
        }
        m_data = static_cast<const std::byte*>(data);
    }
    ::close(descriptor);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : m_data(std::exchange(other.m_data, nullptr))
    , m_size(std::exchange(other.m_size, 0))
{
}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept
{
    std::swap(m_data, other.m_data);
    std::swap(m_size, other.m_size);
    return *this;
}

MappedFile::~MappedFile()
{
    if (m_data)
        ::munmap(const_cast<std::byte*>(m_data), m_size);
}

std::string readFile(const std::filesystem::path& file)
{
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        throw Error(
            ErrorKind::File, concat("Cannot open '", pathText(file), "': ", std::strerror(errno), "."));
    std::string content;
    char buffer[1 << 16];
    for (;;) {
        const auto count = ::read(descriptor, buffer, sizeof buffer);
        if (count == 0)
            break;
        if (count < 0) {
            if (errno == EINTR)
                continue;
            const int reason = errno;
            ::close(descriptor);
            throw Error(ErrorKind::File,
                reason == EISDIR
                    ? concat("'", pathText(file), "' is a folder, but a file is needed.")
                    : concat("Cannot read '", pathText(file), "': ", std::strerror(reason), "."));
        }
        content.append(buffer, static_cast<size_t>(count));
    }
    ::close(descriptor);
    return content;
}

namespace {
std::filesystem::path xdgFolder(const char* variable, const char* belowHome)
{
    if (const char* value = std::getenv(variable); value && value[0] == '/')
        return std::filesystem::path(value) / "finetune-studio";
    const char* home = std::getenv("HOME");
    return std::filesystem::path(home && *home ? home : "/tmp") / belowHome / "finetune-studio";
}
} // namespace

std::filesystem::path dataHome()
{
    return xdgFolder("XDG_DATA_HOME", ".local/share");
}
std::filesystem::path cacheHome()
{
    return xdgFolder("XDG_CACHE_HOME", ".cache");
}

} // namespace studio
