// SPDX-License-Identifier: MIT
// The driver's functions are found at run time, so that the program starts where there is none.
#include "core/train/cuda_library.h"

#include "core/base/concat.h"

#include <algorithm>
#include <dlfcn.h>
#include <unistd.h>

#include <ATen/Context.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <c10/core/CachingDeviceAllocator.h>
#include <c10/util/env.h>

namespace studio {

namespace {

/// A library whose functions return 0 for success.
struct NvidiaLibrary {
    void* handle = nullptr;
    template <typename... Arguments>
    int call(const char* name, Arguments... arguments) const
    {
        if (!handle)
            return -1;
        const auto function = reinterpret_cast<int (*)(Arguments...)>(dlsym(handle, name));
        return function ? function(arguments...) : -1;
    }
};

struct CudaLibrary {
    NvidiaLibrary driver;
    std::string trouble; ///< empty: LibTorch computes with it
};

std::string cudaVersion(int64_t number)
{
    return concat(number / 1000, '.', number % 1000 / 10);
}

/// Beside libtorch_cpu.
std::string torchCudaFile()
{
    Dl_info info{};
    const auto known = dladdr(reinterpret_cast<const void*>(&at::globalContext), &info);
    const std::string file(known && info.dli_fname ? info.dli_fname : "");
    const auto slash = file.rfind('/');
    return (slash == std::string::npos ? std::string() : file.substr(0, slash + 1)) + "libtorch_cuda.so";
}

/// Empty: it is loaded.
std::string loadTorchCuda(const NvidiaLibrary& driver)
{
    const auto file = torchCudaFile();
    if (file.find('/') != std::string::npos && access(file.c_str(), F_OK) != 0)
        return concat("this LibTorch has no CUDA part ('", file,
            "' is not there); ./run.sh --cuda of the source folder fetches one");
    // Sums in the same order every time, where that is asked for; cuBLAS reads it once.
    c10::utils::set_env("CUBLAS_WORKSPACE_CONFIG", ":4096:8", /*overwrite=*/false);
    if (!dlopen(file.c_str(), RTLD_NOW | RTLD_GLOBAL))
        return concat("LibTorch's CUDA part cannot be loaded (", dlerror(), ')');
    auto& context = at::globalContext();
    int supported = 0;
    driver.call("cuDriverGetVersion", &supported);
    const auto& hooks = at::detail::getCUDAHooks();
    if (hooks.hasCUDART() && supported / 1000 < hooks.versionCUDART() / 1000)
        return concat("the NVIDIA driver supports CUDA ", cudaVersion(supported),
            ", but this LibTorch needs ", cudaVersion(hooks.versionCUDART()), "; install a newer driver");
    if (!context.hasCUDA())
        return "LibTorch cannot use the NVIDIA driver; nvidia-smi may tell why";
    // cuDNN's attention makes a plan for each new shape, which lengths that change with every batch never
    // repay; and it knows no packed sequences here.
    context.setSDPUseCuDNN(false);
    return {};
}

CudaLibrary load()
{
    CudaLibrary found;
    if (!hasNvidiaGpu()) {
        found.trouble = "there is no NVIDIA GPU on this machine";
        return found;
    }
    found.driver.handle = dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
    if (!found.driver.handle) {
        found.trouble = concat("the NVIDIA driver's library cannot be loaded (", dlerror(), ')');
        return found;
    }
    constexpr int noDevice = 100;
    if (const auto code = found.driver.call("cuInit", 0U); code == noDevice)
        found.trouble = "the NVIDIA driver shows no GPU to this process (is CUDA_VISIBLE_DEVICES set?)";
    else if (code != 0)
        found.trouble
            = concat("the NVIDIA driver does not start (cuInit: error ", code, "); nvidia-smi may tell why");
    else
        found.trouble = loadTorchCuda(found.driver);
    return found;
}

const CudaLibrary& cudaLibrary()
{
    static const auto library = load();
    return library;
}

/// By the management library: asking CUDA itself would make a context on every GPU.
int64_t freeMemory(const NvidiaLibrary& driver, int device, int64_t total)
{
    static const NvidiaLibrary management = [] {
        NvidiaLibrary library{dlopen("libnvidia-ml.so.1", RTLD_NOW | RTLD_LOCAL)};
        if (library.call("nvmlInit_v2") != 0)
            library.handle = nullptr;
        return library;
    }();
    char bus[32]{};
    void* handle = nullptr;
    struct {
        unsigned long long total = 0, free = 0, used = 0;
    } memory;
    if (driver.call("cuDeviceGetPCIBusId", static_cast<char*>(bus), int(sizeof bus), device) != 0
        || management.call("nvmlDeviceGetHandleByPciBusId_v2", static_cast<const char*>(bus), &handle) != 0
        || management.call("nvmlDeviceGetMemoryInfo", handle, &memory) != 0)
        return total;
    return std::min(total, static_cast<int64_t>(memory.free)); // a slice of a GPU: no more than its own
}

} // namespace

bool hasNvidiaGpu()
{
    // Not /dev/nvidia0: a container may be given another GPU alone. /dev/dxg: Windows' Linux.
    return access("/dev/nvidiactl", F_OK) == 0 || access("/dev/dxg", F_OK) == 0;
}

void loadCuda()
{
    (void)cudaLibrary();
}

std::vector<CudaGpu> cudaGpus()
{
    std::vector<CudaGpu> gpus;
    const auto& [driver, trouble] = cudaLibrary();
    int count = 0;
    if (!trouble.empty() || driver.call("cuDeviceGetCount", &count) != 0)
        return gpus;
    constexpr int majorAttribute = 75, minorAttribute = 76; // CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_…
    for (int i = 0; i < count; ++i) {
        char name[256]{};
        int device = 0, major = 0, minor = 0;
        size_t total = 0;
        driver.call("cuDeviceGet", &device, i);
        driver.call("cuDeviceGetName", static_cast<char*>(name), 255, device);
        driver.call("cuDeviceTotalMem_v2", &total, device);
        driver.call("cuDeviceGetAttribute", &major, majorAttribute, device);
        driver.call("cuDeviceGetAttribute", &minor, minorAttribute, device);
        const auto bytes = static_cast<int64_t>(total);
        gpus.push_back({name, 10 * major + minor, bytes, freeMemory(driver, device, bytes)});
    }
    return gpus;
}

std::string whyNoCuda()
{
    const auto& trouble = cudaLibrary().trouble;
    return trouble.empty() ? "the NVIDIA driver lists no GPU" : trouble;
}

int leastCapability()
{
    return cudaLibrary().trouble.empty() && at::detail::getCUDAHooks().versionCUDART() >= 13'000 ? 75 : 50;
}

int64_t peakGpuMemory(const at::Device& device)
{
    using c10::CachingAllocator::StatType;
    return at::getDeviceAllocator(device.type())
        ->getDeviceStats(device.index())
        .allocated_bytes[static_cast<size_t>(StatType::AGGREGATE)]
        .peak;
}

void startGpuPeak(const at::Device& device)
{
    at::globalContext().lazyInitDevice(device.type());
    at::getDeviceAllocator(device.type())->resetPeakStats(device.index());
}

int64_t availableGpuMemory(const at::Device& device)
{
    using c10::CachingAllocator::StatType;
    auto* allocator = at::getDeviceAllocator(device.type());
    return static_cast<int64_t>(allocator->getMemoryInfo(device.index()).first)
        + allocator->getDeviceStats(device.index())
              .reserved_bytes[static_cast<size_t>(StatType::AGGREGATE)]
              .current;
}

void releaseUnusedMemory(const at::Device& device)
{
    if (!device.is_cpu())
        at::getDeviceAllocator(device.type())->emptyCache();
}

void allowTf32(bool allowed)
{
    auto& context = at::globalContext();
    context.setFloat32MatmulPrecision(allowed ? "high" : "highest");
    context.setAllowTF32CuDNN(allowed);
}

ExactFloats::ExactFloats()
    : m_before(at::globalContext().float32MatmulPrecision() != at::Float32MatmulPrecision::HIGHEST)
{
    allowTf32(false);
}

ExactFloats::~ExactFloats()
{
    allowTf32(m_before);
}

} // namespace studio
