// SPDX-License-Identifier: MIT
#include "core/train/devices.h"

#include "app/argument_options.h"
#include "app/commands/commands.h"
#include "app/console.h"
#include "app/text_layout.h"
#include "core/base/concat.h"

#include <memory>

namespace studio::app {
namespace {

std::string speedText(double gflops)
{
    if (gflops <= 0)
        return "–";
    return gflops >= 10'000 ? concat(fixedText(gflops / 1000, 1), " TFLOP/s")
                            : concat(fixedText(gflops, gflops < 10 ? 1 : 0), " GFLOP/s");
}

std::string precisionsText(const DeviceInfo& device)
{
    std::string out;
    for (const auto& precision : device.precisions)
        out += (out.empty() ? "" : " ") + precision;
    return out;
}

int run(Console& console, bool measure)
{
    const auto devices = listDevices(measure);
    std::vector<std::vector<std::string>> rows
        = {{"device", "name", "memory", "free", "precisions", "auto", "fp32", "bf16"}};
    for (const auto& device : devices) {
        if (console.json)
            console.object(toJson(device));
        auto name = device.name;
        if (device.threads > 0)
            name += concat(" (", counted(device.threads, "core", "cores"), ")");
        rows.push_back({device.id, name, bytesText(static_cast<double>(device.memoryBytes)),
            bytesText(static_cast<double>(device.freeMemoryBytes)), precisionsText(device),
            device.bestPrecision, speedText(device.fp32Gflops), speedText(device.bf16Gflops)});
    }
    if (!console.json)
        console.print(tableText(rows, {1, 4, 5}));
    return 0;
}

} // namespace

Command devicesCommand(Console& console)
{
    const auto measure = std::make_shared<bool>(true);
    Command command;
    command.name = "devices";
    command.summary = "list CPU and GPUs with memory, precisions and measured speed";
    command.usage = "[--measure false] [--json]";
    command.description = "What a run can compute on: the ids that --device takes, memory, the precisions "
                          "that work, the one that "
                          "`--precision auto` chooses there, and the speed of matrix multiplication, "
                          "measured now (about a second "
                          "a device).";
    command.examples = {
        {"devices", "Everything, measured."}, {"devices --measure false --json", "At once, for a script."}};
    command.options.push_back(
        switchOption("measure", "Devices", "Times matrix multiplications. (default true)", *measure));
    addCommonOptions(command, console.json);
    command.run = [measure](Console& output) { return run(output, *measure); };
    return command;
}

} // namespace studio::app
