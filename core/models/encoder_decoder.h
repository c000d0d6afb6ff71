// SPDX-License-Identifier: MIT
#pragma once

#include "core/models/classification_head.h"
#include "core/models/decoder.h"
#include "core/models/sequence_to_sequence.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace studio {

/// An encoder–decoder from its embeddings to the decoder's last norm.
class EncoderDecoderBody {
public:
    virtual ~EncoderDecoderBody() = default;
    /// States of the sources, [Ts, H].
    virtual at::Tensor encode(const PackedBatch& source, ForwardContext& context) const = 0;
    /// States of the decoder for the ids of `target`, [Tt, H]; of the selected tokens alone, [B, H], where
    /// given. Sequence i of the target belongs to sequence i of the source.
    virtual at::Tensor decode(const PackedBatch& target, const at::Tensor& encoded,
        const SequenceLayout& source, ForwardContext& context, const SelectedTokens* selected) const = 0;
    /// What a language-model head shares where it is tied.
    virtual const at::Tensor& tiedWeight() const = 0;
};

/// What the decoder reads before a text's first token.
struct DecoderStart {
    int64_t paddingId = 0;
    int64_t startId = 0; ///< decoder_start_token_id
    bool lastToken = false; ///< mBART: the text's own last token, its language, instead
};

/// An encoder–decoder as its config describes it: everything but the parameters.
struct EncoderDecoderPlan {
    ModelTraits traits; ///< the classifier's; layers of both halves together, those of the encoder first
    int64_t encoderLayerCount = 0;
    std::string decoderLayersPrefix; ///< traits.layersPrefix is the encoder's
    std::vector<std::string> embeddingsPrefixes;
    DecoderStart start;
    std::optional<int64_t> endId; ///< eos_token_id: classifiers read the state at the last one of a text
    double classifierDropout = 0;
    int64_t targetVocabularySize = 0;
    bool tiedHead = true; ///< of the language model
    bool headBias = false; ///< final_logits_bias
    double headScale = 1; ///< of the states before the head
    std::vector<std::string> optionalParameters = {}; ///< of the language model
    std::function<double(const std::string& name)> deviation = {}; ///< of fresh values; empty: the traits'
    std::string_view classifierBody, languageModelBody; ///< "transformer"; empty: at the root
    std::function<std::unique_ptr<EncoderDecoderBody>(const ParameterBuilder& body)> build;
};

/// …ForSequenceClassification: the decoder reads the same text as the encoder.
class EncoderDecoderClassifier : public ClassifierBase {
public:
    EncoderDecoderClassifier(EncoderDecoderPlan plan, int64_t labelCount, const at::Device& device);
    at::Tensor forward(const PackedBatch& batch, ForwardContext& context) override;
    std::string layerPrefix(int64_t index) const override;
    std::vector<std::string> embeddingsPrefixes() const override { return m_plan.embeddingsPrefixes; }
    std::optional<int64_t> requiredToken() const override { return m_endId; }
    void initialize(const std::string& prefix, uint64_t seed) override;

private:
    EncoderDecoderPlan m_plan;
    int64_t m_endId;
    std::unique_ptr<EncoderDecoderBody> m_body;
    std::optional<ClassificationHead> m_head;
};

/// …ForConditionalGeneration.
class EncoderDecoderLanguageModel : public SequenceToSequenceModel {
public:
    EncoderDecoderLanguageModel(EncoderDecoderPlan plan, const at::Device& device);
    at::Tensor logits(const PairedBatch& batch, ForwardContext& context) override;
    at::Tensor logProbabilities(const PairedBatch& batch, ForwardContext& context) override;
    const ParameterList& parameters() const override { return m_store.parameters; }
    bool mayLack(const std::string& parameterName) const override;
    const ModelTraits& traits() const override { return m_plan.traits; }
    int64_t targetVocabularySize() const override { return m_plan.targetVocabularySize; }

private:
    [[nodiscard]] at::Tensor states(const PairedBatch& batch, ForwardContext& context) const;
    [[nodiscard]] at::Tensor scores(const at::Tensor& states, ForwardContext& context) const;

    EncoderDecoderPlan m_plan;
    ParameterStore m_store;
    std::unique_ptr<EncoderDecoderBody> m_body;
    Linear m_head;
    at::Tensor m_headBias; // [1, V]; undefined: none
};

/// Completes the row of an encoder–decoder family, whose config becomes a plan by `plan`.
template <EncoderDecoderPlan (*plan)(const ConfigReader&), bool classifies = true>
[[nodiscard]] ArchitectureFamily encoderDecoderFamily(ArchitectureFamily row)
{
    if constexpr (classifies) {
        row.create = [](const ConfigReader& reader, int64_t labelCount,
                         const at::Device& device) -> std::unique_ptr<ClassificationModel> {
            auto description = plan(reader);
            if (!description.endId)
                reader.fail("eos_token_id", "one id: the classifier reads the state at that token");
            return std::make_unique<EncoderDecoderClassifier>(std::move(description), labelCount, device);
        };
        row.note
            = "Classifies on the last end-of-sequence token, of which transformers wants the same number "
              "in all texts of a batch; `score` with targets gives the log-probabilities of translations "
              "or summaries.";
    } else {
        row.note = "transformers has no sequence classifier of this family; `score` with targets gives the "
                   "log-probabilities of translations.";
    }
    row.createSequenceToSequence = [](const ConfigReader& reader,
                                       const at::Device& device) -> std::unique_ptr<SequenceToSequenceModel> {
        return std::make_unique<EncoderDecoderLanguageModel>(plan(reader), device);
    };
    row.ties = {{"encoder.embed_tokens.weight", "shared.weight"},
        {"decoder.embed_tokens.weight", "shared.weight"}, {"lm_head.weight", "shared.weight"}};
    return row;
}

/// eos_token_id; nothing where it is null or a list, of which classifiers can use none.
[[nodiscard]] std::optional<int64_t> readEndId(
    const ConfigReader& reader, int64_t vocabularySize, int64_t absent);

} // namespace studio
