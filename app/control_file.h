// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <sys/types.h>
#include <thread>

namespace studio::app {

/// Hands over each whole line that others write into a FIFO, or append to a file, while it lives; `onLine` is
/// called on a thread of its own, without the newline and never with an empty line. What stands in a file
/// already is passed over; one that does not exist yet is waited for.
class ControlFile {
public:
    /// Throws Error{File} for a path that cannot be read.
    ControlFile(const std::string& path, std::function<void(std::string line)> onLine);
    ~ControlFile(); ///< takes what was written until now
    ControlFile(const ControlFile&) = delete;
    ControlFile& operator=(const ControlFile&) = delete;

private:
    void follow(const std::string& path);
    [[nodiscard]] std::string bytesBefore(off_t position) const;
    void noticeNewFile(const std::string& path);
    void take(std::string_view piece);

    std::function<void(std::string)> m_onLine;
    std::string m_begun; ///< of a line whose end has not come yet
    std::string m_before; ///< the last bytes that were read of a file
    int m_descriptor = -1; ///< -1: the file is not there yet
    int m_wake[2] = {-1, -1}; ///< pipe: closed at its write end when all is over
    std::thread m_thread;
};

} // namespace studio::app
