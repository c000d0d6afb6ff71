// SPDX-License-Identifier: MIT
#pragma once

#include "core/io/tensor_entry.h"

#include <map>
#include <string>

namespace studio {

/// A tensor of a torch.save() file: a strided view of a storage. `entry.bytes` is the whole storage.
struct TorchTensor {
    TensorEntry entry;
    std::vector<int64_t> strides; ///< in elements
    uint64_t offset = 0; ///< of the first element, in elements
};

/// The tensors of a state dictionary that torch.save() wrote: ZIP (since 1.6), the format before it, and the
/// tar of the first versions. The pickle is read, never run: it may build tensors and plain containers and
/// nothing else. Entries of the dictionary that are no tensors are left out. Throws Error{Checkpoint} that
/// opens with `file`.
[[nodiscard]] std::map<std::string, TorchTensor> readTorchFile(
    std::span<const std::byte> bytes, const std::string& file);

/// Writes the elements in order; `out` has room for all of them.
void copyElements(const TorchTensor& tensor, std::byte* out);

} // namespace studio
