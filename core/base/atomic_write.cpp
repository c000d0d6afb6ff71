// SPDX-License-Identifier: MIT
#include "core/base/concat.h"
#include "core/base/disk_full.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/sync_folder.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace studio {

namespace {
constexpr uint64_t blockBytes = 4096; // the least that a new file takes

/// An open file that closes itself; every failure is thrown with the name the user knows.
class OutputFile {
public:
    /// `expectedBytes`: what will be written, as far as that is known; for messages.
    OutputFile(const std::filesystem::path& path, std::filesystem::path shownAs, uint64_t expectedBytes)
        : m_shownAs(std::move(shownAs))
        , m_expectedBytes(expectedBytes)
        , m_descriptor(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644))
    {
        if (m_descriptor < 0)
            fail(blockBytes);
    }
    ~OutputFile()
    {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
    }
    OutputFile(const OutputFile&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;
    void write(std::string_view piece)
    {
        while (!piece.empty()) {
            const auto count = ::write(m_descriptor, piece.data(), piece.size());
            if (count < 0) {
                if (errno == EINTR)
                    continue;
                fail(piece.size());
            }
            m_writtenBytes += static_cast<uint64_t>(count);
            piece.remove_prefix(static_cast<size_t>(count));
        }
    }
    /// Some file systems find only now that there is no room for what was written.
    void syncAndClose()
    {
        if (::fsync(m_descriptor) != 0 || ::close(std::exchange(m_descriptor, -1)) != 0) {
            const auto written = std::exchange(m_writtenBytes, 0);
            fail(std::max(written, blockBytes));
        }
    }

private:
    [[noreturn]] void fail(uint64_t leastBytes) const
    {
        const auto missing = m_expectedBytes > m_writtenBytes ? m_expectedBytes - m_writtenBytes : 0;
        throwWriteError(m_shownAs, errno, std::max(missing, leastBytes));
    }

    std::filesystem::path m_shownAs;
    uint64_t m_expectedBytes, m_writtenBytes = 0;
    int m_descriptor;
};

void syncFile(const std::filesystem::path& file)
{
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        throwWriteError(file, errno);
    const int result = ::fsync(descriptor);
    const int reason = errno;
    ::close(descriptor);
    if (result != 0)
        throwWriteError(file, reason);
}

void renameOver(const std::filesystem::path& from, const std::filesystem::path& to)
{
    if (::rename(from.c_str(), to.c_str()) != 0)
        throwWriteError(to, errno);
}

/// Both names change their content in one step; false where the file system cannot do that.
bool exchange(const std::filesystem::path& one, const std::filesystem::path& other)
{
    if (::renameat2(AT_FDCWD, one.c_str(), AT_FDCWD, other.c_str(), RENAME_EXCHANGE) == 0)
        return true;
    if (errno != EINVAL && errno != ENOSYS && errno != EOPNOTSUPP)
        throwWriteError(other, errno);
    return false;
}
} // namespace

bool isDiskFull(int reason) noexcept
{
    return reason == ENOSPC || reason == EDQUOT || reason == EFBIG;
}

void throwWriteError(const std::filesystem::path& file, int reason, uint64_t bytes)
{
    // A folder under its temporary name goes again, and nobody knows it.
    auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
    while (isTemporaryName(folder) && folder.has_parent_path())
        folder = folder.parent_path();
    if (isDiskFull(reason))
        throw Error(ErrorKind::DiskFull,
            concat("No room left in '", pathText(folder), "': writing '", pathText(file.filename()),
                "' needs at least ", bytes, " more bytes. Free some space or choose another folder."));
    throw Error(ErrorKind::File, concat("Cannot write '", pathText(file), "': ", std::strerror(reason), "."));
}

void syncFolder(const std::filesystem::path& folder)
{
    const int descriptor = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return;
    ::fsync(descriptor);
    ::close(descriptor);
}

void createFolders(const std::filesystem::path& folder)
{
    auto path = folder.filename().empty() ? folder.parent_path() : folder;
    std::error_code code;
    std::vector<std::filesystem::path> homes; // of the folders that are made now
    while (!path.empty() && !std::filesystem::exists(path, code) && !code) {
        homes.push_back(path.parent_path());
        path = path.parent_path();
    }
    std::filesystem::create_directories(folder, code);
    if (code && isDiskFull(code.value()))
        throwWriteError(folder.filename().empty() ? folder.parent_path() : folder, code.value());
    if (code || !std::filesystem::is_directory(folder, code))
        throw Error(ErrorKind::File,
            concat("Cannot create the folder '", pathText(folder), "': ",
                code ? code.message() : std::string("something that is not a folder has this name"), "."));
    // What is synced inside survives a power cut only where the way to it does.
    for (const auto& home : homes)
        syncFolder(home);
}

std::filesystem::path temporaryBeside(const std::filesystem::path& target)
{
    static std::atomic<unsigned> counter{0};
    auto name = target;
    if (name.filename().empty()) // a trailing slash
        name = name.parent_path();
    const auto file = name.filename();
    name.replace_filename(
        concat(".", pathText(file), ".", static_cast<int64_t>(::getpid()), "-", counter++, ".tmp"));
    return name;
}

bool isTemporaryName(const std::filesystem::path& path)
{
    const auto name = pathText(path.filename());
    return name.starts_with('.') && name.ends_with(".tmp");
}

void writeFileAtomically(const std::filesystem::path& file,
    const std::function<void(const FileSink&)>& produce, uint64_t expectedBytes)
{
    const auto temporary = temporaryBeside(file);
    try {
        OutputFile output(temporary, file, expectedBytes);
        produce([&output](std::string_view piece) { output.write(piece); });
        output.syncAndClose();
        renameOver(temporary, file);
    } catch (...) {
        std::error_code ignored;
        std::filesystem::remove(temporary, ignored);
        throw;
    }
    syncFolder(file.parent_path());
}

void writeFileAtomically(const std::filesystem::path& file, std::string_view content)
{
    writeFileAtomically(
        file, [content](const FileSink& sink) { sink(content); }, content.size());
}

AtomicFolder::AtomicFolder(std::filesystem::path target)
    : m_target(target.filename().empty() ? target.parent_path() : std::move(target))
    , m_temporary(temporaryBeside(m_target))
{
    std::error_code code;
    std::filesystem::remove_all(m_temporary, code);
    createFolders(m_temporary);
}

AtomicFolder::~AtomicFolder()
{
    if (m_temporary.empty())
        return;
    std::error_code ignored;
    std::filesystem::remove_all(m_temporary, ignored);
}

void AtomicFolder::commit()
{
    for (const auto& entry : std::filesystem::recursive_directory_iterator(m_temporary)) {
        if (entry.is_regular_file())
            syncFile(entry.path());
        else if (entry.is_directory())
            syncFolder(entry.path());
    }
    syncFolder(m_temporary);
    // A folder cannot be renamed over a full one: the two change places, or the old one steps aside first.
    std::error_code code;
    const bool replaces = std::filesystem::exists(m_target, code);
    auto aside = m_temporary;
    if (!replaces || !exchange(m_temporary, m_target)) {
        aside = temporaryBeside(m_target);
        if (replaces)
            renameOver(m_target, aside);
        try {
            renameOver(m_temporary, m_target);
        } catch (const Error&) {
            if (replaces)
                std::filesystem::rename(aside, m_target, code);
            throw;
        }
    }
    m_temporary.clear();
    syncFolder(m_target.parent_path());
    if (replaces)
        std::filesystem::remove_all(aside, code);
}

LineLog::LineLog(const std::filesystem::path& file, uint64_t keepBytes)
    : m_descriptor(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644))
    , m_file(file)
{
    if (m_descriptor < 0)
        throwWriteError(file, errno);
    struct stat status { };
    const bool known = ::fstat(m_descriptor, &status) == 0;
    m_size = known ? std::min<uint64_t>(keepBytes, static_cast<uint64_t>(status.st_size)) : 0;
    if (!known || ::ftruncate(m_descriptor, static_cast<off_t>(m_size)) != 0) {
        const int reason = errno;
        ::close(m_descriptor);
        throwWriteError(file, reason);
    }
}

LineLog::~LineLog()
{
    ::close(m_descriptor);
}

void LineLog::append(std::string_view line)
{
    std::string whole(line);
    whole += '\n';
    size_t written = 0;
    while (written < whole.size()) {
        // At its place: should half a line stay because it cannot be cut off, the next append covers it.
        const auto count = ::pwrite(m_descriptor, whole.data() + written, whole.size() - written,
            static_cast<off_t>(m_size + written));
        if (count < 0) {
            if (errno == EINTR)
                continue;
            const int reason = errno;
            if (::ftruncate(m_descriptor, static_cast<off_t>(m_size)) != 0)
                errno = 0;
            throwWriteError(m_file, reason, whole.size() - written);
        }
        written += static_cast<size_t>(count);
    }
    m_size += whole.size();
}

void LineLog::sync()
{
    if (::fsync(m_descriptor) != 0)
        throwWriteError(m_file, errno);
}

} // namespace studio
