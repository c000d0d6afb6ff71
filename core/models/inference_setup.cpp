// SPDX-License-Identifier: MIT
#include "core/models/inference_setup.h"

#include "core/models/model.h"
#include "core/models/scores.h"
#include "core/train/devices.h"

#include <algorithm>

namespace studio {

c10::ScalarType computeTypeOf(const std::string& precision)
{
    return precision == "bf16" ? c10::ScalarType::BFloat16
        : precision == "fp16"  ? c10::ScalarType::Half
                               : c10::ScalarType::Float;
}

InferenceSetup InferenceSetup::of(const PredictorOptions& options)
{
    const auto compute = chooseCompute(options.device, options.precision);
    return {.device = c10::Device(compute.device),
        .computeType = computeTypeOf(compute.precision),
        .batchSize = std::max(1, options.batchSize)};
}

void InferenceSetup::takeTokenizer(
    const std::filesystem::path& folder, int32_t requestedLength, int64_t embeddingRows, int64_t maxPositions)
{
    const auto loaded = Tokenizer::load(folder);
    requireVocabularyFits(*loaded, embeddingRows, folder);
    tokenizer = loaded;
    maxLength = checkedMaxLength(requestedLength, *tokenizer, maxPositions);
}

} // namespace studio
