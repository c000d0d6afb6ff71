// SPDX-License-Identifier: MIT
#include "ui/pages/results/run_results.h"

#include "core/base/concat.h"
#include "core/base/file.h"
#include "core/data/csv_cell.h"
#include "core/runs/metric_log.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <QStringList>

namespace studio {

namespace {

std::string joined(const std::vector<std::string>& parts)
{
    std::string out;
    for (const auto& part : parts)
        out += (out.empty() ? "" : ";") + part;
    return out;
}

} // namespace

RunResults loadRunResults(const std::filesystem::path& folder)
{
    RunResults results;
    const auto events = readRunCurves(folder, 0);
    results.summary = readRunSummary(folder, events);
    for (const auto& event : events) {
        if (const auto* start = std::get_if<StartEvent>(&event)) {
            results.labels = start->labels;
            results.problemType = parseProblemType(start->problemType);
        } else if (const auto* evaluation = std::get_if<EvaluateEvent>(&event)) {
            if (evaluation->part == "test")
                results.test = evaluation->metrics;
            else if (evaluation->best || !results.validation)
                results.validation = evaluation->metrics;
        }
    }
    std::error_code absent;
    if (std::filesystem::exists(folder / "eval_predictions.jsonl", absent))
        results.rows = readPredictions(folder);
    return results;
}

void exportPredictions(const std::filesystem::path& file, const std::vector<PredictionRow>& rows,
    const std::vector<std::string>& labels)
{
    writeFileAtomically(file, [&](const FileSink& sink) {
        std::string line = "part,row,text,text_pair,label,prediction,confidence,loss";
        for (const auto& label : labels)
            line += ',' + csvCell("score_" + label);
        sink(line + "\r\n");
        for (const auto& row : rows) {
            const auto truth = row.target ? numberText(*row.target) : joined(row.labels);
            line = concat(row.part, ',', row.row, ',', csvCell(row.text), ',',
                csvCell(row.textPair.value_or("")), ',', csvCell(truth), ',',
                csvCell(joined(row.predictions)), ',', confidenceOf(row), ',',
                row.loss ? numberText(*row.loss) : "");
            for (const auto score : row.scores)
                line += ',' + numberText(score);
            sink(line + "\r\n");
        }
    });
}

double confidenceOf(const PredictionRow& row)
{
    if (row.scores.empty())
        return std::numeric_limits<double>::quiet_NaN();
    if (row.target)
        return static_cast<double>(row.scores.front());
    if (!row.severalLabels)
        return static_cast<double>(*std::max_element(row.scores.begin(), row.scores.end()));
    double least = 1;
    for (const auto score : row.scores)
        least = std::min(least, std::max(static_cast<double>(score), 1 - static_cast<double>(score)));
    return least;
}

bool isMistake(const PredictionRow& row)
{
    return !row.target && row.labels != row.predictions;
}

QString joinedLabels(const std::vector<std::string>& labels)
{
    QStringList parts;
    for (const auto& label : labels)
        parts << QString::fromStdString(label);
    return parts.join(QStringLiteral(", "));
}

} // namespace studio
