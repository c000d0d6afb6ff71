// SPDX-License-Identifier: MIT
// A data file: whatever it holds, it opens as a table, is mapped to a data set and described, or one sentence
// is said. The first byte chooses the ending of its name and how the format is fixed.
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/base/unicode.h"
#include "core/data/dataset.h"
#include "tests/fuzz/scratch_folder.h"

#include <array>
#include <filesystem>
#include <fstream>

using namespace studio;

namespace {

const std::filesystem::path& folder()
{
    static const fuzz::ScratchFolder made("fuzz_table");
    return made.path();
}

void requireUtf8(const std::string& text)
{
    if (repairUtf8(text) != text)
        __builtin_trap(); // what is handed on is UTF-8
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    if (size < 1)
        return 0;
    constexpr std::array endings = {"csv", "tsv", "json", "jsonl", "txt", "data"};
    constexpr std::array formats = {"auto", "csv", "tsv", "json", "jsonl", "label-text", "lines", "auto"};
    const auto file = folder() / (std::string("data.") + endings[data[0] % endings.size()]);
    std::ofstream(file, std::ios::binary)
        .write(reinterpret_cast<const char*>(data) + 1, static_cast<int64_t>(size) - 1);
    try {
        TableOptions options;
        applyFormatName(options, formats[data[0] / 8 % formats.size()]);
        const auto table = Table::open(file, options);
        if (table->rowCount() != table->info().rows)
            __builtin_trap();
        for (int64_t row = 0; row < table->rowCount(); ++row) {
            const auto cells = table->row(row);
            if (cells.size() != table->info().columns.size())
                __builtin_trap();
            for (const auto& cell : cells)
                requireUtf8(cell);
        }
        for (const auto& column : table->info().columns)
            requireUtf8(column);
        (void)jsonLine(describe(*table));
        const auto mapping = suggestMapping(*table);
        if (mapping.text.empty())
            return 0;
        const auto dataset
            = Dataset::create(table, {.mapping = mapping, .cleaning = {.html = true, .nfkc = true}});
        for (int64_t row = 0; row < dataset->size(); ++row)
            requireUtf8(dataset->text(row));
        (void)jsonLine(describe(*dataset));
    } catch (const Error&) {
    }
    return 0;
}
