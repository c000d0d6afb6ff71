// SPDX-License-Identifier: MIT
// Definitions: scikit-learn (precision_recall_fscore_support with zero_division=0, matthews_corrcoef,
// roc_auc_score, r2_score) and SciPy (pearsonr, spearmanr).
#include "core/train/metrics.h"

#include "core/base/concat.h"
#include "core/base/error.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace studio {

namespace {

double ratio(double part, double whole)
{
    return whole == 0 ? 0 : part / whole;
}

/// True positives, false positives and false negatives of one label.
struct Counts {
    double hits = 0, falseAlarms = 0, misses = 0;
    [[nodiscard]] double support() const { return hits + misses; }
    [[nodiscard]] bool present() const { return hits + falseAlarms + misses > 0; }
    [[nodiscard]] ClassMetrics metrics(const std::string& label) const
    {
        return {label, ratio(hits, hits + falseAlarms), ratio(hits, hits + misses),
            ratio(2 * hits, 2 * hits + falseAlarms + misses), static_cast<int64_t>(support())};
    }
};

/// Averages over the labels; `everyLabel`: also those that neither truth nor prediction holds.
void average(MetricReport& report, const std::vector<Counts>& counts, bool everyLabel)
{
    Counts total;
    double precision = 0, recall = 0, f1 = 0, weighted = 0, labelCount = 0;
    for (size_t i = 0; i < counts.size(); ++i) {
        const auto& entry = report.perClass.emplace_back(counts[i].metrics(report.labels[i]));
        total.hits += counts[i].hits;
        total.falseAlarms += counts[i].falseAlarms;
        total.misses += counts[i].misses;
        weighted += entry.f1 * counts[i].support();
        if (!everyLabel && !counts[i].present())
            continue;
        precision += entry.precision;
        recall += entry.recall;
        f1 += entry.f1;
        labelCount += 1;
    }
    report.precision = ratio(precision, labelCount);
    report.recall = ratio(recall, labelCount);
    report.f1 = ratio(f1, labelCount);
    report.f1Weighted = ratio(weighted, total.support());
    report.f1Micro = total.metrics({}).f1;
}

/// Area under the ROC curve by ranks, ties counted half; nullopt where one of the classes is absent or a
/// score is not a number. `score(i)` and `positive(i)` of `count` samples.
template <typename Score, typename Positive>
std::optional<double> areaUnderCurve(size_t count, const Score& score, const Positive& positive)
{
    std::vector<size_t> order(count);
    std::iota(order.begin(), order.end(), size_t{0});
    for (size_t i = 0; i < count; ++i) {
        if (!std::isfinite(score(i)))
            return std::nullopt;
    }
    std::ranges::sort(order, [&](size_t left, size_t right) { return score(left) < score(right); });
    double positives = 0, negatives = 0, wins = 0;
    for (size_t start = 0; start < count;) {
        double tiedPositives = 0, tiedNegatives = 0;
        size_t end = start;
        for (; end < count && score(order[end]) == score(order[start]); ++end)
            (positive(order[end]) ? tiedPositives : tiedNegatives) += 1;
        wins += tiedPositives * (negatives + tiedNegatives / 2);
        positives += tiedPositives;
        negatives += tiedNegatives;
        start = end;
    }
    if (positives == 0 || negatives == 0)
        return std::nullopt;
    return wins / (positives * negatives);
}

/// Mean of one-versus-rest areas; nullopt with a warning where one of them is undefined.
template <typename Positive>
std::optional<double> meanArea(
    MetricReport& report, std::span<const float> scores, size_t count, const Positive& positive)
{
    const auto labels = report.labels.size();
    double sum = 0;
    for (size_t label = 0; label < labels; ++label) {
        const auto area = areaUnderCurve(
            count, [&](size_t i) { return scores[i * labels + label]; },
            [&](size_t i) { return positive(i, label); });
        if (!area) {
            report.warnings.push_back(concat("AUC is undefined: label '", report.labels[label],
                "' needs rows with and without it, and scores that are numbers."));
            return std::nullopt;
        }
        sum += *area;
    }
    return labels == 0 ? std::nullopt : std::optional(sum / static_cast<double>(labels));
}

/// Matthews correlation of any number of classes; 0 where it is undefined.
double matthews(const std::vector<std::vector<int64_t>>& matrix)
{
    double correct = 0, all = 0, product = 0, truthSquares = 0, predictionSquares = 0;
    for (size_t k = 0; k < matrix.size(); ++k) {
        double truth = 0, predicted = 0;
        for (size_t j = 0; j < matrix.size(); ++j) {
            truth += static_cast<double>(matrix[k][j]);
            predicted += static_cast<double>(matrix[j][k]);
        }
        correct += static_cast<double>(matrix[k][k]);
        all += truth;
        product += truth * predicted;
        truthSquares += truth * truth;
        predictionSquares += predicted * predicted;
    }
    const double covariance = correct * all - product;
    const double variances = (all * all - predictionSquares) * (all * all - truthSquares);
    return variances == 0 ? 0 : covariance / std::sqrt(variances);
}

std::optional<double> pearson(const std::vector<double>& left, const std::vector<double>& right)
{
    const auto count = static_cast<double>(left.size());
    if (left.size() < 2)
        return std::nullopt;
    const double leftMean = std::accumulate(left.begin(), left.end(), 0.0) / count;
    const double rightMean = std::accumulate(right.begin(), right.end(), 0.0) / count;
    double both = 0, leftSquares = 0, rightSquares = 0;
    for (size_t i = 0; i < left.size(); ++i) {
        both += (left[i] - leftMean) * (right[i] - rightMean);
        leftSquares += (left[i] - leftMean) * (left[i] - leftMean);
        rightSquares += (right[i] - rightMean) * (right[i] - rightMean);
    }
    const double scale = std::sqrt(leftSquares) * std::sqrt(rightSquares);
    if (!(scale > 0) || !std::isfinite(both))
        return std::nullopt;
    return std::clamp(both / scale, -1.0, 1.0);
}

/// Ranks from 1; equal values share the mean of their ranks.
std::vector<double> ranks(const std::vector<double>& values)
{
    std::vector<size_t> order(values.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::ranges::sort(order, [&](size_t left, size_t right) { return values[left] < values[right]; });
    std::vector<double> result(values.size());
    for (size_t start = 0; start < order.size();) {
        size_t end = start;
        while (end < order.size() && values[order[end]] == values[order[start]])
            ++end;
        for (size_t i = start; i < end; ++i)
            result[order[i]] = static_cast<double>(start + 1 + end) / 2;
        start = end;
    }
    return result;
}

} // namespace

MetricReport singleLabelMetrics(std::span<const float> scores, std::span<const int32_t> truth,
    std::span<const int32_t> predictions, const std::vector<std::string>& labels)
{
    MetricReport report;
    report.problemType = ProblemType::SingleLabel;
    report.labels = labels;
    report.samples = static_cast<int64_t>(truth.size());
    const auto labelCount = labels.size();
    report.confusionMatrix.assign(labelCount, std::vector<int64_t>(labelCount, 0));
    if (truth.empty())
        return report;
    std::vector<Counts> counts(labelCount);
    double correct = 0;
    for (size_t i = 0; i < truth.size(); ++i) {
        const auto actual = static_cast<size_t>(truth[i]), predicted = static_cast<size_t>(predictions[i]);
        ++report.confusionMatrix[actual][predicted];
        if (actual == predicted) {
            counts[actual].hits += 1;
            correct += 1;
        } else {
            counts[actual].misses += 1;
            counts[predicted].falseAlarms += 1;
        }
    }
    report.accuracy = correct / static_cast<double>(truth.size());
    average(report, counts, false);
    report.mcc = matthews(report.confusionMatrix);
    if (labelCount == 2) {
        report.f1Binary = report.perClass[1].f1;
        report.auc = areaUnderCurve(
            truth.size(), [&](size_t i) { return scores[2 * i + 1]; },
            [&](size_t i) { return truth[i] == 1; });
        if (!report.auc)
            report.warnings.emplace_back(
                "AUC is undefined: it needs rows of both classes, and scores that are numbers.");
    } else if (labelCount > 2) {
        report.auc = meanArea(report, scores, truth.size(),
            [&](size_t i, size_t label) { return static_cast<size_t>(truth[i]) == label; });
    }
    return report;
}

MetricReport multiLabelMetrics(
    std::span<const float> scores, std::span<const uint8_t> truth, const std::vector<std::string>& labels)
{
    MetricReport report;
    report.problemType = ProblemType::MultiLabel;
    report.labels = labels;
    const auto labelCount = labels.size();
    const auto count = labelCount == 0 ? 0 : truth.size() / labelCount;
    report.samples = static_cast<int64_t>(count);
    report.confusionMatrix.assign(labelCount, std::vector<int64_t>(4, 0));
    if (count == 0)
        return report;
    std::vector<Counts> counts(labelCount);
    double correct = 0;
    for (size_t i = 0; i < count; ++i) {
        bool all = true;
        for (size_t label = 0; label < labelCount; ++label) {
            const bool actual = truth[i * labelCount + label] != 0;
            const bool predicted = scores[i * labelCount + label] >= 0.5F;
            ++report.confusionMatrix[label][(actual ? 2 : 0) + (predicted ? 1 : 0)];
            all = all && actual == predicted;
            if (actual && predicted)
                counts[label].hits += 1;
            else if (actual)
                counts[label].misses += 1;
            else if (predicted)
                counts[label].falseAlarms += 1;
        }
        correct += all ? 1 : 0;
    }
    report.accuracy = correct / static_cast<double>(count);
    average(report, counts, true);
    report.auc = meanArea(
        report, scores, count, [&](size_t i, size_t label) { return truth[i * labelCount + label] != 0; });
    return report;
}

MetricReport regressionMetrics(std::span<const float> predictions, std::span<const double> truth)
{
    MetricReport report;
    report.problemType = ProblemType::Regression;
    report.samples = static_cast<int64_t>(truth.size());
    if (truth.empty())
        return report;
    const std::vector<double> actual(truth.begin(), truth.end());
    const std::vector<double> predicted(predictions.begin(), predictions.end());
    const auto count = static_cast<double>(actual.size());
    const double mean = std::accumulate(actual.begin(), actual.end(), 0.0) / count;
    double squares = 0, absolutes = 0, spread = 0;
    for (size_t i = 0; i < actual.size(); ++i) {
        const double error = actual[i] - predicted[i];
        squares += error * error;
        absolutes += std::abs(error);
        spread += (actual[i] - mean) * (actual[i] - mean);
    }
    if (!std::isfinite(squares)) {
        report.warnings.emplace_back("The predictions are not numbers; no metric is defined.");
        return report;
    }
    report.mse = squares / count;
    report.mae = absolutes / count;
    if (actual.size() < 2)
        report.warnings.emplace_back("R² is undefined: it needs at least two rows.");
    else
        report.r2 = spread == 0 ? (squares == 0 ? 1.0 : 0.0) : 1 - squares / spread;
    report.pearson = pearson(actual, predicted);
    report.spearman = pearson(ranks(actual), ranks(predicted));
    if (!report.pearson || !report.spearman)
        report.warnings.emplace_back(
            "Correlations are undefined: targets and predictions must each have two different values.");
    return report;
}

} // namespace studio
