// SPDX-License-Identifier: MIT
#pragma once

#include "core/io/pickle.h"
#include "core/io/torch_file.h"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace studio {

/// How a pickle names a storage.
struct StorageKey {
    std::string_view key;
    uint64_t elementBytes = 1;
};

/// Turns the recorded calls of a state dictionary's pickle into tensors.
class TorchReader {
public:
    using FindStorage = std::function<std::span<const std::byte>(const StorageKey& key)>;
    TorchReader(const std::string& file, FindStorage findStorage)
        : m_file(file)
        , m_findStorage(std::move(findStorage))
    {
    }

    /// What a state dictionary may ask for.
    [[nodiscard]] static std::span<const std::string_view> globals();
    [[noreturn]] static void fail(const std::string& file, const std::string& what);

    /// The tensors of the dictionary; storages are asked for as they are met.
    [[nodiscard]] std::map<std::string, TorchTensor> read(std::span<const std::byte> pickle);
    /// Asks for every storage that the pickle names.
    void collectStorages(std::span<const std::byte> pickle);
    /// Tensors that persistent ids other than storages mean (the tar format).
    std::map<std::string, TorchTensor, std::less<>> knownTensors = {};

private:
    struct Storage {
        std::string_view dtype; ///< empty: bytes
        std::span<const std::byte> bytes;
    };
    [[noreturn]] void fail(const std::string& what) const { fail(m_file, what); }
    [[nodiscard]] std::optional<TorchTensor> tensor(const PickleValue& value) const;
    [[nodiscard]] Storage storage(const PickleValue& persistentId) const;
    [[nodiscard]] std::vector<int64_t> sizes(const PickleValue& tuple, std::string_view what) const;
    [[nodiscard]] int64_t wholeNumber(const PickleValue& value, std::string_view what) const;
    void requireInside(const TorchTensor& tensor, const std::string& name) const;

    const std::string& m_file;
    FindStorage m_findStorage;
    Pickle m_pickle;
};

/// Safetensors' name of the element type of "torch.FloatStorage", "torch.float32", …; empty: untyped bytes;
/// nullopt: not a type of numbers.
[[nodiscard]] std::optional<std::string_view> torchDtype(std::string_view global);

/// A storage as the formats before ZIP write it: its element count, then the numbers. Moves `at` behind it.
[[nodiscard]] std::span<const std::byte> takeStorage(
    std::span<const std::byte> bytes, size_t& at, uint64_t elementBytes, const std::string& file);

[[nodiscard]] bool looksLikeTar(std::span<const std::byte> bytes);
[[nodiscard]] std::map<std::string, TorchTensor> readTarFormat(
    std::span<const std::byte> bytes, const std::string& file);

} // namespace studio
