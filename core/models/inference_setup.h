// SPDX-License-Identifier: MIT
#pragma once

#include "core/models/predictor.h"
#include "core/nn/forward_context.h"

#include <cstdint>
#include <filesystem>
#include <memory>

#include <c10/core/Device.h>

namespace studio {

/// Type of matrix multiplies for "fp32", "bf16" or "fp16".
[[nodiscard]] c10::ScalarType computeTypeOf(const std::string& precision);

/// What everything that answers with a checkpoint needs beside the model: where and how to compute, the
/// tokeniser, and how long an input may be.
struct InferenceSetup {
    c10::Device device = c10::kCPU;
    c10::ScalarType computeType = c10::ScalarType::Float;
    int batchSize = 32;
    std::shared_ptr<const Tokenizer> tokenizer = nullptr;
    int32_t maxLength = 0;

    /// Device, precision and batch size. Throws Error{Device} or Error{Settings} where they cannot be had.
    [[nodiscard]] static InferenceSetup of(const PredictorOptions& options);
    /// The tokeniser of `folder` for a model of so many rows in its word embedding. Throws Error{Checkpoint}
    /// where it does not fit the model, Error{Settings} where `requestedLength` does not.
    void takeTokenizer(const std::filesystem::path& folder, int32_t requestedLength, int64_t embeddingRows,
        int64_t maxPositions);
    /// Of one forward pass.
    [[nodiscard]] ForwardContext context() const { return {.computeType = computeType}; }
};

} // namespace studio
