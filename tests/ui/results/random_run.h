// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/file.h"
#include "core/base/json.h"
#include "core/runs/run_folder.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <memory>
#include <numeric>
#include <random>

namespace studio {

/// A run folder with numbers drawn at random: what is shown can come from its files alone.
struct RandomRun {
    std::filesystem::path folder;
    std::vector<std::string> labels;
    std::vector<PredictionRow> rows; ///< of both parts, as in eval_predictions.jsonl
    Json validation, test; ///< the evaluate lines of metrics.jsonl that count
};

struct RandomRunOptions {
    ProblemType problemType = ProblemType::SingleLabel;
    std::vector<std::string> labels = {"zebra", "apple, green", "中立"};
    int rows = 120; ///< of each part
    std::string startedAt = "2026-11-22T10:00:00Z";
    std::string outcome = "completed"; ///< empty: interrupted
    double learningRate = 5e-5;
    std::string model = "models/tiny";
};

class RandomRunWriter {
public:
    explicit RandomRunWriter(uint32_t seed)
        : m_random(seed)
    {
    }

    RandomRun write(const std::filesystem::path& folder, const RandomRunOptions& options = {})
    {
        RandomRun run{folder, options.labels, {}, {}, {}};
        if (options.problemType == ProblemType::Regression)
            run.labels = {"LABEL_0"};
        std::filesystem::create_directories(folder);
        TrainingArguments arguments;
        arguments.modelNameOrPath = options.model;
        arguments.trainFile = "data/reviews.csv";
        arguments.outputDir = folder.string();
        arguments.learningRate = options.learningRate;
        writeFileAtomically(folder / "run.json",
            jsonLine({{"arguments", toJson(arguments)}, {"recorded", {{"started_at", options.startedAt}}}}));
        std::ofstream events(folder / "metrics.jsonl", std::ios::binary);
        const auto line = [&](const TrainEvent& event) { events << jsonLine(toJson(event)) << '\n'; };
        StartEvent start;
        start.totalSteps = 40;
        start.labels = run.labels;
        start.problemType = problemTypeName(options.problemType);
        line(start);
        for (int64_t step = 1; step <= 20; ++step)
            line(StepEvent{
                .time = static_cast<double>(step), .step = step, .loss = share(), .learningRate = share()});
        // An earlier, better-looking evaluation that is not the best one must not be shown.
        line(EvaluateEvent{.time = 10, .step = 10, .metrics = report(run, options, "discarded")});
        const EvaluateEvent best{
            .time = 20, .step = 20, .metrics = report(run, options, "validation"), .best = true};
        const EvaluateEvent test{
            .time = 22, .step = 20, .part = "test", .metrics = report(run, options, "test")};
        run.validation = toJson(best);
        run.test = toJson(test);
        line(best);
        line(EvaluateEvent{.time = 21, .step = 21, .metrics = report(run, options, "discarded")});
        line(test);
        if (!options.outcome.empty())
            line(EndEvent{.time = 23, .outcome = options.outcome, .step = 20, .bestStep = 20});
        std::erase_if(run.rows, [](const PredictionRow& row) { return row.part == "discarded"; });
        std::ofstream predictions(folder / "eval_predictions.jsonl", std::ios::binary);
        for (const auto& row : run.rows)
            predictions << jsonLine(toJson(row, run.labels)) << '\n';
        return run;
    }
    double share() { return std::uniform_real_distribution<double>(0, 1)(m_random); }

private:
    MetricReport report(RandomRun& run, const RandomRunOptions& options, const std::string& part)
    {
        const auto width = run.labels.size();
        std::vector<float> scores;
        std::vector<int32_t> truth, predicted;
        std::vector<uint8_t> several;
        std::vector<double> targets;
        for (int i = 0; i < options.rows; ++i) {
            PredictionRow row;
            row.part = part;
            row.row = i + 1;
            row.text = part + " text " + std::to_string(m_random() % 1000) + ", \"quoted\"\nsecond line";
            row.loss = share();
            row.severalLabels = options.problemType == ProblemType::MultiLabel;
            for (size_t label = 0; label < width; ++label)
                row.scores.push_back(static_cast<float>(share()));
            if (options.problemType == ProblemType::Regression) {
                row.target = 5 * share();
                targets.push_back(*row.target);
            } else if (row.severalLabels) {
                for (size_t label = 0; label < width; ++label) {
                    several.push_back(m_random() % 2);
                    if (several.back() != 0)
                        row.labels.push_back(run.labels[label]);
                    if (row.scores[label] >= 0.5F)
                        row.predictions.push_back(run.labels[label]);
                }
            } else {
                const float sum = std::accumulate(row.scores.begin(), row.scores.end(), 0.0F);
                for (auto& score : row.scores)
                    score /= sum;
                const auto best = std::max_element(row.scores.begin(), row.scores.end());
                predicted.push_back(static_cast<int32_t>(best - row.scores.begin()));
                truth.push_back(
                    m_random() % 3 != 0 ? predicted.back() : static_cast<int32_t>(m_random() % width));
                row.labels = {run.labels[static_cast<size_t>(truth.back())]};
                row.predictions = {run.labels[static_cast<size_t>(predicted.back())]};
            }
            scores.insert(scores.end(), row.scores.begin(), row.scores.end());
            run.rows.push_back(std::move(row));
        }
        auto metrics = options.problemType == ProblemType::Regression ? regressionMetrics(scores, targets)
            : options.problemType == ProblemType::MultiLabel
            ? multiLabelMetrics(scores, several, run.labels)
            : singleLabelMetrics(scores, truth, predicted, run.labels);
        metrics.loss = share();
        return metrics;
    }

    std::mt19937 m_random;
};

} // namespace studio
