// SPDX-License-Identifier: MIT
// Reference:
// https://github.com/huggingface/transformers/blob/main/src/transformers/models/mbart/modeling_mbart.py
#include "core/models/bart_body.h"
#include "core/models/families.h"

namespace studio {

namespace {

EncoderDecoderPlan planMbart(const ConfigReader& reader)
{
    return planOf(readBartConfig(reader, {.normFirst = true, .finalNorm = true, .startIsLastToken = true}));
}

} // namespace

std::vector<ArchitectureFamily> mbartFamilies()
{
    return {encoderDecoderFamily<planMbart>({.modelType = "mbart",
        .displayName = "mBART",
        .classifierName = "MBartForSequenceClassification",
        .basePrefix = "model.",
        .dropoutKeys = {"dropout", "attention_dropout", "activation_dropout", "classifier_dropout"},
        .create = nullptr,
        .currentName = currentBartName})};
}

} // namespace studio
