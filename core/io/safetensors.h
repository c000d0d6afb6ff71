// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

namespace studio {

/// One tensor as the header describes it; bytes lie in the mapped file.
struct TensorEntry {
    std::string dtype; ///< "F32", "F16", "BF16", "I64", …
    std::vector<int64_t> shape;
    std::span<const std::byte> bytes;
};

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

/// Writes tensors (contiguous, on the CPU) in the given order with metadata {"format":"pt"}, atomically.
void writeSafetensors(
    const std::filesystem::path& file, const std::vector<std::pair<std::string, at::Tensor>>& tensors);

} // namespace studio
