// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/json.h"
#include "core/data/dataset.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace studio {

struct ClassMetrics {
    std::string label;
    double precision = 0, recall = 0, f1 = 0;
    int64_t support = 0;
};

/// scikit-learn's definitions (DESIGN.md, Metrics). Absent optionals are undefined numbers: null in JSON.
struct MetricReport {
    ProblemType problemType = ProblemType::SingleLabel;
    std::optional<double> loss, nll;
    std::optional<double> accuracy, precision, recall, f1, f1Weighted, f1Micro, f1Binary, mcc, auc;
    std::vector<std::string> labels;
    std::vector<std::vector<int64_t>>
        confusionMatrix; ///< [true][predicted]; multi-label: one row {tn, fp, fn, tp} per label
    std::vector<ClassMetrics> perClass;
    std::optional<double> mse, mae, r2, pearson, spearman; ///< regression
    int64_t samples = 0;
    std::vector<std::string> warnings; ///< "AUC is undefined: only one class is present."
};

/// scores [n][labels] row-major: probabilities; truth: label ids.
[[nodiscard]] MetricReport singleLabelMetrics(std::span<const float> scores, std::span<const int32_t> truth,
    std::span<const int32_t> predictions, const std::vector<std::string>& labels);
/// truth and scores [n][labels] row-major, truth 0/1; threshold 0.5.
[[nodiscard]] MetricReport multiLabelMetrics(
    std::span<const float> scores, std::span<const uint8_t> truth, const std::vector<std::string>& labels);
[[nodiscard]] MetricReport regressionMetrics(
    std::span<const float> predictions, std::span<const double> truth);

/// {"eval_loss":…,"eval_accuracy":…,…}; `prefix` "eval" or "test".
[[nodiscard]] Json toJson(const MetricReport& report, const std::string& prefix = "eval");
[[nodiscard]] MetricReport metricReportFromJson(const Json& json, const std::string& prefix = "eval");

} // namespace studio
