// SPDX-License-Identifier: MIT
#pragma once

#include "core/models/classifier_base.h"
#include "core/models/config_reader.h"
#include "core/models/language_model.h"
#include "core/models/registry.h"
#include "core/nn/embedding.h"
#include "core/nn/linear.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace studio {

/// One token of each sequence of a batch.
struct SelectedTokens {
    std::vector<int64_t> positions; ///< [B], within each sequence
    at::Tensor rows; ///< [B] int64, in the packed batch
};

/// A copy that outlives the forward pass; nothing where none are selected.
[[nodiscard]] inline std::optional<SelectedTokens> chosenTokens(const SelectedTokens* selected)
{
    return selected ? std::optional(*selected) : std::nullopt;
}

/// A decoder from its embeddings to its last norm.
class DecoderBody {
public:
    virtual ~DecoderBody() = default;
    /// States after the last norm, [T, H]; of the selected tokens alone, [B, H], where given.
    virtual at::Tensor forward(
        const PackedBatch& batch, ForwardContext& context, const SelectedTokens* selected) const = 0;
    virtual const Embedding& wordEmbedding() const = 0;
};

/// A decoder as its config describes it: everything but the parameters.
struct DecoderPlan {
    ModelTraits traits; ///< head: "score."
    std::optional<int64_t> paddingId; ///< pad_token_id
    bool tiedHead = false; ///< the language-model head is the word embedding
    double logitSoftCap = 0; ///< of the language-model head; 0: none
    bool bidirectional = false; ///< no language model
    std::function<std::unique_ptr<DecoderBody>(const ParameterBuilder& root)> build;
};

/// …ForSequenceClassification of a decoder: logits of the rightmost token that is not the padding token (the
/// first token where all are, the last where there is no padding token).
class DecoderClassifier : public ClassifierBase {
public:
    DecoderClassifier(const DecoderPlan& plan, int64_t labelCount, const at::Device& device);
    at::Tensor forward(const PackedBatch& batch, ForwardContext& context) override;

private:
    std::optional<int64_t> m_paddingId;
    std::unique_ptr<DecoderBody> m_body;
    Linear m_score;
};

/// …ForCausalLM of a decoder.
class DecoderLanguageModel : public LanguageModel {
public:
    DecoderLanguageModel(const DecoderPlan& plan, const at::Device& device);
    at::Tensor logits(const PackedBatch& batch, ForwardContext& context) override;
    at::Tensor logProbabilities(const PackedBatch& batch, ForwardContext& context) override;
    const ParameterList& parameters() const override { return m_store.parameters; }
    int64_t maxPositions() const override { return m_traits.maxPositions; }
    int64_t vocabularySize() const override { return m_traits.vocabularySize; }

private:
    [[nodiscard]] at::Tensor scores(const at::Tensor& states, ForwardContext& context) const;

    ModelTraits m_traits;
    double m_logitSoftCap;
    ParameterStore m_store;
    std::unique_ptr<DecoderBody> m_body;
    Linear m_head;
};

/// Completes the row of a decoder family, whose config becomes a plan by `plan`.
template <DecoderPlan (*plan)(const ConfigReader&)>
[[nodiscard]] ArchitectureFamily decoderFamily(ArchitectureFamily row)
{
    row.create = [](const ConfigReader& reader, int64_t labelCount,
                     const at::Device& device) -> std::unique_ptr<ClassificationModel> {
        return std::make_unique<DecoderClassifier>(plan(reader), labelCount, device);
    };
    row.createLanguageModel
        = [](const ConfigReader& reader, const at::Device& device) -> std::unique_ptr<LanguageModel> {
        const auto description = plan(reader);
        if (description.bidirectional)
            reader.fail("use_bidirectional_attention", "false: a token that sees what follows has no score");
        return std::make_unique<DecoderLanguageModel>(description, device);
    };
    row.note
        = "Classifies on the last token that is not pad_token_id; where that is null on the last token, and "
          "transformers then takes one text at a time.";
    return row;
}

/// The rightmost token of each sequence that is not `paddingId`.
[[nodiscard]] SelectedTokens selectLastTokens(const PackedBatch& batch, std::optional<int64_t> paddingId);

} // namespace studio
