// SPDX-License-Identifier: MIT
// tokenize_benchmark TOKENIZER TEXT_FILE [THREADS]: lines and tokens a second, best of five; one thread is
// measured by its processor time, several by the clock. TOKENIZER is a folder or a file.
// tests/benchmarks/tokenize_reference.py does the same with the tokenizers library;
// tests/benchmarks/large_vocabulary.py makes tokenisers whose memory is worth a look.
#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/text/tokenizer.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cstring>
#include <ctime>
#include <iostream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace {

double processorSeconds()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

double wallSeconds()
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

template <typename Encode>
void measure(const char* name, const std::vector<std::string>& lines, int threads, Encode encode)
{
    constexpr size_t share = 64; // lines that a thread takes at a time
    double best = 0;
    size_t tokens = 0;
    for (int repeat = 0; repeat < 5; ++repeat) {
        std::atomic<size_t> next = 0, total = 0;
        const auto work = [&] {
            size_t count = 0;
            for (size_t start = next.fetch_add(share); start < lines.size(); start = next.fetch_add(share)) {
                for (size_t i = start; i < std::min(start + share, lines.size()); ++i)
                    count += encode(lines[i]);
            }
            total += count;
        };
        const double start = threads == 1 ? processorSeconds() : wallSeconds();
        if (threads == 1) {
            work();
        } else {
            std::vector<std::jthread> pool;
            for (int thread = 0; thread < threads; ++thread)
                pool.emplace_back(work);
        }
        const double seconds = (threads == 1 ? processorSeconds() : wallSeconds()) - start;
        best = repeat == 0 ? seconds : std::min(best, seconds);
        tokens = total;
    }
    const auto rate = [&](size_t count) { return static_cast<int64_t>(static_cast<double>(count) / best); };
    std::cout << studio::concat(
        name, "\t", rate(lines.size()), " lines/s\t", rate(tokens), " tokens/s\t", tokens, " tokens\n");
}

/// Resident memory in MiB: "VmRSS" now, "VmHWM" at its peak.
int64_t residentMemory(std::string_view kind)
{
    std::istringstream status(studio::readFile("/proc/self/status"));
    for (std::string line; std::getline(status, line);) {
        int64_t kibibytes = 0;
        if (line.starts_with(kind)) {
            const auto digits = line.find_first_of("0123456789");
            std::from_chars(line.data() + digits, line.data() + line.size(), kibibytes);
            return kibibytes / 1024;
        }
    }
    return 0;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc < 3 || argc > 4) {
        std::cerr << "usage: tokenize_benchmark TOKENIZER TEXT_FILE [THREADS]\n";
        return 2;
    }
    int threads = 1;
    if (argc == 4)
        std::from_chars(argv[3], argv[3] + std::strlen(argv[3]), threads);
    try {
        const auto memory = residentMemory("VmRSS:");
        const auto start = wallSeconds();
        const std::filesystem::path place(argv[1]);
        const auto tokenizer = std::filesystem::is_directory(place) || place.extension() == ".gguf"
            ? studio::Tokenizer::load(place)
            : studio::Tokenizer::loadFile(place);
        const auto seconds = wallSeconds() - start;
        std::cout << studio::concat(tokenizer->kind(), "\t", tokenizer->vocabularySize(), " ids\tloaded in ",
            static_cast<int64_t>(seconds * 1000), " ms\tmemory ", memory, " -> ", residentMemory("VmRSS:"),
            " MiB, ", residentMemory("VmHWM:"), " at the peak\n");
        std::vector<std::string> lines;
        std::istringstream text(studio::readFile(argv[2]));
        for (std::string line; std::getline(text, line);)
            lines.push_back(line);
        measure("ids", lines, threads,
            [&](const std::string& line) { return tokenizer->encodeIds(line, nullptr).ids.size(); });
        measure("offsets", lines, threads,
            [&](const std::string& line) { return tokenizer->encode(line).ids.size(); });
    } catch (const studio::Error& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
    return 0;
}
