// SPDX-License-Identifier: MIT
#pragma once

#include "core/io/checkpoint_files.h"
#include "core/io/tensor_entry.h"

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

namespace studio {

class WeightsFile; // one mapped file of any kind

/// The tensors of a checkpoint under transformers' names: safetensors, torch.save() files
/// (pytorch_model.bin), each whole or in shards that an index lists, or a GGUF file. Only headers are read
/// until a tensor is asked for.
class CheckpointTensors {
public:
    /// Throws Error{Checkpoint} naming the file: no weights at all, an absent shard, a name in two shards.
    explicit CheckpointTensors(const std::filesystem::path& checkpoint);
    ~CheckpointTensors();
    CheckpointTensors(CheckpointTensors&&) noexcept;

    /// Name → entry, over all files.
    [[nodiscard]] const std::map<std::string, TensorEntry>& entries() const { return m_entries; }
    /// The file that holds a tensor, as text for messages.
    [[nodiscard]] std::string fileOf(const std::string& name) const;
    /// Copy in the dtype of the file (of GGUF: dequantised to fp32), in LibTorch-allocated memory.
    [[nodiscard]] at::Tensor tensor(const std::string& name) const;
    /// Size of all files together.
    [[nodiscard]] uint64_t fileBytes() const { return m_fileBytes; }
    /// Metadata of the safetensors files.
    [[nodiscard]] const std::map<std::string, std::string>& metadata() const { return m_metadata; }
    /// Where the numbers come from, for people: "pytorch_model.bin", "model.safetensors in 3 files", "GGUF".
    [[nodiscard]] const std::string& format() const { return m_format; }
    /// The dtype of most of the numbers: "F16", "Q4_K".
    [[nodiscard]] std::string mainDtype() const;
    /// A sentence that tells format and precision and what will become of them.
    [[nodiscard]] std::string describe() const;

private:
    void add(const std::filesystem::path& path, WeightsKind kind);

    WeightsKind m_kind = WeightsKind::None;
    std::string m_format;
    std::vector<std::unique_ptr<WeightsFile>> m_files;
    std::vector<std::filesystem::path> m_paths;
    std::map<std::string, TensorEntry> m_entries;
    std::map<std::string, size_t> m_fileIndex;
    std::map<std::string, std::string> m_metadata;
    uint64_t m_fileBytes = 0;
};

} // namespace studio
