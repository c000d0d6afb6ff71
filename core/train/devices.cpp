// SPDX-License-Identifier: MIT
#include "core/train/devices.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/host_memory.h"
#include "core/nn/matmul.h"
#include "core/nn/torch_errors.h"
#include "core/train/cuda_library.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <fstream>
#include <optional>
#include <sched.h>
#include <set>
#include <sstream>
#include <tuple>
#include <unistd.h>

#include <ATen/core/grad_mode.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/ones.h>

namespace studio {

namespace {

/// bf16 rounds to 8 bits: `auto` takes it on a CPU only where matrix multiplies gain this much (AMX).
constexpr double g_bf16GainOnCpu = 4;

std::string firstLine(const std::string& file)
{
    std::ifstream stream(file);
    std::string line;
    std::getline(stream, line);
    return line;
}

/// Value of the first line "key : value" of a file under /proc.
std::string procValue(const std::string& file, std::string_view key)
{
    std::ifstream stream(file);
    for (std::string line; std::getline(stream, line);) {
        if (!line.starts_with(key))
            continue;
        const auto colon = line.find(':');
        const auto begin = line.find_first_not_of(" \t", colon + 1);
        return colon == std::string::npos || begin == std::string::npos ? std::string() : line.substr(begin);
    }
    return {};
}

int64_t leadingNumber(const std::string& text, int64_t fallback)
{
    int64_t value = fallback;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

bool processorHas(std::string_view feature)
{
    std::istringstream flags(procValue("/proc/cpuinfo", "flags"));
    for (std::string flag; flags >> flag;) {
        if (flag == feature)
            return true;
    }
    return false;
}

/// Speed of x·wᵀ at the sizes of a small encoder layer, best of several runs.
double measureGflops(at::ScalarType type, const at::Device& device, int64_t size, double seconds)
{
    const at::NoGradGuard noGrad;
    const auto a = at::ones({size, size}, at::TensorOptions(type).device(device));
    const auto b = at::ones({size, size}, at::TensorOptions(type).device(device));
    const auto run = [&] {
        const auto c = device.is_cpu() ? multiplyTransposed(a, b) : at::matmul(a, b);
        if (!device.is_cpu())
            c.select(0, 0).select(0, 0).item<float>(); // waits for the device
    };
    run();
    using Clock = std::chrono::steady_clock;
    double best = 1e30, spent = 0;
    for (int i = 0; i < 50 && (i < 2 || spent < seconds); ++i) {
        const auto start = Clock::now();
        run();
        const double once = std::chrono::duration<double>(Clock::now() - start).count();
        best = std::min(best, once);
        spent += once;
    }
    return 2.0 * double(size) * double(size) * double(size) / best / 1e9;
}

struct CpuSpeed {
    double fp32 = 0, bf16 = 0;
};

/// Measured once a process; bf16 only where the processor has instructions for it.
const CpuSpeed& cpuSpeed()
{
    static const CpuSpeed speed = withTorchErrors("Measuring the processor", [] {
        CpuSpeed measured;
        measured.fp32 = measureGflops(at::kFloat, at::kCPU, 512, 0.1);
        if (processorHas("avx512_bf16") || processorHas("amx_bf16"))
            measured.bf16 = measureGflops(at::kBFloat16, at::kCPU, 512, 0.1);
        return measured;
    });
    return speed;
}

std::string speedText(double gflops)
{
    return numberText(static_cast<int64_t>(std::lround(gflops)));
}

bool contains(const std::vector<std::string>& list, const std::string& value)
{
    return std::ranges::find(list, value) != list.end();
}

std::vector<DeviceInfo> listGpus(bool measure)
{
    std::vector<DeviceInfo> gpus;
    for (const auto& found : cudaGpus()) {
        DeviceInfo gpu;
        gpu.id = concat("cuda:", gpus.size());
        gpu.name = found.name;
        gpu.memoryBytes = found.memoryBytes;
        gpu.freeMemoryBytes = found.freeMemoryBytes;
        std::tie(gpu.precisions, gpu.bestPrecision) = gpuPrecisions(found.capability, leastCapability());
        if (measure && !gpu.precisions.empty()) {
            const at::Device target(at::kCUDA, static_cast<at::DeviceIndex>(gpus.size()));
            withTorchErrors(concat("Measuring ", gpu.id), [&] {
                gpu.fp32Gflops = measureGflops(at::kFloat, target, 4096, 0.3);
                if (contains(gpu.precisions, "bf16"))
                    gpu.bf16Gflops = measureGflops(at::kBFloat16, target, 4096, 0.3);
            });
        }
        gpus.push_back(std::move(gpu));
    }
    return gpus;
}

/// Why the GPU `wanted` cannot be had, the second half of a sentence.
std::string absence(const std::vector<DeviceInfo>& gpus, const std::string& wanted)
{
    if (gpus.empty())
        return whyNoCuda();
    std::string known;
    for (const auto& gpu : gpus) {
        if (gpu.id == wanted)
            return concat(gpu.name, " is too old for this LibTorch, which needs compute capability ",
                leastCapability() / 10, '.', leastCapability() % 10);
        known += concat(known.empty() ? "" : ", ", gpu.id);
    }
    return concat("the GPUs are ", known);
}

/// nullopt: `auto` finds none, for the reason that `why` then holds where the machine shows a GPU.
std::optional<ComputeChoice> chooseGpu(
    const std::string& device, const std::string& precision, std::string& why)
{
    const auto gpus = listGpus(false);
    const auto wanted = device == "cuda" || device == "auto" ? std::string("cuda:0") : device;
    const auto gpu = std::ranges::find(gpus, wanted, &DeviceInfo::id);
    if (gpu == gpus.end() || gpu->precisions.empty()) {
        if (device != "auto")
            throw Error(ErrorKind::Device,
                concat("The device ", wanted, " cannot be used: ", absence(gpus, wanted),
                    "; use --device auto or cpu."));
        if (hasNvidiaGpu())
            why = concat(" The GPU is not used: ", absence(gpus, wanted), '.');
        return std::nullopt;
    }
    if (precision == "auto")
        return ComputeChoice{
            gpu->id, gpu->bestPrecision, concat(gpu->bestPrecision, ": what ", gpu->name, " is built for.")};
    if (!contains(gpu->precisions, precision))
        throw Error(ErrorKind::Settings,
            concat("The precision ", precision, " needs a newer GPU than ", gpu->name, " (", gpu->id,
                "); use fp16 or fp32."));
    return ComputeChoice{gpu->id, precision, concat(precision, ": as asked for.")};
}

/// AVX512-BF16 doubles the speed of fp32 at most, so only AMX is worth a measurement.
bool cpuPrefersBf16()
{
    return processorHas("amx_bf16") && cpuSpeed().bf16 >= g_bf16GainOnCpu * cpuSpeed().fp32;
}

std::string cpuReason(bool bf16)
{
    if (!processorHas("amx_bf16"))
        return "fp32: this processor has no AMX, without which bf16 gains too little to outweigh its "
               "rounding.";
    return concat(bf16 ? "bf16" : "fp32", ": bf16 matrix multiplies reach ", speedText(cpuSpeed().bf16),
        " GFLOP/s here, fp32 ", speedText(cpuSpeed().fp32), ".");
}

} // namespace

std::pair<std::vector<std::string>, std::string> gpuPrecisions(int capability, int least)
{
    if (capability < least)
        return {};
    if (capability >= 80)
        return {{"fp32", "fp16", "bf16"}, "bf16"};
    return {{"fp32", "fp16"}, capability >= 70 ? "fp16" : "fp32"}; // from 7.0 on with tensor cores
}

std::vector<DeviceInfo> listDevices(bool measure)
{
    loadCuda();
    DeviceInfo cpu;
    cpu.id = "cpu";
    cpu.name = processorName();
    cpu.threads = physicalCores();
    cpu.memoryBytes = int64_t(sysconf(_SC_PHYS_PAGES)) * int64_t(sysconf(_SC_PAGESIZE));
    cpu.freeMemoryBytes = availableMemoryBytes();
    cpu.precisions = {"fp32", "bf16"};
    cpu.bestPrecision = cpuPrefersBf16() ? "bf16" : "fp32";
    if (measure) {
        cpu.fp32Gflops = cpuSpeed().fp32;
        cpu.bf16Gflops = cpuSpeed().bf16;
    }
    std::vector<DeviceInfo> devices{cpu};
    std::ranges::move(listGpus(measure), std::back_inserter(devices));
    return devices;
}

Json toJson(const DeviceInfo& device)
{
    const auto optionalNumber = [](double value) { return value > 0 ? Json(value) : Json(nullptr); };
    Json json{{"id", device.id}, {"name", device.name}, {"memory_bytes", device.memoryBytes},
        {"free_memory_bytes", device.freeMemoryBytes}};
    json["cores"] = device.threads > 0 ? Json(device.threads) : Json(nullptr);
    json["precisions"] = device.precisions;
    json["best_precision"] = device.bestPrecision;
    json["fp32_gflops"] = optionalNumber(device.fp32Gflops);
    json["bf16_gflops"] = optionalNumber(device.bf16Gflops);
    return json;
}

ComputeChoice chooseCompute(const std::string& device, const std::string& precision)
{
    const bool isCuda = device == "cuda" || device.starts_with("cuda:");
    if (device != "auto" && device != "cpu" && !isCuda)
        throw Error(
            ErrorKind::Settings, concat("The device is '", device, "', expected auto, cpu or cuda:N."));
    if (precision != "auto" && precision != "fp32" && precision != "bf16" && precision != "fp16")
        throw Error(ErrorKind::Settings,
            concat("The precision is '", precision, "', expected auto, fp32, bf16 or fp16."));

    std::string whyNoGpu;
    if (device != "cpu") {
        if (auto choice = chooseGpu(device, precision, whyNoGpu))
            return *choice;
    }
    if (precision == "fp16")
        throw Error(
            ErrorKind::Settings, "The precision fp16 needs a CUDA device; use fp32 or bf16 on the CPU.");
    if (precision != "auto")
        return {"cpu", precision, concat(precision, ": as asked for.", whyNoGpu)};
    const bool bf16 = cpuPrefersBf16();
    return {"cpu", bf16 ? "bf16" : "fp32", cpuReason(bf16) + whyNoGpu};
}

std::string processorName()
{
    const auto name = procValue("/proc/cpuinfo", "model name");
    return name.empty() ? "CPU" : name;
}

int physicalCores()
{
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0)
        return 1;
    std::set<std::string> cores;
    for (int i = 0; i < CPU_SETSIZE; ++i) {
        if (!CPU_ISSET(i, &allowed))
            continue;
        const auto topology = concat("/sys/devices/system/cpu/cpu", i, "/topology/");
        const auto package = firstLine(topology + "physical_package_id"),
                   core = firstLine(topology + "core_id");
        cores.insert(core.empty() ? concat("cpu ", i) : concat(package, ' ', core));
    }
    auto count = static_cast<int64_t>(cores.size());
    std::istringstream quota(firstLine("/sys/fs/cgroup/cpu.max")); // "200000 100000": two cores
    int64_t used = 0, period = 0;
    if (quota >> used >> period && period > 0)
        count = std::min(count, std::max<int64_t>(1, used / period));
    return static_cast<int>(std::max<int64_t>(1, count));
}

int64_t residentBytes()
{
    return leadingNumber(procValue("/proc/self/status", "VmHWM"), 0) * 1024;
}

int64_t availableMemoryBytes()
{
    return hostMemory().availableBytes;
}

} // namespace studio
