// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace studio {

/// One tensor as a weights file describes it.
struct TensorEntry {
    std::string dtype; ///< as safetensors spells it ("F32", "BF16", "I64", …); in a GGUF file also "Q4_K", …
    std::vector<int64_t> shape; ///< in PyTorch's order
    std::span<const std::byte> bytes; ///< where it lies in the mapped file; a strided tensor: its storage
};

/// Bytes of one number of a dtype under safetensors' name for it; nullopt for a name that is not known.
[[nodiscard]] std::optional<uint64_t> dtypeBytes(std::string_view dtype);

/// Product of the sizes, nullopt where it (or its bytes) would not fit into 63 bits.
[[nodiscard]] std::optional<uint64_t> elementCount(std::span<const int64_t> shape, uint64_t bytesEach = 1);

/// What the first bytes say where a weights file was expected and something else is there: a Git LFS pointer,
/// a web page, an empty file. Empty when nothing is recognised.
[[nodiscard]] std::string strangeContent(std::span<const std::byte> bytes);

} // namespace studio
