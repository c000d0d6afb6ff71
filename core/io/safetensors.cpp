// SPDX-License-Identifier: MIT
// Format: https://huggingface.co/docs/safetensors (8 bytes header length, JSON header, tensor bytes without
// gaps).
#include "core/io/safetensors.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>
#include <optional>
#include <set>
#include <string_view>

#include <ATen/ops/empty.h>

namespace studio {

namespace {

static_assert(std::endian::native == std::endian::little, "safetensors holds little-endian numbers");

constexpr uint64_t g_lengthBytes = 8;
constexpr uint64_t g_maxHeaderBytes = 100'000'000; // the reference library's limit

struct DtypeRow {
    std::string_view name;
    at::ScalarType type;
};
constexpr std::array g_dtypes{
    DtypeRow{"F32", at::kFloat},
    DtypeRow{"F16", at::kHalf},
    DtypeRow{"BF16", at::kBFloat16},
    DtypeRow{"F64", at::kDouble},
    DtypeRow{"I64", at::kLong},
    DtypeRow{"I32", at::kInt},
    DtypeRow{"I16", at::kShort},
    DtypeRow{"I8", at::kChar},
    DtypeRow{"U8", at::kByte},
    DtypeRow{"BOOL", at::kBool},
    DtypeRow{"U16", at::kUInt16},
    DtypeRow{"U32", at::kUInt32},
    DtypeRow{"U64", at::kUInt64},
    DtypeRow{"F8_E4M3", at::kFloat8_e4m3fn},
    DtypeRow{"F8_E5M2", at::kFloat8_e5m2},
};

std::optional<at::ScalarType> typeOf(std::string_view name)
{
    const auto row = std::ranges::find(g_dtypes, name, &DtypeRow::name);
    return row == g_dtypes.end() ? std::nullopt : std::optional(row->type);
}

std::string_view dtypeName(at::ScalarType type)
{
    const auto row = std::ranges::find(g_dtypes, type, &DtypeRow::type);
    if (row == g_dtypes.end())
        throw Error(
            ErrorKind::Internal, concat("No safetensors name for tensor type ", c10::toString(type), "."));
    return row->name;
}

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
    [[noreturn]] void fail(const std::string& what) const
    {
        throw Error(ErrorKind::Checkpoint,
            concat(m_file, " is not a usable safetensors file: ", what, ". Copy or download it again."));
    }

    std::string_view headerText()
    {
        if (m_bytes.empty())
            fail("it is empty");
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
                "tensor '", name, "' has ", what, " ", value.dump(), ", expected whole numbers from 0"));
        return value.get<uint64_t>();
    }

    std::pair<uint64_t, uint64_t> readEntry(
        const std::string& name, const nlohmann::json& value, TensorEntry& entry) const
    {
        for (const auto* key : {"dtype", "shape", "data_offsets"}) {
            if (!value.is_object() || !value.contains(key))
                fail(concat("tensor '", name, "' has no \"", key, "\""));
        }
        if (!value["dtype"].is_string() || !typeOf(value["dtype"].get<std::string>()))
            fail(concat("tensor '", name, "' has the unknown dtype ", value["dtype"].dump()));
        entry.dtype = value["dtype"].get<std::string>();
        if (!value["shape"].is_array())
            fail(concat("tensor '", name, "' has the shape ", value["shape"].dump(), ", expected a list"));
        uint64_t bytes = c10::elementSize(*typeOf(entry.dtype));
        for (const auto& size : value["shape"]) {
            const auto number = unsignedNumber(size, name, "a shape with");
            if (number > uint64_t(std::numeric_limits<int64_t>::max())
                || (number != 0 && bytes > std::numeric_limits<uint64_t>::max() / number))
                fail(concat("tensor '", name, "' has the impossible shape ", value["shape"].dump()));
            bytes *= number;
            entry.shape.push_back(static_cast<int64_t>(number));
        }
        const auto& offsets = value["data_offsets"];
        if (!offsets.is_array() || offsets.size() != 2)
            fail(concat("tensor '", name, "' has data_offsets ", offsets.dump(), ", expected two numbers"));
        const auto begin = unsignedNumber(offsets[0], name, "data_offsets with");
        const auto end = unsignedNumber(offsets[1], name, "data_offsets with");
        if (begin > end)
            fail(concat("tensor '", name, "' ends at byte ", end, " before it begins at ", begin));
        if (end > m_data.size())
            fail(concat("tensor '", name, "' ends at byte ", end, " of the data, but only ", m_data.size(),
                " are there (the file is cut off)"));
        if (end - begin != bytes)
            fail(concat("tensor '", name, "' (", entry.dtype, " ", value["shape"].dump(), ") needs ", bytes,
                " bytes, but its data_offsets span ", end - begin));
        entry.bytes = m_data.subspan(begin, end - begin);
        return {begin, end};
    }

    std::string m_file;
    std::span<const std::byte> m_bytes, m_data;
};

} // namespace

struct SafetensorsFile::State {
    MappedFile file;
    std::string name;
    std::map<std::string, TensorEntry> entries;
    std::map<std::string, std::string> metadata;
};

SafetensorsFile::SafetensorsFile(const std::filesystem::path& file)
    : m_state(std::make_unique<State>(State{MappedFile(file), pathText(file), {}, {}}))
{
    HeaderReader(m_state->name, m_state->file.bytes()).read(m_state->entries, m_state->metadata);
}

SafetensorsFile::~SafetensorsFile() = default;
SafetensorsFile::SafetensorsFile(SafetensorsFile&&) noexcept = default;

const std::map<std::string, TensorEntry>& SafetensorsFile::entries() const
{
    return m_state->entries;
}

const std::map<std::string, std::string>& SafetensorsFile::metadata() const
{
    return m_state->metadata;
}

at::Tensor SafetensorsFile::tensor(const std::string& name) const
{
    const auto found = m_state->entries.find(name);
    if (found == m_state->entries.end())
        throw Error(ErrorKind::Checkpoint, concat(m_state->name, " holds no tensor '", name, "'."));
    const auto& entry = found->second;
    auto result = at::empty(entry.shape, at::TensorOptions(*typeOf(entry.dtype)));
    if (!entry.bytes.empty())
        std::memcpy(result.data_ptr(), entry.bytes.data(), entry.bytes.size());
    return result;
}

void writeSafetensors(
    const std::filesystem::path& file, const std::vector<std::pair<std::string, at::Tensor>>& tensors)
{
    Json header;
    header["__metadata__"] = {{"format", "pt"}};
    uint64_t offset = 0;
    for (const auto& [name, tensor] : tensors) {
        if (!tensor.is_contiguous() || !tensor.is_cpu())
            throw Error(ErrorKind::Internal, concat("Tensor '", name, "' is not contiguous in host memory."));
        if (header.contains(name))
            throw Error(ErrorKind::Internal, concat("Tensor '", name, "' would be written twice."));
        const uint64_t end = offset + tensor.nbytes();
        header[name] = {{"dtype", dtypeName(tensor.scalar_type())}, {"shape", tensor.sizes().vec()},
            {"data_offsets", {offset, end}}};
        offset = end;
    }
    auto text = header.dump();
    text.resize((text.size() + 7) / 8 * 8, ' '); // keeps the tensors aligned in the mapped file
    const uint64_t length = text.size();
    writeFileAtomically(file, [&](const FileSink& sink) {
        sink({reinterpret_cast<const char*>(&length), sizeof length});
        sink(text);
        for (const auto& [name, tensor] : tensors)
            sink({static_cast<const char*>(tensor.data_ptr()), tensor.nbytes()});
    });
}

} // namespace studio
