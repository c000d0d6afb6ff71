// SPDX-License-Identifier: MIT
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

namespace studio::fuzz {

/// A folder for the files of one process, in memory where there is such a place, removed at its end.
class ScratchFolder {
public:
    explicit ScratchFolder(std::string_view name)
    {
        auto made = std::string(std::filesystem::exists("/dev/shm") ? "/dev/shm/" : "/tmp/");
        made.append(name).append("-XXXXXX");
        if (!mkdtemp(made.data()))
            std::abort();
        m_path = made;
    }
    ~ScratchFolder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(m_path, ignored);
    }
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
};

} // namespace studio::fuzz
