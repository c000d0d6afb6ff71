// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/json.h"
#include "core/models/predictor.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace studio {

/// What a language model thinks of one text: the natural logarithm of the probability of each token after the
/// first, given those before it. An encoder–decoder: of each token of the target, given the text and the
/// target's tokens before it.
struct TextScore {
    std::vector<float> logProbabilities;
    double sum = 0;
    bool truncated = false;
    /// e to the mean of the negative log-probabilities; nothing for a text without a second token.
    [[nodiscard]] std::optional<double> perplexity() const;
};

/// A language-model checkpoint ready to score texts. Issue all calls from one thread.
class TextScorer {
public:
    /// Throws Error{Checkpoint}. Options as a classifier's.
    explicit TextScorer(const std::filesystem::path& folder, const PredictorOptions& options = {});
    ~TextScorer();
    TextScorer(TextScorer&&) noexcept;

    [[nodiscard]] const std::vector<std::string>& warnings() const;
    [[nodiscard]] int32_t maxLength() const;
    /// Whether the model is an encoder–decoder: the `pair` of an input is its target then.
    [[nodiscard]] bool scoresTargets() const;
    /// Throws Error{Usage} where targets are not given though the model scores them, or the reverse.
    void requireTargets(bool given) const;
    /// In the order of the texts. Each is encoded with the special tokens that the tokeniser adds.
    [[nodiscard]] std::vector<TextScore> score(std::span<const TextInput> inputs);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// The object of `score --json`: {"text","logprobs":[…],"sum","perplexity"}, perplexity null where there is
/// none, "target" and "truncated" where they apply.
[[nodiscard]] Json toJson(const TextInput& input, const TextScore& score);

} // namespace studio
