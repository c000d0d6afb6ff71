// SPDX-License-Identifier: MIT
#include "core/io/checkpoint_tensors.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json.h"

#include <algorithm>
#include <set>
#include <system_error>

namespace studio {

namespace {

constexpr auto g_singleFile = "model.safetensors";
constexpr auto g_indexFile = "model.safetensors.index.json";

bool isFile(const std::filesystem::path& file)
{
    std::error_code error;
    return std::filesystem::is_regular_file(file, error);
}

/// Shards of an index in order of their names, and the names that the index promises for each.
std::map<std::string, std::vector<std::string>> readIndex(const std::filesystem::path& file)
{
    const Json index = readJsonFile(file);
    const auto name = pathText(file);
    if (!index.is_object() || !index.contains("weight_map") || !index["weight_map"].is_object())
        throw Error(ErrorKind::Checkpoint, concat(name, ": the object \"weight_map\" is missing."));
    std::map<std::string, std::vector<std::string>> shards;
    for (const auto& [tensor, shard] : index["weight_map"].items()) {
        if (!shard.is_string())
            throw Error(ErrorKind::Checkpoint,
                concat(name, ": weight_map['", tensor, "'] is ", jsonLine(shard), ", expected a file name."));
        const auto shardName = shard.get<std::string>();
        if (shardName.empty() || shardName.find('/') != std::string::npos || shardName == "..")
            throw Error(ErrorKind::Checkpoint,
                concat(name, ": weight_map['", tensor, "'] is '", shardName,
                    "', expected the name of a file in the same folder."));
        shards[shardName].push_back(tensor);
    }
    if (shards.empty())
        throw Error(ErrorKind::Checkpoint, concat(name, ": \"weight_map\" lists no tensor."));
    return shards;
}

[[noreturn]] void throwNoWeights(const std::filesystem::path& folder)
{
    for (const auto* other : {"pytorch_model.bin", "pytorch_model.bin.index.json"}) {
        if (isFile(folder / other))
            throw Error(ErrorKind::Checkpoint,
                concat(pathText(folder), " holds its weights as ", other,
                    ", a Python pickle that is not executed here; save the model once with "
                    "save_pretrained(folder, safe_serialization=True) to get model.safetensors."));
    }
    throw Error(ErrorKind::Checkpoint,
        concat(pathText(folder), " holds no weights: neither model.safetensors nor ", g_indexFile,
            " was found in it."));
}

} // namespace

bool holdsWeights(const std::filesystem::path& folder)
{
    return isFile(folder / g_singleFile) || isFile(folder / g_indexFile);
}

CheckpointTensors::CheckpointTensors(const std::filesystem::path& folder)
{
    std::map<std::string, std::vector<std::string>> shards;
    if (isFile(folder / g_singleFile))
        shards[g_singleFile] = {};
    else if (isFile(folder / g_indexFile))
        shards = readIndex(folder / g_indexFile);
    else
        throwNoWeights(folder);

    for (const auto& [shard, promised] : shards) {
        const auto path = folder / shard;
        if (!isFile(path))
            throw Error(ErrorKind::Checkpoint,
                concat(pathText(folder / g_indexFile), " lists the file '", shard,
                    "', which is not in the folder; copy or download it again."));
        m_paths.push_back(path);
        const auto& file = m_files.emplace_back(path);
        for (const auto& [name, entry] : file.entries()) {
            if (!m_entries.emplace(name, entry).second)
                throw Error(ErrorKind::Checkpoint,
                    concat(
                        "Tensor '", name, "' is in two files: ", fileOf(name), " and ", pathText(path), "."));
            m_fileIndex[name] = m_files.size() - 1;
        }
        for (const auto& name : promised) {
            if (!file.entries().contains(name))
                throw Error(ErrorKind::Checkpoint,
                    concat(pathText(folder / g_indexFile), " says that tensor '", name, "' is in '", shard,
                        "', but that file does not hold it."));
        }
        m_fileBytes += std::filesystem::file_size(path);
    }
}

std::string CheckpointTensors::fileOf(const std::string& name) const
{
    return pathText(m_paths[m_fileIndex.at(name)]);
}

at::Tensor CheckpointTensors::tensor(const std::string& name) const
{
    return m_files[m_fileIndex.at(name)].tensor(name);
}

} // namespace studio
