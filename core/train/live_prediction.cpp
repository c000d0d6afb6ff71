// SPDX-License-Identifier: MIT
#include "core/train/live_prediction.h"

#include "core/models/batch_logits.h"
#include "core/models/scores.h"
#include "core/text/model_input.h"

namespace studio {

namespace {

struct EncodedInput {
    std::vector<int32_t> ids;
    std::vector<uint8_t> typeIds;
};

} // namespace

std::vector<Prediction> predictTexts(ClassificationModel& model, const Tokenizer& tokenizer,
    int32_t maxLength, ProblemType problemType, std::span<const TextInput> inputs, const at::Device& device)
{
    constexpr size_t batchSize = 32;
    std::vector<Prediction> predictions(inputs.size());
    for (size_t start = 0; start < inputs.size(); start += batchSize) {
        const auto part = inputs.subspan(start, std::min(batchSize, inputs.size() - start));
        std::vector<EncodedInput> encoded;
        std::vector<SequenceView> sequences;
        std::vector<bool> truncated;
        for (const auto& input : part) {
            const std::string_view pair = input.pair ? *input.pair : std::string_view();
            const auto tokens
                = modelInput(tokenizer, input.text, input.pair ? &pair : nullptr, {.maxLength = maxLength});
            encoded.push_back({tokens.ids, {tokens.typeIds.begin(), tokens.typeIds.end()}});
            truncated.push_back(tokens.truncated);
        }
        for (const auto& entry : encoded)
            sequences.push_back({entry.ids, entry.typeIds});
        const auto logits = batchLogits(model, sequences, device);
        const auto labels = static_cast<size_t>(logits.size(1));
        for (size_t i = 0; i < part.size(); ++i) {
            auto& prediction = predictions[start + i];
            prediction
                = predictionFromLogits({logits.const_data_ptr<float>() + i * labels, labels}, problemType);
            prediction.truncated = truncated[i];
        }
    }
    return predictions;
}

} // namespace studio
