// SPDX-License-Identifier: MIT
// Reference: https://github.com/pytorch/pytorch/blob/v2.11.0/torch/serialization.py (legacy_load): the format
// of the first versions, a tar of three files: storages, tensors, and the pickle that refers to them by
// number.
#include "core/base/concat.h"
#include "core/base/unicode.h"
#include "core/io/torch_file_parts.h"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace studio {

namespace {

constexpr size_t g_block = 512;

using Bytes = std::span<const std::byte>;

std::string_view text(Bytes bytes, size_t offset, size_t size)
{
    const std::string_view field(reinterpret_cast<const char*>(bytes.data()) + offset, size);
    return field.substr(0, field.find('\0'));
}

std::map<std::string, Bytes, std::less<>> readTar(Bytes bytes, const std::string& file)
{
    std::map<std::string, Bytes, std::less<>> entries;
    size_t at = 0;
    while (at + g_block <= bytes.size() && bytes[at] != std::byte(0)) {
        const auto header = bytes.subspan(at, g_block);
        auto digits = text(header, 124, 12);
        digits = digits.substr(0, digits.find(' '));
        uint64_t size = 0;
        if (std::from_chars(digits.data(), digits.data() + digits.size(), size, 8).ptr
            != digits.data() + digits.size())
            TorchReader::fail(file, "its tar directory is corrupt");
        at += g_block;
        if (size > bytes.size() - at)
            TorchReader::fail(file, "it is cut off");
        auto name = text(header, 0, 100);
        if (name.starts_with("./"))
            name.remove_prefix(2);
        entries.emplace(name, bytes.subspan(at, size));
        at += std::min<uint64_t>((size + g_block - 1) / g_block * g_block, bytes.size() - at);
    }
    return entries;
}

/// Several pickles with raw numbers between them.
class Sequence {
public:
    Sequence(Bytes bytes, const std::string& file)
        : m_bytes(bytes)
        , m_file(file)
    {
    }
    Pickle next()
    {
        auto pickle = readPickle(m_bytes.subspan(m_at), globals(), m_file);
        m_at += pickle.bytesRead;
        return pickle;
    }
    int64_t count()
    {
        const auto pickle = next();
        if (pickle.top().kind != PickleKind::Integer || pickle.top().integer < 0)
            TorchReader::fail(m_file, "a count is not a whole number");
        return pickle.top().integer;
    }
    Bytes storage(uint64_t elementBytes) { return takeStorage(m_bytes, m_at, elementBytes, m_file); }
    template <typename Number>
    Number number()
    {
        Number value = 0;
        if (m_bytes.size() - m_at < sizeof value)
            TorchReader::fail(m_file, "it is cut off within a tensor");
        std::memcpy(&value, m_bytes.data() + m_at, sizeof value);
        m_at += sizeof value;
        return value;
    }

private:
    static std::span<const std::string_view> globals()
    {
        static const auto names = [] {
            const auto base = TorchReader::globals();
            std::vector<std::string_view> list(base.begin(), base.end());
            for (const auto* type : {"torch.FloatTensor", "torch.DoubleTensor", "torch.HalfTensor",
                     "torch.LongTensor", "torch.IntTensor", "torch.ShortTensor", "torch.CharTensor",
                     "torch.ByteTensor", "torch.cuda.FloatTensor", "torch.cuda.DoubleTensor",
                     "torch.cuda.HalfTensor", "torch.cuda.LongTensor", "torch.cuda.IntTensor",
                     "torch.cuda.ShortTensor", "torch.cuda.CharTensor", "torch.cuda.ByteTensor"})
                list.emplace_back(type);
            return list;
        }();
        return names;
    }

    Bytes m_bytes;
    const std::string& m_file;
    size_t m_at = 0;
};

struct Storage {
    std::string dtype;
    Bytes bytes;
};

/// A key is a number or its digits.
std::string keyText(const PickleValue& value)
{
    return value.kind == PickleKind::Integer ? numberText(value.integer) : std::string(value.text);
}

const PickleValue& part(const Pickle& pickle, const PickleValue& tuple, size_t index, const std::string& file)
{
    if (tuple.kind != PickleKind::Tuple || index >= tuple.items.size())
        TorchReader::fail(file, "a storage or tensor is described in an unknown way");
    return pickle[tuple.items[index]];
}

std::map<std::string, Storage, std::less<>> readStorages(Bytes bytes, const std::string& file)
{
    Sequence sequence(bytes, file);
    std::map<std::string, Storage, std::less<>> storages;
    for (auto left = sequence.count(); left > 0; --left) {
        const auto pickle = sequence.next();
        const auto dtype = torchDtype(part(pickle, pickle.top(), 2, file).text);
        if (!dtype || dtype->empty())
            TorchReader::fail(file, "a storage has no type of numbers");
        storages[keyText(part(pickle, pickle.top(), 0, file))]
            = {std::string(*dtype), sequence.storage(dtypeBytes(*dtype).value())};
    }
    const auto views = sequence.next(); // [(key, key of the whole, offset, count), …]
    for (const auto index : views.top().items) {
        const auto& view = views[index];
        const auto whole = storages.find(keyText(part(views, view, 1, file)));
        if (whole == storages.end())
            TorchReader::fail(file, "a part of a storage belongs to none");
        const auto each = dtypeBytes(whole->second.dtype).value();
        const auto all = whole->second.bytes.size() / each;
        const auto offset = uint64_t(part(views, view, 2, file).integer);
        const auto count = uint64_t(part(views, view, 3, file).integer);
        if (offset > all || count > all - offset)
            TorchReader::fail(file, "a part of a storage lies outside of it");
        storages[keyText(part(views, view, 0, file))]
            = {whole->second.dtype, whole->second.bytes.subspan(offset * each, count * each)};
    }
    return storages;
}

} // namespace

bool looksLikeTar(Bytes bytes)
{
    return bytes.size() >= g_block && text(bytes, 257, 5) == "ustar";
}

std::map<std::string, TorchTensor> readTarFormat(Bytes bytes, const std::string& file)
{
    constexpr int32_t mostAxes = 64;
    const auto entries = readTar(bytes, file);
    for (const auto* name : {"storages", "tensors", "pickle"}) {
        if (!entries.contains(name))
            TorchReader::fail(file, concat("it is a tar without the file '", name, "'"));
    }
    const auto storages = readStorages(entries.find("storages")->second, file);
    TorchReader reader(file, [&](const StorageKey&) -> Bytes {
        TorchReader::fail(file, "a storage is described in an unknown way");
    });
    Sequence sequence(entries.find("tensors")->second, file);
    for (auto left = sequence.count(); left > 0; --left) {
        const auto pickle = sequence.next();
        const auto storage = storages.find(keyText(part(pickle, pickle.top(), 1, file)));
        if (storage == storages.end())
            TorchReader::fail(file, "a tensor belongs to no storage");
        TorchTensor tensor{.entry = {storage->second.dtype, {}, storage->second.bytes}, .strides = {}};
        const auto axes = sequence.number<int32_t>();
        (void)sequence.number<int32_t>();
        if (axes < 0 || axes > mostAxes)
            TorchReader::fail(file, concat("a tensor has ", axes, " axes"));
        for (auto* list : {&tensor.entry.shape, &tensor.strides}) {
            for (int32_t i = 0; i < axes; ++i)
                list->push_back(sequence.number<int64_t>());
        }
        const auto offset = sequence.number<int64_t>();
        const auto negative = [](int64_t number) { return number < 0; };
        if (offset < 0 || std::ranges::any_of(tensor.entry.shape, negative)
            || std::ranges::any_of(tensor.strides, negative))
            TorchReader::fail(file, "a tensor has a negative size");
        tensor.offset = uint64_t(offset);
        reader.knownTensors[keyText(part(pickle, pickle.top(), 0, file))] = std::move(tensor);
    }
    return reader.read(entries.find("pickle")->second);
}

} // namespace studio
