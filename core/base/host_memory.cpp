// SPDX-License-Identifier: MIT
// Reference: kernel documentation, filesystems/proc.rst (MemAvailable) and admin-guide/cgroup-v2.rst.
#include "core/base/host_memory.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>

namespace studio {

namespace fs = std::filesystem;

namespace {

std::optional<int64_t> numberIn(std::string_view text)
{
    text.remove_prefix(std::min(text.find_first_of("0123456789"), text.size()));
    int64_t number = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
    return result.ec == std::errc{} ? std::optional(number) : std::nullopt; // "max": no limit
}

/// The number of a file that holds one.
std::optional<int64_t> fileNumber(const fs::path& file)
{
    std::ifstream stream(file);
    std::string line;
    return std::getline(stream, line) ? numberIn(line) : std::nullopt;
}

/// The number behind a name that opens a line.
int64_t namedNumber(const fs::path& file, std::string_view name)
{
    std::ifstream stream(file);
    for (std::string line; std::getline(stream, line);) {
        if (line.starts_with(name) && line.size() > name.size()
            && (line[name.size()] == ' ' || line[name.size()] == ':'))
            return numberIn(std::string_view(line).substr(name.size())).value_or(0);
    }
    return 0;
}

struct Names {
    const char *limit, *usage, *inactiveFile, *activeFile;
};

/// Takes the limits of a control group and of those around it into account.
void narrow(HostMemory& memory, const fs::path& mount, fs::path group, const Names& names)
{
    const auto machine = memory.totalBytes;
    for (;;) {
        const auto folder = mount / group.relative_path();
        const auto limit = fileNumber(folder / names.limit);
        const auto usage = fileNumber(folder / names.usage);
        if (limit && usage && *limit < machine) {
            memory.totalBytes = std::min(memory.totalBytes, *limit);
            // Half of the active pages of files, as the kernel's own estimate for the machine does.
            const auto droppable = namedNumber(folder / "memory.stat", names.inactiveFile)
                + namedNumber(folder / "memory.stat", names.activeFile) / 2;
            const auto left = std::max<int64_t>(0, *limit - std::max<int64_t>(0, *usage - droppable));
            memory.availableBytes = std::min(memory.availableBytes, left);
        }
        if (!group.has_relative_path())
            return;
        group = group.parent_path();
    }
}

} // namespace

HostMemory hostMemory(const fs::path& root)
{
    HostMemory memory;
    memory.availableBytes = namedNumber(root / "proc/meminfo", "MemAvailable") * 1024;
    memory.totalBytes = namedNumber(root / "proc/meminfo", "MemTotal") * 1024;
    // "0::/group" (version 2), "9:memory:/group" (version 1). In a container the path may be one of the host;
    // its own limits then lie at the mount itself.
    fs::path unified = "/", legacy = "/";
    std::ifstream groups(root / "proc/self/cgroup");
    for (std::string line; std::getline(groups, line);) {
        const auto second = line.find(':', line.find(':') + 1);
        if (second == std::string::npos)
            continue;
        const auto path = line.substr(second + 1);
        if (line.starts_with("0::"))
            unified = path;
        else if (line.find(":memory:") != std::string::npos)
            legacy = path;
    }
    narrow(memory, root / "sys/fs/cgroup", unified,
        {"memory.max", "memory.current", "inactive_file", "active_file"});
    narrow(memory, root / "sys/fs/cgroup/memory", legacy,
        {"memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file", "total_active_file"});
    return memory;
}

int64_t memoryFloor(const HostMemory& memory)
{
    constexpr int64_t mebibyte = 1 << 20;
    return std::clamp(memory.totalBytes / 50, 128 * mebibyte, 1024 * mebibyte);
}

} // namespace studio
