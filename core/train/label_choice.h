// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/json.h"
#include "core/data/dataset.h"
#include "core/train/arguments.h"

#include <filesystem>
#include <string>
#include <vector>

namespace studio {

/// Which labels the model shall have, and whether its classification head stays (DESIGN.md, Labels).
struct LabelChoice {
    std::vector<std::string> labels; ///< by id; regression: one entry
    std::vector<int32_t> ids; ///< of each label of the training data: its index in `labels`
    bool keepHead = false;
    std::string warning; ///< empty: nothing to say
};

/// The problem type for reading the data: the flag, else the configuration's, else Auto (by the column).
[[nodiscard]] ProblemType requestedProblemType(const TrainingArguments& arguments, const Json& config);
/// What labelled data are trained as: `asked` (see above), else what their column says. As in transformers a
/// model with one label, such as a reranker, gives a number where all labels are numbers.
[[nodiscard]] ProblemType trainedProblemType(ProblemType asked, const Dataset& data, size_t knownLabels);
/// `known` as classLabels() of the checkpoint, `dataLabels` as Dataset::labelNames() of the training rows.
[[nodiscard]] LabelChoice chooseLabels(const std::vector<std::string>& known,
    const std::vector<std::string>& dataLabels, ProblemType problemType);
/// Index into `labels` of each of `names`; -1 where absent.
[[nodiscard]] std::vector<int32_t> labelIds(
    const std::vector<std::string>& names, const std::vector<std::string>& labels);
/// The same for the names of the data that a model learned from. Where they only say a position (LABEL_0, …),
/// none is among `labels` and there are as many of them, they belong together by position.
[[nodiscard]] std::vector<int32_t> trainedLabelIds(
    const std::vector<std::string>& names, const std::vector<std::string>& labels);
/// class_weights for `labels`; `counts`: training rows of each label, for "balanced" (scikit-learn's
/// compute_class_weight). Empty without class weights. Throws Error{Settings}.
[[nodiscard]] std::vector<float> chooseClassWeights(const std::string& argument, ProblemType problemType,
    const std::vector<std::string>& labels, const std::vector<int64_t>& counts);

} // namespace studio
