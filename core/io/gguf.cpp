// SPDX-License-Identifier: MIT
// Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
#include "core/io/gguf.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/unicode.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

namespace studio {

namespace {

constexpr uint32_t g_texts = 8, g_array = 9;
constexpr uint32_t g_maxAxes = 4;
constexpr uint64_t g_defaultAlignment = 32;

/// ggml's names by the number that a file holds.
std::string_view typeName(uint32_t type)
{
    static constexpr std::array<std::string_view, 42> names{"F32", "F16", "Q4_0", "Q4_1", "Q4_2", "Q4_3",
        "Q5_0", "Q5_1", "Q8_0", "Q8_1", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "Q8_K", "IQ2_XXS", "IQ2_XS",
        "IQ3_XXS", "IQ1_S", "IQ4_NL", "IQ3_S", "IQ2_S", "IQ4_XS", "I8", "I16", "I32", "I64", "F64", "IQ1_M",
        "BF16", "Q4_0_4_4", "Q4_0_4_8", "Q4_0_8_8", "TQ1_0", "TQ2_0", "IQ4_NL_4_4", "IQ4_NL_4_8",
        "IQ4_NL_8_8", "MXFP4", "NVFP4", "Q1_0"};
    return type < names.size() ? names[type] : std::string_view();
}

/// Bytes of one value of metadata, 0 for texts, arrays and unknown types.
uint64_t valueBytes(uint32_t type)
{
    static constexpr std::array<uint64_t, 13> sizes{1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};
    return type < sizes.size() ? sizes[type] : 0;
}

template <typename Number>
Number load(const std::byte* from)
{
    Number value = 0;
    std::memcpy(&value, from, sizeof value);
    return value;
}

GgufValue scalar(uint32_t type, const std::byte* from)
{
    switch (type) {
    case 0:
        return uint64_t(load<uint8_t>(from));
    case 1:
        return int64_t(load<int8_t>(from));
    case 2:
        return uint64_t(load<uint16_t>(from));
    case 3:
        return int64_t(load<int16_t>(from));
    case 4:
        return uint64_t(load<uint32_t>(from));
    case 5:
        return int64_t(load<int32_t>(from));
    case 6:
        return double(load<float>(from));
    case 7:
        return load<uint8_t>(from) != 0;
    case 10:
        return load<uint64_t>(from);
    case 11:
        return load<int64_t>(from);
    default:
        return load<double>(from);
    }
}

class GgufReader {
public:
    GgufReader(std::span<const std::byte> bytes, const std::string& file)
        : m_bytes(bytes)
        , m_file(file)
    {
    }

    GgufContent read()
    {
        if (m_bytes.size() < 4 || std::memcmp(m_bytes.data(), "GGUF", 4) != 0) {
            const auto strange = strangeContent(m_bytes);
            fail(strange.empty() ? "it does not begin with GGUF" : strange);
        }
        m_at = 4;
        m_content.version = take<uint32_t>("its version");
        if ((m_content.version & 0xffff) == 0)
            fail("it is stored in big-endian order");
        if (m_content.version != 2 && m_content.version != 3)
            fail(concat("its version is ", m_content.version, ", known are 2 and 3"));
        const auto tensorCount = take<uint64_t>("its tensor count");
        const auto valueCount = take<uint64_t>("its metadata count");
        constexpr uint64_t leastTensorBytes = 24, leastValueBytes = 13;
        if (tensorCount > left() / leastTensorBytes || valueCount > left() / leastValueBytes)
            fail(concat("it claims ", tensorCount, " tensors and ", valueCount,
                " values, more than fit into it (it is cut off or corrupt)"));
        for (uint64_t i = 0; i < valueCount; ++i)
            readValue();
        std::vector<Place> places;
        for (uint64_t i = 0; i < tensorCount; ++i)
            places.push_back(readTensorInfo());
        placeTensors(places);
        return std::move(m_content);
    }

private:
    struct Place {
        std::string name;
        uint64_t offset = 0, size = 0;
    };

    [[noreturn]] void fail(const std::string& what) const
    {
        throw Error(ErrorKind::Checkpoint,
            concat(m_file, " is not a usable GGUF file: ", what, ". Copy or download it again."));
    }
    uint64_t left() const { return m_bytes.size() - m_at; }
    std::span<const std::byte> take(uint64_t count, std::string_view what)
    {
        if (count > left())
            fail(concat("it is cut off within ", what));
        const auto piece = m_bytes.subspan(m_at, count);
        m_at += count;
        return piece;
    }
    template <typename Number>
    Number take(std::string_view what)
    {
        return load<Number>(take(sizeof(Number), what).data());
    }
    std::string_view takeText(std::string_view what)
    {
        const auto size = take<uint64_t>(what);
        const auto bytes = take(size, what);
        return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }

    void readValue()
    {
        const std::string key(takeText("a metadata key"));
        const auto what = concat("the metadata '", elided(key, 60), "'");
        const auto type = take<uint32_t>(what);
        if (!m_content.metadata.emplace(key, value(type, what)).second)
            fail(concat(what, " is there twice"));
    }

    GgufValue value(uint32_t type, const std::string& what)
    {
        if (type == g_texts)
            return takeText(what);
        if (type == g_array) {
            GgufArray array;
            array.type = take<uint32_t>(what);
            array.count = take<uint64_t>(what);
            if (array.type == g_texts) {
                if (array.count > left() / sizeof(uint64_t))
                    fail(concat("it is cut off within ", what));
                array.texts.reserve(array.count);
                for (uint64_t i = 0; i < array.count; ++i)
                    array.texts.push_back(takeText(what));
                return array;
            }
            const auto each = valueBytes(array.type);
            if (each == 0)
                fail(concat(what, " is a list of the type ", array.type, ", expected texts or numbers"));
            if (array.count > left() / each)
                fail(concat("it is cut off within ", what));
            array.numbers = take(array.count * each, what);
            return array;
        }
        const auto size = valueBytes(type);
        if (size == 0)
            fail(concat(what, " has the unknown type ", type));
        return scalar(type, take(size, what).data());
    }

    Place readTensorInfo()
    {
        Place place;
        place.name = takeText("the name of a tensor");
        const auto what = concat("the description of tensor '", elided(place.name, 80), "'");
        const auto axes = take<uint32_t>(what);
        if (axes > g_maxAxes)
            fail(concat(
                "tensor '", place.name, "' has ", axes, " axes, at most ", g_maxAxes, " are possible"));
        TensorEntry entry;
        bool possible = true;
        for (uint32_t i = 0; i < axes; ++i) {
            const auto size = take<uint64_t>(what);
            possible = possible && size <= uint64_t(std::numeric_limits<int64_t>::max());
            entry.shape.insert(
                entry.shape.begin(), static_cast<int64_t>(size)); // the fastest axis comes first
        }
        const auto type = take<uint32_t>(what);
        place.offset = take<uint64_t>(what);
        entry.dtype = typeName(type);
        const auto block = ggufBlock(entry.dtype);
        if (!block)
            fail(concat("tensor '", place.name, "' has the type ",
                entry.dtype.empty() ? concat("number ", type) : entry.dtype,
                ", which cannot be dequantised; known are F32, F16, BF16, F64, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, "
                "Q2_K to "
                "Q6_K, IQ4_NL and IQ4_XS"));
        const auto count = possible ? elementCount(entry.shape, sizeof(double)) : std::nullopt;
        if (!count
            || (block->count > 1 && (entry.shape.empty() || entry.shape.back() % int64_t(block->count) != 0)))
            fail(concat("tensor '", place.name, "' (", entry.dtype, ") has an impossible shape"));
        place.size = *count / block->count * block->bytes;
        if (!m_content.tensors.emplace(place.name, std::move(entry)).second)
            fail(concat("tensor '", place.name, "' is there twice"));
        return place;
    }

    void placeTensors(std::vector<Place>& places)
    {
        const auto alignment = uint64_t(m_content.integer("general.alignment").value_or(g_defaultAlignment));
        if (alignment == 0 || (alignment & (alignment - 1)) != 0 || alignment > (uint64_t(1) << 30))
            fail(concat("general.alignment is ", alignment, ", expected a power of two"));
        const auto start = std::min<uint64_t>((m_at + alignment - 1) / alignment * alignment, m_bytes.size());
        const auto data = m_bytes.subspan(start);
        for (const auto& place : places) {
            if (place.offset % alignment != 0)
                fail(concat("tensor '", place.name, "' begins at byte ", place.offset, ", not a multiple of ",
                    alignment));
            if (place.offset > data.size() || place.size > data.size() - place.offset)
                fail(concat("tensor '", place.name, "' needs ", place.size, " bytes from byte ", place.offset,
                    ", but only ", data.size(), " are there (the file is cut off)"));
            m_content.tensors[place.name].bytes = data.subspan(place.offset, place.size);
        }
        std::ranges::sort(places, {}, &Place::offset);
        const Place* previous = nullptr;
        for (const auto& place : places) {
            if (place.size == 0)
                continue;
            if (previous != nullptr && place.offset < previous->offset + previous->size)
                fail(concat("tensors '", previous->name, "' and '", place.name, "' overlap"));
            previous = &place;
        }
    }

    std::span<const std::byte> m_bytes;
    const std::string& m_file;
    size_t m_at = 0;
    GgufContent m_content;
};

} // namespace

double GgufArray::number(uint64_t index) const
{
    const auto element = scalar(type, numbers.data() + index * valueBytes(type));
    return std::visit(
        [](const auto& value) -> double {
            if constexpr (std::is_arithmetic_v<std::decay_t<decltype(value)>>)
                return static_cast<double>(value);
            else
                return 0;
        },
        element);
}

std::optional<std::string> GgufContent::text(std::string_view key) const
{
    const auto found = metadata.find(key);
    const auto* value = found == metadata.end() ? nullptr : std::get_if<std::string_view>(&found->second);
    return value ? std::optional(isValidUtf8(*value) ? std::string(*value) : repairUtf8(*value))
                 : std::nullopt;
}

std::optional<int64_t> GgufContent::integer(std::string_view key) const
{
    const auto found = metadata.find(key);
    if (found == metadata.end())
        return std::nullopt;
    if (const auto* value = std::get_if<uint64_t>(&found->second))
        return *value <= uint64_t(std::numeric_limits<int64_t>::max()) ? std::optional(int64_t(*value))
                                                                       : std::nullopt;
    const auto* value = std::get_if<int64_t>(&found->second);
    return value ? std::optional(*value) : std::nullopt;
}

std::optional<double> GgufContent::number(std::string_view key) const
{
    const auto found = metadata.find(key);
    if (found == metadata.end())
        return std::nullopt;
    if (const auto* value = std::get_if<double>(&found->second))
        return *value;
    const auto whole = integer(key);
    return whole ? std::optional(static_cast<double>(*whole)) : std::nullopt;
}

std::optional<bool> GgufContent::boolean(std::string_view key) const
{
    const auto found = metadata.find(key);
    const auto* value = found == metadata.end() ? nullptr : std::get_if<bool>(&found->second);
    return value ? std::optional(*value) : std::nullopt;
}

const GgufArray* GgufContent::array(std::string_view key) const
{
    const auto found = metadata.find(key);
    return found == metadata.end() ? nullptr : std::get_if<GgufArray>(&found->second);
}

GgufContent readGguf(std::span<const std::byte> bytes, const std::string& file)
{
    return GgufReader(bytes, file).read();
}

} // namespace studio
