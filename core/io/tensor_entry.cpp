// SPDX-License-Identifier: MIT
#include "core/io/tensor_entry.h"

#include <algorithm>
#include <array>
#include <limits>

namespace studio {

std::optional<uint64_t> dtypeBytes(std::string_view dtype)
{
    struct Row {
        std::string_view name;
        uint64_t bytes;
    };
    static constexpr std::array rows{Row{"F32", 4}, Row{"F16", 2}, Row{"BF16", 2}, Row{"F64", 8},
        Row{"I64", 8}, Row{"I32", 4}, Row{"I16", 2}, Row{"I8", 1}, Row{"U8", 1}, Row{"BOOL", 1},
        Row{"U16", 2}, Row{"U32", 4}, Row{"U64", 8}, Row{"F8_E4M3", 1}, Row{"F8_E5M2", 1}};
    const auto* const row = std::ranges::find(rows, dtype, &Row::name);
    return row == rows.end() ? std::nullopt : std::optional(row->bytes);
}

std::optional<uint64_t> elementCount(std::span<const int64_t> shape, uint64_t bytesEach)
{
    constexpr auto most = uint64_t(std::numeric_limits<int64_t>::max());
    uint64_t count = 1;
    for (const auto size : shape) {
        if (size < 0 || (size > 0 && count > most / bytesEach / uint64_t(size)))
            return std::nullopt;
        count *= uint64_t(size);
    }
    return count;
}

std::string strangeContent(std::span<const std::byte> bytes)
{
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (text.empty())
        return "it is empty";
    if (text.starts_with("version https://git-lfs"))
        return "it is a Git LFS pointer, the weights themselves were not downloaded (git lfs pull)";
    if (text.starts_with("<!DOCTYPE") || text.starts_with("<!doctype") || text.starts_with("<html"))
        return "it is a web page, the download went wrong";
    return {};
}

} // namespace studio
