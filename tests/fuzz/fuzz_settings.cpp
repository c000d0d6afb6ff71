// SPDX-License-Identifier: MIT
// run.json and other settings: whatever they say, arguments come out that read back equal, or one sentence is
// said.
#include "core/base/error.h"
#include "core/train/arguments.h"
#include "core/train/run_progress.h"

using namespace studio;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    try {
        auto json = parseJson({reinterpret_cast<const char*>(data), size}, "fuzzed", true);
        if (json.is_object() && json.contains("progress")) {
            const auto progress = runProgressFromJson(json["progress"]);
            if (!(runProgressFromJson(toJson(progress)) == progress))
                __builtin_trap();
        }
        if (json.is_object() && json.contains("arguments"))
            json = Json(json["arguments"]);
        const auto arguments = argumentsFromJson(json);
        if (!(argumentsFromJson(toJson(arguments)) == arguments))
            __builtin_trap();
        for (const auto& info : argumentTable())
            (void)fieldProblem(info, info.get(arguments));
        (void)bestMetricKey(arguments);
        validate(arguments);
    } catch (const Error&) {
    }
    return 0;
}
