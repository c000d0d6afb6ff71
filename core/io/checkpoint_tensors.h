// SPDX-License-Identifier: MIT
#pragma once

#include "core/io/safetensors.h"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace studio {

/// The tensors of a checkpoint folder under the names of its files: model.safetensors, or the shards that
/// model.safetensors.index.json lists. Only headers are read until a tensor is asked for.
class CheckpointTensors {
public:
    /// Throws Error{Checkpoint} naming the file: no weights at all, an absent shard, a name in two shards.
    explicit CheckpointTensors(const std::filesystem::path& folder);

    /// Name → header entry, over all files.
    [[nodiscard]] const std::map<std::string, TensorEntry>& entries() const { return m_entries; }
    /// The file that holds a tensor, as text for messages.
    [[nodiscard]] std::string fileOf(const std::string& name) const;
    /// Copy in the dtype of the file, in LibTorch-allocated memory.
    [[nodiscard]] at::Tensor tensor(const std::string& name) const;
    /// Size of all files together.
    [[nodiscard]] uint64_t fileBytes() const { return m_fileBytes; }

private:
    std::vector<SafetensorsFile> m_files;
    std::vector<std::filesystem::path> m_paths;
    std::map<std::string, TensorEntry> m_entries;
    std::map<std::string, size_t> m_fileIndex;
    uint64_t m_fileBytes = 0;
};

/// Whether the folder holds weights that this program could read (model.safetensors or an index of shards).
[[nodiscard]] bool holdsWeights(const std::filesystem::path& folder);

} // namespace studio
