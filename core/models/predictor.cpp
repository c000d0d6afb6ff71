// SPDX-License-Identifier: MIT
#include "core/models/predictor.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/models/batch_logits.h"
#include "core/models/inference_setup.h"
#include "core/models/model.h"
#include "core/models/scores.h"
#include "core/nn/torch_errors.h"
#include "core/text/model_input.h"
#include "core/train/cuda_library.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

namespace studio {

int32_t longestInput(const Tokenizer& tokenizer, int64_t maxPositions)
{
    const auto positions
        = static_cast<int32_t>(std::min<int64_t>(maxPositions, std::numeric_limits<int32_t>::max()));
    return std::min(positions, tokenizer.modelMaxLength().value_or(positions));
}

int32_t checkedMaxLength(int64_t requested, const Tokenizer& tokenizer, int64_t maxPositions)
{
    const auto longest = longestInput(tokenizer, maxPositions);
    if (requested == 0)
        return longest;
    if (requested > maxPositions)
        throw Error(ErrorKind::Settings,
            concat("max_seq_length is ", requested, ", but the model has only ", maxPositions,
                " positions; choose at most that."));
    const auto least = tokenizer.specialTokenCount(true) + 1;
    if (requested < least)
        throw Error(ErrorKind::Settings,
            concat("max_seq_length is ", requested, ", expected at least ", least,
                " so that a token of text fits beside the special ones."));
    return static_cast<int32_t>(requested);
}

ProblemType effectiveProblemType(ProblemType stated, size_t labelCount)
{
    if (stated != ProblemType::Auto)
        return stated;
    return labelCount == 1 ? ProblemType::Regression : ProblemType::SingleLabel;
}

Prediction predictionFromLogits(std::span<const float> logits, ProblemType problemType)
{
    Prediction prediction;
    prediction.logits.assign(logits.begin(), logits.end());
    prediction.scores = prediction.logits;
    auto& scores = prediction.scores;
    if (problemType == ProblemType::MultiLabel) {
        for (size_t i = 0; i < scores.size(); ++i) {
            scores[i] = static_cast<float>(1 / (1 + std::exp(-double(logits[i]))));
            if (scores[i] >= 0.5F)
                prediction.labelIds.push_back(static_cast<int32_t>(i));
        }
    } else if (problemType != ProblemType::Regression) {
        const auto best = std::ranges::max_element(logits);
        double total = 0;
        for (const auto logit : logits)
            total += std::exp(double(logit) - double(*best));
        for (size_t i = 0; i < scores.size(); ++i)
            scores[i] = static_cast<float>(std::exp(double(logits[i]) - double(*best)) / total);
        prediction.labelIds = {static_cast<int32_t>(best - logits.begin())};
    }
    return prediction;
}

struct Predictor::State {
    InferenceSetup setup;
    LoadedModel loaded = {};
    ProblemType problemType = ProblemType::SingleLabel;
};

Predictor::Predictor(const std::filesystem::path& folder, const PredictorOptions& options)
    : m_state(std::make_unique<State>(State{InferenceSetup::of(options)}))
{
    auto& [setup, loaded, problemType] = *m_state;
    loaded = loadClassifier(folder, {.seed = options.seed}, setup.device);
    setup.takeTokenizer(
        folder, options.maxLength, loaded.model->vocabularySize(), loaded.model->maxPositions());
    problemType = effectiveProblemType(loaded.problemType, loaded.labels.size());
}

Predictor::~Predictor() = default;
Predictor::Predictor(Predictor&&) noexcept = default;

const std::vector<std::string>& Predictor::warnings() const
{
    return m_state->loaded.warnings;
}

const std::vector<std::string>& Predictor::labels() const
{
    return m_state->loaded.labels;
}

ProblemType Predictor::problemType() const
{
    return m_state->problemType;
}

int32_t Predictor::maxLength() const
{
    return m_state->setup.maxLength;
}

const Tokenizer& Predictor::tokenizer() const
{
    return *m_state->setup.tokenizer;
}

std::vector<Prediction> Predictor::predict(std::span<const TextInput> inputs)
{
    const auto& setup = m_state->setup;
    std::vector<TokenIds> encoded;
    std::vector<std::vector<uint8_t>> typeIds;
    for (const auto& input : inputs) {
        const std::string_view pair = input.pair ? std::string_view(*input.pair) : std::string_view();
        encoded.push_back(modelInput(
            *setup.tokenizer, input.text, input.pair ? &pair : nullptr, {.maxLength = setup.maxLength}));
        typeIds.emplace_back(encoded.back().typeIds.begin(), encoded.back().typeIds.end());
    }
    std::vector<size_t> order(inputs.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::ranges::stable_sort(order, std::greater(), [&](size_t index) { return encoded[index].ids.size(); });
    const auto count = static_cast<int64_t>(order.size());
    const auto length
        = [&](int64_t i) { return static_cast<int64_t>(encoded[order[static_cast<size_t>(i)]].ids.size()); };

    std::vector<Prediction> predictions(inputs.size());
    const ExactFloats exact;
    for (int64_t begin = 0, size = 0; begin < count; begin += size) {
        size = rowsWithin(setup.batchSize, begin, count, length);
        const auto rows = std::span(order).subspan(static_cast<size_t>(begin), static_cast<size_t>(size));
        std::vector<SequenceView> views;
        for (const auto index : rows)
            views.push_back({encoded[index].ids, typeIds[index]});
        const auto logits = withTorchErrors("Predicting",
            [&] { return batchLogits(*m_state->loaded.model, views, setup.device, setup.context()); });
        const auto columns = static_cast<size_t>(logits.size(1));
        for (size_t i = 0; i < rows.size(); ++i) {
            auto& prediction = predictions[rows[i]];
            prediction = predictionFromLogits(
                {logits.const_data_ptr<float>() + i * columns, columns}, m_state->problemType);
            prediction.truncated = encoded[rows[i]].truncated;
        }
    }
    return predictions;
}

Json toJson(const TextInput& input, const Prediction& prediction, const std::vector<std::string>& labels,
    ProblemType problemType)
{
    Json json{{"text", input.text}};
    if (input.pair)
        json["text_pair"] = *input.pair;
    const auto best = std::ranges::max_element(prediction.scores);
    const auto bestScore = best == prediction.scores.end() ? Json(nullptr) : Json(*best);
    if (problemType == ProblemType::Regression) {
        json["label"] = nullptr;
    } else if (problemType == ProblemType::MultiLabel) {
        json["label"] = Json::array();
        for (const auto id : prediction.labelIds)
            json["label"].push_back(labels.at(size_t(id)));
    } else {
        json["label"] = labels.at(size_t(prediction.labelIds.at(0)));
    }
    json["score"] = bestScore;
    json["scores"] = Json::object();
    for (size_t i = 0; i < prediction.scores.size(); ++i)
        json["scores"][labels.at(i)] = prediction.scores[i];
    json["logits"] = prediction.logits;
    if (prediction.truncated)
        json["truncated"] = true;
    return json;
}

} // namespace studio
