// SPDX-License-Identifier: MIT
// Format: https://huggingface.co/docs/safetensors (8 bytes header length, JSON header, tensor bytes without
// gaps).
#include "core/io/safetensors.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/io/safetensors_header.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <string_view>

#include <ATen/ops/empty.h>

namespace studio {

namespace {

static_assert(std::endian::native == std::endian::little, "safetensors holds little-endian numbers");

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

std::string shardName(size_t number, size_t count)
{
    const auto digits = [](size_t value) {
        const auto text = numberText(value);
        return std::string(text.size() < 5 ? 5 - text.size() : 0, '0') + text;
    };
    return count == 1 ? std::string("model.safetensors")
                      : concat("model-", digits(number), "-of-", digits(count), ".safetensors");
}

std::string_view dtypeName(at::ScalarType type)
{
    const auto row = std::ranges::find(g_dtypes, type, &DtypeRow::type);
    if (row == g_dtypes.end())
        throw Error(
            ErrorKind::Internal, concat("No safetensors name for tensor type ", c10::toString(type), "."));
    return row->name;
}

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
    auto header = readSafetensorsHeader(m_state->file.bytes(), m_state->name);
    m_state->entries = std::move(header.entries);
    m_state->metadata = std::move(header.metadata);
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
    auto result = at::empty(entry.shape, at::TensorOptions(tensorType(entry.dtype)));
    if (!entry.bytes.empty())
        std::memcpy(result.data_ptr(), entry.bytes.data(), entry.bytes.size());
    return result;
}

at::ScalarType tensorType(std::string_view dtype)
{
    const auto row = std::ranges::find(g_dtypes, dtype, &DtypeRow::name);
    if (row == g_dtypes.end())
        throw Error(ErrorKind::Internal, concat("No tensor type for the dtype ", dtype, "."));
    return row->type;
}

void writeSafetensors(const std::filesystem::path& file, const NamedTensors& tensors,
    const std::map<std::string, std::string>& metadata)
{
    Json header;
    header["__metadata__"] = metadata;
    header["__metadata__"]["format"] = "pt";
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
    writeFileAtomically(
        file,
        [&](const FileSink& sink) {
            sink({reinterpret_cast<const char*>(&length), sizeof length});
            sink(text);
            for (const auto& [name, tensor] : tensors)
                sink({static_cast<const char*>(tensor.data_ptr()), tensor.nbytes()});
        },
        sizeof length + length + offset);
}

void writeModelSafetensors(const std::filesystem::path& folder, const NamedTensors& tensors,
    uint64_t maxBytes, const std::map<std::string, std::string>& metadata)
{
    std::vector<NamedTensors> shards;
    NamedTensors current;
    uint64_t currentBytes = 0, totalBytes = 0, totalCount = 0;
    for (const auto& entry : tensors) {
        const uint64_t bytes = entry.second.nbytes();
        totalBytes += bytes;
        totalCount += uint64_t(entry.second.numel());
        if (bytes > maxBytes) {
            shards.push_back({entry});
            continue;
        }
        if (currentBytes + bytes > maxBytes) {
            shards.push_back(std::move(current));
            current.clear();
            currentBytes = 0;
        }
        current.push_back(entry);
        currentBytes += bytes;
    }
    if (!current.empty() || shards.empty())
        shards.push_back(std::move(current));
    std::map<std::string, std::string> places;
    for (size_t i = 0; i < shards.size(); ++i) {
        const auto name = shardName(i + 1, shards.size());
        writeSafetensors(folder / name, shards[i], metadata);
        for (const auto& [tensor, values] : shards[i])
            places[tensor] = name;
    }
    if (shards.size() == 1)
        return;
    const Json index{
        {"metadata", {{"total_parameters", totalCount}, {"total_size", totalBytes}}}, {"weight_map", places}};
    writeFileAtomically(folder / "model.safetensors.index.json", index.dump(2) + "\n");
}

} // namespace studio
