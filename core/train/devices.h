// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/json.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace studio {

struct DeviceInfo {
    std::string id; ///< "cpu", "cuda:0"
    std::string name; ///< "AMD EPYC 9654", "NVIDIA H200"
    int64_t memoryBytes = 0, freeMemoryBytes = 0;
    int threads = 0; ///< physical cores (CPU)
    std::vector<std::string> precisions; ///< "fp32", "bf16", "fp16" that work; none: a GPU too old
    std::string bestPrecision; ///< what `auto` chooses here
    double fp32Gflops = 0, bf16Gflops = 0; ///< measured matrix-multiply speed; 0: not measured
};

/// CPU first, then every GPU that LibTorch can use (libtorch_cuda is loaded when an NVIDIA driver is
/// present). `measure`: times matrix multiplies (about a second a device).
[[nodiscard]] std::vector<DeviceInfo> listDevices(bool measure);
[[nodiscard]] Json toJson(const DeviceInfo& device);

/// Precisions that a GPU of a compute capability (80 for 8.0) is built for, and the one `auto` takes; none
/// below `least`.
[[nodiscard]] std::pair<std::vector<std::string>, std::string> gpuPrecisions(int capability, int least);

/// Resolves auto | cpu | cuda:N and auto | fp32 | bf16 | fp16; throws Error{Device} for an absent GPU,
/// Error{Settings} for a precision that the device cannot do (fp16 on the CPU: exit 2). `auto` takes the
/// first GPU; where there is one that cannot be used, the reason says why.
struct ComputeChoice {
    std::string device;
    std::string precision;
    std::string reason; ///< one sentence for the log: why this precision
};
[[nodiscard]] ComputeChoice chooseCompute(const std::string& device, const std::string& precision);

/// "AMD EPYC 9654".
[[nodiscard]] std::string processorName();
/// Number of physical cores this process may use.
[[nodiscard]] int physicalCores();
/// Peak resident bytes of this process, and bytes available on the machine.
[[nodiscard]] int64_t residentBytes();
[[nodiscard]] int64_t availableMemoryBytes();

} // namespace studio
