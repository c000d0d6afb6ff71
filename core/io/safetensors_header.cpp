// SPDX-License-Identifier: MIT
// Format: https://huggingface.co/docs/safetensors (8 bytes header length, JSON header, tensor bytes without
// gaps).
#include "core/io/safetensors_header.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/unicode.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <set>
#include <string_view>

namespace studio {

namespace {

constexpr uint64_t g_lengthBytes = 8;
constexpr uint64_t g_maxHeaderBytes = 100'000'000; // the reference library's limit
constexpr size_t g_maxDepth = 16;

/// Reads and checks one header; messages open with the file's name.
class HeaderReader {
public:
    HeaderReader(std::string file, std::span<const std::byte> bytes)
        : m_file(std::move(file))
        , m_bytes(bytes)
    {
    }

    void read(std::map<std::string, TensorEntry>& entries, std::map<std::string, std::string>& metadata)
    {
        const auto header = parse(headerText());
        struct Range {
            uint64_t begin, end;
            std::string name;
        };
        std::vector<Range> ranges;
        for (const auto& [name, value] : header.items()) {
            if (name == "__metadata__") {
                readMetadata(value, metadata);
                continue;
            }
            const auto [begin, end] = readEntry(name, value, entries[name]);
            ranges.push_back({begin, end, name});
        }
        std::ranges::sort(ranges, {}, [](const Range& range) { return std::pair(range.begin, range.end); });
        uint64_t expected = 0;
        const Range* previous = nullptr;
        for (const auto& range : ranges) {
            if (range.begin < expected)
                fail(concat("tensors '", previous->name, "' and '", range.name,
                    "' overlap (the second begins at byte ", range.begin, ", the first ends at ", expected,
                    ")"));
            if (range.begin > expected)
                fail(concat("bytes ", expected, " to ", range.begin, " before tensor '", range.name,
                    "' belong to no tensor"));
            expected = range.end;
            previous = &range;
        }
        if (expected != m_data.size())
            fail(concat(m_data.size() - expected, " bytes after the last tensor belong to no tensor"));
    }

private:
    static std::string shown(const nlohmann::json& value)
    {
        return elided(value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace), 60);
    }

    [[noreturn]] void fail(const std::string& what) const
    {
        throw Error(ErrorKind::Checkpoint,
            concat(m_file, " is not a usable safetensors file: ", what, ". Copy or download it again."));
    }

    std::string_view headerText()
    {
        if (const auto strange = strangeContent(m_bytes); !strange.empty())
            fail(strange);
        if (m_bytes.size() < g_lengthBytes)
            fail(concat("it has ", m_bytes.size(), " bytes, fewer than the 8 of the header length"));
        uint64_t length = 0;
        std::memcpy(&length, m_bytes.data(), g_lengthBytes);
        if (length > g_maxHeaderBytes)
            fail(concat("its header claims ", length, " bytes, the format allows ", g_maxHeaderBytes));
        if (length > m_bytes.size() - g_lengthBytes)
            fail(concat("its header claims ", length, " bytes, but only ", m_bytes.size() - g_lengthBytes,
                " follow (the file is cut off or corrupt)"));
        m_data = m_bytes.subspan(g_lengthBytes + length);
        return {reinterpret_cast<const char*>(m_bytes.data()) + g_lengthBytes, length};
    }

    nlohmann::json parse(std::string_view text) const
    {
        std::set<std::string> names;
        std::string duplicate;
        const auto watchNames = [&](int depth, nlohmann::json::parse_event_t event, nlohmann::json& value) {
            if (depth == 1 && event == nlohmann::json::parse_event_t::key
                && !names.insert(value.get<std::string>()).second)
                duplicate = value.get<std::string>();
            return true;
        };
        nlohmann::json header;
        if (jsonDepth(text) > g_maxDepth)
            fail(concat("its header is nested more than ", g_maxDepth, " deep"));
        try {
            header = nlohmann::json::parse(text, watchNames);
        } catch (const nlohmann::json::exception& error) {
            fail(concat("its header is not valid JSON (", error.what(), ")"));
        }
        if (!header.is_object())
            fail("its header is not a JSON object");
        if (!duplicate.empty())
            fail(concat("tensor '", duplicate, "' is listed twice"));
        return header;
    }

    void readMetadata(const nlohmann::json& value, std::map<std::string, std::string>& metadata) const
    {
        if (!value.is_object())
            fail("\"__metadata__\" is not an object");
        for (const auto& [key, text] : value.items()) {
            if (!text.is_string())
                fail(concat("metadata '", key, "' is not a string"));
            metadata[key] = text.get<std::string>();
        }
    }

    uint64_t unsignedNumber(const nlohmann::json& value, const std::string& name, std::string_view what) const
    {
        if (!value.is_number_unsigned())
            fail(concat(
                "tensor '", name, "' has ", what, " ", shown(value), ", expected whole numbers from 0"));
        return value.get<uint64_t>();
    }

    std::pair<uint64_t, uint64_t> readEntry(
        const std::string& name, const nlohmann::json& value, TensorEntry& entry) const
    {
        for (const auto* key : {"dtype", "shape", "data_offsets"}) {
            if (!value.is_object() || !value.contains(key))
                fail(concat("tensor '", name, "' has no \"", key, "\""));
        }
        const auto size
            = value["dtype"].is_string() ? dtypeBytes(value["dtype"].get<std::string>()) : std::nullopt;
        if (!size)
            fail(concat("tensor '", name, "' has the unknown dtype ", shown(value["dtype"]),
                "; known are F64, F32, F16, BF16, F8_E4M3, F8_E5M2, I64, I32, I16, I8, U64, U32, U16, U8 and "
                "BOOL"));
        entry.dtype = value["dtype"].get<std::string>();
        if (!value["shape"].is_array())
            fail(concat("tensor '", name, "' has the shape ", shown(value["shape"]), ", expected a list"));
        bool possible = true;
        for (const auto& length : value["shape"]) {
            const auto number = unsignedNumber(length, name, "a shape with");
            possible = possible && number <= uint64_t(std::numeric_limits<int64_t>::max());
            entry.shape.push_back(static_cast<int64_t>(number));
        }
        const auto count = possible ? elementCount(entry.shape, *size) : std::nullopt;
        if (!count)
            fail(concat("tensor '", name, "' has the impossible shape ", shown(value["shape"])));
        const auto bytes = *count * *size;
        const auto& offsets = value["data_offsets"];
        if (!offsets.is_array() || offsets.size() != 2)
            fail(concat("tensor '", name, "' has data_offsets ", shown(offsets), ", expected two numbers"));
        const auto begin = unsignedNumber(offsets[0], name, "data_offsets with");
        const auto end = unsignedNumber(offsets[1], name, "data_offsets with");
        if (begin > end)
            fail(concat("tensor '", name, "' ends at byte ", end, " before it begins at ", begin));
        if (end > m_data.size())
            fail(concat("tensor '", name, "' ends at byte ", end, " of the data, but only ", m_data.size(),
                " are there (the file is cut off)"));
        if (end - begin != bytes)
            fail(concat("tensor '", name, "' (", entry.dtype, " ", shown(value["shape"]), ") needs ", bytes,
                " bytes, but its data_offsets span ", end - begin));
        entry.bytes = m_data.subspan(begin, end - begin);
        return {begin, end};
    }

    std::string m_file;
    std::span<const std::byte> m_bytes, m_data;
};

} // namespace

SafetensorsHeader readSafetensorsHeader(std::span<const std::byte> bytes, const std::string& file)
{
    SafetensorsHeader header;
    HeaderReader(file, bytes).read(header.entries, header.metadata);
    return header;
}

} // namespace studio
