// SPDX-License-Identifier: MIT
// The relocatable archive holds no CUDA. libtorch_cpu names these functions of NVIDIA's profiling library; here each
// answers that the library is not initialised, so that the archive carries nothing of NVIDIA's.

enum { notInitialized = 15 }; // CUPTI_ERROR_NOT_INITIALIZED

#define ABSENT(name) \
    int name(void) { return notInitialized; }

ABSENT(cuptiActivityDisable)
ABSENT(cuptiActivityEnable)
ABSENT(cuptiActivityEnableCudaEventDeviceTimestamps)
ABSENT(cuptiActivityEnableDriverApi)
ABSENT(cuptiActivityEnableRuntimeApi)
ABSENT(cuptiActivityFlushAll)
ABSENT(cuptiActivityGetNextRecord)
ABSENT(cuptiActivityGetNumDroppedRecords)
ABSENT(cuptiActivityPopExternalCorrelationId)
ABSENT(cuptiActivityPushExternalCorrelationId)
ABSENT(cuptiActivityRegisterCallbacks)
ABSENT(cuptiActivityRegisterTimestampCallback)
ABSENT(cuptiActivitySetAttribute)
ABSENT(cuptiEnableCallback)
ABSENT(cuptiEnableDomain)
ABSENT(cuptiFinalize)
ABSENT(cuptiGetVersion)
ABSENT(cuptiSubscribe)
ABSENT(cuptiUnsubscribe)

int cuptiGetResultString(int result, const char** text)
{
    (void)result;
    *text = "this archive of FineTune Studio holds no CUDA";
    return 0;
}
