// SPDX-License-Identifier: MIT
// Reference:
// https://github.com/huggingface/transformers/blob/main/src/transformers/models/bart/modeling_bart.py
#include "core/models/bart_body.h"
#include "core/models/families.h"

namespace studio {

namespace {

EncoderDecoderPlan planBart(const ConfigReader& reader)
{
    return planOf(readBartConfig(reader, {}));
}

} // namespace

std::string currentBartName(const std::string& name)
{
    return name == "model.encoder.version" || name == "model.decoder.version" || name == "encoder.version"
            || name == "decoder.version"
        ? std::string()
        : name;
}

std::vector<ArchitectureFamily> bartFamilies()
{
    auto row = encoderDecoderFamily<planBart>({.modelType = "bart",
        .displayName = "BART",
        .classifierName = "BartForSequenceClassification",
        .basePrefix = "model.",
        .dropoutKeys = {"dropout", "attention_dropout", "activation_dropout", "classifier_dropout"},
        .create = nullptr,
        .currentName = currentBartName});
    return {row};
}

} // namespace studio
