// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace studio {

/// Path as UTF-8 text for messages and JSON.
[[nodiscard]] std::string pathText(const std::filesystem::path& path);

/// A whole file mapped read-only. Moves, does not copy. Throws Error{File} when it is absent, a folder or
/// unreadable.
class MappedFile {
public:
    explicit MappedFile(const std::filesystem::path& file);
    MappedFile(MappedFile&& other) noexcept;
    MappedFile& operator=(MappedFile&& other) noexcept;
    ~MappedFile();
    [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return {m_data, m_size}; }
    [[nodiscard]] std::string_view text() const noexcept
    {
        return {reinterpret_cast<const char*>(m_data), m_size};
    }
    [[nodiscard]] size_t size() const noexcept { return m_size; }

private:
    const std::byte* m_data = nullptr;
    size_t m_size = 0;
};

/// Whole file as a string. Throws Error{File}.
[[nodiscard]] std::string readFile(const std::filesystem::path& file);

/// Writes to a temporary name beside `file`, fsyncs, renames: the old content or the new, never half. Creates
/// no folder. Throws Error{DiskFull} (says folder and bytes needed) or Error{File}.
void writeFileAtomically(const std::filesystem::path& file, std::string_view content);

/// A new hidden name beside `target`, for what becomes visible by a rename.
[[nodiscard]] std::filesystem::path temporaryBeside(const std::filesystem::path& target);
/// Whether a name was made by temporaryBeside(): what a killed process left, once its folder is locked.
[[nodiscard]] bool isTemporaryName(const std::filesystem::path& path);

/// The same for content that is produced in pieces: `produce` is handed a sink that appends. `expectedBytes`:
/// of all of them, where that is known; for the sentence of a full disk.
using FileSink = std::function<void(std::string_view piece)>;
void writeFileAtomically(const std::filesystem::path& file,
    const std::function<void(const FileSink&)>& produce, uint64_t expectedBytes = 0);

/// A folder that is filled under a temporary name and becomes visible by one rename in `commit()`; removed
/// again when it goes out of scope without commit.
class AtomicFolder {
public:
    explicit AtomicFolder(std::filesystem::path target);
    ~AtomicFolder();
    AtomicFolder(const AtomicFolder&) = delete;
    AtomicFolder& operator=(const AtomicFolder&) = delete;
    /// Where to write meanwhile.
    [[nodiscard]] const std::filesystem::path& path() const noexcept { return m_temporary; }
    /// fsyncs all files and the folder, replaces `target`, fsyncs its parent.
    void commit();

private:
    std::filesystem::path m_target;
    std::filesystem::path m_temporary;
};

/// Append-only file of lines; each append is one write(2) of whole lines. Throws as writeFileAtomically.
class LineLog {
public:
    /// Opens for appending at `keepBytes` (the rest is cut off); creates the file when absent.
    LineLog(const std::filesystem::path& file, uint64_t keepBytes);
    ~LineLog();
    LineLog(const LineLog&) = delete;
    LineLog& operator=(const LineLog&) = delete;
    void append(std::string_view line); ///< without the final newline
    void sync(); ///< fsync
    [[nodiscard]] uint64_t size() const noexcept { return m_size; }

private:
    int m_descriptor = -1;
    std::filesystem::path m_file;
    uint64_t m_size = 0;
};

/// Lower-case hexadecimal SHA-256 of bytes or of a file's content (read in pieces).
[[nodiscard]] std::string sha256(std::span<const std::byte> bytes);
[[nodiscard]] std::string sha256(std::string_view text);
[[nodiscard]] std::string sha256File(const std::filesystem::path& file);

/// Creates a folder with its parents; throws Error{File} naming it and the reason.
void createFolders(const std::filesystem::path& folder);

/// XDG folders of the program: ~/.local/share/finetune-studio, ~/.cache/finetune-studio (not created).
[[nodiscard]] std::filesystem::path dataHome();
[[nodiscard]] std::filesystem::path cacheHome();

} // namespace studio
