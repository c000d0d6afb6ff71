// SPDX-License-Identifier: MIT
#pragma once

#include "core/io/tensor_entry.h"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace studio {

/// An array of metadata: texts, or numbers that stay where they are until they are asked for.
struct GgufArray {
    uint32_t type = 0; ///< of the elements, as the file numbers them
    uint64_t count = 0;
    std::span<const std::byte> numbers;
    std::vector<std::string_view> texts;

    [[nodiscard]] double number(uint64_t index) const;
};
using GgufValue = std::variant<uint64_t, int64_t, double, bool, std::string_view, GgufArray>;

/// What a GGUF file says. Views point into the bytes that were read.
struct GgufContent {
    uint32_t version = 0;
    std::map<std::string, GgufValue, std::less<>> metadata;
    std::map<std::string, TensorEntry> tensors; ///< shapes in PyTorch's order; dtype "F32", "Q4_K", …

    [[nodiscard]] std::optional<std::string> text(std::string_view key) const;
    [[nodiscard]] std::optional<int64_t> integer(std::string_view key) const;
    [[nodiscard]] std::optional<double> number(std::string_view key) const;
    [[nodiscard]] std::optional<bool> boolean(std::string_view key) const;
    [[nodiscard]] const GgufArray* array(std::string_view key) const; ///< null when there is none
};

/// Reads versions 2 and 3, little-endian. Throws Error{Checkpoint} that opens with `file`: cut off, unknown
/// types, tensors that overlap, are misaligned or leave the file, a quantisation that cannot be dequantised
/// here.
[[nodiscard]] GgufContent readGguf(std::span<const std::byte> bytes, const std::string& file);

/// Numbers of a GGUF tensor's type as fp32, bit for bit what the gguf package's dequantize() gives.
void dequantize(const TensorEntry& tensor, float* out);

/// How a type packs numbers: `count` of them in `bytes`; nullopt for a type that cannot be dequantised.
struct GgufBlock {
    uint64_t count = 1, bytes = 0;
};
[[nodiscard]] std::optional<GgufBlock> ggufBlock(std::string_view dtype);

} // namespace studio
