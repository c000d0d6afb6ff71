// SPDX-License-Identifier: MIT
#include "core/train/live_prediction.h"

#include "core/text/model_input.h"

#include <algorithm>

#include <ATen/core/grad_mode.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/softmax.h>

namespace studio {

namespace {

struct EncodedInput {
    std::vector<int32_t> ids;
    std::vector<uint8_t> typeIds;
};

Prediction predictionOf(const float* logits, const float* scores, size_t labels, ProblemType problemType)
{
    Prediction prediction;
    prediction.logits.assign(logits, logits + labels);
    prediction.scores.assign(scores, scores + labels);
    if (problemType == ProblemType::MultiLabel) {
        for (size_t i = 0; i < labels; ++i) {
            if (scores[i] >= 0.5F)
                prediction.labelIds.push_back(static_cast<int32_t>(i));
        }
    } else if (problemType != ProblemType::Regression) {
        prediction.labelIds = {static_cast<int32_t>(std::max_element(logits, logits + labels) - logits)};
    }
    return prediction;
}

} // namespace

std::vector<Prediction> predictTexts(ClassificationModel& model, const Tokenizer& tokenizer,
    int32_t maxLength, ProblemType problemType, std::span<const TextInput> inputs, const at::Device& device)
{
    const at::NoGradGuard noGrad;
    constexpr size_t batchSize = 32;
    std::vector<Prediction> predictions(inputs.size());
    for (size_t start = 0; start < inputs.size(); start += batchSize) {
        const auto part = inputs.subspan(start, std::min(batchSize, inputs.size() - start));
        std::vector<EncodedInput> encoded;
        std::vector<SequenceView> sequences;
        for (const auto& input : part) {
            const std::string_view pair = input.pair ? *input.pair : std::string_view();
            const auto tokens
                = modelInput(tokenizer, input.text, input.pair ? &pair : nullptr, {.maxLength = maxLength});
            encoded.push_back({tokens.ids, {tokens.typeIds.begin(), tokens.typeIds.end()}});
            predictions[start + encoded.size() - 1].truncated = tokens.truncated;
        }
        for (const auto& entry : encoded)
            sequences.push_back({entry.ids, entry.typeIds});
        const auto batch = packBatch(sequences, device);
        ForwardContext context;
        const auto logits = model.forward(batch, context).to(at::kCPU, at::kFloat).contiguous();
        const auto scores = problemType == ProblemType::Regression ? logits
            : problemType == ProblemType::MultiLabel               ? at::sigmoid(logits)
                                                                   : at::softmax(logits, 1);
        const auto labels = static_cast<size_t>(logits.size(1));
        for (size_t i = 0; i < batch.order.size(); ++i) {
            auto& target = predictions[start + static_cast<size_t>(batch.order[i])];
            const bool truncated = target.truncated;
            target = predictionOf(logits.const_data_ptr<float>() + i * labels,
                scores.const_data_ptr<float>() + i * labels, labels, problemType);
            target.truncated = truncated;
        }
    }
    return predictions;
}

} // namespace studio
