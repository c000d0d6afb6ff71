// SPDX-License-Identifier: MIT
// studio.sqlite: whatever the file holds, the index opens, is built anew where it must be, and lists the runs
// that are there.
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/runs/run_index.h"
#include "tests/fuzz/scratch_folder.h"

#include <filesystem>
#include <fstream>

using namespace studio;
namespace fs = std::filesystem;

namespace {

const fs::path& workspace()
{
    static const fuzz::ScratchFolder made("fuzz_index");
    static const auto filled = [] {
        const auto folder = made.path() / "runs" / "one";
        fs::create_directories(folder);
        std::ofstream(folder / "run.json") << jsonLine({{"arguments", toJson(TrainingArguments{})}});
        return made.path();
    }();
    return filled;
}

/// A healthy index of the workspace; the fuzzed bytes are laid over it.
const std::string& healthy()
{
    static const auto bytes = [] {
        {
            RunIndex index(workspace());
            index.refresh();
        }
        return readFile(workspace() / "studio.sqlite");
    }();
    return bytes;
}

} // namespace

/// Two bytes of place, one of length, and that many bytes; again and again. A first byte of 255: the file
/// itself.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    auto bytes = healthy();
    if (size > 0 && data[0] == 255) {
        bytes.assign(reinterpret_cast<const char*>(data) + 1, size - 1);
    } else {
        for (size_t at = 0; at + 3 < size;) {
            const auto place = (size_t(data[at]) * 256 + data[at + 1]) % bytes.size();
            const auto length
                = std::min<size_t>({size_t(data[at + 2]) + 1, size - at - 3, bytes.size() - place});
            bytes.replace(place, length, reinterpret_cast<const char*>(data) + at + 3, length);
            at += 3 + length;
        }
    }
    for (const auto* suffix : {".damaged", "-wal", "-shm", ".lock"})
        fs::remove(workspace() / (std::string("studio.sqlite") + suffix));
    std::ofstream(workspace() / "studio.sqlite", std::ios::binary) << bytes;
    RunIndex index(workspace());
    index.refresh();
    (void)index.runs(); // may find a row that makes no sense and begin anew
    index.refresh();
    for (const auto& run : index.runs()) {
        if (run.folder == workspace() / "runs" / "one")
            return 0;
    }
    __builtin_trap();
}
