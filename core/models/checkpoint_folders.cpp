// SPDX-License-Identifier: MIT
#include "core/base/file.h"
#include "core/io/checkpoint_files.h"
#include "core/models/checkpoint_info.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <system_error>

namespace studio {

namespace {

namespace fs = std::filesystem;

bool isCheckpoint(const fs::path& folder)
{
    return holdsConfig(folder) && holdsWeights(folder);
}

std::vector<fs::path> subfolders(const fs::path& folder)
{
    std::vector<fs::path> found;
    std::error_code error;
    for (fs::directory_iterator entry(folder, fs::directory_options::skip_permission_denied, error), end;
         !error && entry != end; entry.increment(error)) {
        std::error_code ignored;
        if (entry->is_directory(ignored) && !entry->path().filename().string().starts_with('.'))
            found.push_back(entry->path());
    }
    std::ranges::sort(found);
    return found;
}

/// Files that are models by themselves.
std::vector<fs::path> modelFiles(const fs::path& folder)
{
    std::vector<fs::path> found;
    std::error_code error;
    for (fs::directory_iterator entry(folder, fs::directory_options::skip_permission_denied, error), end;
         !error && entry != end; entry.increment(error)) {
        if (weightsKind(entry->path()) == WeightsKind::Gguf && !fs::is_directory(entry->path(), error))
            found.push_back(entry->path());
    }
    std::ranges::sort(found);
    return found;
}

void collect(const fs::path& folder, int depth, std::vector<fs::path>& found)
{
    if (isCheckpoint(folder)) {
        found.push_back(folder); // its checkpoint-STEP folders are parts of it, not models of their own
        return;
    }
    std::ranges::copy(modelFiles(folder), std::back_inserter(found));
    if (depth == 0)
        return;
    for (const auto& inner : subfolders(folder))
        collect(inner, depth - 1, found);
}

fs::path variable(const char* name)
{
    const char* value = std::getenv(name);
    return value ? fs::path(value) : fs::path();
}

fs::path hubCache()
{
    if (const auto cache = variable("HF_HUB_CACHE"); !cache.empty())
        return cache;
    if (const auto home = variable("HF_HOME"); !home.empty())
        return home / "hub";
    if (const auto cache = variable("XDG_CACHE_HOME"); !cache.empty())
        return cache / "huggingface" / "hub";
    return variable("HOME") / ".cache" / "huggingface" / "hub";
}

/// The snapshot that refs/main names, else the newest one.
fs::path newestSnapshot(const fs::path& model)
{
    std::error_code error;
    if (fs::is_regular_file(model / "refs" / "main", error)) {
        auto revision = readFile(model / "refs" / "main");
        std::erase_if(revision, [](char c) { return c == '\n' || c == '\r' || c == ' '; });
        const auto snapshot = model / "snapshots" / revision;
        if (!revision.empty() && revision.find('/') == std::string::npos && isCheckpoint(snapshot))
            return snapshot;
    }
    fs::path newest;
    fs::file_time_type newestTime;
    for (const auto& snapshot : subfolders(model / "snapshots")) {
        const auto time = fs::last_write_time(snapshot, error);
        if (isCheckpoint(snapshot) && (newest.empty() || time > newestTime)) {
            newest = snapshot;
            newestTime = time;
        }
    }
    return newest;
}

} // namespace

std::vector<fs::path> findCheckpoints(const fs::path& folder, int depth)
{
    std::vector<fs::path> found;
    std::error_code error;
    if (!fs::is_regular_file(folder, error))
        collect(folder, depth, found);
    else if (isCheckpoint(folder))
        found.push_back(folder);
    else
        collect(fs::absolute(folder).parent_path(), 0, found);
    return found;
}

std::vector<CachedModel> findHuggingFaceCache()
{
    constexpr std::string_view prefix = "models--";
    std::vector<CachedModel> models;
    for (const auto& folder : subfolders(hubCache())) {
        auto name = folder.filename().string();
        if (!name.starts_with(prefix))
            continue;
        name.erase(0, prefix.size());
        if (const auto separator = name.find("--"); separator != std::string::npos)
            name.replace(separator, 2, "/");
        if (auto snapshot = newestSnapshot(folder); !snapshot.empty())
            models.push_back({name, std::move(snapshot)});
    }
    return models;
}

} // namespace studio
