// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace studio {

/// Which elements a dropout site keeps: a function of (key, row, column) alone, so masks are made again in
/// the backward pass instead of being stored. `scale` 0: inactive.
struct DropoutMask {
    uint64_t key = 0;
    uint32_t threshold = 0; ///< an element whose 32 random bits are below it is zeroed
    float scale = 0; ///< 1 / (1 − p)
};

/// Attention of one head of one sequence. Strides are in floats between rows (tokens); rows hold headSize
/// contiguous floats.
struct AttentionHead {
    const float *query, *key, *value;
    int64_t queryStride, keyStride; ///< the value rows have keyStride
    int64_t queryCount, keyCount, headSize;
    float scoreScale;
    DropoutMask mask;
    int64_t maskRow; ///< row number of the first query for the mask: unique over heads and sequences
    int64_t firstQuery = 0; ///< position of the first query among the keys
    int64_t before = -1, after = -1; ///< keys that a query sees on either side of its position; -1: all
    float softCap = 0; ///< scores become cap·tanh(score / cap); 0: none
    /// Added to the scaled scores by key − position of the query: points at distance 0 and can be read a
    /// register beyond the largest distance. Not with a soft cap; null: none.
    const float* distanceBias = nullptr;
    [[nodiscard]] bool seesAll() const { return before < 0 && after < 0; }
};
struct AttentionHeadOutput {
    float* output; ///< rows [queryCount, headSize]
    int64_t outputStride;
    float* logSumExp; ///< [queryCount] for the backward pass
};
struct AttentionHeadGradient {
    const float *outputGradient, *logSumExp;
    int64_t outputStride;
    float *queryGradient, *keyGradient, *valueGradient; ///< rows with the strides of the inputs; overwritten
    bool accumulate = false; ///< key and value gradients are added to: needed where a query does not see all
    float* biasGradient = nullptr; ///< as distanceBias, added to
};

/// One update of Adam; what the step's number makes of the rates is in it already.
struct AdamRule {
    float gradientScale = 1; ///< of the gradient before anything else
    float kept = 1; ///< the parameter is multiplied by it first: weight decay of AdamW
    float penalty = 0; ///< of the parameter, added to the gradient: weight decay of Adam
    float newFirst = 0; ///< 1 − beta1
    float beta2 = 0, newSecond = 0; ///< and 1 − beta2
    float epsilon = 0;
    float stepSize = 0; ///< learning rate / (1 − beta1^step)
    float rootCorrection = 1; ///< √(1 − beta2^step)
};

enum class GatedActivation { Silu, Gelu, GeluTanh };

/// fp32 loops over raw rows, compiled for several instruction sets. All work on a range of rows given by the
/// caller, who spreads ranges over threads.
struct CpuKernels {
    const char* name;
    /// y = gelu(x), and x becomes the derivative where `derivative`.
    void (*gelu)(float* x, float* y, int64_t count, bool derivative);
    void (*geluTanh)(float* x, float* y, int64_t count, bool derivative);
    /// out = a · b element by element; sums[column] += out (sums may be null).
    void (*multiply)(const float* a, const float* b, float* out, float* sums, int64_t rows, int64_t columns);
    /// Rows [first, last) of y [columns, width], the transpose of x [rows, columns] and zeros beyond.
    void (*transpose)(
        const float* x, float* y, int64_t rows, int64_t columns, int64_t width, int64_t first, int64_t last);
    /// sums[column] += x.
    void (*addRows)(const float* x, float* sums, int64_t rows, int64_t columns);
    /// y = dropout(x); `firstRow` numbers the rows for the mask. x and y may be the same.
    void (*dropout)(
        const float* x, float* y, int64_t firstRow, int64_t rows, int64_t columns, DropoutMask mask);
    /// s = residual + dropout(x) (x may be null: s = residual); normalized = (s − mean)·rstd; y =
    /// normalized·weight + bias.
    void (*normForward)(const float* x, const float* residual, const float* weight, const float* bias,
        float epsilon, float* y, float* normalized, float* rstd, int64_t firstRow, int64_t rows,
        int64_t columns, DropoutMask mask);
    /// Gradients of s (and of x where xGradient is not null); weightSums and biasSums are added to.
    void (*normBackward)(const float* gradient, const float* normalized, const float* rstd,
        const float* weight, float* residualGradient, float* xGradient, float* weightSums, float* biasSums,
        int64_t firstRow, int64_t rows, int64_t columns, DropoutMask mask);
    /// `scratch`: attentionScratch(…) floats, 64-byte aligned, of the calling thread.
    void (*attentionForward)(const AttentionHead& head, const AttentionHeadOutput& out, float* scratch);
    void (*attentionBackward)(
        const AttentionHead& head, const AttentionHeadGradient& gradient, float* scratch);
    /// Columns [first, last) of y = x·weightᵀ + bias (may be null), for few rows: x [rows, inner], weight
    /// [columns, inner].
    void (*linearRows)(const float* x, const float* weight, const float* bias, float* y, int64_t rows,
        int64_t inner, int64_t columns, int64_t first, int64_t last);
    /// y = x·rstd·(weight + offset) with rstd = 1 / √(mean(x²) + epsilon).
    void (*rmsForward)(const float* x, const float* weight, float offset, float epsilon, float* y,
        float* rstd, int64_t rows, int64_t columns);
    /// weightSums is added to.
    void (*rmsBackward)(const float* gradient, const float* x, const float* rstd, const float* weight,
        float offset, float* xGradient, float* weightSums, int64_t rows, int64_t columns);
    /// y [rows, columns] = activation(first half) · second half of x [rows, 2·columns].
    void (*gatedForward)(const float* x, float* y, int64_t rows, int64_t columns, GatedActivation activation);
    void (*gatedBackward)(const float* gradient, const float* x, float* xGradient, int64_t rows,
        int64_t columns, GatedActivation activation);
    /// Turns the pairs (i, i + half) of the first `heads` heads of each row: x and y [rows, stride], cosine
    /// and sine [rows, half]; what lies beyond 2·half of a head and beyond the heads is copied. `direction`
    /// −1: back.
    void (*rotate)(const float* x, const float* cosine, const float* sine, float* y, int64_t rows,
        int64_t stride, int64_t heads, int64_t headSize, int64_t half, float direction);
    /// Σ x².
    double (*squares)(const float* x, int64_t count);
    /// first += newFirst·(g − first), second = beta2·second + newSecond·g², parameter −= stepSize·first
    /// / (√second / rootCorrection + epsilon). `gradient` may be null: zeros.
    void (*adam)(float* parameter, const float* gradient, float* first, float* second, int64_t count,
        const AdamRule& rule);
};

/// The fastest table that this processor can run, chosen once.
[[nodiscard]] const CpuKernels& cpuKernels();
/// All tables that this processor can run, the plainest first: for tests.
[[nodiscard]] int cpuKernelTables(const CpuKernels* tables[3]);
[[nodiscard]] int64_t attentionScratch(int64_t keyCount, int64_t headSize);

} // namespace studio
