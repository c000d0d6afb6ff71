// SPDX-License-Identifier: MIT
#pragma once

#include "core/nn/packed_batch.h"

#include <cstdint>
#include <vector>

#include <ATen/core/Tensor.h>

namespace studio {

/// How the frequencies of rotary positions are made; the names of `rope_type`.
enum class RotaryKind { Default, Linear, Dynamic, Llama3, Yarn, LongRope };

struct RotaryParameters {
    RotaryKind kind = RotaryKind::Default;
    int64_t size = 0; ///< numbers of a head that frequencies are made for; an odd one is rounded up
    double theta = 10'000;
    double factor = 1; ///< all kinds but Default and LongRope
    /// Dynamic: texts up to here are not scaled; the others: length of pretraining (LongRope: the long
    /// factors apply beyond it).
    int64_t originalPositions = 0;
    double attentionFactor = 1; ///< cosines and sines are multiplied with it
    double lowFrequencyFactor = 1, highFrequencyFactor = 4; ///< Llama3
    double betaFast = 32, betaSlow = 1; ///< Yarn
    bool truncate = true; ///< Yarn: the range of blended frequencies in whole numbers
    std::vector<double> shortFactors, longFactors; ///< LongRope, one for each frequency

    [[nodiscard]] int64_t half() const { return (size + 1) / 2; }
};

/// Frequencies for a text of `length` tokens: [half] fp32, computed as the reference does.
[[nodiscard]] at::Tensor rotaryFrequencies(const RotaryParameters& parameters, int64_t length);

/// Cosine and sine of every token's angles, [T, half] fp32 each.
struct RotaryAngles {
    at::Tensor cosine, sine;
    [[nodiscard]] RotaryAngles rows(const at::Tensor& indices) const;
};
/// Each sequence by its own length: a text's angles do not depend on its neighbours.
[[nodiscard]] RotaryAngles rotaryAngles(const RotaryParameters& parameters, const PackedBatch& batch);

/// Turns the pairs (i, i + half) of each of the first `heads` heads of packed [T, ≥ heads·headSize], which
/// are queries and keys side by side; the rest passes. Differentiable.
[[nodiscard]] at::Tensor applyRotary(
    const at::Tensor& packed, const RotaryAngles& angles, int64_t heads, int64_t headSize);

} // namespace studio
