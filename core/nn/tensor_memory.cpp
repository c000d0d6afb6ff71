// SPDX-License-Identifier: MIT
#include "core/nn/tensor_memory.h"

#include <cstdint>
#include <cstdlib>

#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>
#include <c10/util/Exception.h>

namespace studio {

namespace {

constexpr size_t g_alignment = 64; // as LibTorch's own: a cache line, a vector register

/// The block lies somewhat before the data, and its address just before it.
void release(void* data)
{
    if (data)
        std::free(static_cast<void**>(data)[-1]);
}

/// Plain malloc with room to align in: the block asked for has the same size each time.
class GapFillingAllocator final : public at::Allocator {
public:
    at::DataPtr allocate(size_t size) override
    {
        if (size == 0)
            return {nullptr, nullptr, &release, c10::kCPU};
        void* block = size <= SIZE_MAX - g_alignment ? std::malloc(size + g_alignment) : nullptr;
        TORCH_CHECK(block, "can't allocate memory: ", size, " bytes for a tensor");
        // malloc aligns to 16, so that there are 16 to 64 bytes before the data.
        auto* data = reinterpret_cast<void*>(
            (reinterpret_cast<uintptr_t>(block) + g_alignment) / g_alignment * g_alignment);
        static_cast<void**>(data)[-1] = block;
        return {data, data, &release, c10::kCPU};
    }
    at::DeleterFnPtr raw_deleter() const override { return &release; }
    void copy_data(void* target, const void* source, size_t size) const override
    {
        default_copy_data(target, source, size);
    }
};

} // namespace

void reuseTensorMemory()
{
    static const bool once = [] {
        static auto* const allocator = new GapFillingAllocator; // the last tensor may outlive everything
        c10::SetCPUAllocator(allocator, /*priority=*/1);
        return true;
    }();
    static_cast<void>(once);
}

} // namespace studio
