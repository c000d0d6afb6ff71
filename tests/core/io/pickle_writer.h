// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fixture {

template <typename Number>
std::string raw(Number value)
{
    std::string text(sizeof value, '\0');
    std::memcpy(text.data(), &value, sizeof value);
    return text;
}

// The operations of a pickle that the tests need, as text.
inline std::string text(std::string_view value)
{
    return "X" + raw(uint32_t(value.size())) + std::string(value);
}
inline std::string integer(int32_t value)
{
    return "J" + raw(value);
}
inline std::string global(std::string_view module, std::string_view name)
{
    return "c" + std::string(module) + "\n" + std::string(name) + "\n";
}
inline std::string tuple(const std::vector<std::string>& items)
{
    std::string out = "(";
    for (const auto& item : items)
        out += item;
    return out + "t";
}
inline std::string storage(std::string_view key, int32_t count, std::string_view type = "FloatStorage")
{
    return tuple({text("storage"), global("torch", type), text(key), text("cpu"), integer(count)}) + "Q";
}
inline std::string tensor(const std::string& storage, int32_t offset, const std::vector<int32_t>& shape,
    const std::vector<int32_t>& strides)
{
    std::vector<std::string> sizes, steps;
    for (const auto size : shape)
        sizes.push_back(integer(size));
    for (const auto step : strides)
        steps.push_back(integer(step));
    return global("torch._utils", "_rebuild_tensor_v2")
        + tuple({storage, integer(offset), tuple(sizes), tuple(steps), "\x89",
            global("collections", "OrderedDict") + ")R"})
        + "R";
}
inline std::string dictionary(const std::vector<std::pair<std::string, std::string>>& items)
{
    std::string out = "\x80\x02}(";
    for (const auto& [key, value] : items)
        out += text(key) + value;
    return out + "u.";
}

/// A ZIP archive of stored entries; `method` for the wrong kind.
inline std::string zip(const std::vector<std::pair<std::string, std::string>>& entries, uint16_t method = 0)
{
    std::string out, directory;
    for (const auto& [name, content] : entries) {
        const auto at = uint32_t(out.size()), size = uint32_t(content.size());
        const auto sizes
            = raw(uint32_t(0)) + raw(size) + raw(size) + raw(uint16_t(name.size())) + raw(uint16_t(0));
        const auto head = raw(uint16_t(0)) + raw(method) + raw(uint32_t(0)); // flags, method, time
        out += raw(uint32_t(0x04034b50)) + raw(uint16_t(20)) + head + sizes + name + content;
        directory += raw(uint32_t(0x02014b50)) + raw(uint16_t(20)) + raw(uint16_t(20)) + head + sizes
            + raw(uint16_t(0)) + raw(uint16_t(0)) + raw(uint16_t(0)) + raw(uint32_t(0)) + raw(at) + name;
    }
    const auto count = uint16_t(entries.size());
    return out + directory + raw(uint32_t(0x06054b50)) + raw(uint32_t(0)) + raw(count) + raw(count)
        + raw(uint32_t(directory.size())) + raw(uint32_t(out.size())) + raw(uint16_t(0));
}

} // namespace fixture
