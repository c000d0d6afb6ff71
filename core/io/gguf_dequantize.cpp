// SPDX-License-Identifier: MIT
// Reference: https://github.com/ggml-org/llama.cpp/blob/master/gguf-py/gguf/quants.py (dequantize_blocks),
// the order of its operations included: results are equal bit for bit.
#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/io/gguf.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace studio {

namespace {

using Byte = unsigned char;

constexpr size_t g_block = 32, g_superBlock = 256;

float fromHalf(uint16_t half)
{
    const uint32_t sign = uint32_t(half & 0x8000U) << 16, magnitude = half & 0x7fffU;
    if (magnitude >= 0x7c00U) // infinity, NaN
        return std::bit_cast<float>(sign | 0x7f800000U | (magnitude & 0x3ffU) << 13);
    if (magnitude < 0x400U) { // subnormal: a whole number of 2^-24
        const float value = static_cast<float>(magnitude) * 0x1p-24F;
        return std::bit_cast<float>(sign | std::bit_cast<uint32_t>(value));
    }
    return std::bit_cast<float>(sign | ((magnitude << 13) + (112U << 23)));
}

float halfAt(const Byte* bytes)
{
    uint16_t half = 0;
    std::memcpy(&half, bytes, sizeof half);
    return fromHalf(half);
}

template <typename Number>
void plain(const Byte* in, float* out)
{
    Number value = 0;
    std::memcpy(&value, in, sizeof value);
    *out = static_cast<float>(value);
}

void half(const Byte* in, float* out)
{
    *out = halfAt(in);
}

void brain(const Byte* in, float* out)
{
    *out = std::bit_cast<float>(uint32_t(in[0]) << 16 | uint32_t(in[1]) << 24);
}

void q8_0(const Byte* in, float* out)
{
    const float d = halfAt(in);
    for (size_t i = 0; i < g_block; ++i)
        out[i] = static_cast<float>(static_cast<int8_t>(in[2 + i])) * d;
}

int nibble(const Byte* quants, size_t i)
{
    return i < g_block / 2 ? quants[i] & 15 : quants[i - g_block / 2] >> 4;
}

void q4_0(const Byte* in, float* out)
{
    const float d = halfAt(in);
    for (size_t i = 0; i < g_block; ++i)
        out[i] = d * static_cast<float>(nibble(in + 2, i) - 8);
}

void q4_1(const Byte* in, float* out)
{
    const float d = halfAt(in), m = halfAt(in + 2);
    for (size_t i = 0; i < g_block; ++i)
        out[i] = d * static_cast<float>(nibble(in + 4, i)) + m;
}

/// The fifth bit of number i.
int fifth(const Byte* high, size_t i)
{
    return (high[i / 8] >> (i % 8) & 1) << 4;
}

void q5_0(const Byte* in, float* out)
{
    const float d = halfAt(in);
    for (size_t i = 0; i < g_block; ++i)
        out[i] = d * static_cast<float>((nibble(in + 6, i) | fifth(in + 2, i)) - 16);
}

void q5_1(const Byte* in, float* out)
{
    const float d = halfAt(in), m = halfAt(in + 2);
    for (size_t i = 0; i < g_block; ++i)
        out[i] = d * static_cast<float>(nibble(in + 8, i) | fifth(in + 4, i)) + m;
}

void q2_k(const Byte* in, float* out)
{
    const auto *scales = in, *quants = in + 16;
    const float d = halfAt(in + 80), dmin = halfAt(in + 82);
    for (size_t i = 0; i < g_superBlock; ++i) {
        const auto group = i / 16;
        const float scale = d * static_cast<float>(scales[group] & 15);
        const float minimum = dmin * static_cast<float>(scales[group] >> 4);
        const int q = quants[i / 128 * 32 + i % 32] >> (i % 128 / 32 * 2) & 3;
        out[i] = scale * static_cast<float>(q) - minimum;
    }
}

void q3_k(const Byte* in, float* out)
{
    const auto *high = in, *quants = in + 32, *scales = in + 96;
    const float d = halfAt(in + 108);
    for (size_t i = 0; i < g_superBlock; ++i) {
        const auto group = i / 16;
        const int low4 = group < 8 ? scales[group] & 15 : scales[group - 8] >> 4;
        const int high2 = scales[8 + group % 4] >> (group / 4 * 2) & 3;
        const float scale = d * static_cast<float>((low4 | high2 << 4) - 32);
        const int low2 = quants[i / 128 * 32 + i % 32] >> (i % 128 / 32 * 2) & 3;
        const int bit = high[i % 32] >> (i / 32) & 1;
        out[i] = scale * static_cast<float>(low2 - (bit ? 0 : 4));
    }
}

struct ScaleMinimum {
    int scale, minimum;
};
/// Of group 0 to 7, packed into 12 bytes of 6 bits each.
ScaleMinimum scaleMinimum(const Byte* packed, size_t group)
{
    if (group < 4)
        return {packed[group] & 63, packed[group + 4] & 63};
    return {(packed[group + 4] & 15) | (packed[group - 4] >> 2 & 48),
        packed[group + 4] >> 4 | (packed[group] >> 2 & 48)};
}

void q4_k(const Byte* in, float* out)
{
    const auto *scales = in + 4, *quants = in + 16;
    const float d = halfAt(in), dmin = halfAt(in + 2);
    for (size_t i = 0; i < g_superBlock; ++i) {
        const auto [scale, minimum] = scaleMinimum(scales, i / 32);
        const int q = quants[i / 64 * 32 + i % 32] >> (i % 64 / 32 * 4) & 15;
        out[i] = d * static_cast<float>(scale) * static_cast<float>(q) - dmin * static_cast<float>(minimum);
    }
}

void q5_k(const Byte* in, float* out)
{
    const auto *scales = in + 4, *high = in + 16, *quants = in + 48;
    const float d = halfAt(in), dmin = halfAt(in + 2);
    for (size_t i = 0; i < g_superBlock; ++i) {
        const auto [scale, minimum] = scaleMinimum(scales, i / 32);
        const int low = quants[i / 64 * 32 + i % 32] >> (i % 64 / 32 * 4) & 15;
        const int q = low | (high[i % 32] >> (i / 32) & 1) << 4;
        out[i] = d * static_cast<float>(scale) * static_cast<float>(q) - dmin * static_cast<float>(minimum);
    }
}

void q6_k(const Byte* in, float* out)
{
    const auto *low = in, *high = in + 128, *scales = in + 192;
    const float d = halfAt(in + 208);
    for (size_t i = 0; i < g_superBlock; ++i) {
        const float scale = d * static_cast<float>(static_cast<int8_t>(scales[i / 16]));
        const int low4 = low[i / 128 * 64 + i % 64] >> (i % 128 / 64 * 4) & 15;
        const int high2 = high[i / 128 * 32 + i % 32] >> (i % 128 / 32 * 2) & 3;
        out[i] = scale * static_cast<float>((low4 | high2 << 4) - 32);
    }
}

constexpr std::array<int8_t, 16> g_nonLinear{
    -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};

void iq4_nl(const Byte* in, float* out)
{
    const float d = halfAt(in);
    for (size_t i = 0; i < g_block; ++i)
        out[i] = d * static_cast<float>(g_nonLinear[size_t(nibble(in + 2, i))]);
}

void iq4_xs(const Byte* in, float* out)
{
    const auto *scalesLow = in + 4, *quants = in + 8;
    const float d = halfAt(in);
    const uint32_t scalesHigh = in[2] | uint32_t(in[3]) << 8;
    for (size_t group = 0; group < g_superBlock / g_block; ++group) {
        const int low = scalesLow[group / 2] >> (group % 2 * 4) & 15;
        const int high = int(scalesHigh >> (2 * group) & 3);
        const float scale = d * static_cast<float>((low | high << 4) - 32);
        for (size_t i = 0; i < g_block; ++i)
            out[group * g_block + i]
                = scale * static_cast<float>(g_nonLinear[size_t(nibble(quants + group * 16, i))]);
    }
}

struct TypeRow {
    std::string_view name;
    GgufBlock block;
    void (*unpack)(const Byte* in, float* out);
};
constexpr std::array g_types{TypeRow{"F32", {1, 4}, plain<float>}, TypeRow{"F16", {1, 2}, half},
    TypeRow{"BF16", {1, 2}, brain}, TypeRow{"F64", {1, 8}, plain<double>},
    TypeRow{"I8", {1, 1}, plain<int8_t>}, TypeRow{"I16", {1, 2}, plain<int16_t>},
    TypeRow{"I32", {1, 4}, plain<int32_t>}, TypeRow{"I64", {1, 8}, plain<int64_t>},
    TypeRow{"Q4_0", {g_block, 18}, q4_0}, TypeRow{"Q4_1", {g_block, 20}, q4_1},
    TypeRow{"Q5_0", {g_block, 22}, q5_0}, TypeRow{"Q5_1", {g_block, 24}, q5_1},
    TypeRow{"Q8_0", {g_block, 34}, q8_0}, TypeRow{"Q2_K", {g_superBlock, 84}, q2_k},
    TypeRow{"Q3_K", {g_superBlock, 110}, q3_k}, TypeRow{"Q4_K", {g_superBlock, 144}, q4_k},
    TypeRow{"Q5_K", {g_superBlock, 176}, q5_k}, TypeRow{"Q6_K", {g_superBlock, 210}, q6_k},
    TypeRow{"IQ4_NL", {g_block, 18}, iq4_nl}, TypeRow{"IQ4_XS", {g_superBlock, 136}, iq4_xs}};

const TypeRow* rowOf(std::string_view dtype)
{
    const auto* const row = std::ranges::find(g_types, dtype, &TypeRow::name);
    return row == g_types.end() ? nullptr : &*row;
}

} // namespace

std::optional<GgufBlock> ggufBlock(std::string_view dtype)
{
    const auto* const row = rowOf(dtype);
    return row ? std::optional(row->block) : std::nullopt;
}

void dequantize(const TensorEntry& tensor, float* out)
{
    const auto* const row = rowOf(tensor.dtype);
    if (row == nullptr)
        throw Error(ErrorKind::Internal, concat("Tensor type ", tensor.dtype, " cannot be dequantised."));
    const auto* in = reinterpret_cast<const Byte*>(tensor.bytes.data());
    for (auto blocks = tensor.bytes.size() / row->block.bytes; blocks > 0; --blocks) {
        row->unpack(in, out);
        in += row->block.bytes;
        out += row->block.count;
    }
}

} // namespace studio
