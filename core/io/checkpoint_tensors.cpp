// SPDX-License-Identifier: MIT
#include "core/io/checkpoint_tensors.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/io/gguf_model.h"
#include "core/io/safetensors.h"
#include "core/io/torch_file.h"

#include <algorithm>
#include <array>

#include <ATen/ops/empty.h>

namespace studio {

/// Run-time choice between the kinds of files.
class WeightsFile {
public:
    virtual ~WeightsFile() = default;
    virtual std::map<std::string, TensorEntry> entries() const = 0;
    virtual at::Tensor tensor(const std::string& name) const = 0;
    virtual std::map<std::string, std::string> metadata() const { return {}; }
};

namespace {

namespace fs = std::filesystem;

class SafetensorsWeights : public WeightsFile {
public:
    explicit SafetensorsWeights(const fs::path& file)
        : m_file(file)
    {
        // safetensors.torch.save_model() keeps one of several names of a tensor and notes the others
        for (const auto& [name, kept] : m_file.metadata()) {
            if (m_file.entries().contains(kept) && !m_file.entries().contains(name))
                m_aliases[name] = kept;
        }
    }
    std::map<std::string, TensorEntry> entries() const override
    {
        auto entries = m_file.entries();
        for (const auto& [name, kept] : m_aliases)
            entries[name] = entries[kept];
        return entries;
    }
    at::Tensor tensor(const std::string& name) const override
    {
        const auto alias = m_aliases.find(name);
        return m_file.tensor(alias == m_aliases.end() ? name : alias->second);
    }
    std::map<std::string, std::string> metadata() const override
    {
        auto metadata = m_file.metadata();
        for (const auto& [name, kept] : m_aliases)
            metadata.erase(name); // what is written again has every tensor once
        return metadata;
    }

private:
    SafetensorsFile m_file;
    std::map<std::string, std::string> m_aliases;
};

class TorchWeights : public WeightsFile {
public:
    explicit TorchWeights(const fs::path& file)
        : m_file(file)
        , m_tensors(readTorchFile(m_file.bytes(), pathText(file)))
    {
    }
    std::map<std::string, TensorEntry> entries() const override
    {
        std::map<std::string, TensorEntry> entries;
        for (const auto& [name, tensor] : m_tensors)
            entries[name] = tensor.entry;
        return entries;
    }
    at::Tensor tensor(const std::string& name) const override
    {
        const auto& source = m_tensors.at(name);
        auto result = at::empty(source.entry.shape, at::TensorOptions(tensorType(source.entry.dtype)));
        copyElements(source, static_cast<std::byte*>(result.data_ptr()));
        return result;
    }

private:
    MappedFile m_file;
    std::map<std::string, TorchTensor> m_tensors;
};

class GgufWeights : public WeightsFile {
public:
    explicit GgufWeights(const fs::path& file)
        : m_file(file)
        , m_content(readGguf(m_file.bytes(), pathText(file)))
        , m_model(readGgufModel(m_content, pathText(file)))
    {
    }
    std::map<std::string, TensorEntry> entries() const override { return m_model.entries; }
    at::Tensor tensor(const std::string& name) const override
    {
        auto result = at::empty(m_model.entries.at(name).shape, at::TensorOptions(at::kFloat));
        readGgufTensor(m_content, m_model.sources.at(name), result.data_ptr<float>());
        return result;
    }

private:
    MappedFile m_file;
    GgufContent m_content;
    GgufModel m_model;
};

bool isFile(const fs::path& file)
{
    std::error_code error;
    return fs::is_regular_file(file, error);
}

/// Shards of an index in order of their names, and the names that the index promises for each.
std::map<std::string, std::vector<std::string>> readIndex(const fs::path& file)
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

/// Files of a folder that look like weights, but lie under names or in formats that are not read.
std::vector<std::string> otherWeights(const fs::path& checkpoint)
{
    static constexpr std::array endings{
        ".safetensors", ".bin", ".h5", ".msgpack", ".onnx", ".ot", ".pt", ".pth", ".ckpt", ".ckpt.index"};
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator entry(checkpoint, fs::directory_options::skip_permission_denied, error), end;
         !error && entry != end; entry.increment(error)) {
        const auto name = entry->path().filename().string();
        if (isFile(entry->path()) && name != "training_args.bin"
            && std::ranges::any_of(endings, [&](const char* ending) { return name.ends_with(ending); }))
            names.push_back(name);
    }
    std::ranges::sort(names);
    return names;
}

[[noreturn]] void throwNoWeights(const fs::path& checkpoint)
{
    const auto others = otherWeights(checkpoint);
    if (others.empty())
        throw Error(ErrorKind::Checkpoint,
            concat(pathText(checkpoint),
                " holds no weights: neither model.safetensors nor pytorch_model.bin (nor an index of their "
                "shards), nor one .gguf file was found in it."));
    const auto& first = others.front();
    for (const std::string_view whole : {"model.safetensors", "pytorch_model.bin"}) {
        const auto stem = whole.substr(0, whole.find('.'));
        if (first.starts_with(concat(stem, "-0")) && first.ends_with(whole.substr(whole.find('.'))))
            throw Error(ErrorKind::Checkpoint,
                concat(pathText(checkpoint), " holds ", first, ", a part of the weights, but not ", whole,
                    ".index.json, which names the parts; copy or download it, too."));
    }
    throw Error(ErrorKind::Checkpoint,
        concat(pathText(checkpoint), " holds its weights as ", first,
            ", which cannot be read; model.safetensors, pytorch_model.bin (or an index of their shards) or a "
            ".gguf file is needed."));
}

} // namespace

CheckpointTensors::CheckpointTensors(const fs::path& checkpoint)
    : m_kind(weightsKind(checkpoint))
{
    const bool torch = m_kind == WeightsKind::TorchFile || m_kind == WeightsKind::TorchShards;
    const std::string single = torch ? "pytorch_model.bin" : "model.safetensors";
    if (m_kind == WeightsKind::None)
        throwNoWeights(checkpoint);
    if (m_kind == WeightsKind::Gguf) {
        m_format = "GGUF";
        add(*ggufFile(checkpoint), m_kind);
        return;
    }
    if (m_kind == WeightsKind::Safetensors || m_kind == WeightsKind::TorchFile) {
        m_format = single;
        add(checkpoint / single, m_kind);
        return;
    }
    const auto index = checkpoint / (single + ".index.json");
    const auto shards = readIndex(index);
    m_format = concat(single, " in ", shards.size(), shards.size() == 1 ? " file" : " files");
    for (const auto& [shard, promised] : shards) {
        if (!isFile(checkpoint / shard))
            throw Error(ErrorKind::Checkpoint,
                concat(pathText(index), " lists the file '", shard,
                    "', which is not in the folder; copy or download it again."));
        add(checkpoint / shard, m_kind);
        for (const auto& name : promised) {
            const auto holder = m_fileIndex.find(name);
            if (holder == m_fileIndex.end() || holder->second + 1 != m_files.size())
                throw Error(ErrorKind::Checkpoint,
                    concat(pathText(index), " says that tensor '", name, "' is in '", shard,
                        "', but that file does not hold it."));
        }
    }
}

CheckpointTensors::~CheckpointTensors() = default;
CheckpointTensors::CheckpointTensors(CheckpointTensors&&) noexcept = default;

void CheckpointTensors::add(const fs::path& path, WeightsKind kind)
{
    if (kind == WeightsKind::Gguf)
        m_files.push_back(std::make_unique<GgufWeights>(path));
    else if (kind == WeightsKind::TorchFile || kind == WeightsKind::TorchShards)
        m_files.push_back(std::make_unique<TorchWeights>(path));
    else
        m_files.push_back(std::make_unique<SafetensorsWeights>(path));
    m_paths.push_back(path);
    for (const auto& [name, entry] : m_files.back()->entries()) {
        if (!m_entries.emplace(name, entry).second)
            throw Error(ErrorKind::Checkpoint,
                concat("Tensor '", name, "' is in two files: ", fileOf(name), " and ", pathText(path), "."));
        m_fileIndex[name] = m_files.size() - 1;
    }
    m_metadata.merge(m_files.back()->metadata());
    m_fileBytes += fs::file_size(path);
}

std::string CheckpointTensors::fileOf(const std::string& name) const
{
    return pathText(m_paths[m_fileIndex.at(name)]);
}

at::Tensor CheckpointTensors::tensor(const std::string& name) const
{
    return m_files[m_fileIndex.at(name)]->tensor(name);
}

std::string CheckpointTensors::mainDtype() const
{
    std::map<std::string, uint64_t> counts;
    for (const auto& [name, entry] : m_entries)
        counts[entry.dtype] += elementCount(entry.shape).value_or(0);
    const auto most = std::ranges::max_element(counts, {}, [](const auto& row) { return row.second; });
    return most == counts.end() ? std::string() : most->first;
}

std::string CheckpointTensors::describe() const
{
    const auto dtype = mainDtype();
    const auto block = ggufBlock(dtype);
    const std::string_view becomes = block && block->count > 1 ? ", will be dequantised to fp32"
        : dtype == "F32"                                       ? ""
                                                               : ", will be converted to fp32";
    return concat("Weights: ", m_format, m_kind == WeightsKind::Gguf ? " " : ", ", dtype, becomes, ".");
}

} // namespace studio
