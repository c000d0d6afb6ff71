// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/json.h"
#include "core/data/dataset.h"
#include "core/text/tokenizer.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace studio {

struct TextInput {
    std::string text;
    std::optional<std::string> pair = std::nullopt;
};

/// What a classifier says of one input. `scores` are softmax probabilities (single label), sigmoids
/// (multi-label) or the value itself (regression), one per entry of Predictor::labels().
struct Prediction {
    std::vector<float> logits;
    std::vector<float> scores;
    std::vector<int32_t>
        labelIds; ///< single label: the argmax; multi-label: every score ≥ 0.5; regression: empty
    bool truncated = false;
};

struct PredictorOptions {
    std::string device = "auto"; ///< auto | cpu | cuda:N
    std::string precision = "fp32"; ///< fp32 | bf16 | fp16
    int32_t maxLength = 0; ///< 0: what tokeniser and positions allow
    int batchSize = 32;
    uint64_t seed = 42; ///< for a head that has to be created
};

/// A classification checkpoint ready to answer. Issue all calls from one thread.
class Predictor {
public:
    /// Throws Error{Checkpoint}. A missing head is created and said in warnings().
    explicit Predictor(const std::filesystem::path& folder, const PredictorOptions& options = {});
    ~Predictor();
    Predictor(Predictor&&) noexcept;

    [[nodiscard]] const std::vector<std::string>& warnings() const;
    [[nodiscard]] const std::vector<std::string>& labels() const; ///< by id, from id2label
    [[nodiscard]] ProblemType problemType() const;
    [[nodiscard]] int32_t maxLength() const;
    [[nodiscard]] const Tokenizer& tokenizer() const;
    /// Answers in the order of the inputs; inputs of a batch are sorted by length inside.
    [[nodiscard]] std::vector<Prediction> predict(std::span<const TextInput> inputs);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// The object of `predict --json`: {"text","label","score","scores":{label:p},"logits":[…]}, "text_pair" and
/// "truncated" where they apply; regression: label null; multi-label: label an array, score the largest.
[[nodiscard]] Json toJson(const TextInput& input, const Prediction& prediction,
    const std::vector<std::string>& labels, ProblemType problemType);

} // namespace studio
