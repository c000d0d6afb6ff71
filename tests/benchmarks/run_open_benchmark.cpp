// SPDX-License-Identifier: MIT
// run_open_benchmark [LINES [FOLDER]]: how long a run with LINES metric lines (default 10,000,000; 2 GB below
// FOLDER, default the temporary folder) takes to be listed, drawn and followed.
#include "core/base/concat.h"
#include "core/base/file.h"
#include "core/runs/metric_log.h"
#include "core/runs/run_folder.h"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>

using namespace studio;
namespace fs = std::filesystem;

namespace {

void writeLines(const fs::path& folder, int64_t lines)
{
    const Json run = {{"arguments", toJson(TrainingArguments{})}, {"recorded", Json::object()}};
    writeFileAtomically(folder / "run.json", jsonLine(run));
    LineLog log(folder / "metrics.jsonl", 0);
    log.append(jsonLine(toJson(TrainEvent(StartEvent{.totalSteps = lines}))));
    std::string block;
    for (int64_t step = 1; step <= lines; ++step) {
        const auto x = static_cast<double>(step);
        block += concat(R"({"event":"step","time":)", x * 0.031, R"(,"step":)", step, R"(,"epoch":)",
            x / 21'000, R"(,"loss":)", 0.3 + std::exp(-x / 2e6) + 0.05 * std::sin(x * 12.9898),
            R"(,"learning_rate":)", 5e-5 * (1 - x / 2e7), R"(,"grad_norm":)", 1 + 0.5 * std::sin(x),
            R"(,"samples_per_second":166.123456789,"tokens_per_second":4123.123456789,"memory_bytes":808123456})");
        if (step % 20'000 == 0)
            block += '\n' + jsonLine(toJson(TrainEvent(WarningEvent{.message = "twenty thousand more"})));
        if (block.size() < 1 << 20 && step < lines)
            block += '\n';
        else {
            log.append(block);
            block.clear();
        }
    }
}

template <typename Work>
void measure(const char* what, const Work& work)
{
    const auto begin = std::chrono::steady_clock::now();
    const auto count = work();
    const auto time = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    std::printf("%-52s %6.2f s (%zu)\n", what, time, static_cast<size_t>(count));
    std::fflush(stdout);
}

void dropFromMemory(const fs::path& file)
{
    const int descriptor = ::open(file.c_str(), O_RDONLY);
    ::fdatasync(descriptor);
    ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED);
    ::close(descriptor);
}

} // namespace

int main(int argc, char** argv)
{
    const int64_t lines = argc > 1 ? std::atoll(argv[1]) : 10'000'000;
    auto name = (fs::path(argc > 2 ? argv[2] : "/tmp") / "run_open_benchmark-XXXXXX").string();
    if (!::mkdtemp(name.data()))
        return 1;
    const fs::path folder(name);
    writeLines(folder, lines);
    const auto file = folder / "metrics.jsonl";
    std::printf("%lld lines, %.2f GB\n", static_cast<long long>(lines),
        static_cast<double>(fs::file_size(file)) / 1e9);
    const auto curves = [&] { return readRunCurves(folder).size(); };
    const auto summary = [&] { return readRunSummary(folder).step; };
    measure("its curves, file in memory", curves);
    measure("its curves, again", curves);
    measure("its line in the list of runs", summary);
    measure("both, as the Runs page opens it", [&] {
        const auto events = readRunCurves(folder);
        return readRunSummary(folder, events).step;
    });
    dropFromMemory(file);
    measure("its curves, file not in memory", curves);
    {
        LineLog log(file, UINT64_MAX);
        log.append(jsonLine(toJson(TrainEvent(EndEvent{.outcome = "completed", .step = lines}))));
    }
    measure("after an append",
        [&] { return static_cast<int>(readRunSummary(folder).state == RunState::Completed); });
    fs::remove_all(folder);
    return 0;
}
