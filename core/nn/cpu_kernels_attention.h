// SPDX-License-Identifier: MIT
// Part of cpu_kernels_impl.h, which says what holds here: attention over one head of one sequence.
#pragma once

#include "core/nn/cpu_kernels.h"

#include <cmath>
#include <cstdint>
#include <cstring>

namespace studio {
namespace {

/// c[Rows × n] (+)= a · b with a's elements at a[row·rowStride + k·innerStride] and b's rows padded to whole
/// registers. c's last register is written as far as `columns` goes.
struct Product {
    const float* a;
    int64_t rowStride, innerStride;
    const float* b;
    int64_t bStride;
    float* c;
    int64_t cStride;
    int64_t rows, columns, inner;
    bool accumulate;
};

template <int rowsOfTile, int registersOfTile>
STUDIO_INLINE void multiplyTile(const Product& p, int64_t row, int64_t column)
{
    Floats sums[rowsOfTile][registersOfTile]{};
    const auto* a = p.a + row * p.rowStride;
    const auto* b = p.b + column;
    for (int64_t k = 0; k < p.inner; ++k) {
        Floats right[registersOfTile];
        for (int j = 0; j < registersOfTile; ++j)
            right[j] = load(b + k * p.bStride + j * g_lanes);
        for (int i = 0; i < rowsOfTile; ++i) {
            const Floats left = all(a[i * p.rowStride + k * p.innerStride]);
            for (int j = 0; j < registersOfTile; ++j)
                sums[i][j] += left * right[j];
        }
    }
    for (int i = 0; i < rowsOfTile; ++i) {
        for (int j = 0; j < registersOfTile; ++j) {
            auto* c = p.c + (row + i) * p.cStride + column + j * g_lanes;
            const int64_t count = p.columns - column - j * g_lanes;
            if (count >= g_lanes)
                store(c, p.accumulate ? load(c) + sums[i][j] : sums[i][j]);
            else if (count > 0)
                storePart(c, p.accumulate ? loadPart(c, count) + sums[i][j] : sums[i][j], count);
        }
    }
}

template <int registersOfTile>
void multiplyColumns(const Product& p, int64_t column)
{
    constexpr int tall = g_lanes == 16 ? 8 : 6;
    int64_t row = 0;
    for (; row + tall <= p.rows; row += tall)
        multiplyTile<tall, registersOfTile>(p, row, column);
    for (; row + 3 <= p.rows; row += 3)
        multiplyTile<3, registersOfTile>(p, row, column);
    for (; row < p.rows; ++row)
        multiplyTile<1, registersOfTile>(p, row, column);
}

void multiplyMatrices(const Product& p)
{
    const int64_t width = padded(p.columns);
    int64_t column = 0;
    for (; column + 2 * g_lanes <= width; column += 2 * g_lanes)
        multiplyColumns<2>(p, column);
    if (column < width)
        multiplyColumns<1>(p, column);
}

/// Rows of `columns` floats into rows of padded(columns), the rest zero.
void copyPadded(const float* from, int64_t stride, float* to, int64_t rows, int64_t columns)
{
    const int64_t width = padded(columns);
    for (int64_t row = 0; row < rows; ++row) {
        std::memcpy(to + row * width, from + row * stride, size_t(columns) * sizeof(float));
        for (int64_t i = columns; i < width; ++i)
            to[row * width + i] = 0;
    }
}

/// [rows × columns] → [columns × padded(rows)], the rest zero.
void transposePadded(const float* from, int64_t stride, float* to, int64_t rows, int64_t columns)
{
    const int64_t width = padded(rows);
    for (int64_t i = 0; i < columns; ++i) {
        for (int64_t row = 0; row < rows; ++row)
            to[i * width + row] = from[row * stride + i];
        for (int64_t row = rows; row < width; ++row)
            to[i * width + row] = 0;
    }
}

constexpr int64_t g_queryBlock = 32;

/// Parts of a thread's scratch memory.
struct AttentionScratch {
    AttentionScratch(float* memory, const AttentionHead& head)
        : keyWidth(padded(head.keyCount))
        , headWidth(padded(head.headSize))
        , scores(memory)
        , scoreGradient(scores + g_queryBlock * keyWidth)
        , slopes(scoreGradient + g_queryBlock * keyWidth)
        , keyTransposed(slopes + g_queryBlock * keyWidth)
        , valueTransposed(keyTransposed + head.headSize * keyWidth)
        , keyRows(valueTransposed + head.headSize * keyWidth)
        , valueRows(keyRows + head.keyCount * headWidth)
        , queryRows(valueRows + head.keyCount * headWidth)
        , gradientRows(queryRows + g_queryBlock * headWidth)
    {
    }
    int64_t keyWidth, headWidth;
    float *scores, *scoreGradient, *slopes, *keyTransposed, *valueTransposed, *keyRows, *valueRows,
        *queryRows, *gradientRows;
};

STUDIO_INLINE int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}
STUDIO_INLINE int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/// Keys [begin, end).
struct KeyRange {
    int64_t begin, end;
};

/// What the query at a row of the block sees.
STUDIO_INLINE KeyRange keysOfQuery(const AttentionHead& head, int64_t query)
{
    const int64_t position = head.firstQuery + query;
    return {head.before < 0 ? 0 : larger(0, position - head.before),
        head.after < 0 ? head.keyCount : smaller(head.keyCount, position + head.after + 1)};
}

/// What any query of [first, first + rows) sees, begun at a whole register.
STUDIO_INLINE KeyRange keysOfBlock(const AttentionHead& head, int64_t first, int64_t rows)
{
    return {keysOfQuery(head, first).begin / g_lanes * g_lanes, keysOfQuery(head, first + rows - 1).end};
}

/// Lanes of keys [column, column + lanes) that a query sees.
STUDIO_INLINE Ints seenLanes(KeyRange seen, int64_t column, Bits lanes)
{
    return (Ints(lanes) >= int32_t(seen.begin - column)) & (Ints(lanes) < int32_t(seen.end - column));
}

/// Scores of the block's keys from column 0 on, padded to whole registers.
void scoresOf(
    const AttentionHead& head, const AttentionScratch& scratch, int64_t first, int64_t rows, KeyRange keys)
{
    multiplyMatrices({.a = head.query + first * head.queryStride,
        .rowStride = head.queryStride,
        .innerStride = 1,
        .b = scratch.keyTransposed + keys.begin,
        .bStride = scratch.keyWidth,
        .c = scratch.scores,
        .cStride = scratch.keyWidth,
        .rows = rows,
        .columns = padded(keys.end - keys.begin),
        .inner = head.headSize,
        .accumulate = false});
}

/// p becomes cap·tanh(p·scale / cap), and slope its derivative by p·scale (may be null).
void capScores(const AttentionHead& head, float* p, float* slope, int64_t width)
{
    const Floats inner = all(head.scoreScale / head.softCap), cap = all(head.softCap);
    for (int64_t i = 0; i < width; i += g_lanes) {
        const auto t = tanhOf(load(p + i) * inner);
        store(p + i, cap * t.value);
        if (slope)
            store(slope + i, t.derivative);
    }
}

/// p becomes p·scale + bias for the query at a row, whose first column is key `begin`.
void addDistanceBias(const AttentionHead& head, float* p, int64_t query, int64_t begin, int64_t width)
{
    const Floats scale = all(head.scoreScale);
    const auto* bias = head.distanceBias + begin - head.firstQuery - query;
    for (int64_t i = 0; i < width; i += g_lanes)
        store(p + i, load(p + i) * scale + load(bias + i));
}

void attentionForward(const AttentionHead& head, const AttentionHeadOutput& out, float* memory)
{
    const AttentionScratch scratch(memory, head);
    transposePadded(head.key, head.keyStride, scratch.keyTransposed, head.keyCount, head.headSize);
    copyPadded(head.value, head.keyStride, scratch.valueRows, head.keyCount, head.headSize);
    const Bits lanes = columnNumbers();
    const bool capped = head.softCap != 0;
    const Floats scale = all(capped || head.distanceBias ? 1.0F : head.scoreScale);
    for (int64_t first = 0; first < head.queryCount; first += g_queryBlock) {
        const int64_t rows = smaller(g_queryBlock, head.queryCount - first);
        const KeyRange keys = keysOfBlock(head, first, rows);
        const int64_t width = padded(keys.end - keys.begin);
        scoresOf(head, scratch, first, rows, keys);
        for (int64_t row = 0; row < rows; ++row) {
            auto* p = scratch.scores + row * scratch.keyWidth;
            if (capped)
                capScores(head, p, nullptr, width);
            else if (head.distanceBias)
                addDistanceBias(head, p, first + row, keys.begin, width);
            KeyRange seen = keysOfQuery(head, first + row);
            seen = {seen.begin - keys.begin, seen.end - keys.begin};
            Floats top = all(-3.4e38F);
            for (int64_t i = 0; i < width; i += g_lanes) // padding columns never win
                top = maximum(top, seenLanes(seen, i, lanes) ? load(p + i) * scale : all(-3.4e38F));
            const Floats highest = all(largest(top));
            Floats total{};
            for (int64_t i = 0; i < width; i += g_lanes) {
                const Floats e
                    = seenLanes(seen, i, lanes) ? exponential(load(p + i) * scale - highest) : Floats{};
                store(p + i, e);
                total += e;
            }
            const float denominator = sum(total);
            out.logSumExp[first + row] = highest[0] + std::log(denominator);
            const Floats share = all(1.0F / denominator);
            const auto key = rowKey(head.mask, head.maskRow + first + row);
            auto numbers = lanes + uint32_t(keys.begin);
            for (int64_t i = 0; i < width; i += g_lanes, numbers += uint32_t(g_lanes)) {
                Floats v = load(p + i) * share;
                if (head.mask.scale != 0)
                    v *= maskOf(head.mask, key, numbers);
                store(p + i, v);
            }
        }
        multiplyMatrices({.a = scratch.scores,
            .rowStride = scratch.keyWidth,
            .innerStride = 1,
            .b = scratch.valueRows + keys.begin * scratch.headWidth,
            .bStride = scratch.headWidth,
            .c = out.output + first * out.outputStride,
            .cStride = out.outputStride,
            .rows = rows,
            .columns = head.headSize,
            .inner = keys.end - keys.begin,
            .accumulate = false});
    }
}

/// Turns a row of scores p into the dropped-out probabilities, and d, the gradient of these, into the
/// gradient of the raw products of query and key. That of the scores is added to `bias` (may be null).
STUDIO_INLINE void scoreGradientOf(const AttentionHead& head, float* p, float* d, const float* slope,
    float* bias, int64_t width, KeyRange seen, float logSumExp, int64_t maskRow, Bits firstLanes)
{
    const Bits lanes = columnNumbers();
    const Floats logSum = all(logSumExp), scale = all(head.scoreScale);
    const Floats scoreScale = all(slope || head.distanceBias ? 1.0F : head.scoreScale);
    const auto key = rowKey(head.mask, maskRow);
    auto numbers = firstLanes;
    // The rounding of a large logSumExp is that of the probabilities' sum: they are divided by it, so that
    // the gradients of a row's scores add up to nothing, as they do in truth.
    Floats total{};
    for (int64_t i = 0; i < width; i += g_lanes) {
        const Floats probability
            = seenLanes(seen, i, lanes) ? exponential(load(p + i) * scoreScale - logSum) : Floats{};
        total += probability;
        store(p + i, probability);
    }
    const Floats whole = all(sum(total));
    Floats dots{};
    // d becomes M∘dP; the gradient of the scores is P∘(M∘dP) − P·Σ(P∘M∘dP)
    for (int64_t i = 0; i < width; i += g_lanes, numbers += uint32_t(g_lanes)) {
        const Floats probability = load(p + i) / whole;
        const Floats mask = head.mask.scale != 0 ? maskOf(head.mask, key, numbers) : all(1.0F);
        const Floats masked = load(d + i) * mask;
        dots += probability * masked;
        store(p + i, probability);
        store(d + i, masked);
    }
    const Floats dot = all(sum(dots));
    numbers = firstLanes;
    for (int64_t i = 0; i < width; i += g_lanes, numbers += uint32_t(g_lanes)) {
        const Floats probability = load(p + i);
        const Floats inner = slope ? scale * load(slope + i) : scale;
        const Floats ofScore = probability * (load(d + i) - dot);
        if (bias)
            store(bias + i, load(bias + i) + ofScore);
        store(d + i, ofScore * inner);
        if (head.mask.scale != 0)
            store(p + i, probability * maskOf(head.mask, key, numbers));
    }
}

void attentionBackward(const AttentionHead& head, const AttentionHeadGradient& gradient, float* memory)
{
    const AttentionScratch scratch(memory, head);
    transposePadded(head.key, head.keyStride, scratch.keyTransposed, head.keyCount, head.headSize);
    transposePadded(head.value, head.keyStride, scratch.valueTransposed, head.keyCount, head.headSize);
    copyPadded(head.key, head.keyStride, scratch.keyRows, head.keyCount, head.headSize);
    const Bits lanes = columnNumbers();
    for (int64_t first = 0; first < head.queryCount; first += g_queryBlock) {
        const int64_t rows = smaller(g_queryBlock, head.queryCount - first);
        const KeyRange keys = keysOfBlock(head, first, rows);
        const int64_t keyCount = keys.end - keys.begin, width = padded(keyCount);
        const auto* outputGradient = gradient.outputGradient + first * gradient.outputStride;
        copyPadded(outputGradient, gradient.outputStride, scratch.gradientRows, rows, head.headSize);
        copyPadded(
            head.query + first * head.queryStride, head.queryStride, scratch.queryRows, rows, head.headSize);
        scoresOf(head, scratch, first, rows, keys);
        multiplyMatrices({.a = outputGradient, // gradient of the dropped-out probabilities
            .rowStride = gradient.outputStride,
            .innerStride = 1,
            .b = scratch.valueTransposed + keys.begin,
            .bStride = scratch.keyWidth,
            .c = scratch.scoreGradient,
            .cStride = scratch.keyWidth,
            .rows = rows,
            .columns = width,
            .inner = head.headSize,
            .accumulate = false});
        for (int64_t row = 0; row < rows; ++row) {
            auto* p = scratch.scores + row * scratch.keyWidth;
            auto* slope = head.softCap != 0 ? scratch.slopes + row * scratch.keyWidth : nullptr;
            if (slope)
                capScores(head, p, slope, width);
            else if (head.distanceBias)
                addDistanceBias(head, p, first + row, keys.begin, width);
            const KeyRange seen = keysOfQuery(head, first + row);
            auto* bias = gradient.biasGradient
                ? gradient.biasGradient + keys.begin - head.firstQuery - first - row
                : nullptr;
            scoreGradientOf(head, p, scratch.scoreGradient + row * scratch.keyWidth, slope, bias, width,
                {seen.begin - keys.begin, seen.end - keys.begin}, gradient.logSumExp[first + row],
                head.maskRow + first + row, lanes + uint32_t(keys.begin));
        }
        const bool accumulate = gradient.accumulate || first > 0;
        multiplyMatrices({.a = scratch.scores, // value gradient: Pᵀ · output gradient
            .rowStride = 1,
            .innerStride = scratch.keyWidth,
            .b = scratch.gradientRows,
            .bStride = scratch.headWidth,
            .c = gradient.valueGradient + keys.begin * head.keyStride,
            .cStride = head.keyStride,
            .rows = keyCount,
            .columns = head.headSize,
            .inner = rows,
            .accumulate = accumulate});
        multiplyMatrices({.a = scratch.scoreGradient,
            .rowStride = scratch.keyWidth,
            .innerStride = 1,
            .b = scratch.keyRows + keys.begin * scratch.headWidth,
            .bStride = scratch.headWidth,
            .c = gradient.queryGradient + first * head.queryStride,
            .cStride = head.queryStride,
            .rows = rows,
            .columns = head.headSize,
            .inner = keyCount,
            .accumulate = false});
        multiplyMatrices({.a = scratch.scoreGradient,
            .rowStride = 1,
            .innerStride = scratch.keyWidth,
            .b = scratch.queryRows,
            .bStride = scratch.headWidth,
            .c = gradient.keyGradient + keys.begin * head.keyStride,
            .cStride = head.keyStride,
            .rows = keyCount,
            .columns = head.headSize,
            .inner = rows,
            .accumulate = accumulate});
    }
}

} // namespace
} // namespace studio
