// SPDX-License-Identifier: MIT
// A run folder: metrics.jsonl (before the first byte 0), eval_predictions.jsonl, studio.json and run.json
// (each behind a further one) hold anything. What is read of it, the index of runs lists, or one sentence is
// said.
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/log.h"
#include "core/runs/metric_log.h"
#include "core/runs/run_index.h"
#include "tests/fuzz/scratch_folder.h"

#include <array>
#include <filesystem>
#include <fstream>

using namespace studio;
namespace fs = std::filesystem;

namespace {

const fs::path& workspace()
{
    static const fuzz::ScratchFolder made("fuzz_run");
    return made.path();
}

template <typename Work>
void ignoringErrors(const Work& work)
{
    try {
        work();
    } catch (const Error&) {
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const auto folder = workspace() / "runs" / "one";
    fs::create_directories(folder);
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    static const auto usual
        = jsonLine({{"arguments", toJson(TrainingArguments{})}, {"recorded", Json::object()}});
    for (const auto* name : {"metrics.jsonl", "eval_predictions.jsonl", "studio.json", "run.json"}) {
        const auto end = rest.find('\0');
        const auto content = rest.substr(0, end);
        rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
        if (content.empty() && name != std::string_view("run.json"))
            fs::remove(folder / name);
        else
            std::ofstream(folder / name, std::ios::binary)
                << (content.empty() ? std::string_view(usual) : content);
    }
    const auto log
        = fs::exists(folder / "metrics.jsonl") ? readFile(folder / "metrics.jsonl") : std::string();
    if (outlineOf(log, 3, 1).bytes != outlineOf(log, 0, 1).bytes)
        __builtin_trap();
    ignoringErrors([&] {
        std::vector<TrainEvent> events;
        const auto offset = readRunEvents(folder, 0, events);
        if (offset != outlineOf(log, 1'000'000, 1).bytes)
            __builtin_trap();
        for (const auto& event : events)
            (void)trainEventFromJson(parseJson(jsonLine(toJson(event)), "written"));
        // What was read line by line is read as an outline too, to the same summary.
        const auto whole = readRunSummary(folder, events), outlined = readRunSummary(folder);
        if (whole.step != outlined.step || whole.bestStep != outlined.bestStep
            || whole.state != outlined.state)
            __builtin_trap();
    });
    ignoringErrors([&] { (void)readRunCurves(folder, 5); });
    ignoringErrors([&] { (void)readPredictions(folder); });
    ignoringErrors([&] { (void)readRunArguments(folder); });
    static RunIndex index(workspace());
    index.refresh();
    if (index.runs().size() > 1)
        __builtin_trap();
    return 0;
}
