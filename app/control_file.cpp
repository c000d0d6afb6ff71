// SPDX-License-Identifier: MIT
#include "app/control_file.h"

#include "core/base/concat.h"
#include "core/base/error.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace studio::app {
namespace {

constexpr int lookAgainMs = 200; ///< a file does not say that it has grown
constexpr off_t rememberedBytes = 256; ///< by which a file is known again

[[noreturn]] void fail(const std::string& path, std::string_view reason)
{
    throw Error(ErrorKind::File,
        concat("control '", path, "' cannot be read: ", reason,
            "; give a FIFO (mkfifo) or a file to which lines are appended."));
}

/// Opens it at its end. A FIFO is opened for writing too: it then does not end when its writers leave.
int openAtEnd(const std::string& path)
{
    struct stat about { };
    if (stat(path.c_str(), &about) != 0) {
        if (errno != ENOENT)
            fail(path, std::strerror(errno));
        return -1;
    }
    if (S_ISDIR(about.st_mode))
        fail(path, "it is a folder");
    const int flags = (S_ISFIFO(about.st_mode) ? O_RDWR : O_RDONLY) | O_NONBLOCK | O_CLOEXEC;
    const int descriptor = open(path.c_str(), flags);
    if (descriptor < 0)
        fail(path, std::strerror(errno));
    return descriptor;
}

} // namespace

ControlFile::ControlFile(const std::string& path, std::function<void(std::string)> onLine)
    : m_onLine(std::move(onLine))
    , m_descriptor(openAtEnd(path))
{
    if (m_descriptor >= 0)
        m_before = bytesBefore(lseek(m_descriptor, 0, SEEK_END)); // fails for a FIFO, which has no past
    if (pipe2(m_wake, O_CLOEXEC) != 0) {
        close(m_descriptor);
        throw Error(ErrorKind::Internal, "No pipe is left for this process; close some files and try again.");
    }
    m_thread = std::thread([this, path] { follow(path); });
}

ControlFile::~ControlFile()
{
    close(m_wake[1]);
    m_thread.join();
    close(m_wake[0]);
    if (m_descriptor >= 0)
        close(m_descriptor);
}

void ControlFile::follow(const std::string& path)
{
    std::array<char, 4096> buffer{};
    for (bool over = false;;) {
        if (m_descriptor < 0) {
            try {
                m_descriptor = openAtEnd(path); // made meanwhile: all of it is new
            } catch (const Error&) { // not a file that can be read; it may become one
            }
        }
        bool empty = true;
        if (m_descriptor >= 0) {
            noticeNewFile(path);
            const auto count = m_descriptor < 0 ? 0 : read(m_descriptor, buffer.data(), buffer.size());
            empty = count <= 0;
            if (!empty) {
                m_before = bytesBefore(lseek(m_descriptor, 0, SEEK_CUR));
                take({buffer.data(), static_cast<size_t>(count)});
            }
        }
        if (!empty)
            continue;
        if (over)
            return;
        // A regular file is always ready to be read, at its end too: only the pipe is waited for.
        pollfd end{.fd = m_wake[0], .events = POLLIN, .revents = 0};
        over = poll(&end, 1, lookAgainMs) > 0;
    }
}

/// The last bytes that were read of a file; nothing of a FIFO, which has no past.
std::string ControlFile::bytesBefore(off_t position) const
{
    std::string bytes(static_cast<size_t>(std::clamp<off_t>(position, 0, rememberedBytes)), '\0');
    const auto count = pread(m_descriptor, bytes.data(), bytes.size(), position - off_t(bytes.size()));
    bytes.resize(static_cast<size_t>(std::max<ssize_t>(count, 0)));
    return bytes;
}

/// Where others have put another file under the name, or written this one anew: all of it is new.
void ControlFile::noticeNewFile(const std::string& path)
{
    const auto position = lseek(m_descriptor, 0, SEEK_CUR);
    struct stat open {
    }, named{};
    if (position < 0 || fstat(m_descriptor, &open) != 0)
        return;
    const bool another
        = stat(path.c_str(), &named) == 0 && (named.st_ino != open.st_ino || named.st_dev != open.st_dev);
    if (!another && bytesBefore(position) == m_before)
        return;
    m_begun.clear();
    m_before.clear();
    if (!another) {
        lseek(m_descriptor, 0, SEEK_SET);
        return;
    }
    close(std::exchange(m_descriptor, -1));
    try {
        m_descriptor = openAtEnd(path);
    } catch (const Error&) { // not a file that can be read; it may become one
    }
}

void ControlFile::take(std::string_view piece)
{
    for (auto end = piece.find('\n'); end != std::string_view::npos; end = piece.find('\n')) {
        m_begun += piece.substr(0, end);
        piece.remove_prefix(end + 1);
        if (m_begun.find_first_not_of(" \t\r") != std::string::npos)
            m_onLine(std::exchange(m_begun, {}));
        m_begun.clear();
    }
    m_begun += piece;
}

} // namespace studio::app
