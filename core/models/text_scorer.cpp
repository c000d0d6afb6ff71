// SPDX-License-Identifier: MIT
#include "core/models/text_scorer.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/models/language_model.h"
#include "core/models/scores.h"
#include "core/nn/torch_errors.h"
#include "core/train/devices.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <ATen/core/grad_mode.h>

namespace studio {

std::optional<double> TextScore::perplexity() const
{
    if (logProbabilities.empty())
        return std::nullopt;
    return std::exp(-sum / double(logProbabilities.size()));
}

struct TextScorer::State {
    LoadedLanguageModel loaded;
    std::shared_ptr<const Tokenizer> tokenizer;
    int32_t maxLength = 0;
    int batchSize = 32;
    at::Device device = at::kCPU;
    c10::ScalarType computeType = at::kFloat;
};

TextScorer::TextScorer(const std::filesystem::path& folder, const PredictorOptions& options)
    : m_state(std::make_unique<State>())
{
    auto& state = *m_state;
    const auto compute = chooseCompute(options.device, options.precision);
    state.device = at::Device(compute.device);
    state.computeType = compute.precision == "bf16" ? at::kBFloat16
        : compute.precision == "fp16"               ? at::kHalf
                                                    : at::kFloat;
    state.loaded = loadLanguageModel(folder, state.device);
    state.tokenizer = Tokenizer::load(folder);
    const auto rows = state.loaded.model->vocabularySize();
    if (state.tokenizer->vocabularySize() > rows)
        throw Error(ErrorKind::Checkpoint,
            concat("The tokeniser of ", pathText(folder), " has ", state.tokenizer->vocabularySize(),
                " entries, but the model's word embedding has ", rows,
                " rows; take the tokeniser files that belong to this model."));
    state.maxLength
        = checkedMaxLength(options.maxLength, *state.tokenizer, state.loaded.model->maxPositions());
    state.batchSize = std::max(1, options.batchSize);
}

TextScorer::~TextScorer() = default;
TextScorer::TextScorer(TextScorer&&) noexcept = default;

const std::vector<std::string>& TextScorer::warnings() const
{
    return m_state->loaded.warnings;
}

int32_t TextScorer::maxLength() const
{
    return m_state->maxLength;
}

std::vector<TextScore> TextScorer::score(std::span<const TextInput> inputs)
{
    auto& state = *m_state;
    std::vector<TextScore> scores(inputs.size());
    std::vector<std::vector<int32_t>> encoded(inputs.size());
    std::vector<size_t> order;
    for (size_t i = 0; i < inputs.size(); ++i) {
        const auto tokens
            = state.tokenizer->encodeIds(inputs[i].text, nullptr, {.maxLength = state.maxLength});
        encoded[i].assign(tokens.ids.begin(), tokens.ids.end());
        scores[i].truncated = tokens.truncated;
        if (encoded[i].size() > 1) // a single token has nothing before it
            order.push_back(i);
    }
    std::ranges::stable_sort(order, {}, [&](size_t index) { return encoded[index].size(); });

    const at::NoGradGuard noGrad;
    for (size_t begin = 0; begin < order.size(); begin += size_t(state.batchSize)) {
        const auto rows
            = std::span(order).subspan(begin, std::min(size_t(state.batchSize), order.size() - begin));
        std::vector<SequenceView> views;
        for (const auto index : rows)
            views.push_back({encoded[index], {}});
        const auto batch = packBatch(views, state.device);
        const auto values = withTorchErrors("Scoring", [&] {
            ForwardContext context{.computeType = state.computeType};
            return state.loaded.model->logProbabilities(batch, context);
        });
        const auto* value = values.const_data_ptr<float>();
        for (size_t i = 0; i < rows.size(); ++i) {
            auto& score = scores[rows[size_t(batch.order[i])]];
            score.logProbabilities.assign(
                value + batch.layout.starts[i] + 1, value + batch.layout.starts[i + 1]);
            score.sum = std::accumulate(score.logProbabilities.begin(), score.logProbabilities.end(), 0.0);
        }
    }
    return scores;
}

Json toJson(const TextInput& input, const TextScore& score)
{
    const auto perplexity = score.perplexity();
    Json json{{"text", input.text}, {"logprobs", score.logProbabilities}, {"sum", score.sum},
        {"perplexity", perplexity ? Json(*perplexity) : Json(nullptr)}};
    if (score.truncated)
        json["truncated"] = true;
    return json;
}

} // namespace studio
