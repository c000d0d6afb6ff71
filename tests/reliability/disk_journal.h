// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace studio::test {

/// One change of the files below a folder, or one promise of the system that changes are on the disk.
struct DiskOperation {
    enum class Kind {
        Create,
        Folder,
        Link,
        Rename,
        Exchange,
        Remove,
        Write,
        Truncate,
        SyncFile,
        SyncFolder,
        Mark
    };
    Kind kind = Kind::Mark;
    std::string path = {}, to = {}; ///< below the root; of Mark: its text
    int64_t node = -1; ///< number of the file or folder
    uint64_t offset = 0; ///< Truncate: the size
    std::string data = {};
};

/// While it lives, records what this process does to files below `root`, in order: the program of the test
/// defines open, write, fsync, rename and the like, so every library of the process is seen (SQLite too).
/// What `root` holds at the beginning counts as being on the disk. One at a time.
class DiskJournal {
public:
    explicit DiskJournal(const std::filesystem::path& root);
    ~DiskJournal();
    DiskJournal(const DiskJournal&) = delete;
    DiskJournal& operator=(const DiskJournal&) = delete;
    void mark(const std::string& text);
    /// Ends the recording.
    [[nodiscard]] std::vector<DiskOperation> take();
};

/// While it lives, `fault` is asked before each change of files below `root`: the errno with which it fails,
/// or 0. Of several writes that fail the first comes half to the disk. Opening a file that is there counts as
/// Truncate. One at a time.
class DiskFault {
public:
    using Fault = std::function<int(DiskOperation::Kind)>;
    DiskFault(const std::filesystem::path& root, Fault fault);
    ~DiskFault();
    DiskFault(const DiskFault&) = delete;
    DiskFault& operator=(const DiskFault&) = delete;
};

} // namespace studio::test
