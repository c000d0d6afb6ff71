// SPDX-License-Identifier: MIT
// Included by one file for each instruction set, which defines STUDIO_KERNELS (name of the table) and
// STUDIO_LANES (floats in a register). Everything here is internal to that file: nothing from a header may be
// emitted with its instructions, so there are no std templates in it.
#include "core/nn/cpu_kernels.h"

#include <cmath>
#include <cstdint>
#include <cstring>

#define STUDIO_INLINE [[gnu::always_inline]] inline

namespace studio {
namespace {

constexpr int g_lanes = STUDIO_LANES;
using Floats [[gnu::vector_size(STUDIO_LANES * 4)]] = float;
using Ints [[gnu::vector_size(STUDIO_LANES * 4)]] = int32_t;
using Bits [[gnu::vector_size(STUDIO_LANES * 4)]] = uint32_t;

STUDIO_INLINE Floats load(const float* from)
{
    Floats v;
    std::memcpy(&v, from, sizeof v);
    return v;
}
STUDIO_INLINE void store(float* to, Floats v)
{
    std::memcpy(to, &v, sizeof v);
}
STUDIO_INLINE Floats loadPart(const float* from, int64_t count)
{
    Floats v{};
    std::memcpy(&v, from, size_t(count) * sizeof(float));
    return v;
}
STUDIO_INLINE void storePart(float* to, Floats v, int64_t count)
{
    std::memcpy(to, &v, size_t(count) * sizeof(float));
}
STUDIO_INLINE Floats all(float value)
{
    return value - Floats{};
}
/// v with its lanes `distance` apart exchanged.
template <int distance>
STUDIO_INLINE Floats exchanged(Floats v)
{
#if defined(__clang__)
    Floats other{};
    for (int i = 0; i < g_lanes; ++i)
        other[i] = v[i ^ distance];
    return other;
#else
    Ints order{};
    for (int i = 0; i < g_lanes; ++i)
        order[i] = i ^ distance;
    return __builtin_shuffle(v, order);
#endif
}
/// Rows a and b of a square of registers exchange the elements that lie `distance` apart across its diagonal.
template <int distance>
STUDIO_INLINE void exchangeAcross(Floats& a, Floats& b)
{
#if defined(__clang__)
    Floats left{}, right{};
    for (int i = 0; i < g_lanes; ++i) {
        left[i] = i & distance ? b[i - distance] : a[i];
        right[i] = i & distance ? b[i] : a[i + distance];
    }
#else
    Ints leftOrder{}, rightOrder{};
    for (int i = 0; i < g_lanes; ++i) {
        leftOrder[i] = i & distance ? g_lanes + i - distance : i;
        rightOrder[i] = i & distance ? g_lanes + i : i + distance;
    }
    const Floats left = __builtin_shuffle(a, b, leftOrder), right = __builtin_shuffle(a, b, rightOrder);
#endif
    a = left;
    b = right;
}
template <int distance>
STUDIO_INLINE void exchangeRows(Floats* rows)
{
    for (int i = 0; i < g_lanes; ++i) {
        if (!(i & distance))
            exchangeAcross<distance>(rows[i], rows[i + distance]);
    }
}
STUDIO_INLINE float sum(Floats v)
{
    if constexpr (g_lanes > 8)
        v += exchanged<8>(v);
    if constexpr (g_lanes > 4)
        v += exchanged<4>(v);
    v += exchanged<2>(v);
    v += exchanged<1>(v);
    return v[0];
}
STUDIO_INLINE float largest(Floats v)
{
    float lanes[g_lanes];
    std::memcpy(lanes, &v, sizeof v);
    for (int width = g_lanes / 2; width > 0; width /= 2) {
        for (int i = 0; i < width; ++i)
            lanes[i] = lanes[i] > lanes[i + width] ? lanes[i] : lanes[i + width];
    }
    return lanes[0];
}
STUDIO_INLINE Floats maximum(Floats a, Floats b)
{
    return a > b ? a : b;
}

/// e^x, relative error below 2e-7; 0 below −87.3, finite above 88.
STUDIO_INLINE Floats exponential(Floats x)
{
    const Floats low = all(-87.3F), high = all(88.0F);
    const Ints underflow = x < low;
    x = x > high ? high : maximum(x, low);
    const Floats magic = all(12582912.0F); // 1.5·2^23: its addition rounds to whole numbers
    const Floats shifted = x * all(1.442695041F) + magic;
    const Floats whole = shifted - magic;
    Floats r = x - whole * all(0.693359375F);
    r = r - whole * all(-2.12194440e-4F);
    Floats p = all(1.9875691500e-4F);
    p = p * r + all(1.3981999507e-3F);
    p = p * r + all(8.3334519073e-3F);
    p = p * r + all(4.1665795894e-2F);
    p = p * r + all(1.6666665459e-1F);
    p = p * r + all(5.0000001201e-1F);
    p = p * r * r + r + all(1.0F);
    Bits bits;
    std::memcpy(&bits, &shifted, sizeof bits);
    bits = (bits - 0x4B400000U + 127U) << 23;
    Floats scale;
    std::memcpy(&scale, &bits, sizeof scale);
    const Floats value = p * scale;
    return underflow ? Floats{} : value;
}

STUDIO_INLINE Floats absolute(Floats x)
{
    Bits bits;
    std::memcpy(&bits, &x, sizeof bits);
    bits &= 0x7fffffffU;
    std::memcpy(&x, &bits, sizeof bits);
    return x;
}

struct ActivationValue {
    Floats value, derivative;
};

/// Abramowitz & Stegun 7.1.26, as LibTorch's own vectorised erf; absolute error 1.5e-7.
STUDIO_INLINE ActivationValue geluOf(Floats x)
{
    const Floats z = absolute(x) * all(0.70710678F);
    const Floats t = all(1.0F) / (z * all(0.3275911F) + all(1.0F));
    Floats p = all(1.061405429F);
    p = p * t + all(-1.453152027F);
    p = p * t + all(1.421413741F);
    p = p * t + all(-0.284496736F);
    p = p * t + all(0.254829592F);
    const Floats e = exponential(x * x * all(-0.5F));
    const Floats tail = p * t * e * all(0.5F); // 1 − Φ(|x|)
    const Floats phi = x > Floats{} ? all(1.0F) - tail : tail;
    return {x * phi, phi + x * e * all(0.39894228F)};
}

STUDIO_INLINE ActivationValue geluTanhOf(Floats x)
{
    const Floats cube = x * x * all(0.044715F);
    const Floats u = x * (cube + all(1.0F)) * all(0.79788456F);
    const Floats sigmoid = all(1.0F) / (exponential(u * all(-2.0F)) + all(1.0F)); // (1 + tanh u) / 2
    const Floats slope = (cube * all(3.0F) + all(1.0F)) * all(0.79788456F);
    return {x * sigmoid, sigmoid + x * all(2.0F) * sigmoid * (all(1.0F) - sigmoid) * slope};
}

STUDIO_INLINE ActivationValue siluOf(Floats x)
{
    const Floats sigmoid = all(1.0F) / (exponential(-x) + all(1.0F));
    return {x * sigmoid, sigmoid + x * sigmoid * (all(1.0F) - sigmoid)};
}

/// The value by a polynomial near zero, where the exponential would lose digits; the derivative not by 1 −
/// t², which loses them far from zero.
STUDIO_INLINE ActivationValue tanhOf(Floats x)
{
    const Floats z = x * x;
    Floats p = all(-5.70498872745e-3F);
    p = p * z + all(2.06390887954e-2F);
    p = p * z + all(-5.37397155531e-2F);
    p = p * z + all(1.33314422036e-1F);
    p = p * z + all(-3.33332819422e-1F);
    const Floats near = p * z * x + x;
    const Floats size = absolute(x);
    const Floats e = exponential(-(size + size)), sum = all(1.0F) + e;
    const Floats far = (all(1.0F) - e) / sum;
    return {size < all(0.625F) ? near : x < Floats{} ? -far : far, all(4.0F) * e / (sum * sum)};
}

template <ActivationValue (*function)(Floats)>
STUDIO_INLINE void activate(float* x, float* y, int64_t count, bool derivative)
{
    int64_t i = 0;
    for (; i + g_lanes <= count; i += g_lanes) {
        const auto result = function(load(x + i));
        store(y + i, result.value);
        if (derivative)
            store(x + i, result.derivative);
    }
    if (i < count) {
        const auto result = function(loadPart(x + i, count - i));
        storePart(y + i, result.value, count - i);
        if (derivative)
            storePart(x + i, result.derivative, count - i);
    }
}

void gelu(float* x, float* y, int64_t count, bool derivative)
{
    activate<geluOf>(x, y, count, derivative);
}

void geluTanh(float* x, float* y, int64_t count, bool derivative)
{
    activate<geluTanhOf>(x, y, count, derivative);
}

void multiply(const float* a, const float* b, float* out, float* sums, int64_t rows, int64_t columns)
{
    for (int64_t row = 0; row < rows; ++row) {
        for (int64_t i = 0; i < columns; ++i) {
            const float value = a[row * columns + i] * b[row * columns + i];
            out[row * columns + i] = value;
            if (sums)
                sums[i] += value;
        }
    }
}

void transpose(
    const float* x, float* y, int64_t rows, int64_t columns, int64_t width, int64_t first, int64_t last)
{
    for (int64_t row = first; rows < width && row < last; ++row)
        std::memset(y + row * width + rows, 0, size_t(width - rows) * sizeof(float));
    int64_t column = first;
    for (; column + g_lanes <= last; column += g_lanes) {
        int64_t row = 0;
        for (; row + g_lanes <= rows; row += g_lanes) {
            Floats square[g_lanes];
            for (int i = 0; i < g_lanes; ++i)
                square[i] = load(x + (row + i) * columns + column);
            exchangeRows<1>(square);
            exchangeRows<2>(square);
            if constexpr (g_lanes > 4)
                exchangeRows<4>(square);
            if constexpr (g_lanes > 8)
                exchangeRows<8>(square);
            for (int i = 0; i < g_lanes; ++i)
                store(y + (column + i) * width + row, square[i]);
        }
        for (; row < rows; ++row) {
            for (int i = 0; i < g_lanes; ++i)
                y[(column + i) * width + row] = x[row * columns + column + i];
        }
    }
    for (; column < last; ++column) {
        for (int64_t row = 0; row < rows; ++row)
            y[column * width + row] = x[row * columns + column];
    }
}

void addRows(const float* x, float* sums, int64_t rows, int64_t columns)
{
    for (int64_t row = 0; row < rows; ++row) {
        for (int64_t i = 0; i < columns; ++i)
            sums[i] += x[row * columns + i];
    }
}

/// Keys of one row of a mask (SplitMix64 of the site's key and the row number).
struct RowKey {
    uint32_t first, second;
};
STUDIO_INLINE RowKey rowKey(const DropoutMask& mask, int64_t row)
{
    uint64_t z = mask.key + (uint64_t(row) + 1) * 0x9e3779b97f4a7c15ULL;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    z ^= z >> 31;
    return {uint32_t(z), uint32_t(z >> 32)};
}

STUDIO_INLINE Bits columnNumbers()
{
    Bits columns;
    for (int i = 0; i < g_lanes; ++i)
        columns[i] = uint32_t(i);
    return columns;
}

/// The site's scale for kept elements, 0 for the others: columns [column, column + lanes) of a row. The bits
/// are MurmurHash3's finaliser of the column number, keyed before and between its two multiplications.
STUDIO_INLINE Floats maskOf(const DropoutMask& mask, RowKey key, Bits columns)
{
    Bits h = columns * 0x9e3779b1U + key.first;
    h ^= h >> 16;
    h *= 0x85ebca6bU;
    h ^= key.second;
    h ^= h >> 13;
    h *= 0xc2b2ae35U;
    h ^= h >> 16;
    const Ints kept = h >= mask.threshold;
    return kept ? all(mask.scale) : Floats{};
}

void dropoutRows(const float* x, float* y, int64_t firstRow, int64_t rows, int64_t columns, DropoutMask mask)
{
    for (int64_t row = 0; row < rows; ++row) {
        const auto key = rowKey(mask, firstRow + row);
        auto numbers = columnNumbers();
        const auto* from = x + row * columns;
        auto* to = y + row * columns;
        int64_t i = 0;
        for (; i + g_lanes <= columns; i += g_lanes, numbers += uint32_t(g_lanes))
            store(to + i, load(from + i) * maskOf(mask, key, numbers));
        if (i < columns)
            storePart(to + i, loadPart(from + i, columns - i) * maskOf(mask, key, numbers), columns - i);
    }
}

void normForward(const float* x, const float* residual, const float* weight, const float* bias, float epsilon,
    float* y, float* normalized, float* rstd, int64_t firstRow, int64_t rows, int64_t columns,
    DropoutMask mask)
{
    const int64_t whole = columns / g_lanes * g_lanes;
    const int64_t rest = columns - whole;
    const float inverse = 1.0F / float(columns);
    for (int64_t row = 0; row < rows; ++row) {
        const auto* added = x ? x + row * columns : nullptr;
        const auto* base = residual + row * columns;
        auto* s = normalized + row * columns;
        const auto key = rowKey(mask, firstRow + row);
        auto numbers = columnNumbers();
        Floats total{};
        const auto sumAt = [&](Floats kept, Floats more) {
            return kept + (mask.scale != 0 ? more * maskOf(mask, key, numbers) : more);
        };
        for (int64_t i = 0; i < whole; i += g_lanes, numbers += uint32_t(g_lanes)) {
            const Floats v = added ? sumAt(load(base + i), load(added + i)) : load(base + i);
            store(s + i, v);
            total += v;
        }
        if (rest) {
            Floats v = loadPart(base + whole, rest);
            if (added)
                v = sumAt(v, loadPart(added + whole, rest));
            storePart(s + whole, v, rest);
            total += loadPart(s + whole, rest);
        }
        const Floats mean = all(sum(total) * inverse);
        Floats squares{};
        for (int64_t i = 0; i < whole; i += g_lanes) {
            const Floats v = load(s + i) - mean;
            squares += v * v;
        }
        float variance = sum(squares);
        for (int64_t i = whole; i < columns; ++i)
            variance += (s[i] - mean[0]) * (s[i] - mean[0]);
        const float r = 1.0F / std::sqrt(variance * inverse + epsilon);
        rstd[row] = r;
        auto* out = y + row * columns;
        for (int64_t i = 0; i < whole; i += g_lanes) {
            const Floats v = (load(s + i) - mean) * all(r);
            store(s + i, v);
            store(out + i, v * load(weight + i) + load(bias + i));
        }
        for (int64_t i = whole; i < columns; ++i) {
            s[i] = (s[i] - mean[0]) * r;
            out[i] = s[i] * weight[i] + bias[i];
        }
    }
}

void normBackward(const float* gradient, const float* normalized, const float* rstd, const float* weight,
    float* residualGradient, float* xGradient, float* weightSums, float* biasSums, int64_t firstRow,
    int64_t rows, int64_t columns, DropoutMask mask)
{
    const int64_t whole = columns / g_lanes * g_lanes;
    const int64_t rest = columns - whole;
    const float inverse = 1.0F / float(columns);
    for (int64_t row = 0; row < rows; ++row) {
        const auto* g = gradient + row * columns;
        const auto* n = normalized + row * columns;
        Floats plain{}, weighted{};
        for (int64_t i = 0; i < columns; i += g_lanes) {
            const int64_t count = i < whole ? g_lanes : rest;
            const Floats gi = count == g_lanes ? load(g + i) : loadPart(g + i, count);
            const Floats ni = count == g_lanes ? load(n + i) : loadPart(n + i, count);
            const Floats wi = count == g_lanes ? load(weight + i) : loadPart(weight + i, count);
            plain += gi * wi;
            weighted += gi * wi * ni;
            if (count == g_lanes) {
                store(weightSums + i, load(weightSums + i) + gi * ni);
                store(biasSums + i, load(biasSums + i) + gi);
            } else {
                storePart(weightSums + i, loadPart(weightSums + i, count) + gi * ni, count);
                storePart(biasSums + i, loadPart(biasSums + i, count) + gi, count);
            }
        }
        const Floats plainMean = all(sum(plain) * inverse), weightedMean = all(sum(weighted) * inverse);
        const Floats r = all(rstd[row]);
        const auto key = rowKey(mask, firstRow + row);
        auto numbers = columnNumbers();
        auto* out = residualGradient + row * columns;
        auto* masked = xGradient ? xGradient + row * columns : nullptr;
        for (int64_t i = 0; i < columns; i += g_lanes, numbers += uint32_t(g_lanes)) {
            const int64_t count = i < whole ? g_lanes : rest;
            const Floats gi = count == g_lanes ? load(g + i) : loadPart(g + i, count);
            const Floats ni = count == g_lanes ? load(n + i) : loadPart(n + i, count);
            const Floats wi = count == g_lanes ? load(weight + i) : loadPart(weight + i, count);
            const Floats v = (gi * wi - plainMean - ni * weightedMean) * r;
            if (count == g_lanes)
                store(out + i, v);
            else
                storePart(out + i, v, count);
            if (!masked)
                continue;
            const Floats dropped = v * maskOf(mask, key, numbers);
            if (count == g_lanes)
                store(masked + i, dropped);
            else
                storePart(masked + i, dropped, count);
        }
    }
}

STUDIO_INLINE int64_t padded(int64_t count)
{
    return (count + g_lanes - 1) / g_lanes * g_lanes;
}

} // namespace
} // namespace studio

#include "core/nn/cpu_kernels_attention.h"

namespace studio {
namespace {

/// Of `count` registers, a power of two: lane i of the first is added up from all, for register i.
template <int count>
STUDIO_INLINE void foldRegisters(Floats* v)
{
    if constexpr (count > 1) {
        constexpr int half = count / 2;
        for (int i = 0; i < half; ++i) {
            exchangeAcross<half>(v[i], v[i + half]);
            v[i] += v[i + half];
        }
        foldRegisters<half>(v);
    }
}
/// Adds what lies `distance`, twice that, … apart.
template <int distance>
STUDIO_INLINE Floats foldLanes(Floats v)
{
    if constexpr (distance < g_lanes)
        return foldLanes<2 * distance>(v + exchanged<distance>(v));
    else
        return v;
}

/// Dot products of rows of x with rows of the weight: both are read along their rows, so nothing is repacked.
/// Meanwhile `ahead` rows of weights at `next` are asked for.
template <int rowsOfTile, int columnsOfTile, int ahead>
STUDIO_INLINE void dotTile(const float* x, const float* weight, const float* bias, float* y, int64_t inner,
    int64_t columns, const float* next)
{
    constexpr int64_t line = 16; // floats of the cache
    Floats sums[rowsOfTile][columnsOfTile]{};
    const auto add = [&](const auto& read, int64_t k) __attribute__((always_inline))
    {
        Floats left[rowsOfTile];
        for (int i = 0; i < rowsOfTile; ++i)
            left[i] = read(x + i * inner + k);
        for (int j = 0; j < columnsOfTile; ++j) {
            const Floats right = read(weight + j * inner + k);
            for (int i = 0; i < rowsOfTile; ++i)
                sums[i][j] += left[i] * right;
        }
    };
    const auto whole = [](const float* from) __attribute__((always_inline))
    {
        return load(from);
    };
    int64_t k = 0;
    for (; k + line <= inner; k += line) {
        for (int row = 0; row < ahead; ++row)
            __builtin_prefetch(next + row * inner + k);
        for (int64_t part = 0; part < line; part += g_lanes)
            add(whole, k + part);
    }
    for (; k + g_lanes <= inner; k += g_lanes)
        add(whole, k);
    if (k < inner)
        add([&](const float* from) { return loadPart(from, inner - k); }, k);
    const Floats added = bias ? loadPart(bias, columnsOfTile) : Floats{};
    for (int i = 0; i < rowsOfTile; ++i) {
        foldRegisters<columnsOfTile>(sums[i]);
        storePart(y + i * columns, foldLanes<columnsOfTile>(sums[i][0]) + added, columnsOfTile);
    }
}

constexpr int g_tallTile = g_lanes == 16 ? 5 : 3;

/// All rows of some columns; the first tiles ask for `ahead` rows of the next columns' weights each.
template <int columnsOfTile, int ahead>
void dotColumns(const float* x, const float* weight, const float* bias, float* y, int64_t rows, int64_t inner,
    int64_t columns)
{
    int64_t row = 0, asked = 0;
    const auto* next = weight + columnsOfTile * inner;
    for (; row + g_tallTile <= rows; row += g_tallTile) {
        if (asked < columnsOfTile && ahead > 0) {
            dotTile<g_tallTile, columnsOfTile, ahead>(
                x + row * inner, weight, bias, y + row * columns, inner, columns, next + asked * inner);
            asked += ahead;
        } else {
            dotTile<g_tallTile, columnsOfTile, 0>(
                x + row * inner, weight, bias, y + row * columns, inner, columns, nullptr);
        }
    }
    const auto rest = [&]<int count>() {
        if (rows - row != count)
            return;
        dotTile<count, columnsOfTile, 0>(
            x + row * inner, weight, bias, y + row * columns, inner, columns, nullptr);
        row += count;
    };
    rest.template operator()<1>();
    rest.template operator()<2>();
    if constexpr (g_tallTile > 3) {
        rest.template operator()<3>();
        rest.template operator()<4>();
    }
}

void linearRows(const float* x, const float* weight, const float* bias, float* y, int64_t rows, int64_t inner,
    int64_t columns, int64_t first, int64_t last)
{
    constexpr int wide = 4;
    const auto tiles = rows / g_tallTile;
    const auto asking = tiles >= 4 ? dotColumns<wide, 1>
        : tiles >= 2               ? dotColumns<wide, 2>
        : tiles == 1               ? dotColumns<wide, 4>
                                   : dotColumns<wide, 0>;
    int64_t column = first;
    for (; column + wide <= last; column += wide) {
        const auto compute = column + 2 * wide <= last ? asking : dotColumns<wide, 0>;
        compute(x, weight + column * inner, bias ? bias + column : nullptr, y + column, rows, inner, columns);
    }
    for (; column < last; ++column)
        dotColumns<1, 0>(
            x, weight + column * inner, bias ? bias + column : nullptr, y + column, rows, inner, columns);
}

/// body(column, count) for each register of a row; the last may hold fewer than all lanes.
template <typename Body>
STUDIO_INLINE void forEachRegister(int64_t columns, const Body& body)
{
    int64_t i = 0;
    for (; i + g_lanes <= columns; i += g_lanes)
        body(i, int64_t(g_lanes));
    if (i < columns)
        body(i, columns - i);
}
STUDIO_INLINE Floats loadUpTo(const float* from, int64_t count)
{
    return count == g_lanes ? load(from) : loadPart(from, count);
}
STUDIO_INLINE void storeUpTo(float* to, Floats v, int64_t count)
{
    if (count == g_lanes)
        store(to, v);
    else
        storePart(to, v, count);
}

void rmsForward(const float* x, const float* weight, float offset, float epsilon, float* y, float* rstd,
    int64_t rows, int64_t columns)
{
    for (int64_t row = 0; row < rows; ++row) {
        const auto* from = x + row * columns;
        auto* to = y + row * columns;
        Floats squares{};
        forEachRegister(
            columns, [&](int64_t i, int64_t count) __attribute__((always_inline)) {
                const Floats v = loadUpTo(from + i, count);
                squares += v * v;
            });
        const float r = 1.0F / std::sqrt(sum(squares) / float(columns) + epsilon);
        rstd[row] = r;
        forEachRegister(
            columns, [&](int64_t i, int64_t count) __attribute__((always_inline)) {
                const Floats scale = loadUpTo(weight + i, count) + all(offset);
                storeUpTo(to + i, loadUpTo(from + i, count) * all(r) * scale, count);
            });
    }
}

void rmsBackward(const float* gradient, const float* x, const float* rstd, const float* weight, float offset,
    float* xGradient, float* weightSums, int64_t rows, int64_t columns)
{
    for (int64_t row = 0; row < rows; ++row) {
        const auto *g = gradient + row * columns, *from = x + row * columns;
        auto* to = xGradient + row * columns;
        const Floats r = all(rstd[row]);
        Floats dots{};
        forEachRegister(
            columns, [&](int64_t i, int64_t count) __attribute__((always_inline)) {
                const Floats normalized = loadUpTo(from + i, count) * r, gi = loadUpTo(g + i, count);
                dots += gi * (loadUpTo(weight + i, count) + all(offset)) * normalized;
                storeUpTo(weightSums + i, loadUpTo(weightSums + i, count) + gi * normalized, count);
            });
        const Floats mean = all(sum(dots) / float(columns));
        forEachRegister(
            columns, [&](int64_t i, int64_t count) __attribute__((always_inline)) {
                const Floats normalized = loadUpTo(from + i, count) * r;
                const Floats inner = loadUpTo(g + i, count) * (loadUpTo(weight + i, count) + all(offset));
                storeUpTo(to + i, (inner - normalized * mean) * r, count);
            });
    }
}

template <ActivationValue (*function)(Floats)>
void gateRows(const float* x, float* y, int64_t rows, int64_t columns)
{
    for (int64_t row = 0; row < rows; ++row) {
        const auto *gate = x + row * 2 * columns, *factor = gate + columns;
        auto* to = y + row * columns;
        forEachRegister(
            columns, [&](int64_t i, int64_t count) __attribute__((always_inline)) {
                storeUpTo(
                    to + i, function(loadUpTo(gate + i, count)).value * loadUpTo(factor + i, count), count);
            });
    }
}

template <ActivationValue (*function)(Floats)>
void gateRowsBackward(const float* gradient, const float* x, float* xGradient, int64_t rows, int64_t columns)
{
    for (int64_t row = 0; row < rows; ++row) {
        const auto *gate = x + row * 2 * columns, *factor = gate + columns, *g = gradient + row * columns;
        auto* to = xGradient + row * 2 * columns;
        forEachRegister(
            columns, [&](int64_t i, int64_t count) __attribute__((always_inline)) {
                const auto activation = function(loadUpTo(gate + i, count));
                const Floats gi = loadUpTo(g + i, count);
                storeUpTo(to + i, gi * loadUpTo(factor + i, count) * activation.derivative, count);
                storeUpTo(to + columns + i, gi * activation.value, count);
            });
    }
}

void gatedForward(const float* x, float* y, int64_t rows, int64_t columns, GatedActivation activation)
{
    if (activation == GatedActivation::Silu)
        gateRows<siluOf>(x, y, rows, columns);
    else if (activation == GatedActivation::Gelu)
        gateRows<geluOf>(x, y, rows, columns);
    else
        gateRows<geluTanhOf>(x, y, rows, columns);
}

void gatedBackward(const float* gradient, const float* x, float* xGradient, int64_t rows, int64_t columns,
    GatedActivation activation)
{
    if (activation == GatedActivation::Silu)
        gateRowsBackward<siluOf>(gradient, x, xGradient, rows, columns);
    else if (activation == GatedActivation::Gelu)
        gateRowsBackward<geluOf>(gradient, x, xGradient, rows, columns);
    else
        gateRowsBackward<geluTanhOf>(gradient, x, xGradient, rows, columns);
}

void rotateRows(const float* x, const float* cosine, const float* sine, float* y, int64_t rows,
    int64_t stride, int64_t heads, int64_t headSize, int64_t half, float direction)
{
    for (int64_t row = 0; row < rows; ++row) {
        const auto *c = cosine + row * half, *s = sine + row * half;
        for (int64_t head = 0; head < heads; ++head) {
            const auto* from = x + row * stride + head * headSize;
            auto* to = y + row * stride + head * headSize;
            forEachRegister(
                half, [&](int64_t i, int64_t count) __attribute__((always_inline)) {
                    const Floats a = loadUpTo(from + i, count), b = loadUpTo(from + half + i, count);
                    const Floats ci = loadUpTo(c + i, count), si = loadUpTo(s + i, count) * all(direction);
                    storeUpTo(to + i, a * ci - b * si, count);
                    storeUpTo(to + half + i, b * ci + a * si, count);
                });
            const int64_t rest = headSize - 2 * half;
            if (rest > 0)
                std::memcpy(to + 2 * half, from + 2 * half, size_t(rest) * sizeof(float));
        }
        const int64_t used = heads * headSize;
        if (used < stride)
            std::memcpy(
                y + row * stride + used, x + row * stride + used, size_t(stride - used) * sizeof(float));
    }
}

double squares(const float* x, int64_t count)
{
    constexpr int64_t block = 64 * g_lanes; // summed in single precision
    double total = 0;
    for (int64_t first = 0; first < count; first += block) {
        const int64_t some = count - first < block ? count - first : block;
        Floats sums[4]{};
        int64_t i = 0;
        for (; i + 4 * g_lanes <= some; i += 4 * g_lanes) {
            for (int k = 0; k < 4; ++k) {
                const Floats v = load(x + first + i + k * g_lanes);
                sums[k] += v * v;
            }
        }
        forEachRegister(
            some - i, [&](int64_t j, int64_t left) __attribute__((always_inline)) {
                const Floats v = loadUpTo(x + first + i + j, left);
                sums[0] += v * v;
            });
        total += double(sum(sums[0] + sums[1] + (sums[2] + sums[3])));
    }
    return total;
}

STUDIO_INLINE Floats squareRoot(Floats v)
{
    for (int i = 0; i < g_lanes; ++i)
        v[i] = __builtin_sqrtf(v[i]);
    return v;
}

template <bool hasGradient>
void adamValues(
    float* parameter, const float* gradient, float* first, float* second, int64_t count, const AdamRule& rule)
{
    const AdamRule r = rule;
    forEachRegister(
        count, [&](int64_t i, int64_t some) __attribute__((always_inline)) {
            const Floats p = loadUpTo(parameter + i, some) * all(r.kept);
            // The same sum with and without: what the compiler fuses is then the same, to the last bit.
            Floats raw{};
            if constexpr (hasGradient)
                raw = loadUpTo(gradient + i, some);
            Floats g = p * all(r.penalty);
            g += raw * all(r.gradientScale);
            const Floats before = loadUpTo(first + i, some);
            const Floats m = before + (g - before) * all(r.newFirst);
            const Floats v = loadUpTo(second + i, some) * all(r.beta2) + g * g * all(r.newSecond);
            const Floats root = squareRoot(v) / all(r.rootCorrection) + all(r.epsilon);
            storeUpTo(first + i, m, some);
            storeUpTo(second + i, v, some);
            storeUpTo(parameter + i, p - m / root * all(r.stepSize), some);
        });
}

void adam(
    float* parameter, const float* gradient, float* first, float* second, int64_t count, const AdamRule& rule)
{
    if (gradient)
        adamValues<true>(parameter, gradient, first, second, count, rule);
    else
        adamValues<false>(parameter, gradient, first, second, count, rule);
}

} // namespace

extern const CpuKernels STUDIO_KERNELS;
const CpuKernels STUDIO_KERNELS{STUDIO_KERNELS_NAME, gelu, geluTanh, multiply, transpose, addRows,
    dropoutRows, normForward, normBackward, attentionForward, attentionBackward, linearRows, rmsForward,
    rmsBackward, gatedForward, gatedBackward, rotateRows, squares, adam};

} // namespace studio
