// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace studio {

enum class PickleKind {
    None,
    Boolean, ///< integer
    Integer, ///< integer
    BigInteger, ///< text: little-endian two's complement bytes
    Float, ///< number
    Text, ///< text
    Bytes, ///< text
    Tuple, ///< items
    List, ///< items; sets too
    Dictionary, ///< items: key, value, key, value, …
    Global, ///< text: "module.name"
    PersistentId, ///< items: the id
    Object, ///< items: what was called, its arguments
};

/// One value; `items` are indices into Pickle::values.
struct PickleValue {
    PickleKind kind = PickleKind::None;
    int64_t integer = 0;
    double number = 0;
    std::string_view text = {};
    std::vector<uint32_t> items = {};
};

/// What one pickle holds. Nothing was imported or called: a call is the value Object. Texts point into the
/// bytes that were read, or into `texts`.
struct Pickle {
    std::vector<PickleValue> values;
    std::deque<std::string> texts;
    uint32_t root = 0;
    size_t bytesRead = 0;

    [[nodiscard]] const PickleValue& operator[](uint32_t index) const { return values[index]; }
    [[nodiscard]] const PickleValue& top() const { return values[root]; }
    /// The value of a text key, the last one where it stands twice; null when there is none.
    [[nodiscard]] const PickleValue* find(const PickleValue& dictionary, std::string_view key) const;
};

/// Reads the pickle at the beginning of `bytes` (protocols 0 to 5). Globals other than `allowed`
/// ("module.name") are refused by name, and so are whatever else would run code, containers that hold
/// themselves, more than 4,000,000 values and nesting deeper than 100. Memory stays in proportion to the
/// bytes read. Throws Error{Checkpoint} that opens with `file`.
[[nodiscard]] Pickle readPickle(
    std::span<const std::byte> bytes, std::span<const std::string_view> allowed, const std::string& file);

} // namespace studio
