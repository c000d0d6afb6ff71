// SPDX-License-Identifier: MIT
#include "core/base/output_file.h"

#include "core/base/concat.h"
#include "core/base/disk_full.h"
#include "core/base/error.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace studio {

namespace fs = std::filesystem;

namespace {

/// The file behind the symbolic links; of those that lead nowhere, where they lead.
fs::path behindLinks(const fs::path& file)
{
    std::error_code code;
    auto target = file;
    for (int links = 0; links < 40 && fs::is_symlink(target, code); ++links)
        target = target.parent_path() / fs::read_symlink(target, code);
    return target;
}

/// Of this process's own output where `file` is that, such as /dev/stdout, also redirected; else -1.
int ownOutput(const fs::path& file)
{
    struct stat named {
    }, own{};
    if (::stat(file.c_str(), &named) != 0)
        return -1;
    for (const int descriptor : {STDOUT_FILENO, STDERR_FILENO}) {
        if (::fstat(descriptor, &own) == 0 && own.st_dev == named.st_dev && own.st_ino == named.st_ino)
            return descriptor;
    }
    return -1;
}

/// Something that is there and takes bytes as they come.
bool isStream(const fs::path& file)
{
    std::error_code code;
    const auto status = fs::status(file, code);
    return (fs::exists(status) && !fs::is_regular_file(status) && !fs::is_directory(status))
        || ownOutput(file) >= 0;
}

void writeInto(const fs::path& stream, const std::function<void(const FileSink&)>& produce)
{
    // A copy of the own descriptor: the same place in the file, which goes on behind it.
    const int own = ownOutput(stream);
    const int descriptor
        = own >= 0 ? ::fcntl(own, F_DUPFD_CLOEXEC, 3) : ::open(stream.c_str(), O_WRONLY | O_CLOEXEC);
    if (descriptor < 0)
        throwWriteError(stream, errno);
    const auto sink = [&](std::string_view piece) {
        while (!piece.empty()) {
            const auto count = ::write(descriptor, piece.data(), piece.size());
            if (count < 0 && errno != EINTR)
                throwWriteError(stream, errno);
            piece.remove_prefix(static_cast<size_t>(std::max<ssize_t>(count, 0)));
        }
    };
    try {
        produce(sink);
    } catch (...) {
        ::close(descriptor);
        throw;
    }
    if (::close(descriptor) != 0)
        throwWriteError(stream, errno);
}

} // namespace

void writeOutputFile(const fs::path& file, const std::function<void(const FileSink&)>& produce)
{
    if (isStream(file))
        writeInto(file, produce);
    else
        writeFileAtomically(behindLinks(file), produce);
}

void requireOutputFile(const fs::path& file)
{
    std::error_code code;
    if (fs::is_directory(file, code))
        throwWriteError(file, EISDIR);
    if (ownOutput(file) >= 0)
        return;
    if (fs::is_socket(file, code))
        throwWriteError(file, ENXIO);
    const bool stream = isStream(file);
    const auto target = behindLinks(file);
    const auto folder = target.has_parent_path() ? target.parent_path() : fs::path(".");
    if (::access(stream ? file.c_str() : folder.c_str(), stream ? W_OK : W_OK | X_OK) != 0)
        throwWriteError(file, errno);
}

} // namespace studio
