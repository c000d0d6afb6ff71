// SPDX-License-Identifier: MIT
#include "core/base/concat.h"
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
[[noreturn]] void throwWriteError(const std::filesystem::path& file, int reason, uint64_t bytes)
{
    const auto folder = pathText(file.has_parent_path() ? file.parent_path() : std::filesystem::path("."));
    if (reason == ENOSPC || reason == EDQUOT || reason == EFBIG)
        throw Error(ErrorKind::DiskFull,
            concat("No room left in '", folder, "': writing '", pathText(file.filename()),
                "' needs at least ", bytes, " more bytes. Free some space or choose another folder."));
    throw Error(ErrorKind::File, concat("Cannot write '", pathText(file), "': ", std::strerror(reason), "."));
}

/// An open file that closes itself; every failure is thrown with the name the user knows.
class OutputFile {
public:
    OutputFile(const std::filesystem::path& path, std::filesystem::path shownAs, int flags)
        : m_shownAs(std::move(shownAs))
        , m_descriptor(::open(path.c_str(), flags | O_CLOEXEC, 0644))
    {
        if (m_descriptor < 0)
            throwWriteError(m_shownAs, errno, 0);
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
                throwWriteError(m_shownAs, errno, piece.size());
            }
            piece.remove_prefix(static_cast<size_t>(count));
        }
    }
    void syncAndClose()
    {
        if (::fsync(m_descriptor) != 0)
            throwWriteError(m_shownAs, errno, 0);
        if (::close(std::exchange(m_descriptor, -1)) != 0)
            throwWriteError(m_shownAs, errno, 0);
    }

private:
    std::filesystem::path m_shownAs;
    int m_descriptor;
};

void syncFile(const std::filesystem::path& file)
{
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        throwWriteError(file, errno, 0);
    const int result = ::fsync(descriptor);
    const int reason = errno;
    ::close(descriptor);
    if (result != 0)
        throwWriteError(file, reason, 0);
}

void renameOver(const std::filesystem::path& from, const std::filesystem::path& to)
{
    if (::rename(from.c_str(), to.c_str()) != 0)
        throwWriteError(to, errno, 0);
}

/// Both names change their content in one step; false where the file system cannot do that.
bool exchange(const std::filesystem::path& one, const std::filesystem::path& other)
{
    return ::renameat2(AT_FDCWD, one.c_str(), AT_FDCWD, other.c_str(), RENAME_EXCHANGE) == 0;
}
} // namespace

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

void writeFileAtomically(
    const std::filesystem::path& file, const std::function<void(const FileSink&)>& produce)
{
    const auto temporary = temporaryBeside(file);
    try {
        OutputFile output(temporary, file, O_WRONLY | O_CREAT | O_TRUNC);
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
    writeFileAtomically(file, [content](const FileSink& sink) { sink(content); });
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
        renameOver(m_temporary, m_target);
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
        throwWriteError(file, errno, 0);
    struct stat status { };
    const bool known = ::fstat(m_descriptor, &status) == 0;
    m_size = known ? std::min<uint64_t>(keepBytes, static_cast<uint64_t>(status.st_size)) : 0;
    if (!known || ::ftruncate(m_descriptor, static_cast<off_t>(m_size)) != 0
        || ::lseek(m_descriptor, 0, SEEK_END) < 0) {
        const int reason = errno;
        ::close(m_descriptor);
        throwWriteError(file, reason, 0);
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
        const auto count = ::write(m_descriptor, whole.data() + written, whole.size() - written);
        if (count < 0) {
            if (errno == EINTR)
                continue;
            const int reason = errno;
            // Half a line must not stay: the next append would continue it.
            if (::ftruncate(m_descriptor, static_cast<off_t>(m_size)) == 0)
                ::lseek(m_descriptor, 0, SEEK_END);
            throwWriteError(m_file, reason, whole.size() - written);
        }
        written += static_cast<size_t>(count);
    }
    m_size += whole.size();
}

void LineLog::sync()
{
    if (::fsync(m_descriptor) != 0)
        throwWriteError(m_file, errno, 0);
}

} // namespace studio
