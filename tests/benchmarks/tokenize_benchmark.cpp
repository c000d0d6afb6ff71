// SPDX-License-Identifier: MIT
// tokenize_benchmark TOKENIZER_FOLDER TEXT_FILE: lines and tokens a second of one thread, by its processor
// time. tests/benchmarks/tokenize_reference.py does the same with the tokenizers library.
#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/text/tokenizer.h"

#include <ctime>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

namespace {

double processorSeconds()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

template <typename Encode>
void measure(const char* name, const std::vector<std::string>& lines, Encode encode)
{
    for (int repeat = 0; repeat < 5; ++repeat) {
        size_t tokens = 0;
        const double start = processorSeconds();
        for (const auto& line : lines)
            tokens += encode(line);
        const double seconds = processorSeconds() - start;
        std::cout << studio::concat(name, "\t",
            static_cast<int64_t>(static_cast<double>(lines.size()) / seconds), " lines/s\t",
            static_cast<int64_t>(static_cast<double>(tokens) / seconds), " tokens/s\n");
    }
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 3) {
        std::cerr << "usage: tokenize_benchmark TOKENIZER_FOLDER TEXT_FILE\n";
        return 2;
    }
    try {
        const auto tokenizer = studio::Tokenizer::load(argv[1]);
        std::vector<std::string> lines;
        std::istringstream text(studio::readFile(argv[2]));
        for (std::string line; std::getline(text, line);)
            lines.push_back(line);
        measure("ids", lines,
            [&](const std::string& line) { return tokenizer->encodeIds(line, nullptr).ids.size(); });
        measure(
            "offsets", lines, [&](const std::string& line) { return tokenizer->encode(line).ids.size(); });
    } catch (const studio::Error& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
    return 0;
}
