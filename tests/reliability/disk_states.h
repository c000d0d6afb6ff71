// SPDX-License-Identifier: MIT
#pragma once

#include "tests/reliability/disk_journal.h"

#include <filesystem>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace studio::test {

/// Files (content) and folders (no content) by path.
using DiskContent = std::map<std::string, std::optional<std::string>>;

/// What a disk may hold after a power cut in the middle of recorded operations. Kept for sure is what was
/// synced: a file's content by fsync of the file, a name by fsync of its folder. The rest is lost, torn or
/// there, by `PowerCut`; the names of one folder go in their order, as in a journalling file system.
enum class PowerCut {
    Nothing, ///< everything is there: the process alone was killed
    Strict, ///< everything that was not synced is lost
    ContentLost, ///< all names are there, content is only what was synced
    ContentZero, ///< all names are there with their size, content that was not synced is zeros
    NamesLost, ///< all content is there, names are only those synced
    OneJournal, ///< names up to some moment in all folders alike; content up to some byte
    Random, ///< each folder and each file up to a moment of its own
};

/// The files after the first `count` operations and a power cut. Throws std::runtime_error where the record
/// does not fit together.
[[nodiscard]] DiskContent contentAfter(
    const std::vector<DiskOperation>& operations, size_t count, PowerCut cut, std::mt19937& random);

[[nodiscard]] DiskContent readContent(const std::filesystem::path& folder);
void writeContent(const DiskContent& content, const std::filesystem::path& folder);

} // namespace studio::test
