// SPDX-License-Identifier: MIT
#include "core/runs/run_lock.h"

#include "core/base/concat.h"
#include "core/base/disk_full.h"
#include "core/base/error.h"
#include "core/base/file.h"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace studio {

namespace {

std::filesystem::path lockFile(const std::filesystem::path& folder)
{
    return folder / ".lock";
}

std::string readHolder(int descriptor)
{
    char buffer[256];
    const auto size = pread(descriptor, buffer, sizeof buffer, 0);
    std::string holder(buffer, size > 0 ? static_cast<size_t>(size) : 0);
    if (const auto end = holder.find('\n'); end != std::string::npos)
        holder.resize(end);
    return holder.empty() ? "another process" : holder;
}

std::string ownName()
{
    char host[256] = {};
    if (gethostname(host, sizeof host - 1) != 0)
        std::strcpy(host, "this machine");
    return concat("process ", static_cast<int64_t>(getpid()), " on ", static_cast<const char*>(host));
}

void writeOwnName(int descriptor)
{
    const auto name = ownName() + '\n';
    if (ftruncate(descriptor, 0) != 0 || pwrite(descriptor, name.data(), name.size(), 0) < 0)
        errno = 0; // the lock itself holds without the name
}

/// A reader looks at the lock by taking it for a moment, so one refusal is not yet an answer.
bool lockWithPatience(int descriptor)
{
    for (int attempt = 0; attempt < 20; ++attempt) {
        if (flock(descriptor, LOCK_EX | LOCK_NB) == 0)
            return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
}

} // namespace

RunLock::RunLock(const std::filesystem::path& folder)
{
    const auto file = lockFile(folder);
    m_descriptor = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (m_descriptor < 0) {
        const int reason = errno;
        throw Error(isDiskFull(reason) ? ErrorKind::DiskFull : ErrorKind::File,
            concat("The folder '", pathText(folder), "' cannot be written (", std::strerror(reason),
                isDiskFull(reason) ? "; a file needs at least 4096 bytes); free some space or choose another "
                                     "output_dir."
                                   : "); choose another output_dir or change its permissions."));
    }
    if (!lockWithPatience(m_descriptor)) {
        const auto holder = readHolder(m_descriptor);
        close(m_descriptor);
        throw Error(ErrorKind::Busy,
            concat("The folder '", pathText(folder), "' is in use by another run (", holder,
                "); wait until it has ended or choose another output_dir."));
    }
    writeOwnName(m_descriptor);
}

RunLock::~RunLock()
{
    close(m_descriptor);
}

bool RunLock::isHeldIn(const std::filesystem::path& folder) const
{
    struct stat held {
    }, there{};
    return fstat(m_descriptor, &held) == 0 && ::stat(lockFile(folder).c_str(), &there) == 0
        && held.st_dev == there.st_dev && held.st_ino == there.st_ino;
}

WorkspaceMark::WorkspaceMark(const std::filesystem::path& workspace)
    : m_descriptor(open((workspace / ".window").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644))
{
    if (m_descriptor < 0)
        return; // a workspace that cannot be written says so elsewhere
    if (lockWithPatience(m_descriptor)) {
        writeOwnName(m_descriptor);
        return;
    }
    m_other = readHolder(m_descriptor);
    close(m_descriptor);
    m_descriptor = -1;
}

WorkspaceMark::~WorkspaceMark()
{
    if (m_descriptor >= 0)
        close(m_descriptor);
}

std::optional<std::string> runLockHolder(const std::filesystem::path& folder)
{
    const int descriptor = open(lockFile(folder).c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return std::nullopt;
    std::optional<std::string> holder;
    if (flock(descriptor, LOCK_SH | LOCK_NB) != 0)
        holder = readHolder(descriptor);
    close(descriptor);
    return holder;
}

} // namespace studio
