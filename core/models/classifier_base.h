// SPDX-License-Identifier: MIT
#pragma once

#include "core/models/model.h"
#include "core/nn/parameter_builder.h"

#include <set>
#include <string>
#include <vector>

namespace studio {

/// Sizes of a model and the names of its parts.
struct ModelTraits {
    int64_t layerCount = 0, hiddenSize = 0, headCount = 0, vocabularySize = 0, maxPositions = 0;
    int64_t keptPerToken = 0; ///< numbers kept for the backward pass for each token and layer; 0: a guess
    double initializerRange = 0.02;
    std::string layersPrefix = {}; ///< "bert.encoder.layer.": a layer's number follows
    std::string embeddingsPrefix = {}; ///< "bert.embeddings."
    std::string outputPrefix = "classifier."; ///< the head's last layer, one row for each label
    std::vector<std::string> headPrefixes = {}; ///< the whole head
    std::vector<std::string> poolerPrefixes = {}; ///< of the encoder, but absent from many checkpoints
};

/// The answers that all families give in the same way, from a family's traits and its parameters. A family
/// builds its parameters below `m_store` and computes `forward`.
class ClassifierBase : public ClassificationModel {
public:
    const ParameterList& parameters() const override { return m_store.parameters; }
    int64_t layerCount() const override { return m_traits.layerCount; }
    int64_t hiddenSize() const override { return m_traits.hiddenSize; }
    int64_t headCount() const override { return m_traits.headCount; }
    int64_t keptPerToken() const override
    {
        return m_traits.keptPerToken ? m_traits.keptPerToken : ClassificationModel::keptPerToken();
    }
    int64_t maxPositions() const override { return m_traits.maxPositions; }
    int64_t vocabularySize() const override { return m_traits.vocabularySize; }
    std::string layerPrefix(int64_t index) const override;
    std::string embeddingsPrefix() const override { return m_traits.embeddingsPrefix; }
    std::string outputPrefix() const override { return m_traits.outputPrefix; }
    bool isHead(const std::string& parameterName) const override;
    void initialize(const std::string& prefix, uint64_t seed) override;
    bool mayBeCreated(const std::string& parameterName) const override;
    void create(const std::string& parameterName, uint64_t seed) override;

protected:
    ClassifierBase(ModelTraits traits, const at::Device& device);

    ModelTraits m_traits;
    ParameterStore m_store;

private:
    std::set<std::string> m_created;
};

} // namespace studio
