// SPDX-License-Identifier: MIT
#include "core/base/error.h"
#include "core/io/torch_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    constexpr uint64_t most = 1 << 20; // bytes of one tensor that are copied here
    try {
        const auto tensors = studio::readTorchFile(std::as_bytes(std::span(data, size)), "fuzzed");
        for (const auto& [name, tensor] : tensors) {
            const auto bytes = studio::elementCount(tensor.entry.shape).value()
                * studio::dtypeBytes(tensor.entry.dtype).value();
            if (bytes <= most) {
                std::vector<std::byte> values(bytes);
                studio::copyElements(tensor, values.data());
            }
        }
    } catch (const studio::Error&) {
    }
    return 0;
}
