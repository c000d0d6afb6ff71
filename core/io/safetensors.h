// SPDX-License-Identifier: MIT
#pragma once

#include "core/io/tensor_entry.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <ATen/core/Tensor.h>

namespace studio {

/// A safetensors file, mapped. Throws Error{Checkpoint} naming file, tensor and what is wrong (truncated,
/// header larger than the file, overlapping or out-of-range offsets, size that does not fit shape and dtype).
class SafetensorsFile {
public:
    explicit SafetensorsFile(const std::filesystem::path& file);
    ~SafetensorsFile();
    SafetensorsFile(SafetensorsFile&&) noexcept;
    [[nodiscard]] const std::map<std::string, TensorEntry>& entries() const;
    [[nodiscard]] const std::map<std::string, std::string>& metadata() const;
    /// Copy of a tensor in LibTorch-allocated memory, in the dtype of the file.
    [[nodiscard]] at::Tensor tensor(const std::string& name) const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// The type of a dtype under safetensors' name for it. Throws Error{Internal} for another.
[[nodiscard]] at::ScalarType tensorType(std::string_view dtype);

using NamedTensors = std::vector<std::pair<std::string, at::Tensor>>;

/// Writes tensors (contiguous, on the CPU) in the given order with metadata {"format":"pt"} and what is given
/// beside it, atomically.
void writeSafetensors(const std::filesystem::path& file, const NamedTensors& tensors,
    const std::map<std::string, std::string>& metadata = {});

/// The same into a folder, as model.safetensors, or above `maxBytes` as model-0000N-of-0000M.safetensors with
/// model.safetensors.index.json; a shard is full before the next one begins, as in transformers.
void writeModelSafetensors(const std::filesystem::path& folder, const NamedTensors& tensors,
    uint64_t maxBytes, const std::map<std::string, std::string>& metadata = {});

} // namespace studio
