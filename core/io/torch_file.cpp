// SPDX-License-Identifier: MIT
// Reference: https://github.com/pytorch/pytorch/blob/v2.11.0/torch/serialization.py (_load, _legacy_load).
#include "core/io/torch_file.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/unicode.h"
#include "core/io/torch_file_parts.h"
#include "core/io/zip_archive.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <optional>

namespace studio {

namespace {

constexpr std::string_view g_magicNumber = "\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";
constexpr int64_t g_protocolVersion = 1001;

using Bytes = std::span<const std::byte>;

bool startsWith(Bytes bytes, std::string_view text)
{
    return bytes.size() >= text.size() && std::memcmp(bytes.data(), text.data(), text.size()) == 0;
}

std::map<std::string, TorchTensor> readZipFormat(Bytes bytes, const std::string& file)
{
    const auto entries = readZip(bytes, file);
    constexpr std::string_view pickleName = "/data.pkl";
    std::string prefix;
    for (const auto& [name, content] : entries) {
        if (!name.ends_with(pickleName) || name.find('/') != name.size() - pickleName.size())
            continue;
        if (!prefix.empty())
            TorchReader::fail(file, "it holds two files data.pkl");
        prefix = name.substr(0, name.size() - pickleName.size() + 1);
    }
    if (prefix.empty())
        TorchReader::fail(file, "it is a ZIP archive without data.pkl");
    if (entries.contains(prefix + "constants.pkl"))
        TorchReader::fail(file, "it is a TorchScript program, not a dictionary of weights");
    if (const auto order = entries.find(prefix + "byteorder");
        order != entries.end() && !startsWith(order->second, "little"))
        TorchReader::fail(file, "its numbers are stored in big-endian order");
    TorchReader reader(file, [&](const StorageKey& key) -> Bytes {
        const auto found = entries.find(concat(prefix, "data/", key.key));
        if (found == entries.end())
            TorchReader::fail(file, concat("the storage '", elided(key.key, 40), "' is missing from it"));
        return found->second;
    });
    return reader.read(entries.at(prefix + "data.pkl"));
}

/// Magic number, version, system, the dictionary, the keys of its storages; then the storages one after
/// another.
std::map<std::string, TorchTensor> readLegacyFormat(Bytes bytes, const std::string& file)
{
    size_t at = 0;
    const auto next = [&](std::span<const std::string_view> allowed) {
        auto pickle = readPickle(bytes.subspan(at), allowed, file);
        at += pickle.bytesRead;
        return pickle;
    };
    if (const auto magic = next({});
        magic.top().kind != PickleKind::BigInteger || magic.top().text != g_magicNumber)
        TorchReader::fail(file, "it is a pickle, but not one that torch.save() wrote");
    if (const auto version = next({}); version.top().integer != g_protocolVersion)
        TorchReader::fail(file, concat("its protocol is ", version.top().integer, ", known is 1001"));
    const auto system = next({});
    if (const auto* little = system.find(system.top(), "little_endian"); little && little->integer == 0)
        TorchReader::fail(file, "its numbers are stored in big-endian order");
    const auto pickleBegin = at;
    (void)next(TorchReader::globals());
    const auto keys = next({});
    if (keys.top().kind != PickleKind::List)
        TorchReader::fail(file, "the list of its storages is missing");

    // where a storage ends depends on its element size, which only the dictionary tells
    std::map<std::string, uint64_t, std::less<>> elementSizes;
    std::map<std::string, Bytes, std::less<>> storages;
    TorchReader sizes(file, [&](const StorageKey& key) -> Bytes {
        elementSizes[std::string(key.key)] = key.elementBytes;
        return {};
    });
    sizes.collectStorages(bytes.subspan(pickleBegin));
    for (const auto index : keys.top().items) {
        const auto& key = keys[index];
        const auto size = elementSizes.find(key.text);
        if (key.kind != PickleKind::Text || size == elementSizes.end())
            TorchReader::fail(file, concat("the storage '", elided(key.text, 40), "' belongs to no tensor"));
        const auto storage = takeStorage(bytes, at, size->second, file);
        if (!storages.emplace(key.text, storage).second)
            TorchReader::fail(file, concat("the storage '", elided(key.text, 40), "' is there twice"));
    }
    TorchReader reader(file, [&](const StorageKey& key) -> Bytes {
        const auto found = storages.find(key.key);
        if (found == storages.end())
            TorchReader::fail(file, concat("the storage '", elided(key.key, 40), "' is missing from it"));
        return found->second;
    });
    return reader.read(bytes.subspan(pickleBegin));
}

std::string kindOf(Bytes bytes)
{
    if (const auto strange = strangeContent(bytes); !strange.empty())
        return strange;
    if (startsWith(bytes, "GGUF"))
        return "it is a GGUF file under another name";
    return "it is neither a ZIP archive nor a pickle of torch.save()";
}

} // namespace

Bytes takeStorage(Bytes bytes, size_t& at, uint64_t elementBytes, const std::string& file)
{
    int64_t count = 0;
    if (bytes.size() - at < sizeof count)
        TorchReader::fail(file, "it is cut off before a storage");
    std::memcpy(&count, bytes.data() + at, sizeof count);
    at += sizeof count;
    if (count < 0 || uint64_t(count) > (bytes.size() - at) / elementBytes)
        TorchReader::fail(file,
            concat("a storage claims ", count, " elements, but only ", bytes.size() - at,
                " bytes follow (the file is cut off or corrupt)"));
    const auto storage = bytes.subspan(at, uint64_t(count) * elementBytes);
    at += storage.size();
    return storage;
}

std::map<std::string, TorchTensor> readTorchFile(Bytes bytes, const std::string& file)
{
    if (startsWith(bytes, "PK\x03\x04"))
        return readZipFormat(bytes, file);
    if (startsWith(bytes, "\x80"))
        return readLegacyFormat(bytes, file);
    if (looksLikeTar(bytes))
        return readTarFormat(bytes, file);
    TorchReader::fail(file, kindOf(bytes));
}

void copyElements(const TorchTensor& tensor, std::byte* out)
{
    const auto& shape = tensor.entry.shape;
    const auto bytesEach = dtypeBytes(tensor.entry.dtype).value();
    const auto count = elementCount(shape).value();
    if (count == 0)
        return;
    const auto* const first = tensor.entry.bytes.data() + tensor.offset * bytesEach;
    int64_t expected = 1;
    bool contiguous = true;
    for (size_t i = shape.size(); i-- > 0;) {
        contiguous = contiguous && (shape[i] == 1 || tensor.strides[i] == expected);
        expected *= shape[i];
    }
    if (contiguous) {
        std::memcpy(out, first, count * bytesEach);
        return;
    }
    std::vector<int64_t> index(shape.size(), 0);
    uint64_t source = 0;
    for (uint64_t i = 0; i < count; ++i, out += bytesEach) {
        std::memcpy(out, first + source * bytesEach, bytesEach);
        for (size_t axis = shape.size(); axis-- > 0;) {
            source += uint64_t(tensor.strides[axis]);
            if (++index[axis] < shape[axis])
                break;
            source -= uint64_t(tensor.strides[axis]) * uint64_t(shape[axis]);
            index[axis] = 0;
        }
    }
}

} // namespace studio
