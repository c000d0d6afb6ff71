// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <c10/core/Device.h>

namespace studio {

/// Loads the NVIDIA driver and LibTorch's CUDA part, where there is a GPU; once a process. LibTorch looks for
/// its CUDA part at the first backward pass of the process, whatever device that runs on, and never again:
/// call this before it.
void loadCuda();

/// A GPU as the driver numbers it.
struct CudaGpu {
    std::string name; ///< "NVIDIA H200"
    int capability = 0; ///< compute capability, 80 for 8.0
    int64_t memoryBytes = 0, freeMemoryBytes = 0;
};
/// Those that LibTorch sees, loadCuda() included. Leaves no CUDA context behind.
[[nodiscard]] std::vector<CudaGpu> cudaGpus();

/// Why cudaGpus() is empty, the second half of a sentence: "the NVIDIA driver supports CUDA 12.2, …".
[[nodiscard]] std::string whyNoCuda();
/// Whether the machine shows an NVIDIA GPU at all, usable or not.
[[nodiscard]] bool hasNvidiaGpu();

/// The least compute capability that the CUDA part has kernels for: CUDA 13 dropped all before 7.5.
[[nodiscard]] int leastCapability();

/// Most bytes that tensors on a GPU have taken since `startGpuPeak`.
[[nodiscard]] int64_t peakGpuMemory(const at::Device& device);
void startGpuPeak(const at::Device& device);
/// What tensors may still take on a GPU, those that are there included.
[[nodiscard]] int64_t availableGpuMemory(const at::Device& device);
/// Gives memory that no tensor uses back to the GPU; nothing on the CPU.
void releaseUnusedMemory(const at::Device& device);

/// Whether fp32 multiplies and convolutions on GPUs may round to TF32.
void allowTf32(bool allowed);

/// fp32 as it is while this lives, whatever `allowTf32` said.
class ExactFloats {
public:
    ExactFloats();
    ~ExactFloats();
    ExactFloats(const ExactFloats&) = delete;
    ExactFloats& operator=(const ExactFloats&) = delete;

private:
    bool m_before;
};

} // namespace studio
