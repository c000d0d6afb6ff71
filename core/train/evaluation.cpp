// SPDX-License-Identifier: MIT
#include "core/train/evaluation.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/models/batch_logits.h"
#include "core/nn/torch_errors.h"
#include "core/train/batches.h"
#include "core/train/cuda_library.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/softmax.h>

namespace studio {

namespace {

std::vector<int64_t> positionsOf(const JobPart& part)
{
    std::vector<int64_t> positions(part.rows.size());
    std::iota(positions.begin(), positions.end(), int64_t{0});
    return positions;
}

/// logits [rows, labels] on the CPU; undefined when ended early.
at::Tensor allLogits(ClassificationModel& model, const JobPart& part, int64_t labels,
    const at::Device& device, const EvaluationOptions& options)
{
    auto logits = at::empty({part.size(), labels}, at::kFloat);
    // Longest first: rows of equal length share a bucket, and a lack of memory shows at once.
    auto order = positionsOf(part);
    std::ranges::stable_sort(
        order, [&](int64_t left, int64_t right) { return part.length(left) > part.length(right); });
    const auto length = [&](int64_t i) { return part.length(order[static_cast<size_t>(i)]); };
    auto batchSize = options.batchSize; // halved wherever memory does not suffice
    for (int64_t start = 0; start < part.size();) {
        if (options.between && !options.between(start, part.size()))
            return {};
        const auto size = rowsWithin(batchSize, start, part.size(), length);
        const auto positions
            = std::span(order).subspan(static_cast<size_t>(start), static_cast<size_t>(size));
        const bool fits = fitsIntoMemory([&] {
            const TokenRows rows(part, positions);
            const auto found = batchLogits(model, rows.views(), device, {.computeType = options.computeType});
            const auto* from = found.const_data_ptr<float>();
            for (const auto position : positions) {
                std::copy_n(from, labels, logits.mutable_data_ptr<float>() + position * labels);
                from += labels;
            }
        });
        if (fits) {
            start += size;
            continue;
        }
        releaseUnusedMemory(device);
        if (size == 1)
            throw Error(ErrorKind::OutOfMemory,
                concat("Not even a single row (", part.length(positions.front()),
                    " tokens) can be evaluated within the memory of ", device.str(),
                    "; use a smaller max_seq_length, a smaller model or a device with more memory."));
        batchSize = (std::min(size, batchSize) + 1) / 2;
    }
    return logits;
}

std::vector<float> values(const at::Tensor& tensor)
{
    const auto flat = tensor.contiguous();
    const auto* data = flat.const_data_ptr<float>();
    return {data, data + flat.numel()};
}

std::optional<double> finite(double value)
{
    return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

double sumOf(const at::Tensor& losses)
{
    const auto list = values(losses);
    return std::accumulate(list.begin(), list.end(), 0.0);
}

MetricReport metricsOf(
    const JobPart& part, const JobData& data, Evaluation& evaluation, const at::Tensor& logits)
{
    const auto& labels = data.choice.labels;
    const auto positions = positionsOf(part);
    if (data.problemType == ProblemType::Regression) {
        std::vector<double> truth;
        for (const auto position : positions)
            truth.push_back(part.target(position));
        evaluation.scores = values(logits);
        return regressionMetrics(evaluation.scores, truth);
    }
    if (data.problemType == ProblemType::MultiLabel) {
        std::vector<uint8_t> truth(positions.size() * labels.size(), 0);
        for (const auto position : positions) {
            for (const auto label : part.labels(position))
                truth[static_cast<size_t>(position) * labels.size() + static_cast<size_t>(label)] = 1;
        }
        evaluation.scores = values(at::sigmoid(logits));
        return multiLabelMetrics(evaluation.scores, truth, labels);
    }
    std::vector<int32_t> truth;
    const auto* row = logits.const_data_ptr<float>();
    for (const auto position : positions) {
        truth.push_back(part.label(position));
        evaluation.predictions.push_back(
            static_cast<int32_t>(std::max_element(row, row + labels.size()) - row));
        row += labels.size();
    }
    evaluation.scores = values(at::softmax(logits, 1));
    return singleLabelMetrics(evaluation.scores, truth, evaluation.predictions, labels);
}

std::vector<std::string> namesOf(const std::vector<int32_t>& ids, const std::vector<std::string>& labels)
{
    std::vector<std::string> names;
    for (const auto id : ids)
        names.push_back(labels[static_cast<size_t>(id)]);
    return names;
}

} // namespace

std::optional<Evaluation> evaluatePart(ClassificationModel& model, const JobPart& part, const JobData& data,
    const Loss& loss, const at::Device& device, const EvaluationOptions& options)
{
    const at::NoGradGuard noGrad;
    const auto labels = static_cast<int64_t>(data.choice.labels.size());
    const auto logits = allLogits(model, part, labels, device, options);
    if (!logits.defined())
        return std::nullopt;
    Evaluation evaluation;
    evaluation.report = metricsOf(part, data, evaluation, logits);
    const auto targets = makeTargets(part, positionsOf(part), data);
    double weights = 0;
    for (int64_t position = 0; position < part.size(); ++position)
        weights += data.problemType == ProblemType::SingleLabel ? loss.weight(part.label(position)) : 1;
    const auto plain = loss.perRow(logits, targets, true);
    evaluation.losses = values(plain);
    if (part.size() > 0) {
        evaluation.report.loss = finite(sumOf(loss.perRow(logits, targets, false)) / weights);
        if (data.problemType != ProblemType::Regression)
            evaluation.report.nll = finite(sumOf(plain) / static_cast<double>(part.size()));
    }
    return evaluation;
}

void writePredictions(const JobPart& part, const JobData& data, const Evaluation& evaluation,
    const std::string& partName, const std::function<void(std::string_view)>& write)
{
    const auto& labels = data.choice.labels;
    part.dataset->table().requireIntact();
    for (int64_t position = 0; position < part.size(); ++position) {
        const auto index = static_cast<size_t>(position);
        const auto row = part.rows[index];
        PredictionRow line;
        line.part = partName;
        line.row = part.dataset->tableRow(row) + 1;
        line.text = part.dataset->text(row);
        if (part.dataset->hasPairs())
            line.textPair = part.dataset->textPair(row);
        line.scores.assign(evaluation.scores.begin() + static_cast<int64_t>(index * labels.size()),
            evaluation.scores.begin() + static_cast<int64_t>((index + 1) * labels.size()));
        line.loss = finite(evaluation.losses[index]);
        if (data.problemType == ProblemType::Regression) {
            line.target = part.target(position);
        } else if (data.problemType == ProblemType::MultiLabel) {
            line.severalLabels = true;
            line.labels = namesOf(part.labels(position), labels);
            std::vector<int32_t> predicted;
            for (size_t i = 0; i < labels.size(); ++i) {
                if (line.scores[i] >= 0.5F)
                    predicted.push_back(static_cast<int32_t>(i));
            }
            line.predictions = namesOf(predicted, labels);
        } else {
            line.labels = namesOf({part.label(position)}, labels);
            line.predictions = namesOf({evaluation.predictions[index]}, labels);
        }
        write(jsonLine(toJson(line, labels)) + '\n');
    }
}

} // namespace studio
