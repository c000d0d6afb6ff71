// SPDX-License-Identifier: MIT
// The relocatable archive holds no CUDA. libtorch_cpu names six functions of NVIDIA's runtime library, for its profiler
// alone; this library answers them with "no device", so that the archive carries nothing of NVIDIA's.

enum { noDevice = 100 }; // cudaErrorNoDevice

int cudaDeviceSynchronize(void) { return noDevice; }

int cudaDriverGetVersion(int* version)
{
    *version = 0;
    return 0;
}

int cudaRuntimeGetVersion(int* version)
{
    *version = 0;
    return 0;
}

int cudaGetDeviceCount(int* count)
{
    *count = 0;
    return noDevice;
}

int cudaGetDeviceProperties(void* properties, int device)
{
    (void)properties;
    (void)device;
    return noDevice;
}

const char* cudaGetErrorString(int error)
{
    (void)error;
    return "this archive of FineTune Studio holds no CUDA";
}
