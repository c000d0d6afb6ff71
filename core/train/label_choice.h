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
    bool keepHead = false;
    std::string warning; ///< empty: nothing to say
};

/// The problem type for reading the data: the flag, else the configuration's, else Auto (by the column).
[[nodiscard]] ProblemType requestedProblemType(const TrainingArguments& arguments, const Json& config);
/// `known` as classLabels() of the checkpoint, `dataLabels` as Dataset::labelNames() of the training rows.
[[nodiscard]] LabelChoice chooseLabels(const std::vector<std::string>& known,
    const std::vector<std::string>& dataLabels, ProblemType problemType);
/// Index into `labels` of each of `names`; -1 where absent. Where one side has only placeholders LABEL_0, …
/// and the other as many real names, they belong together by position.
[[nodiscard]] std::vector<int32_t> labelIds(
    const std::vector<std::string>& names, const std::vector<std::string>& labels);
/// class_weights for `labels`; `counts`: training rows of each label, for "balanced" (scikit-learn's
/// compute_class_weight). Empty without class weights. Throws Error{Settings}.
[[nodiscard]] std::vector<float> chooseClassWeights(const std::string& argument, ProblemType problemType,
    const std::vector<std::string>& labels, const std::vector<int64_t>& counts);

} // namespace studio
