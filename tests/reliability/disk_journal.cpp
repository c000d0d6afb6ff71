// SPDX-License-Identifier: MIT
// The functions of the C library that change files, each in front of its system call. An executable's own
// definitions come first, for its shared libraries as well.
#include "tests/reliability/disk_journal.h"

#include <algorithm>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>
#include <utility>

namespace studio::test {

namespace {

using Kind = DiskOperation::Kind;

struct Recorder {
    std::recursive_mutex mutex;
    bool active = false;
    std::string root;
    std::vector<DiskOperation> operations;
    std::map<ino_t, int64_t> files;
    int64_t nextNode = 1; ///< 0 is the root

    DiskFault::Fault fault;
    std::string faultRoot;
    bool asking = false; ///< what the fault itself does is not asked about
    bool halved = false; ///< a failing write has come half to the disk

    /// The path below the root; nullopt elsewhere.
    [[nodiscard]] std::optional<std::string> below(int folder, const char* path) const
    {
        return below(root, folder, path);
    }
    [[nodiscard]] static std::optional<std::string> below(
        const std::string& root, int folder, const char* path)
    {
        std::string whole = path ? path : "";
        if (whole.empty() || whole[0] != '/') {
            const auto link = folder == AT_FDCWD ? std::string("/proc/self/cwd")
                                                 : "/proc/self/fd/" + std::to_string(folder);
            char target[4096];
            const auto size = syscall(SYS_readlink, link.c_str(), target, sizeof target);
            if (size < 0)
                return std::nullopt;
            whole = std::string(target, static_cast<size_t>(size)) + (whole.empty() ? "" : "/" + whole);
        }
        whole = std::filesystem::path(whole).lexically_normal().string();
        if (whole.ends_with('/'))
            whole.pop_back();
        if (whole == root)
            return std::string();
        return whole.starts_with(root + '/') ? std::optional(whole.substr(root.size() + 1)) : std::nullopt;
    }
    [[nodiscard]] int64_t fileOf(int descriptor, struct stat* status = nullptr) const
    {
        struct stat own { };
        auto& found = status ? *status : own;
        if (fstat(descriptor, &found) != 0 || !S_ISREG(found.st_mode))
            return -1;
        const auto entry = files.find(found.st_ino);
        return entry == files.end() ? -1 : entry->second;
    }
    /// A name is about to go: the number of its file may be given to another one.
    void forget(int folder, const char* path)
    {
        struct stat status { };
        if (fstatat(folder, path, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(status.st_mode)
            && status.st_nlink == 1)
            files.erase(status.st_ino);
    }
    void add(DiskOperation operation) { operations.push_back(std::move(operation)); }
    void addExisting(const std::filesystem::path& folder, const std::string& name)
    {
        for (const auto& entry : std::filesystem::directory_iterator(folder)) {
            const auto path = name.empty() ? entry.path().filename().string()
                                           : name + '/' + entry.path().filename().string();
            if (entry.is_directory()) {
                add({.kind = Kind::Folder, .path = path, .node = nextNode++});
                addExisting(entry.path(), path);
                continue;
            }
            std::ifstream file(entry.path(), std::ios::binary);
            std::string content((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
            struct stat status { };
            ::stat(entry.path().c_str(), &status);
            const auto node = nextNode++;
            files[status.st_ino] = node;
            add({.kind = Kind::Create, .path = path, .node = node});
            add({.kind = Kind::Write, .node = node, .data = std::move(content)});
            add({.kind = Kind::SyncFile, .node = node});
        }
        add({.kind = Kind::SyncFolder, .path = name});
    }
};

Recorder& recorder()
{
    static Recorder instance;
    return instance;
}

/// Locks the recorder where it records.
std::unique_lock<std::recursive_mutex> recording()
{
    std::unique_lock lock(recorder().mutex);
    if (!recorder().active)
        lock.unlock();
    return lock;
}

/// The errno with which a change is to fail; 0: none. `path` empty: the file that is open as `folder`.
int faultOf(Kind kind, int folder, const char* path = "")
{
    auto& state = recorder();
    const std::lock_guard lock(state.mutex);
    if (!state.fault || state.asking || !Recorder::below(state.faultRoot, folder, path))
        return 0;
    state.asking = true;
    const int reason = state.fault(kind);
    state.asking = false;
    state.halved = state.halved && reason != 0;
    return reason;
}

bool fails(Kind kind, int folder, const char* path = "")
{
    const int reason = faultOf(kind, folder, path);
    if (reason != 0)
        errno = reason;
    return reason != 0;
}

int openFile(int folder, const char* path, int flags, mode_t mode)
{
    const auto open = [&] { return static_cast<int>(syscall(SYS_openat, folder, path, flags, mode)); };
    const bool writes = (flags & O_ACCMODE) != O_RDONLY || (flags & O_CREAT) != 0;
    if (!writes)
        return open();
    struct stat status { };
    const bool existed = fstatat(folder, path, &status, 0) == 0;
    if (fails(existed ? Kind::Truncate : Kind::Create, folder, path))
        return -1;
    const auto lock = recording();
    auto& state = recorder();
    const auto name = lock ? state.below(folder, path) : std::nullopt;
    if (!name)
        return open();
    const int descriptor = open();
    if (descriptor < 0)
        return descriptor;
    const int before = errno;
    if (!existed && fstat(descriptor, &status) == 0) {
        state.files[status.st_ino] = state.nextNode;
        state.add({.kind = Kind::Create, .path = *name, .node = state.nextNode++});
    } else if ((flags & O_TRUNC) != 0 && status.st_size > 0) {
        state.add({.kind = Kind::Truncate, .node = state.fileOf(descriptor)});
    }
    errno = before;
    return descriptor;
}

/// `offset` -1: the file's own.
template <typename Write>
ssize_t writeFile(int descriptor, off_t offset, const char* data, size_t size, const Write& write)
{
    if (fails(Kind::Write, descriptor)) {
        if (size < 2 || std::exchange(recorder().halved, true))
            return -1;
        return offset < 0 ? syscall(SYS_write, descriptor, data, size / 2)
                          : syscall(SYS_pwrite64, descriptor, data, size / 2, offset);
    }
    const auto lock = recording();
    struct stat status { };
    const auto file = lock ? recorder().fileOf(descriptor, &status) : -1;
    if (file < 0)
        return write();
    if (offset < 0)
        offset
            = (fcntl(descriptor, F_GETFL) & O_APPEND) != 0 ? status.st_size : lseek(descriptor, 0, SEEK_CUR);
    const auto count = write();
    if (count > 0)
        recorder().add({.kind = Kind::Write,
            .node = file,
            .offset = static_cast<uint64_t>(offset),
            .data = std::string(data, static_cast<size_t>(count))});
    return count;
}

int truncateFile(int descriptor, off_t size)
{
    if (fails(Kind::Truncate, descriptor))
        return -1;
    const auto lock = recording();
    const auto file = lock ? recorder().fileOf(descriptor) : -1;
    const auto result = static_cast<int>(syscall(SYS_ftruncate, descriptor, size));
    if (result == 0 && file >= 0)
        recorder().add({.kind = Kind::Truncate, .node = file, .offset = static_cast<uint64_t>(size)});
    return result;
}

int syncDescriptor(int descriptor, long call)
{
    if (fails(Kind::SyncFile, descriptor))
        return -1;
    const auto lock = recording();
    const auto result = static_cast<int>(syscall(call, descriptor));
    if (!lock || result != 0)
        return result;
    struct stat status { };
    const auto file = recorder().fileOf(descriptor, &status);
    if (file >= 0)
        recorder().add({.kind = Kind::SyncFile, .node = file});
    else if (S_ISDIR(status.st_mode)) {
        if (const auto name = recorder().below(descriptor, ""))
            recorder().add({.kind = Kind::SyncFolder, .path = *name});
    }
    return result;
}

int renameFile(int fromFolder, const char* from, int toFolder, const char* to, unsigned flags)
{
    if (fails(Kind::Rename, toFolder, to))
        return -1;
    const auto lock = recording();
    auto& state = recorder();
    const auto source = lock ? state.below(fromFolder, from) : std::nullopt;
    const auto target = lock ? state.below(toFolder, to) : std::nullopt;
    struct stat one {
    }, other{};
    const bool sameFile = target && source && fstatat(fromFolder, from, &one, AT_SYMLINK_NOFOLLOW) == 0
        && fstatat(toFolder, to, &other, AT_SYMLINK_NOFOLLOW) == 0 && one.st_ino == other.st_ino;
    if (target && !sameFile && (flags & RENAME_EXCHANGE) == 0)
        state.forget(toFolder, to);
    const auto result = static_cast<int>(syscall(SYS_renameat2, fromFolder, from, toFolder, to, flags));
    if (result == 0 && source && target && !sameFile)
        state.add({.kind = (flags & RENAME_EXCHANGE) != 0 ? Kind::Exchange : Kind::Rename,
            .path = *source,
            .to = *target});
    else if (result == 0 && (source.has_value() != target.has_value()))
        state.add({.kind = Kind::Mark, .path = "a rename out of the folder or into it"});
    return result;
}

int linkFile(int fromFolder, const char* from, int toFolder, const char* to, int flags)
{
    if (fails(Kind::Link, toFolder, to))
        return -1;
    const auto lock = recording();
    const auto source = lock ? recorder().below(fromFolder, from) : std::nullopt;
    const auto target = lock ? recorder().below(toFolder, to) : std::nullopt;
    const auto result = static_cast<int>(syscall(SYS_linkat, fromFolder, from, toFolder, to, flags));
    if (result == 0 && source && target)
        recorder().add({.kind = Kind::Link, .path = *source, .to = *target});
    return result;
}

int removeName(int folder, const char* path, int flags)
{
    if (fails(Kind::Remove, folder, path))
        return -1;
    const auto lock = recording();
    const auto name = lock ? recorder().below(folder, path) : std::nullopt;
    if (name)
        recorder().forget(folder, path);
    const auto result = static_cast<int>(syscall(SYS_unlinkat, folder, path, flags));
    if (result == 0 && name)
        recorder().add({.kind = Kind::Remove, .path = *name});
    return result;
}

int makeFolder(int folder, const char* path, mode_t mode)
{
    if (fails(Kind::Folder, folder, path))
        return -1;
    const auto lock = recording();
    const auto name = lock ? recorder().below(folder, path) : std::nullopt;
    const auto result = static_cast<int>(syscall(SYS_mkdirat, folder, path, mode));
    if (result == 0 && name)
        recorder().add({.kind = Kind::Folder, .path = *name, .node = recorder().nextNode++});
    return result;
}

} // namespace

DiskJournal::DiskJournal(const std::filesystem::path& root)
{
    auto& state = recorder();
    const std::lock_guard lock(state.mutex);
    state.root = std::filesystem::canonical(root).string();
    state.operations.clear();
    state.files.clear();
    state.nextNode = 1;
    state.addExisting(root, "");
    state.active = true;
}

DiskJournal::~DiskJournal()
{
    const std::lock_guard lock(recorder().mutex);
    recorder().active = false;
}

void DiskJournal::mark(const std::string& text)
{
    const std::lock_guard lock(recorder().mutex);
    recorder().add({.kind = Kind::Mark, .path = text});
}

std::vector<DiskOperation> DiskJournal::take()
{
    const std::lock_guard lock(recorder().mutex);
    recorder().active = false;
    return std::move(recorder().operations);
}

DiskFault::DiskFault(const std::filesystem::path& root, Fault fault)
{
    const std::lock_guard lock(recorder().mutex);
    recorder().faultRoot = std::filesystem::canonical(root).string();
    recorder().fault = std::move(fault);
}

DiskFault::~DiskFault()
{
    const std::lock_guard lock(recorder().mutex);
    recorder().fault = {};
    recorder().halved = false;
}

} // namespace studio::test

using namespace studio::test;

namespace {
mode_t modeOf(int flags, va_list arguments)
{
    return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(arguments, mode_t) : 0;
}
} // namespace

#define STUDIO_OPEN(name, ...)                                                                               \
    va_list arguments;                                                                                       \
    va_start(arguments, flags);                                                                              \
    const auto mode = modeOf(flags, arguments);                                                              \
    va_end(arguments);                                                                                       \
    return openFile(__VA_ARGS__, flags, mode)

extern "C" {

int open(const char* path, int flags, ...)
{
    STUDIO_OPEN(open, AT_FDCWD, path);
}
int open64(const char* path, int flags, ...)
{
    STUDIO_OPEN(open64, AT_FDCWD, path);
}
int openat(int folder, const char* path, int flags, ...)
{
    STUDIO_OPEN(openat, folder, path);
}
int openat64(int folder, const char* path, int flags, ...)
{
    STUDIO_OPEN(openat64, folder, path);
}
ssize_t write(int descriptor, const void* data, size_t size)
{
    return writeFile(descriptor, -1, static_cast<const char*>(data), size,
        [&] { return syscall(SYS_write, descriptor, data, size); });
}
ssize_t writev(int descriptor, const iovec* pieces, int count)
{
    std::string whole;
    for (int i = 0; i < count; ++i)
        whole.append(static_cast<const char*>(pieces[i].iov_base), pieces[i].iov_len);
    return writeFile(descriptor, -1, whole.data(), whole.size(),
        [&] { return syscall(SYS_writev, descriptor, pieces, count); });
}
ssize_t pwrite(int descriptor, const void* data, size_t size, off_t offset)
{
    return writeFile(descriptor, offset, static_cast<const char*>(data), size,
        [&] { return syscall(SYS_pwrite64, descriptor, data, size, offset); });
}
ssize_t pwrite64(int descriptor, const void* data, size_t size, off64_t offset)
{
    return pwrite(descriptor, data, size, offset);
}
int ftruncate(int descriptor, off_t size) noexcept
{
    return truncateFile(descriptor, size);
}
int ftruncate64(int descriptor, off64_t size) noexcept
{
    return truncateFile(descriptor, size);
}
int fsync(int descriptor)
{
    return syncDescriptor(descriptor, SYS_fsync);
}
int fdatasync(int descriptor)
{
    return syncDescriptor(descriptor, SYS_fdatasync);
}
int rename(const char* from, const char* to) noexcept
{
    return renameFile(AT_FDCWD, from, AT_FDCWD, to, 0);
}
int renameat(int fromFolder, const char* from, int toFolder, const char* to) noexcept
{
    return renameFile(fromFolder, from, toFolder, to, 0);
}
int renameat2(int fromFolder, const char* from, int toFolder, const char* to, unsigned flags) noexcept
{
    return renameFile(fromFolder, from, toFolder, to, flags);
}
int link(const char* from, const char* to) noexcept
{
    return linkFile(AT_FDCWD, from, AT_FDCWD, to, 0);
}
int linkat(int fromFolder, const char* from, int toFolder, const char* to, int flags) noexcept
{
    return linkFile(fromFolder, from, toFolder, to, flags);
}
int unlink(const char* path) noexcept
{
    return removeName(AT_FDCWD, path, 0);
}
int unlinkat(int folder, const char* path, int flags) noexcept
{
    return removeName(folder, path, flags);
}
int rmdir(const char* path) noexcept
{
    return removeName(AT_FDCWD, path, AT_REMOVEDIR);
}
int remove(const char* path) noexcept
{
    const int result = removeName(AT_FDCWD, path, 0);
    return result != 0 && errno == EISDIR ? removeName(AT_FDCWD, path, AT_REMOVEDIR) : result;
}
int mkdir(const char* path, mode_t mode) noexcept
{
    return makeFolder(AT_FDCWD, path, mode);
}
int mkdirat(int folder, const char* path, mode_t mode) noexcept
{
    return makeFolder(folder, path, mode);
}

} // extern "C"
