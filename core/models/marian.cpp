// SPDX-License-Identifier: MIT
// Reference:
// https://github.com/huggingface/transformers/blob/main/src/transformers/models/marian/modeling_marian.py
#include "core/base/concat.h"
#include "core/models/bart_body.h"
#include "core/models/families.h"
#include "core/models/llama_config.h"

namespace studio {

namespace {

EncoderDecoderPlan planMarian(const ConfigReader& reader)
{
    auto config = readBartConfig(reader,
        {.embeddingNorm = false, .sinusoids = true, .paddingId = 58'100, .startId = 58'100, .endId = 0});
    config.sharedWord = reader.boolean("share_encoder_decoder_embeddings", true);
    if (!config.sharedWord) {
        config.decoder.vocabularySize = optionalInteger(
            reader, "decoder_vocab_size", 1, int64_t(1) << 31, config.encoder.vocabularySize)
                                            .value_or(config.encoder.vocabularySize);
        const auto rows = config.decoder.vocabularySize;
        const auto expected = concat("a row of the decoder's ", rows, " embeddings");
        if (config.start.startId >= rows)
            reader.fail("decoder_start_token_id", expected);
        if (config.paddingIndex >= rows)
            reader.fail("pad_token_id", expected);
    }
    return planOf(config);
}

} // namespace

std::vector<ArchitectureFamily> marianFamilies()
{
    auto row = encoderDecoderFamily<planMarian, false>({.modelType = "marian",
        .displayName = "Marian",
        .classifierName = "MarianMTModel",
        .basePrefix = "model.",
        .dropoutKeys = {"dropout", "attention_dropout", "activation_dropout"},
        .create = nullptr,
        .currentName = currentBartName});
    row.ties.push_back({"lm_head.weight", "decoder.embed_tokens.weight"}); // of vocabularies apart
    return {row};
}

} // namespace studio
