// SPDX-License-Identifier: MIT
#include "tests/reliability/disk_states.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace studio::test {

namespace fs = std::filesystem;

namespace {

using Kind = DiskOperation::Kind;

/// Names of a folder and how they came about.
struct Folder {
    struct Change {
        size_t operation = 0;
        std::vector<std::pair<std::string, std::optional<int64_t>>> names; ///< in one step; nullopt: gone
    };
    std::map<std::string, int64_t> now;
    std::vector<Change> changes;
    size_t synced = 0; ///< changes

    void change(size_t operation, std::vector<std::pair<std::string, std::optional<int64_t>>> names)
    {
        apply(now, names);
        changes.push_back({operation, std::move(names)});
    }
    static void apply(std::map<std::string, int64_t>& names,
        const std::vector<std::pair<std::string, std::optional<int64_t>>>& changed)
    {
        for (const auto& [name, node] : changed) {
            if (node)
                names[name] = *node;
            else
                names.erase(name);
        }
    }
    [[nodiscard]] std::map<std::string, int64_t> after(size_t count) const
    {
        std::map<std::string, int64_t> names;
        for (size_t i = 0; i < count; ++i)
            apply(names, changes[i].names);
        return names;
    }
};

struct File {
    std::vector<const DiskOperation*> changes; ///< Write and Truncate
    size_t synced = 0;
};

void applyTo(std::string& content, const DiskOperation& operation, size_t bytes, bool zeros)
{
    if (operation.kind == Kind::Truncate) {
        content.resize(operation.offset, '\0');
        return;
    }
    if (content.size() < operation.offset + bytes)
        content.resize(operation.offset + bytes, '\0');
    if (zeros)
        std::fill_n(content.begin() + static_cast<int64_t>(operation.offset), bytes, '\0');
    else
        content.replace(operation.offset, bytes, operation.data, 0, bytes);
}

class Disk {
public:
    Disk(const std::vector<DiskOperation>& operations, size_t count)
        : m_count(count)
    {
        m_folders[0];
        for (size_t i = 0; i < count; ++i)
            take(operations[i], i);
    }

    [[nodiscard]] DiskContent after(PowerCut cut, std::mt19937& random) const
    {
        const size_t moment
            = m_lastFolderSync + random() % std::max<size_t>(1, m_count + 1 - m_lastFolderSync);
        DiskContent content;
        addFolder(content, 0, "", cut, moment, random);
        return content;
    }

private:
    static std::string parentOf(const std::string& path)
    {
        const auto slash = path.rfind('/');
        return slash == std::string::npos ? std::string() : path.substr(0, slash);
    }
    static std::string nameOf(const std::string& path) { return path.substr(path.rfind('/') + 1); }

    [[nodiscard]] int64_t nodeOf(const std::string& path) const
    {
        int64_t node = 0;
        for (const auto& part : fs::path(path)) {
            const auto folder = m_folders.find(node);
            if (folder == m_folders.end() || !folder->second.now.contains(part.string()))
                throw std::runtime_error("the record has no '" + path + "'");
            node = folder->second.now.at(part.string());
        }
        return node;
    }
    [[nodiscard]] Folder& folderOf(const std::string& path)
    {
        return m_folders.at(path.empty() ? 0 : nodeOf(path));
    }

    void take(const DiskOperation& operation, size_t number)
    {
        const auto& path = operation.path;
        switch (operation.kind) {
        case Kind::Folder:
            m_folders[operation.node];
            [[fallthrough]];
        case Kind::Create:
            folderOf(parentOf(path)).change(number, {{nameOf(path), operation.node}});
            return;
        case Kind::Link:
            folderOf(parentOf(operation.to)).change(number, {{nameOf(operation.to), nodeOf(path)}});
            return;
        case Kind::Rename:
        case Kind::Exchange: {
            if (parentOf(path) != parentOf(operation.to))
                throw std::runtime_error("'" + path + "' was moved to another folder");
            const auto other
                = operation.kind == Kind::Exchange ? std::optional(nodeOf(operation.to)) : std::nullopt;
            folderOf(parentOf(path))
                .change(number, {{nameOf(path), other}, {nameOf(operation.to), nodeOf(path)}});
            return;
        }
        case Kind::Remove:
            folderOf(parentOf(path)).change(number, {{nameOf(path), std::nullopt}});
            return;
        case Kind::Write:
        case Kind::Truncate:
            m_files[operation.node].changes.push_back(&operation);
            return;
        case Kind::SyncFile:
            m_files[operation.node].synced = m_files[operation.node].changes.size();
            return;
        case Kind::SyncFolder: {
            auto& folder = folderOf(path);
            folder.synced = folder.changes.size();
            m_lastFolderSync = number + 1;
            return;
        }
        case Kind::Mark:
            return;
        }
    }

    void addFolder(DiskContent& content, int64_t node, const std::string& path, PowerCut cut, size_t moment,
        std::mt19937& random) const
    {
        const auto& folder = m_folders.at(node);
        size_t kept = folder.changes.size();
        if (cut == PowerCut::Strict || cut == PowerCut::NamesLost)
            kept = folder.synced;
        else if (cut == PowerCut::Random)
            kept = folder.synced + random() % (folder.changes.size() - folder.synced + 1);
        else if (cut == PowerCut::OneJournal) {
            kept = folder.synced;
            while (kept < folder.changes.size() && folder.changes[kept].operation < moment)
                ++kept;
        }
        for (const auto& [name, child] : folder.after(kept)) {
            const auto whole = path.empty() ? name : path + '/' + name;
            if (m_folders.contains(child)) {
                content[whole] = std::nullopt;
                addFolder(content, child, whole, cut, moment, random);
            } else {
                content[whole] = contentOf(child, cut, random);
            }
        }
    }

    [[nodiscard]] std::string contentOf(int64_t node, PowerCut cut, std::mt19937& random) const
    {
        std::string content;
        const auto found = m_files.find(node);
        if (found == m_files.end())
            return content;
        const auto& file = found->second;
        const auto pending = file.changes.size() - file.synced;
        const bool whole = cut == PowerCut::Nothing || cut == PowerCut::NamesLost;
        const bool torn = cut == PowerCut::OneJournal || cut == PowerCut::Random;
        const auto kept = file.synced + (whole ? pending : torn ? random() % (pending + 1) : 0);
        for (size_t i = 0; i < kept; ++i)
            applyTo(content, *file.changes[i], file.changes[i]->data.size(), false);
        if (cut == PowerCut::ContentZero) {
            for (size_t i = kept; i < file.changes.size(); ++i)
                applyTo(content, *file.changes[i], file.changes[i]->data.size(), true);
        } else if (torn && kept < file.changes.size() && file.changes[kept]->kind == Kind::Write) {
            const auto& next = *file.changes[kept];
            applyTo(content, next, random() % (next.data.size() + 1), false);
        }
        return content;
    }

    size_t m_count, m_lastFolderSync = 0;
    std::map<int64_t, Folder> m_folders;
    std::map<int64_t, File> m_files;
};

} // namespace

DiskContent contentAfter(
    const std::vector<DiskOperation>& operations, size_t count, PowerCut cut, std::mt19937& random)
{
    return Disk(operations, count).after(cut, random);
}

DiskContent readContent(const fs::path& folder)
{
    DiskContent content;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        auto& value = content[fs::relative(entry.path(), folder).string()];
        if (entry.is_directory())
            continue;
        std::ifstream file(entry.path(), std::ios::binary);
        value.emplace((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    }
    return content;
}

void writeContent(const DiskContent& content, const fs::path& folder)
{
    fs::create_directories(folder);
    for (const auto& [path, value] : content) { // a folder comes before what it holds
        if (!value)
            fs::create_directories(folder / path);
        else
            std::ofstream(folder / path, std::ios::binary) << *value;
    }
}

} // namespace studio::test
